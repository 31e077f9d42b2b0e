#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A missing or foreign index says what to run.
shukach search слово || echo "exit $?"
mkdir foreign && echo text >foreign/file
shukach search --index foreign слово || echo "exit $?"
shukach index --index foreign $corpus || echo "exit $?"
ls foreign
: >file
shukach search --index file слово || echo "exit $?"
shukach index --quiet $corpus
for file in manifest segment-1/postings segment-1/records; do
    cp -r $SHUKACH_INDEX broken
    : >broken/current/$file
    shukach search --index broken слово 2>message || echo "exit $?"
    sed 's/instead of [0-9]*/instead of N/' message >&2
    rm broken/current/$file
    shukach search --index broken слово || echo "exit $?"
    rm -r broken
done
