#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion: by frequency, as written, and what it refuses.
cat >docs.jsonl <<'END'
{"id":"1","title":"Бахмутський напрямок","text":"Бахмут. У Бахмуті; БАХМУТ."}
{"id":"2","text":"бахнуло в Бахмуті, НАТО, НАТО, нато, Івано-Франківськ, С-300 1000"}
{"id":"3","text":"Бахмут і Бахмуті. Об’єднані сили. https://bakhmut.in.ua"}
END
shukach index --quiet docs.jsonl
shukach suggest бах
shukach suggest -n 1 БАХ
for prefix in нат івано- Франк с- об’ bak; do shukach suggest "$prefix"; done
shukach suggest щось || echo "exit $?"
shukach suggest '' || echo "exit $?"
shukach suggest 'два слова' || echo "exit $?"
shukach suggest 100 || echo "exit $?"
shukach suggest || echo "exit $?"
shukach suggest -n 0 бах || echo "exit $?"
shukach suggest --index nothere бах || echo "exit $?"
shukach suggest --help | head -1
