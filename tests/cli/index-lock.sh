#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A second writer is refused at once and told of the first, or waits. A lock
# is gone with its holder, however that ended.
echo '{"id":"old","text":"документ"}' | shukach index --quiet -
mkfifo pipe
mask() { sed 's/process [0-9]* since [0-9T:Z-]*;/process N since T;/' "$1" >&2; }
shukach index --quiet - <pipe &
holder=$!
exec 3>pipe
until grep -q "^$holder " $SHUKACH_INDEX/lock; do sleep .05; done
shukach index $corpus 2>message || echo "exit $?"
mask message
grep -q "process $holder since" message
shukach index --rollback 2>message || echo "exit $?"
mask message
shukach index --update --wait=0 $corpus 2>message || echo "exit $?"
mask message
shukach search --format ids документ
echo "-- waits until the first one is done"
shukach index --quiet --update --wait=60 - 3>&- <<'END' &
{"id":"second","text":"документ"}
END
waiting=$!
sleep .3
echo '{"id":"first","text":"документ"}' >&3
exec 3>&-
wait $holder
wait $waiting
shukach search --format ids документ | sort
echo "-- the lock of one that was killed"
shukach index --quiet - <pipe &
holder=$!
exec 3>pipe
until grep -q "^$holder " $SHUKACH_INDEX/lock; do sleep .05; done
kill -9 $holder
wait $holder 2>/dev/null || echo "exit $?"
exec 3>&-
shukach search --format ids документ | sort
echo '{"id":"third","text":"документ"}' | shukach index --quiet --update -
shukach search --format ids документ | sort
ls $SHUKACH_INDEX
