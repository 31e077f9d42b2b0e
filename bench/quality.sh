#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# nDCG@10, MRR@10 and R@100 of every development set of the retrieval
# benchmark, and of the sample corpus with its own queries, beside the best
# peer's nDCG@10. The benchmark is not part of the project: it is looked for
# in $SHUKACH_SHARED, else beside the repository.
#
#   bench/quality.sh [BUILD_DIRECTORY]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$top/build}
bench=${SHUKACH_SHARED:-$top/../shared}/bench/retrieval
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -f "$bench/ireval.py" ]; then
    echo "skipped: the retrieval benchmark is not there ($bench)"
    exit 0
fi

# The titles are for display only: in the known-item sets they are the query.
without_titles() {
    gzip -dc "$1" | python3 -c '
import json, sys
for line in sys.stdin:
    document = json.loads(line)
    document.pop("title", None)
    print(json.dumps(document, ensure_ascii=False))'
}

best_peer() {
    awk -F '\t' -v set="$1" '
        $1 == set && $5 > best { best = $5; name = $4 }
        END { printf "%s\t%.4f", name, best }' "$bench/baselines.tsv"
}

measure() { # SET INDEX QUERIES QRELS
    "$build/shukach" search --index "$2" --plain --batch "$3" \
        --format=trec --limit 100 >"$work/run"
    python3 "$bench/ireval.py" --json "$4" "$work/run" | python3 -c '
import json, sys
r = json.load(sys.stdin)[0]
print("%-13s %7.4f %7.4f %7.4f  %s" % (sys.argv[1], r["nDCG@10"],
      r["MRR@10"], r["R@100"], sys.argv[2].replace("\t", " ")))' \
        "$1" "$(best_peer "$1")"
}

echo "set           nDCG@10  MRR@10   R@100  best peer nDCG@10"
for documents in "$bench"/data/*.docs.jsonl.gz; do
    base=$(basename "$documents" .docs.jsonl.gz)
    without_titles "$documents" |
        "$build/shukach" index --quiet --index "$work/$base" - || [ $? -eq 3 ]
    for queries in "$bench/data/$base".dev.queries.tsv \
        "$bench/data/$base"-*.dev.queries.tsv; do
        [ -f "$queries" ] || continue
        set=$(basename "$queries" .dev.queries.tsv)
        measure "$set" "$work/$base" "$queries" \
            "$bench/data/$set.dev.qrels.txt"
    done
done
"$build/shukach" index --quiet --index "$work/corpus" \
    "$top/corpus/documents.jsonl"
measure corpus "$work/corpus" "$top/corpus/queries.tsv" \
    "$top/corpus/qrels.txt"
