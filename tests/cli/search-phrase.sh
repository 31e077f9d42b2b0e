#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A phrase in any inflection, exact ones first; exact forms; places.
cat >docs.jsonl <<'END'
{"id":"inflected","text":"Після ракетних ударів у місті зникло світло."}
{"id":"exact","text":"Стався ракетний удар. Більше нічого не відомо, крім того, що повідомила влада."}
{"id":"apart","text":"Удар був сильний, а ракетний загін відійшов."}
{"id":"reverse","text":"Удар ракетний, не артилерійський."}
{"id":"title","title":"Ракетний удар","text":"По місту."}
{"id":"across","title":"Загін ракетний","text":"Удар по місту."}
END
shukach index --quiet docs.jsonl
for query in '"ракетний удар"' '="ракетний удар"' '"ракетних ударів"' \
    '=удар' '=ударів' 'title:"ракетний удар"' 'ракетний NEAR/4 удар' \
    'ракетний NEAR/1 удар' '+ракетний -"ракетний удар"' \
    '"ракетний удар" AND NOT =ударів' '"удар ракетний" OR "по місту"'; do
    echo "$query: $(shukach search --format=tsv "$query" | cut -f3 | tr '\n' ' ')"
done
