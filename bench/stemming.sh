#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Figures of the Ukrainian stemmer on the development sets, with the lexicon and
# by rules alone: quality by shared/bench/stemming/score.py, then speed.
#
#   bench/stemming.sh [BUILD]      BUILD: folder of the build, default: build
#
# STEM_CMD and STEM_RULES_CMD: other commands that read words and print stems, a
# line each ("shukach stem | cut -f2"). SHUKACH_SHARED: the folder of the gold,
# default: ../shared beside the repository.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=${1:-$root/build}
gold=${SHUKACH_SHARED:-$root/../shared}/bench/stemming
lexicon=${STEM_CMD:-$build/stem_words uk}
rules=${STEM_RULES_CMD:-$build/stem_words uk-rules}

if [ ! -f "$gold/score.py" ]; then
    echo "stemming.sh: no gold in $gold, nothing measured" >&2
    exit 0
fi
if [ -z "${STEM_CMD:-}" ] && [ ! -x "$build/stem_words" ]; then
    echo "stemming.sh: build it first: cmake --build $build -t stem_words" >&2
    exit 2
fi

# score NAME LABEL COMMAND: one line of the table.
score() {
    python3 "$gold/score.py" "$gold/$1.dev.tsv.xz" --cmd "$3" --tsv |
        awk -F'\t' -v name="$1" -v label="$2" '{
            w = $9 == "nan" ? "    -" : sprintf("%.4f", $9)
            tok = $12 == "nan" ? "    -" : sprintf("%.4f", $12)
            printf "%-29s %-8s %.4f %.2e %6.3f %.4f %6s %6s\n",
                name, label, 1 - $1, $2, $3, $6, w, tok }'
}

printf '%-29s %-8s %6s %8s %6s %6s %6s %6s\n' \
    set mode R OI ERRT F1 w-F1 tok-F1
for name in bc_ud_bruk b_ud c_bruk d_names_ud_bruk d_names_shevchenko \
    d_names_hunspell e_alternating_nouns e_alternating_short_hunspell \
    a_hunspell; do
    score "$name" lexicon "$lexicon"
    score "$name" rules "$rules"
done

# Running words: each form of bc as often as the corpus has it, in order of
# its stem's hash, so that the cache is no help.
if [ -x "$build/stem_words" ]; then
    words=$(mktemp)
    trap 'rm -f "$words"' EXIT
    xz -dc "$gold/bc_ud_bruk.dev.tsv.xz" | cut -f4 | tr ' ' '\n' |
        awk -F: '{ for (i = 0; i < $2; i++)
            printf "%d\t%s\n", (NR * 7919 + i * 104729) % 1000003, $1 }' |
        sort -n | cut -f2 >"$words"
    echo
    "$build/stem_words" --speed "$words"
fi
