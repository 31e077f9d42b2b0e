#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The public header compiles alone in every language it promises, and the
# shared library exports exactly what the header declares.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
header=$SHUKACH_SOURCE/include/shukach.h
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only"
for standard in c11 c17; do
    gcc -std=$standard $strict -x c "$header"
done
g++ -std=c++17 $strict -x c++ "$header"
g++ -std=c++17 $strict -I"$SHUKACH_SOURCE/include" -x c++ "${header%.h}.hpp"

sed -n 's/.*\b\(shukach_[a-z_]*\)(.*/\1/p' "$header" |
    grep -v '^shukach_on_' | sort -u >"$work/declared"
nm -D --defined-only "$SHUKACH_BUILD/libshukach.so" |
    sed -n 's/.* [A-Z] \([A-Za-z_]*\).*/\1/p' | grep -v '^SHUKACH_' |
    sort -u >"$work/exported"
# No comment names a function that does not exist, or this would show it.
diff -u "$work/declared" "$work/exported"
[ "$(wc -l <"$work/exported")" -gt 30 ]
