#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The names of the documents found: every format, bounds, nothing found, and
# what is wrong.
shukach index --quiet $corpus
shukach names -n 3 Раїсі
shukach names -n 3 --format tsv Раїсі 2>/dev/null
shukach names -n 1 --format json Раїсі
shukach names -n 2 --sample 10 --format tsv
shukach names -n 2 --sample 2 --format tsv Путін
shukach names -n 2 --since 2024-06 --until 2024 --format tsv
shukach names -n 2 --since 2024 --format tsv Україна
shukach names -n 0 --format tsv 2>/dev/null | cut -f 2 | sort -rnc
# A query in another script finds the same, unless told otherwise.
shukach names -n 2 --format tsv Zelensky 2>/dev/null
shukach names --no-names Zelensky || echo "exit $?"
shukach names --format json ніщоподібного || echo "exit $?"
shukach names --plain '"Путін' -n 1 --format tsv
shukach names '"Путін' || echo "exit $?"
shukach names --since вчора || echo "exit $?"
shukach names --format xml || echo "exit $?"
shukach names --sample x || echo "exit $?"
shukach names --full || echo "exit $?"
shukach names --index nowhere || echo "exit $?"
shukach names >/dev/full || echo "exit $?"
# What is deleted counts no more, until nothing is left.
printf '%s\n' '{"id":"a","text":"тут Макрон"}' '{"id":"b","text":"тут Байден"}' |
    shukach index --quiet -
shukach index --quiet --delete a
shukach names --format tsv
shukach index --quiet --delete b
shukach names --format tsv || echo "exit $?"
