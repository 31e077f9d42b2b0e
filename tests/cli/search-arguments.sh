#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Options may follow the query; a word with a minus is no option.
shukach index --quiet $corpus
shukach search Фінляндія --format=tsv НАТО -Швеція -n 3 | cut -f3
shukach search --format=tsv -n1 -- Фінляндія -Швеція | cut -f3
shukach search -n 1 "Фінляндія НАТО" --format tsv | cut -f3
