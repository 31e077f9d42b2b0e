#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Words that begin so: alone, beside others, in the title; cut, which is said;
# and what is no prefix.
cat >docs.jsonl <<'END'
{"id":"1","title":"Бахмутський напрямок","text":"Під Бахмутом тривають бої."}
{"id":"2","text":"Біля Бахмутки чути об'єднані сили й С-300."}
{"id":"3","text":"Київ і Соледар. Прес-служба мовчить."}
{"id":"4","text":"Бах грав на органі; об’єднання музикантів."}
END
shukach index --quiet docs.jsonl
for query in 'Бахмут*' 'бах*' '=бахмутк*' 'title:бахм*' '+бах* -бахмут*' \
    'бахм* NEAR/3 бої' 'бахм* NEAR/1 бої' 'об’єдн*' 'об’*' 'прес-*' 'С-3*' \
    'щось*' 'Бахмут*, Солед*'; do
    echo "$query: $(shukach search --format=tsv "$query" | cut -f3 | sort | tr '\n' ' ')"
done
shukach search --format=json --limit 1 'бахмутк*' | sed 's/.*"snippet"/"snippet"/'
for query in 'Б*' '20*' 'mod.gov.ua*' '"Бахмут* бої"'; do
    shukach search "$query" || echo "exit $?"
done
python3 -c '
for i in range(300):
    print("{\"id\":\"%d\",\"text\":\"слово%s\"}" % (i, "".join("абвгдежзик"[int(c)] for c in str(i))))' >many.jsonl
shukach index --quiet many.jsonl
shukach search --format=trec --limit 0 'слов*' | wc -l
shukach search --format=trec --limit 0 'словоб*' | wc -l
