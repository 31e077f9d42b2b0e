#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a score is made of, in text and in JSON; formats without a place for it
# refuse.
cat >docs.jsonl <<'END'
{"id":"1","title":"Розмова","text":"Телефонну розмову провели в Kиєві. Розмову провів Ебрагім Раїсі."}
{"id":"2","text":"Ракетний удар по Києву, де були люди. Ракетними ударами знищено міст."}
{"id":"3","text":"Північна Корея заявила про кількох людей."}
{"id":"4","text":"КНДР мовчить."}
END
shukach index --quiet docs.jsonl
for query in 'розмова Київ' '"ракетний удар"' 'люди КНДР' 'КНДР' 'рак* зв’язок' \
    'удар -розмова' 'lang:uk'; do
    echo "== $query"
    shukach search --snippet 0 --explain "$query"
done
shukach search --format=jsonl --snippet 0 --explain --limit 1 'розмова Київ'
shukach search --format=csv --explain удар || echo "exit $?"
echo "== sums"
shukach search --format=jsonl --explain -n 0 'розмова Київ люди "ракетний удар"' |
    /usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    hit = json.loads(line)
    parts = [part["score"] for part in hit["explain"]["parts"]]
    print(hit["id"], abs(sum(parts) - hit["score"]) <= 1e-4 * (1 + len(parts)))
'
