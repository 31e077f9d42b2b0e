#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An index inside the folder that is indexed is not read as documents.
mkdir in
echo 'Текст про удар.' >in/a.txt
shukach index --quiet --index in/index in
shukach index --quiet --index in/index in
shukach search --index in/index --format=tsv удар | cut -f3
