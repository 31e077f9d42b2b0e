#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs tests/cli/NAME.sh and compares with NAME.stdout, NAME.stderr (absent:
# empty) and NAME.exit (absent: 0). UPDATE=1 rewrites them; read the diff.
#
# The script runs in an empty directory, with the program as `shukach`, the
# sample corpus in $corpus, inputs in $data, and an index in $SHUKACH_INDEX.
set -u
script=$1
expected=${script%.sh}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/cwd" "$work/bin"
ln -s "$SHUKACH_BUILD/shukach" "$work/bin/shukach"
corpus=$SHUKACH_SOURCE/corpus/documents.jsonl
data=$SHUKACH_TEST_DATA
SHUKACH_INDEX=$work/index
HOME=$work/home
PATH=$work/bin:$PATH
export corpus data SHUKACH_INDEX HOME PATH
unset NO_COLOR XDG_DATA_HOME XDG_CONFIG_HOME

(cd "$work/cwd" && sh -eu "$script") >"$work/stdout" 2>"$work/stderr" \
    </dev/null
echo $? >"$work/exit"
# Places of this run are not part of what is expected.
for name in stdout stderr; do
    sed -e "s|$work|WORK|g" -e "s|$SHUKACH_SOURCE|SOURCE|g" \
        "$work/$name" >"$work/$name.plain"
done
[ "$(cat "$work/exit")" = 77 ] && { cat "$work/stderr"; exit 77; }

status=0
compare() { # ACTUAL EXPECTED
    if [ "${UPDATE:-}" = 1 ]; then
        if [ -s "$1" ]; then cp "$1" "$2"; else rm -f "$2"; fi
    elif [ -f "$2" ]; then
        diff -u "$2" "$1" || status=1
    elif [ -s "$1" ]; then
        echo "unexpected:"; cat "$1"; status=1
    fi
}
[ "$(cat "$work/exit")" = 0 ] && : >"$work/exit"
compare "$work/stdout.plain" "$expected.stdout"
compare "$work/stderr.plain" "$expected.stderr"
compare "$work/exit" "$expected.exit"
exit $status
