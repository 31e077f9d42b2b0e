#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The copy that docs/operations.md describes is an index, wherever it lies.
shukach index --quiet "$corpus"
mkdir backup
sed -n '/^```sh$/,/^```$/p' "$SHUKACH_SOURCE/docs/operations.md" | grep -v '^```' |
    sed "s|/srv/archive/index|$SHUKACH_INDEX|; s|/backup|$PWD/backup|g" >copy.sh
for turn in 1 2; do
    sh -eu copy.sh
    ls backup backup/index
    shukach index --quiet "$corpus"
done
mv backup/index moved
shukach search --index moved --format=ids --limit 1 Макрон
