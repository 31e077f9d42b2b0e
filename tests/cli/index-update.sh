#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An update keeps what is there, adds, replaces, and reads no unchanged file.
# Everything offered is accounted for.
ledger() {
    python3 -c '
import json, sys
run = json.load(sys.stdin)
names = "indexed replaced unchanged deleted skipped".split()
assert run["offered"] == sum(run[name] for name in names), run
print(" ".join("%s=%d" % (name, run[name]) for name in names), "bytes=%d" % run["bytes"])'
}
update() {
    shukach index --quiet --json --update "$@" >summary || echo "exit $?"
    ledger <summary
}
old() { touch -d '2024-03-19 10:00' "$@"; }
ids() { shukach search --format ids --limit 0 "$@" | sort | tr '\n' ' '; echo; }

mkdir in
cat >in/lines.jsonl <<'END'
{"id":"1","text":"перший документ","lang":"uk"}
{"id":"2","text":"другий документ","lang":"uk"}
END
echo 'текст одного документа' >in/note.txt
old in/*
echo "-- the first one makes the index"
update in
echo "-- nothing changed"
update in
echo "-- only the time of a file changed"
touch -d '2024-03-20' in/lines.jsonl
update in
echo "-- a line changed, one is new, and one is bad"
cat >in/lines.jsonl <<'END'
{"id":"1","text":"перший документ","lang":"uk"}
{"id":"2","text":"другий документ, виправлений","lang":"uk"}
{"id":"3","text":"третій документ","lang":"uk"}
{"id":"4"}
END
old in/lines.jsonl
update --skipped skipped in
cat skipped
ids документ
ids виправлений
echo "-- a file with something skipped is read again, and told of again"
update in
echo "-- another file, another day: what is there stays"
echo '{"id":"5","text":"п’ятий документ","lang":"uk"}' >other.jsonl
old other.jsonl
shukach index --update other.jsonl 2>&1 | sed 's/in [0-9.]* s/in S s/'
ids документ
echo "-- an id in two files: the first one has it, as in a new index"
echo '{"id":"5","text":"документ цей не про те","lang":"uk"}' >in/a.jsonl
old in/a.jsonl
update in/a.jsonl other.jsonl
ids п’ятий
update in/a.jsonl other.jsonl
rm in/a.jsonl
update --prune in/lines.jsonl other.jsonl
echo "-- merged"
shukach index --quiet --merge
shukach info | grep -e documents -e segments -e deleted
shukach verify
echo "-- what is wrong"
shukach index --update || echo "exit $?"
shukach index --update --delete 1 || echo "exit $?"
shukach index --prune --rollback || echo "exit $?"
shukach index --keep 0 in || echo "exit $?"
shukach index --wait=soon in || echo "exit $?"
shukach index --skipped no/such in || echo "exit $?"
