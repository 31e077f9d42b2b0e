#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input is skipped with a reason and a place; the rest is indexed.
cat >docs.jsonl <<'END'
{"id":"1","text":"перший"}
not json
{"id":"2"}
{"id":"1","text":"знову перший"}
{"id":"3","text":""}
{"id":"4","text":"четвертий","date":"учора"}
{"id":5,"text":"п'ятий"}

{"id":"6","text":["список"]}
END
printf '{"id":"7","text":"bad \377 utf"}\n' >>docs.jsonl
: >empty.txt
printf 'a\000b' >binary.txt
printf '\317\363\362\263\355 \342 \312\350\272\342\263, \357\356\342\263\344\356\354\350\353\340 \357\360\345\361-\361\353\363\346\341\340' >cp1251.txt
shukach index docs.jsonl empty.txt binary.txt cp1251.txt nothere 2>err || echo "exit $?"
sed 's/ in [0-9.]* s/ in N s/' err >&2
shukach search --format=tsv --sort date п’ятий Києві | cut -f3 | sort
shukach index --quiet --json docs.jsonl 2>/dev/null | sed 's/"seconds":[0-9.]*/"seconds":S/' || true
