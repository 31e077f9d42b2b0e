#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every match in the order of the index between a head and an end; verified
# queries too; nothing found, and what is wrong.
cat >docs.jsonl <<'END'
{"id":"z","title":"Порт","text":"Удар\nпо порту.","date":"2024-03-19","source":"А","author":"Б","url":"https://a.ua/z","lang":"uk"}
{"id":"b","text":"По порту удар. Удар, удар."}
{"id":"c","text":"Тиша."}
{"id":"a","text":"Удари по порту.","date":"2023"}
END
shukach index --quiet docs.jsonl
shukach export удар |
    sed 's/"created":"[^"]*Z"/"created":"TIME"/; s/"exported":"[^"]*Z"/"exported":"TIME"/'
ids() {
    shukach export "$@" | python3 -c '
import json, sys
lines = [json.loads(line) for line in sys.stdin]
head, *documents, end = lines
assert end["end"] and end["total"] == len(documents)
print(head["query"], head["plain"], head["variants"], head["since"],
      head["until"], [d["id"] for d in documents])'
}
ids '"удар по порту"'
ids '="удар по порту"'
ids -'"порту удар"' порту
ids порту -- -title:порт
ids --plain '"удар'
ids --since 2024 --until 2024-03 --no-variants удар
shukach export ніщо | tail -n 1
shukach export ніщо >/dev/null || echo "exit $?"
# As many as a search counts.
shukach index --quiet $corpus
for query in Путін '"телефонна розмова"' 'роз* -НАТО' 'Путін NEAR/5 Макрон' ЗСУ; do
    shukach export "$query" | sed '1d;$d' |
        sed 's/^{"id":"\([^"]*\)".*/\1/' | sort >exported
    shukach search --format=ids -n 0 "$query" | sort | cmp - exported
done
shukach export '"незакрита' || echo "exit $?"
shukach export || echo "exit $?"
shukach export -n 3 слово || echo "exit $?"
shukach export -0 слово || echo "exit $?"
shukach export --since вчора слово || echo "exit $?"
shukach export --index nowhere слово || echo "exit $?"
shukach export Путін >/dev/full || echo "exit $?"
