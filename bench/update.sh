#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long an update takes beside making the index anew, on invented news: one
# of 100 documents, thirty more of them night by night, and one in which
# nothing is new. Needs the program generate_news: cmake --build BUILD -t
# generate_news.
#
#   bench/update.sh [BUILD_DIRECTORY] [DOCUMENTS]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$top/build}" && pwd)
count=${2:-50000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SHUKACH_INDEX="$work/index"
cd "$work"
now() { date +%s.%N; }
run() { # ARGUMENTS: seconds
    begin=$(now)
    "$build/shukach" index --quiet "$@"
    awk -v a="$begin" -v b="$(now)" 'BEGIN { printf "%.2f\n", b - a }'
}
news() { # NIGHT: 100 documents
    "$build/generate_news" 100 $((1000 + $1)) |
        sed "s/^{\"id\":\"/&night-$1-/" >night.jsonl
    touch -d yesterday night.jsonl
}
"$build/generate_news" "$count" >all.jsonl
touch -d yesterday all.jsonl
whole=$(run all.jsonl)
echo "the whole index of $count documents: $whole s"
news 0
first=$(run --update night.jsonl)
echo "100 more: $first s, 1 / $(awk -v a="$whole" -v b="$first" 'BEGIN { printf "%.0f", a / b }')"
for night in $(seq 30); do
    news "$night"
    run --update night.jsonl
done | sort -n |
    awk '{ sum += $1 } END { print "each of 30 nights: " sum / NR " s, at most " $1 " s" }'
echo "nothing new: $(run --update all.jsonl) s"
"$build/shukach" info | grep -e segments -e documents
