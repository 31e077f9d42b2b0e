#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packaging/completions.sh FOLDER: makes the completions of every shell.
set -eu
here=$(dirname "$0")
mkdir -p "$1"
for pair in bash:shukach zsh:_shukach fish:shukach.fish; do
    awk -v shell="${pair%:*}" -f "$here/completions.awk" \
        "$here/completions.tsv" >"$1/${pair#*:}"
done
