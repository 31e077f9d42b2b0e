#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The index is the same, however many processors make it.
for jobs in 1 2 5; do
    shukach index --quiet --jobs "$jobs" --index "index-$jobs" $corpus
    shukach export --index "index-$jobs" 'Путін OR Україна OR lang:uk' |
        sed '1d' >"all-$jobs"
    for query in 'Раїсі Путін розмова' '"зернова ініціатива"' 'рак*' Zelensky \
        'ЗСУ NEAR/20 область'; do
        shukach search --index "index-$jobs" --format trec -n 0 "$query"
    done >"found-$jobs"
    for file in records pairs forms names; do
        cat "index-$jobs/gen-1/segment-1/$file"
    done >"files-$jobs"
done
for jobs in 2 5; do
    for what in all found files; do
        cmp "$what-1" "$what-$jobs" && echo "$what of $jobs: the same"
    done
done
wc -l <all-1
shukach index --jobs 0 $corpus || echo "exit $?"
