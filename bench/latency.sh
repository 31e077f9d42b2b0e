#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a query of each construct takes on invented news, beside the query
# for any of the same words. Needs python3 and the programs generate_news and
# latency: cmake --build BUILD -t generate_news latency.
#
#   bench/latency.sh [BUILD_DIRECTORY] [DOCUMENTS]
#
# BENCH_DIR: where documents, index and queries stay for the next run; else
# they are in a temporary directory. BENCH_QUERIES: how many of a construct.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$top/build}
count=${2:-100000}
for program in shukach generate_news latency; do
    if [ ! -x "$build/$program" ]; then
        echo "latency.sh: build it first: cmake --build $build -t $program" >&2
        exit 2
    fi
done
if [ -n "${BENCH_DIR:-}" ]; then
    work=$BENCH_DIR
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
documents=$work/news-$count.jsonl
index=$work/index-$count
queries=$work/queries-$count.tsv

if [ ! -f "$documents" ]; then
    "$build/generate_news" "$count" >"$documents.new"
    mv "$documents.new" "$documents"
fi
if [ ! -d "$index" ]; then
    "$build/shukach" index --index "$index" "$documents"
fi
python3 "$top/bench/latency_queries.py" "$documents" "${BENCH_QUERIES:-200}" \
    >"$queries"

size() { du -sk "$1" | awk '{ printf "%.0f MB", $1 / 1024 }'; }
echo "$count documents, $(size "$documents"); index $(size "$index")"
"$build/latency" "$index" <"$queries"
