#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Offset and limit cut windows out of one list.
shukach index --quiet $corpus
ids() { shukach search --format=tsv "$@" Путін | cut -f3; }
ids --limit 20 >all
for offset in 0 5 10 15; do ids --offset $offset --limit 5; done >pieces
cmp all pieces
ids --limit 0 | head -20 | cmp - all
shukach search --format=tsv --offset 2 --limit 1 Путін | cut -f1
[ "$(ids --offset 1000 | wc -l)" = 0 ]
