#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An update that is killed at whatever moment leaves the old index or the new
# one, whole.
python3 - $corpus <<'END'
import json, sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
with open("old.jsonl", "w", encoding="utf-8") as old, open("new.jsonl", "w", encoding="utf-8") as new:
    for copy in range(8):
        for line in lines:
            document = json.loads(line)
            document["id"] += f"-{copy}"
            (old if copy < 5 else new).write(json.dumps(document, ensure_ascii=False) + "\n")
END
shukach index --quiet old.jsonl
killed=0
delay=5
while [ $delay -lt 125 ]; do
    delay=$((delay + 4))
    cp -r $SHUKACH_INDEX copy
    timeout -s KILL .$(printf %03d $delay) shukach index --quiet --index copy --update new.jsonl \
        2>/dev/null || killed=$((killed + 1))
    shukach verify --index copy
    documents=$(shukach info --index copy | sed -n 's/^documents *//p')
    [ "$documents" = 375 ] || [ "$documents" = 600 ] || echo "$documents documents"
    shukach index --quiet --index copy --wait=60 --update new.jsonl
    shukach info --index copy | grep ^documents >documents
    grep -q ' 600$' documents || cat documents
    ls copy | grep tmp || true
    rm -r copy
done
[ $killed -gt 0 ] && echo "some were killed"
