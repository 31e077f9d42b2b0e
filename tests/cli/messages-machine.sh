#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What programs read is the same bytes in every language.
[ -s "$SHUKACH_BUILD/locale/uk/LC_MESSAGES/shukach.mo" ] ||
    { echo "built without msgfmt" >&2; exit 77; }
run() { # NAME
    rm -rf index
    shukach index --index index --json --skipped "$1.skipped" in 2>"$1.summary" |
        sed 's/"seconds":[0-9.]*//' >"$1.index"
    for format in json jsonl tsv csv ids trec; do
        shukach search --format $format --facets source,lang,month 'Макрон Раїсі' \
            >"$1.$format"
        shukach search --format $format --batch "$SHUKACH_SOURCE/corpus/queries.tsv" \
            >"$1.batch.$format" 2>/dev/null
    done
    shukach search --format json --explain 'Раїсі "телефонна розмова"' >"$1.explain"
    shukach export Макрон | sed 's/"exported":"[^"]*"//' >"$1.export"
    shukach export --index many.index 'сл*' 2>"$1.notice" | tail -1 >"$1.notices"
    shukach names --format json Раїсі >"$1.names"
    shukach names --format tsv Раїсі >"$1.names.tsv" 2>/dev/null
    shukach suggest Зел >"$1.suggest"
    shukach stem розмову >"$1.stem"
    shukach analyse 'Збито Су-34' >"$1.analyse"
    shukach info --json | sed 's/"age":"[0-9]*"//' >"$1.info.json"
    shukach info | sed '/^age/d' >"$1.info"
    shukach --version >"$1.version"
}
shukach index --quiet $corpus
# More words begin so than are searched: a notice.
seq -w 300 | sed 's/0/а/g; s/1/б/g; s/2/в/g; s/3/г/g; s/4/д/g; s/5/е/g
    s/6/ж/g; s/7/з/g; s/8/и/g; s/9/к/g; s/.*/{"id":"&","text":"сло&во"}/' |
    shukach index --quiet --index many.index -
mkdir in
printf '%s\n' '{"id":"1","text":"а"}' '{"id":"1","text":"б"}' '{"id":"2","text":5}' \
    '[' >in/lines.jsonl
: >in/empty.txt
ln -s in in/in
run C
unset LC_ALL
LANG=uk_UA.UTF-8 LC_NUMERIC=uk_UA.UTF-8 run UK
for file in C.*; do
    name=UK${file#C}
    case $file in
    *.summary | *.notice)
        if cmp -s "$file" "$name"; then echo "$name is in English"; fi
        ;;
    *)
        cmp "$file" "$name"
        [ -s "$file" ] || echo "$file is empty"
        ;;
    esac
done
cat C.skipped C.notices UK.notice
