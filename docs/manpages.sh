#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/manpages.sh FOLDER: makes every manual page. Those of the subcommands
# are parts of shukach(1); shukach(3) is made of the header,
# shukach-index-format(5) of index-format.md.
set -eu
docs=$(cd "$(dirname "$0")" && pwd)
table=$docs/../packaging/completions.tsv
mkdir -p "$1/uk"
cd "$1"

page() { # SOURCE.scd PAGE
    sh "$docs/manpage.sh" "$1" >"$2"
}

page "$docs/shukach.1.scd" shukach.1
page "$docs/shukach-query.7.scd" shukach-query.7
page "$docs/shukach-query.uk.7.scd" uk/shukach-query.7
for command in $(awk -F '\t' '$2 == "-" && $1 != "help" { print $1 }' "$table"); do
    sh "$docs/subpage.sh" "$docs/shukach.1.scd" "$table" "$command" >page.scd
    page page.scd "shukach-$command.1"
done
awk -f "$docs/header.awk" "$docs/../include/shukach.h" >page.scd
page page.scd shukach.3
awk -v name=shukach-index-format -v section=5 \
    -v summary="what an index of shukach is on disk" \
    -f "$docs/markdown.awk" "$docs/index-format.md" >page.scd
page page.scd shukach-index-format.5
rm page.scd
