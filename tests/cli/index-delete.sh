#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Documents are deleted by their ids, also by those of a search.
ids() { shukach search --format ids --limit 0 "$@" | wc -l; }
shukach index --quiet $corpus
shukach index --delete 2024-03-19-putin-raisi-rozmova no-such-id 2>&1 |
    sed 's/in [0-9.]* s/in S s/'
shukach search --format ids id:2024-03-19-putin-raisi-rozmova || echo "exit $?"
shukach search --format ids Макрон | shukach index --quiet --delete -
ids Макрон
shukach search --limit 1 --snippet 0 --facets lang Путін | grep '  uk'
shukach export Макрон | tail -1
shukach suggest -n 1 Макрон
shukach info | grep -e documents -e deleted -e segments -e lang.uk
shukach verify
shukach index --quiet --delete || echo "exit $?"
printf 'x\n\ny\n' | shukach index --quiet --delete - || echo "exit $?"
echo "-- after a merge the words are gone too"
shukach index --quiet --merge
shukach suggest -n 1 Макрон || echo "exit $?"
shukach info | grep -e documents -e deleted -e lang.uk
echo "-- all of them"
shukach search --format ids --limit 0 lang:uk | shukach index --quiet --delete -
shukach info | grep -e documents -e segments
shukach search Путін || echo "exit $?"
shukach verify
shukach index --index none --delete 1 || echo "exit $?"
