#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Counts over all matches, not over the hits shown; verified queries too.
cat >docs.jsonl <<'END'
{"id":"1","text":"удар по порту","date":"2024-03-19","source":"А"}
{"id":"2","text":"удар по місту","date":"2024-03-18T10:00:00","source":"Б"}
{"id":"3","text":"по порту удар","date":"2024-03-25","source":"А"}
{"id":"4","text":"удари по порту","date":"2024-04","source":"В"}
{"id":"5","text":"удари по портах","date":"2023"}
{"id":"6","text":"тиша"}
END
shukach index --quiet docs.jsonl
shukach search -n 1 --snippet 0 --facets source,lang удар
shukach search -n 1 --snippet 0 --timeline week удар
shukach search --format=json --snippet 0 -n 1 --exact-total \
    --facets source,month '"удар по порту"' | sed 's/.*"facets"/"facets"/'
shukach search --format=json --snippet 0 -n 1 --exact-total \
    --facets source,month '+удар -"удар по порту"' | sed 's/.*"facets"/"facets"/'
shukach search --facets size удар || echo "exit $?"
shukach search --timeline source удар || echo "exit $?"
