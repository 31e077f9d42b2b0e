#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Pruning deletes what came from files that are gone or hold it no more, and
# nothing else.
ids() { shukach search --format ids --limit 0 lang:uk | sort | tr '\n' ' '; echo; }
old() { touch -d '2024-03-19 10:00' "$@"; }
line() { echo "{\"id\":\"$1\",\"text\":\"документ\",\"lang\":\"uk\"}"; }
mkdir in in/deep in-other
{ line 1; line 2; line 3; } >in/lines.jsonl
line 4 >in/deep/four.jsonl
line 5 >in/five.jsonl
line 6 >in-other/six.jsonl
line 7 >seven.jsonl
old in/* in/deep/* in-other/* *.jsonl
shukach index --quiet in in-other seven.jsonl
line 8 | shukach index --quiet --update -
ids
echo "-- gone files, and a line that is gone"
rm -r in/deep in-other/six.jsonl
{ line 1; line 3; } >in/lines.jsonl
old in/lines.jsonl
shukach index --quiet --update in
ids
shukach index --quiet --prune in
ids
echo "-- nothing is deleted where nothing was found, or was read"
shukach index --quiet --prune in-other seven.jsonl || echo "exit $?"
ids
mv in elsewhere
shukach index --quiet --prune in seven.jsonl || echo "exit $?"
ids
mv elsewhere in
echo '{"id":"1","text":"документ","lang":"uk"' >in/lines.jsonl
shukach index --quiet --prune in || echo "exit $?"
ids
echo "-- one that cannot be read is there all the same"
rm in/five.jsonl
mkfifo in/five.jsonl
shukach index --quiet --prune in || echo "exit $?"
ids
shukach verify
