#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A changed byte is found and named, with what to do.
shukach verify || echo "exit $?"
shukach index --quiet $corpus
echo '{"id":"new","text":"новий документ"}' | shukach index --quiet --update -
shukach verify
for file in segment-1/postings segment-1/records segment-2/forms sources manifest; do
    cp -r $SHUKACH_INDEX broken
    python3 - broken/current/$file <<'END'
import sys
path = sys.argv[1]
data = bytearray(open(path, "rb").read())
data[len(data) // 2] ^= 4
open(path, "wb").write(data)
END
    shukach verify --index broken || echo "exit $?"
    if [ $file = segment-1/postings ]; then
        # What is published is counted on sound postings or not at all.
        shukach export --index broken новий >/dev/null || echo "exit $?"
    fi
    rm -r broken
done
cp -r $SHUKACH_INDEX broken
rm broken/current/segment-1/records
shukach verify --index broken || echo "exit $?"
shukach verify extra || echo "exit $?"
shukach verify --no-such || echo "exit $?"
