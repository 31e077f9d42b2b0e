#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A wrong line in a table of names stops the build, which is told the file and
# the line.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

says() { # TABLE MESSAGE
    printf '%b' "$1" >table.txt
    if "$SHUKACH_BUILD/compile_names" out.c table.txt 2>said; then
        echo "taken: $1"
        exit 1
    fi
    if ! grep -qF "$2" said || [ -e out.c ]; then
        echo "of $1 it says:"
        cat said
        exit 1
    fi
}

says '# Places\n\nКиїв=Kyiv\n' 'table.txt:3: no name'
says 'Київ = Kyiv\nЛьвів = \n' 'table.txt:2: no name'
says 'Пекін = 北京\n' 'table.txt:1: no name in Latin or Cyrillic'
says 'Киiв = Kyiv\n' 'no name in Latin or Cyrillic letters; names are parted by " = ": Киiв'
says 'Київ = \0377\n' 'table.txt:1: not valid UTF-8'
says "$(printf '%01500d' 0)" 'table.txt:1: too long a line'
says '# nothing\n' 'usage'
if "$SHUKACH_BUILD/compile_names" out.c none.txt 2>said; then exit 1; fi
grep -qF 'cannot read: none.txt' said

printf '# Places\nКиїв = Kyiv\n+ Шахед = Shahed \n' >table.txt
"$SHUKACH_BUILD/compile_names" out.c table.txt
test "$(grep -c '^    {.*, 1},$' out.c)" -ge 1 # the plural
test "$(grep -c '^    {.*, 0},$' out.c)" -ge 1
