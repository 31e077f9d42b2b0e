#!/bin/sh
# SPDX-License-Identifier: CC0-1.0
# Makes JSON Lines of a table with jq, indexes them, and counts by source what a
# query finds.
set -eu
printf '%s\t%s\t%s\n' \
    port порт "У порту відновили роботу зернового термінала." \
    mist місто "Міст відкрили після ремонту." \
    zerno порт "Зерно вивантажують із термінала." |
    jq -Rc 'split("\t") | {id: .[0], source: .[1], text: .[2]}' |
    shukach index --quiet --index example-index -
shukach search --index example-index --format jsonl --limit 0 \
    'зерновий АБО термінал' |
    jq -rs 'group_by(.source)[] | [.[0].source, length, (map(.id) | join(" "))]
        | @tsv'
