#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One name in three scripts; false friends weigh less or are not found.
cat >docs.jsonl <<'END'
{"id":"uk1","lang":"uk","text":"Президент України Володимир Зеленський прибув до Харкова. З Путіним він не говорив."}
{"id":"uk2","lang":"uk","text":"Раїсі поклали квіти. Раїса Петрівна дякує за подарунок."}
{"id":"uk3","lang":"uk","text":"Ебрагім Раїсі відвідав КНДР і зустрівся із Сі Цзіньпіном."}
{"id":"uk4","lang":"uk","text":"Кім Чен Ин оглянув ракету. Над Дніпром збили Шахед і три Су-34."}
{"id":"uk5","lang":"uk","text":"Купили ізюм, родзинки та мед. Сирія далеко, Іран ближче, Ірина тут."}
{"id":"ru1","lang":"ru","text":"Президент Украины Владимир Зеленский приехал в Харьков, а Путин был в Кремле."}
{"id":"ru2","lang":"ru","text":"Ибрагим Раиси встретился с Си Цзиньпином. Ким Чен Ын осмотрел ракету."}
{"id":"ru3","lang":"ru","text":"Освобождён Изюм. По Днепру выпустили ракеты С-300."}
{"id":"en1","lang":"en","text":"Ukrainian President Volodymyr Zelenskyy visited Kharkiv. Putin stayed in Moscow."}
{"id":"en2","lang":"en","text":"Raisi met Xi Jinping. Kim Jong Un inspected a missile in Dnipro style."}
{"id":"en3","lang":"en","text":"Izium was liberated; S-300 launchers, a Shahed-136 and a Su-34 were destroyed."}
{"id":"uk6","lang":"uk","text":"Країни НАТО провели навчання."}
{"id":"uk7","lang":"uk","text":"Ната купила хліб, а сир для Нати привезли."}
{"id":"en4","lang":"en","text":"NATO countries held an exercise."}
END
shukach index --quiet docs.jsonl
ids() { shukach search --no-variants --format=tsv --snippet 0 "$@" | cut -f 3 | tr '\n' ' '; }
while read -r query; do
    printf '%s: %s\n' "$query" "$(ids "$query")"
    printf '%s, no names: %s\n' "$query" "$(ids --no-names "$query")"
done <<'END'
Зеленського
Zelensky
зеленский
Володимир Зеленський
"Volodymyr Zelenskyy"
+Путін -Кремль
Kharkov
Харків NEAR/5 Зеленський
Raisi
Раїса
Xi Jinping
"Kim Jong Un"
Dnieper
Су-34
С-300
Shahed
Ізюм
=Зеленський
Зелен*
Іран
Сирський
НАТО lang:en
NATO
END
shukach search --explain --snippet 0 --limit 3 Zelensky
shukach search --format=jsonl Раиси | grep -o '"highlights":\[\[[^]]*\]' | head -n 3
