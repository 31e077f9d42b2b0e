#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several indexes are searched as one.
split -l 30 "$corpus" part-
for part in part-*; do
    shukach index --quiet --index "$part.index" "$part"
done
shukach index --quiet "$corpus"
all="--index part-aa.index --index part-ab.index --index part-ac.index"
one=$SHUKACH_INDEX

# The same answers as of one index, but for the directory.
same() {
    "$@" >one
    "$@" $all | sed 's/,"index":"part-a[abc].index"//g' >three
    cmp one three && [ -s one ] && echo "the same: $*"
}
same shukach search --format json --exact-total --limit 0 'Путін OR "мінські угоди"'
same shukach search --format json --explain --limit 5 'розмова КНДР'
same shukach search --format json --facets source,lang --timeline week lang:uk
same shukach search --format csv --limit 100 --sort=-date Зеленський
same shukach search --format jsonl --offset 3 --limit 7 Zelensky
same shukach names --format json --sample 0 --limit 20
same shukach suggest --limit 50 зел
printf 'q1\tРаїсі Путін\nq2\t=саміту\n' >batch
same shukach search --format tsv --batch batch
shukach search --index "$one" Хирсона >one 2>&1 || [ $? = 1 ]
shukach search $all Хирсона 2>&1 | cmp one - || [ $? = 1 ]
export_of() { shukach export "$@" Раїсі | sed 1d; }
export_of >one
export_of $all | cmp one - && wc -l <one

# Which index a hit is from.
shukach search $all --limit 2 --snippet 0 Макрон
shukach search $all --limit 1 --snippet 0 --format jsonl Макрон
shukach info $all | grep -v -e ^created -e ^bytes -e ^age -e ^schema -e ^analyser -e ^unicode
shukach info $all --json |
    sed 's/"created":.*"lang.uk"/"lang.uk"/; s/,"schema.*/}/'

# What is refused.
code() { "$@" || echo "exit code $?"; }
code shukach search --index part-aa.index --index nowhere Макрон
code shukach search --index part-aa.index --index part-ab.index \
    --index part-aa.index Макрон
cp -r part-ab.index copy
code shukach info --index part-ab.index --index copy
mkdir empty
code shukach suggest --index empty --index part-aa.index М
