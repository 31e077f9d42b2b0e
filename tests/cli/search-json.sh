#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every key of the JSON output, and that it is JSON.
shukach index --quiet $corpus
shukach search --format=json --limit 1 '"мінські угоди"'
shukach search --format=json --limit 3 Путін | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(sorted(answer))
print(sorted(answer["hits"][0]))
for hit in answer["hits"]:
    text = hit["snippet"]["text"].encode()
    print([text[a:b].decode() for a, b in hit["snippet"]["highlights"]])'
