#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Filters stand beside words or alone, and do not score.
cat >docs.jsonl <<'END'
{"id":"1","text":"удар","date":"2024-03-19","source":"прес-служба НАТО","url":"https://www.nato.int/a","author":"Редакція"}
{"id":"2","text":"удар","date":"2024-03-01T10:00:00+02:00","source":"Укрінформ","url":"https://ukrinform.ua/b"}
{"id":"3","text":"удар","date":"2024-05","url":"http://news.mod.gov.ua:80/x"}
{"id":"4","text":"удары по городу были сильные","date":"2023"}
{"id":"5","text":"The strike hit the city and the port"}
END
shukach index --quiet docs.jsonl
for query in 'удар date:2024-03' 'date:2024' 'date:2023' 'date:>=2024-03-02' \
    'date:<2024-03-02' 'date:2024-03..2024-05' 'source:нато' \
    'source:"служби НАТО"' 'site:nato.int' 'site:int' 'site:mod.gov.ua' \
    'lang:ru' 'lang:en strikes' 'id:3' 'author:редакції' 'удар -lang:uk' \
    'удар -source:укрінформ' 'source:нато source:укрінформ' \
    'удар OR lang:en' 'удари' 'городе' 'cities'; do
    echo "$query: $(shukach search --format=tsv --sort date "$query" | cut -f3 | tr '\n' ' ')"
done
shukach search --format=tsv --since 2024-03-01 --until 2024-03 --sort -date удар | cut -f3
shukach search --format=tsv --sort date удар | cut -f3
