#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long the program takes to start: a search on the sample index and
# --version beside xapian-delve on the same segment, in one run. Needs the
# Debian packages hyperfine and xapian-tools.
#
#   bench/start.sh [BUILD_DIRECTORY]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$top/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/shukach" index --quiet --index "$work/index" \
    "$top/corpus/documents.jsonl"
hyperfine -N --warmup 20 --runs 200 --style basic --export-csv "$work/csv" \
    -n xapian-delve "xapian-delve $work/index/current/segment-1/postings" \
    -n version "$build/shukach --version" \
    -n search "$build/shukach search --index $work/index Раїсі Путін розмова" \
    >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
awk -F , 'NR == 2 { base = $4 } NR > 1 {
    printf "%-13s median %6.2f ms, %.2f times xapian-delve\n", $1,
           $4 * 1000, $4 / base }' "$work/csv"
