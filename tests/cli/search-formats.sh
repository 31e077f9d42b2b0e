#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# jsonl, tsv and trec; the id of a TREC run holds no space.
printf '%s\n' '{"id":"a b%","text":"Перший удар\tу місті","date":"2024-01-01"}' \
    '{"id":"c","text":"Другий удар по місту","title":"Про \"удар\""}' |
    shukach index --quiet -
for format in jsonl tsv trec; do
    shukach search --format=$format удари
done
shukach search --format=trec --snippet 10 --limit 1 місто
shukach search --format=csv удари
printf 'q\tместо\nq2\t"удар"\n' | shukach search --format=csv --batch - --snippet 0
shukach search --format=ids удари
shukach search --format=ids -0 удари | tr '\0' '|'
