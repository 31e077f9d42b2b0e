#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A rebuild replaces the index in one step; a failed one leaves it.
echo '{"id":"old","text":"старий документ"}' | shukach index --quiet -
shukach search --format=tsv документ | cut -f3
echo '{"id":"no text"}' | shukach index --quiet - || echo "exit $?"
shukach search --format=tsv документ | cut -f3
echo '{"id":"new","text":"новий документ"}' | shukach index --quiet -
shukach search --format=tsv документ | cut -f3
ls $SHUKACH_INDEX | sort
shukach index || echo "exit $?"
shukach index --max-bytes 0 x || echo "exit $?"
yes слово | head -c 5000 >long.txt
shukach index --quiet --max-bytes 4K long.txt || echo "exit $?"
