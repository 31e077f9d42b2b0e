#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Newer documents first where the words do not decide; counted from --until,
# so that the test does not depend on the day.
cat >docs.jsonl <<'END'
{"id":"old","text":"удар по порту","date":"2014-03-19"}
{"id":"none","text":"удар по порту"}
{"id":"new","text":"удар по порту","date":"2024-03-19"}
{"id":"month","text":"удар по порту","date":"2024-02-20"}
{"id":"both","text":"удар по порту й місту, удар по місту","date":"2014"}
{"id":"other","text":"тиша"}
END
shukach index --quiet docs.jsonl
shukach search --format=ids --until 2024-04 удар порт
echo
shukach search --format=ids --until 2024-04 --recent удар порт
echo
shukach search --format=ids --until 2024-04 --recent=1 +місто удар
shukach search --recent=0 удар || echo "exit $?"
