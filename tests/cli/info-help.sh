#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Facts of an index, help, version, and what is wrong in a command line.
shukach index --quiet $corpus
shukach info | sed 's/^created .*/created/; s/^bytes .*/bytes/; s/^age .*/age/'
shukach info --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"])'
shukach --version | grep -c '^shukach [0-9.]*$'
shukach help | head -1
shukach help index | head -1
shukach search --help | head -1
shukach help nothing || echo "exit $?"
shukach seek || echo "exit $?"
shukach || echo "exit $?"
shukach info extra || echo "exit $?"
shukach help >/dev/full || echo "exit $?"
shukach search Путін | head -1 >/dev/null
