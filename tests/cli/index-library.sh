#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The library that tells encodings is loaded for a file that needs it. Where it
# is missing, that is said, and nothing is guessed; other files do not need it.
if grep -qE '^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$' "$SHUKACH_BUILD/CMakeCache.txt"; then
    echo "skipped: sanitizers come before what is preloaded" >&2
    exit 77
fi
mkdir in
echo 'Розмова про відбудову міст і сіл, які були зруйновані.' >in/a.txt
iconv -f UTF-8 -t windows-1251 in/a.txt >in/b.txt
missing() { LD_PRELOAD=$SHUKACH_BUILD/tests/missing.so shukach index "$@"; }
missing --quiet in/a.txt || echo "exit $?"
shukach search --format=ids розмова
missing --quiet in >out 2>&1 || echo "exit $?"
sed 's/libicui18n.so.[0-9]*/LIBRARY/' out
shukach search --format=ids розмова
echo "== where it is there"
shukach index --quiet in
shukach search --format=ids розмова | sort
