#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A query a line in one process; a bad line does not end the run.
shukach index --quiet $corpus
printf 'q1\tРаїсі Путін розмова\nno tab\nq2\t"open\n\nq3\tФінляндія НАТО\n' >batch
shukach search --batch batch --format=trec --limit 2 || echo "exit $?"
shukach search --batch - --format=jsonl --limit 1 --snippet 0 <batch 2>/dev/null |
    cut -c1-60 || true
printf 'q1\tзакон\n' | shukach search --batch - --format=tsv --limit 1 | cut -f1-4
shukach search --batch nothere || echo "exit $?"
shukach search --batch batch word || echo "exit $?"
