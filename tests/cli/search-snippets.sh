#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several fragments of one text, best first chosen and in its order, none
# over another; and the whole text.
python3 - >docs.jsonl <<'END'
import json
gap = "Тут довго нічого не було, і ніхто нічого не казав. " * 3
text = ("Спершу був удар. " + gap + "Потім прийшла ракета,\nа за нею удар. " + gap
        + "Далі впала ракета. " + gap + "Кінець.")
print(json.dumps({"id": "1", "title": "Ракета", "text": text}))
print(json.dumps({"id": "2", "text": "Ракета й удар.\n\n\tРакета, ракета."}))
END
shukach index --quiet docs.jsonl
for n in 1 2 3 100; do
    shukach search --format=tsv --snippet 40 --snippets $n удар ракета | cut -f3,9
done
for n in 1 2 3 10; do
    shukach search --format=tsv --snippet 4 --snippets $n -n 1 id:2 удар ракета | cut -f9
done
shukach search --format=tsv --snippet 30 --snippets 3 id:1 | cut -f9
# Ranges are whole words of the query.
for option in --snippet=40 --snippet=1 --full; do
    shukach search --format=jsonl $option --snippets 3 удар ракета | python3 -c '
import json, sys
for line in sys.stdin:
    snippet = json.loads(line)["snippet"]
    text = snippet["text"].encode()
    print([text[a:b].decode() for a, b in snippet["highlights"]])'
done
shukach search --full -n 1 --color=always id:2 ракета
shukach search --full -n 1 --format=jsonl id:2 ракета
for n in 0 101 два; do
    shukach search --snippets $n удар || echo "exit $?"
done
# On real texts: pieces in order, which the whole text has, none over another.
shukach index --quiet $corpus
for query in Путін 'Макрон розмова' '"телефонна розмова" війна' 'роз* під*' \
    'і на у з' 'ЗСУ НАТО 2022'; do
    for letters in 5 30 80; do
        shukach search -n 0 --format=jsonl --snippet $letters --snippets 5 "$query"
    done >pieces
    shukach search -n 0 --format=jsonl --full "$query" >whole
    python3 - <<'END'
import json
whole = {}
for line in open("whole"):
    hit = json.loads(line)
    whole[hit["id"]] = " ".join(hit["snippet"]["text"].split())
several = 0
for line in open("pieces"):
    hit = json.loads(line)
    pieces = hit["snippet"]["text"].split(" … ")
    at = 0
    for piece in pieces:
        piece = piece.strip("…")
        found = whole[hit["id"]].find(piece, at)
        if found < 0:
            print(hit["id"], "has no", repr(piece), "from", at)
        at = found + len(piece)
    several += len(pieces) > 1
    ranges = hit["snippet"]["highlights"]
    if any(a[1] > b[0] for a, b in zip(ranges, ranges[1:])):
        print(hit["id"], "ranges", ranges)
if several < 3:
    print("only", several, "snippets of several pieces")
END
done
