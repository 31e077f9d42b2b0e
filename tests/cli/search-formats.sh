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
# Ids of queries, too; every control character of a field becomes a space.
printf 'q 1\t"удар"\n' | shukach search --format=trec --batch -
python3 -c 'import json; print(json.dumps({"id": "d", "text": "Тиша",
    "title": "А\x85Б\x7fВ\rГ\nҐ\u00a0Д"}))' | shukach index --quiet --index other -
shukach search --index other --format=tsv тиша
shukach search --format=ids удари
shukach search --format=ids -0 удари | tr '\0' '|'
