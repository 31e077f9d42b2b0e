#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The program in Ukrainian, whether or not that locale is installed: help,
# summaries, errors with their codes, what people read beside the hits.
[ -s "$SHUKACH_BUILD/locale/uk/LC_MESSAGES/shukach.mo" ] ||
    { echo "built without msgfmt" >&2; exit 77; }
unset LC_ALL
export LANG=uk_UA.UTF-8
said() { echo "+ $*" >&2; "$@" || echo "exit $?" >&2; }
timeless() { "$@" 2>&1 | sed 's/за [0-9.]* с/за N с/' >&2; }

shukach help
shukach help index
shukach search --help
for command in names export suggest stem analyse info verify help; do
    shukach help $command
done

mkdir in
printf '%s\n' '{"id":"1","text":"а"}' '{"id":"1","text":"б"}' '{"id":"2"}' \
    '{"id":"3","text":5}' '[1]' '{"id":"4","text":"в","date":"вчора"}' \
    >in/lines.jsonl
printf 'так\001\002\003\000' >in/bin.dat
printf '\342\345\360\345\361\345\355\374 \355\340\361\362\340\342 \342\347\346\345, \357\362\340\365\350 \357\356\342\345\360\362\340\376\362\374\361\377 \344\356\344\356\354\363 \344\343\356 \361\356\355\366\377\n' >in/old.txt
: >in/empty.txt
timeless shukach index --jobs 1 in
timeless shukach index --update --jobs 1 in
timeless shukach index --delete 1 5
timeless shukach index $corpus
shukach index --quiet in/empty.txt || echo "exit $?" >&2

for query in '"Путін' '(Путін' 'Путін)' '' '-Путін' 'author' 'foo:"x"' 'date:вчора' \
    'а*' 'Путін NEAR/0 Раїсі' 'слово^0' 'title:' 'Путін АБО' '"а* б"' '=' 'lang:'; do
    said shukach search "$query" >/dev/null
done
said shukach search ніщоподібного
said shukach search Макорн
said shukach search --no-such-option x
said shukach search --format xml x
said shukach search --limit
said shukach search
said shukach search --resume --batch q x
said shukach search --index nowhere x
said shukach search --variants nowhere x
printf 'немає табуляції\n1\t"а\n' >queries
said shukach search --batch queries
said shukach index --memory 1 x
said shukach index --no-such-option x
said shukach index --keep
said shukach index nowhere
said shukach stem --lang de x
said shukach names -n 1 Раїсі >/dev/null
said shukach seek
said shukach help nothing
said shukach help >/dev/full
shukach search -n 1 --snippet 0 --explain --facets source,lang --timeline month \
    'Раїсі Шольц'
for file in "$SHUKACH_INDEX"/current/segment-*/records; do
    printf 'x' >>"$file"
done
said shukach verify

# LANGUAGE is asked first, but not in the C locale.
LANGUAGE=en shukach help help
LANGUAGE=xx:uk shukach help help
LANG=de_DE.UTF-8 LANGUAGE=uk shukach help help
LANG=C.UTF-8 LANGUAGE=uk shukach help help
LANG=C LANGUAGE=uk shukach help help
LC_ALL=POSIX shukach help help
LC_MESSAGES=en_GB.UTF-8 shukach help help
LANG='' LC_MESSAGES=uk shukach help help
LANG=../../../uk shukach help help
