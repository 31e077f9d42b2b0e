#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A malformed query is an error that shows the place; so is a bad option.
shukach index --quiet $corpus
for query in 'слово "незакрита' '-слово' '(а' 'foo:bar' '""' 'date:учора'; do
    shukach search "$query" || echo "exit $?"
done
shukach search || echo "exit $?"
shukach search --limit багато слово || echo "exit $?"
shukach search --format xml слово || echo "exit $?"
shukach search --sort size слово || echo "exit $?"
shukach search --since вчора слово || echo "exit $?"
shukach search --nonsense слово || echo "exit $?"
shukach search --limit || echo "exit $?"
shukach search -Latin || echo "exit $?"
shukach search -- -слово || echo "exit $?"
shukach search ніщоподібного || echo "exit $?"
shukach search --plain '"незакрита (дужка AND' || echo "exit $?"
