#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Stopped by a signal, both processes end and the old index stands; also when
# only one of the two is killed.
echo '{"id":"old","text":"старий документ"}' | shukach index --quiet -
mkfifo stream
children() { cat "/proc/$1/task/$1/children"; }
# Nobody may have asked for the end of an orphan: Z.
is_alive() { grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$child/status" 2>/dev/null; }
begin() { # a run that waits for more input
    shukach index --quiet - <stream 2>err &
    run=$!
    exec 3>stream
    echo '{"id":"new","text":"новий документ"}' >&3
    while [ -z "$(children $run)" ]; do sleep 0.05; done
    child=$(echo $(children $run))
    while ! grep -q _read "/proc/$child/cmdline"; do sleep 0.05; done
    sleep 0.2
}
finish() {
    wait $run && echo "exit 0" || echo "exit $?"
    exec 3>&-
    cat err
    for i in 1 2 3 4 5 6 7 8 9 10; do
        is_alive || break
        sleep 0.1
    done
    is_alive && echo "the process that reads is still there"
    ls "$SHUKACH_INDEX"
    shukach search --format=ids -n 0 документ
}
for signal in INT TERM; do
    echo "== $signal"
    begin
    # sh starts background programs with SIGINT ignored, so it is undone by
    # the program's own handler.
    kill -$signal $run
    finish
done
echo "== the terminal signals both"
begin
kill -TERM "$child"
kill -TERM $run
finish
echo "== the process that reads is killed from outside"
begin
kill -KILL "$child"
finish
echo "== a library gives up"
begin
kill -ABRT $run
finish
echo "== the process that indexes is killed"
begin
kill -KILL $run
finish 2>/dev/null
