#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What was probably meant: said, never searched; not in a batch, nor where
# there is no place for it.
shukach index --quiet $corpus
shukach search Хирсона || echo "exit $?"
shukach search --plain '"Hfscs' || echo "exit $?"
shukach search --format=json '+Хирсона -Київ' || echo "exit $?"
shukach search --format=json Херсона | sed 's/.*"facets"/"facets"/'
shukach search --format=trec Хирсона || echo "exit $?"
printf 'q1\tХирсона\n' | shukach search --batch - --format=json
shukach search --limit 1 --snippet 0 'Україна Зелнський'
