#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A parser that crashes, loops, eats memory or talks nonsense costs its input;
# the others are indexed. The faults are those of tests/preload/faulty.c.
if grep -qE '^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$' "$SHUKACH_BUILD/CMakeCache.txt"; then
    echo "skipped: sanitizers come before what is preloaded" >&2
    exit 77
fi
mkdir in in/sub
page() { echo "<!doctype html><title>$1</title><p>Сторінка $1."; }
for name in a c e g i k sub/b sub/d z; do page $name >in/$name.html; done
page FAULT-CRASH >in/b.html
page FAULT-LEAVE >in/d.html
page FAULT-LOOP >in/f.html
page FAULT-EAT >in/h.html
page FAULT-GARBLE >in/j.html
page FAULT-WAIT >in/sub/c.html
for i in 1 2 3 4 5; do
    [ $i -ne 4 ] || echo
    echo "{\"id\":\"$i\",\"text\":\"рядок $i$([ $i -ne 4 ] || echo FAULT-CRASH)\"}"
done >in/lines.jsonl
faulty() { LD_PRELOAD=$SHUKACH_BUILD/tests/faulty.so shukach index "$@"; }
faulty --quiet --timeout 2 --memory 256M in || echo "exit $?"
shukach search --format=ids -n 0 --sort date сторінка
shukach search --format=ids -n 0 --sort date рядок
echo "== standard input, and the same path twice"
printf '{"id":"x","text":"перший"}\n{"id":"y","text":"FAULT-CRASH"}\n{"id":"z","text":"третій"}\n' |
    faulty --quiet in/a.html - in/b.html in/b.html in/c.html || echo "exit $?"
shukach search --format=ids -n 0 сторінка перший третій | sort
echo "== slow standard input is no fault"
{ echo '{"id":"1","text":"повільно"}'; sleep 3; echo '{"id":"2","text":"повільно"}'; } |
    faulty --quiet --timeout 1 -
shukach search --format=ids повільно
echo "== nothing can be written, run or reached"
mkdir walls
page FAULT-ESCAPE >walls/a.html
echo kept >keep.txt
faulty --quiet walls
ls
# Without walls it can, so it is they that hold.
(faulty --no-isolation --quiet walls) 2>&1 | grep could
ls
