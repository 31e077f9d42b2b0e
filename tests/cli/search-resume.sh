#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A batch into a file, and gone on with after an interruption at every byte:
# the file is that of a run which was not interrupted.
cat >docs.jsonl <<'END'
{"id":"a","title":"Путін, \"Раїсі\"\nі Макрон","text":"Путін зустрів Раїсі.\nРозмова з Путіним.","date":"2024-03-19"}
{"id":"b","text":"Макрон подзвонив Путіну."}
{"id":"c,d","title":"Макрон","text":"Про Макрона."}
END
shukach index --quiet docs.jsonl
printf 'q1\tПутін\nnone\tніщоподібного\n\n"q,2"\tМакрон\nq1b\tРаїсі\nlast\tніщо\n' >batch
for format in csv tsv jsonl trec; do
    limits="--limit 2 --snippet 10 --format=$format"
    shukach search --batch batch $limits >expected
    shukach search --batch batch $limits --output whole
    cmp expected whole
    size=$(wc -c <expected)
    cut=0
    while [ $cut -le $size ]; do
        head -c $cut expected >out
        shukach search --batch batch $limits --output out --resume \
            2>/dev/null || echo "$format $cut: exit $?"
        cmp expected out || echo "$format, cut at byte $cut"
        case $format in jsonl) cut=$((cut + 7)) ;; *) cut=$((cut + 1)) ;; esac
    done
    rm out
    shukach search --batch batch $limits --output out --resume
    cmp expected out
done
cat whole
shukach search --batch batch --format=csv --snippet 0 | cut -d, -f 1-3,12-
shukach search --batch batch --format=csv --output out
shukach search --batch batch --format=csv --output out --resume
# What cannot be gone on with is left as it is.
sum=$(cksum <out)
try() { # WHAT BATCH FILE FORMAT
    echo "$1" >&2
    before=$(cksum <"$3")
    shukach search --batch "$2" --format="$4" --output "$3" --resume ||
        echo "exit $?" >&2
    [ "$before" = "$(cksum <"$3")" ] || echo "$1: $3 was changed"
}
printf 'other\tПутін\n' >others
try "another batch" others out csv
try "another format" batch out tsv
{ cat batch; printf 'q1\tМакрон\n'; } >twice
try "an id twice" twice out csv
printf 'none\tніщо\n"q,2"\tМакрон\nq1\tПутін\n' >order
try "another order" order out csv
printf 'a letter' >letter
try "no output" batch letter csv
try "no output" batch letter trec
try "no such format" batch out json
try "no such format" batch out ids
shukach search --batch batch --resume || echo "exit $?" >&2
shukach search --output out слово || echo "exit $?" >&2
shukach search --batch - --format=csv --output out --resume <batch || echo "exit $?" >&2
shukach search --batch batch --output nowhere/out || echo "exit $?" >&2
shukach search --batch batch --output /dev/full --format=csv || echo "exit $?" >&2
[ "$sum" = "$(cksum <out)" ]
# Killed wherever it may be, within a row too: the kernel may end a write early.
shukach index --quiet $corpus
for i in 1 2 3 4 5 6 7 8; do sed "s/^/$i-/" "$SHUKACH_SOURCE/corpus/queries.tsv"; done >many
shukach search --batch many --limit 0 --format=csv >expected
for i in 1 2 3 4 5 6 7 8; do
    { # the shell tells of what it killed
        shukach search --batch many --limit 0 --format=csv --output killed \
            --resume &
        sleep 0.0$i
        kill -9 $! || true
        wait $! || true
    } 2>/dev/null
done
shukach search --batch many --limit 0 --format=csv --output killed --resume 2>/dev/null
cmp expected killed
