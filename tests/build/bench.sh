#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bench/run measures and prints, goes on where it was ended, and refuses what it
# cannot compare. What it measures is no matter here.
# shellcheck disable=SC2016 # backquotes of Markdown
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
targets=$(cmake --build "$SHUKACH_BUILD" -t help)
for target in generate_news peer_fts5; do
    echo "$targets" | grep -q "^$target:\|^... $target\$" ||
        { echo "skipped: the build has no $target"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { # ARGUMENTS: measures 50 documents
    python3 -B "$SHUKACH_SOURCE/bench/run" --build "$SHUKACH_BUILD" \
        --out "$work/out" --sizes 50 --queries 3 --seconds 2 "$@"
}
fail() { echo "$*"; cat "$work"/said* "$work"/table*; exit 1; }

run --peers shukach,xapian,fts5 >"$work/table" 2>"$work/said" || fail "it fails"
grep -q '^|  | shukach | / xapian | / fts5 |$' "$work/table" || fail "no heading"
for row in 'index, CPU' 'index, peak memory' 'index, bytes a byte of text' \
    '`any of 3`' '`"a b"`' '`a NEAR/5 b`' '`a b c, facets`'; do
    grep -F "| $row | " "$work/table" |
        grep -q ' | [0-9.]*[0-9][0-9. /–]* | [0-9.]*[0-9][0-9. /–]* |$' ||
        fail "no ratios: $row"
done
# What the peer cannot do; each query is drawn from a document, which has it.
grep -q '^| `=a` | .* | – | [0-9]' "$work/table" || fail "exact words of stems"
grep -q '^| `any of 2` | 100 | 100 | 100 |$' "$work/table" || fail "no hits"

# Again: what there is stays as it is, what is lost is measured again.
rm "$work/out/search-50-0-fts5.tsv"
run --peers shukach,xapian,fts5 >"$work/table2" 2>"$work/said2" || fail "again"
[ "$(cat "$work/said2")" = "$(printf '50\tfts5\tsearch')" ] || fail "goes on"
run --peers shukach,xapian,fts5 --report >"$work/table3" || fail "report"
cmp "$work/table2" "$work/table3" || fail "another report"

# Results of other queries are not mixed with these.
if run --peers shukach --queries 4 >"$work/table5" 2>"$work/said5"; then
    fail "mixes queries"
fi
grep -q -e '--queries 3' "$work/said5" || fail "which queries"

if run --peers shukach,nobody >"$work/table4" 2>"$work/said4"; then
    fail "takes an unknown peer"
fi
grep -q 'no such peer: nobody' "$work/said4" || fail "which peer"
