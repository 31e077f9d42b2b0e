#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The mission: two of three words stand in another form in the text.
shukach index --quiet $corpus
shukach search --limit 2 Раїсі Путін розмова
shukach search --color=always --limit 1 Раїсі Путін розмова
