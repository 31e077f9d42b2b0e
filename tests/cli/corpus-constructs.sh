#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every construct of the query language on the sample corpus, with the ids it
# must find. They were chosen by reading the documents.
shukach index --quiet $corpus
while IFS= read -r query; do
    case $query in "#"*) continue ;; esac
    ids=$(shukach search --format=ids --limit 0 -- "$query" | sort | tr '\n' ' ')
    echo "$query => ${ids% }"
done <<'END'
# Words
Харбін
Харбін Бердянськ
харбіна, бердянська!
про Харбін
# Signs
+Patriot Харбін
+Patriot -США
Patriot НЕ США
Patriot AND NOT США
+(Patriot HIMARS) -США
Раїсі НЕ (Путін Пекін)
# Boolean
Макрон І Шольц
Макрон AND Шольц
Бердянськ АБО Харбін
Бердянськ OR Харбін
(Макрон АБО Шольц) І дзвінок
Макрон І Шольц І НЕ Кремль
Харбін Макрон І Шольц
# Phrases
"зернова ініціатива"
«зернова ініціатива»
„зернова ініціатива“
="зернової ініціативи"
"ініціатива зернова"
"Реджеп Таїп Ердоган"
"Макрон і Путін"
"та Путін"
"Зміїний 30"
"МіГ-31К"
"Storm Shadow"
"19 березня"
"зернова ініціатива" -Стамбул
# Exact forms
=Харбін
=Бердянськ
=Бердянську
Бердянськ -=Бердянську Харбін
# NEAR
Путін NEAR/1 Раїсі
Путін NEAR/2 Раїсі
Раїсі NEAR/6 Путін
Путін NEAR/8 Раїсі
Раїсі NEAR/2 (Путін АБО Ердоган)
Раїсі NEAR/6 (Путін АБО Ердоган)
"пускова установка" NEAR/1 M142
+Раїсі -Путін NEAR/8 Раїсі
Путін NEAR/2 Раїсі І Росія
# Titles
title:Херсон
title:=Херсон
title:"зерновий коридор"
title:(Херсон АБО Харбін)
title:(Україна І Молдова)
саміт -title:саміт
title:Харбін Бердянськ
# Designators, numbers, hyphens
С-300
C300
F-16
"F-16"
х-101
Shahed-136
MH17
155 мм
155-мм
"155 мм"
Герань-2
Су-34
ES-11
+ES-11/7
"ES-11/7"
+ES-11 -4 -35
Ростов-на-Дону
Івано-Франківськ
Санкт-Петербург
південно-східний
1991
1,85
# One form on both sides
перемир'я
перемирʼя
=перемир’я
Kучма
ку́чма
# Filters
source:МАГАТЕ
source:НАТО Фінляндія
source:"служба Єлисейського"
source:МАГАТЕ source:ОБСЄ
source:МАГАТЕ OR source:ОБСЄ
source:МАГАТЕ date:2022-09
author:редакції
author:редакція -source:огляд
author:редакція Вагнер
Харбін lang:uk
Харбін lang:en
Харбін -lang:ru
site:gov.ua
id:2024-03-19-putin-raisi-rozmova
# Dates
date:2014
date:2024-03
date:2024-03-17..2024-03-19
date:..2014-07
date:2025..
date:<2015
date:<=2015
date:>2025-02-12
date:>=2025-02-12
date:"19 березня 2024"
date:"березень 2024" source:НАТО
date:2014-03 date:2015
date:>=2014-07 date:<2015
Путін НЕ date:2022..2025
Patriot І date:2024
Путін NEAR/8 Раїсі date:2023
END
# Plain words: quotation marks and operators mean nothing.
shukach search --plain --format=ids 'Харбін AND "Бердянськ' | sort
