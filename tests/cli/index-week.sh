#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A week of nights: files come, change and go, one run is killed, one finds
# the index locked, one the disk full. In the end the index answers as a new one
# of the same files: the same documents at once, the same scores once it is
# merged.
python3 - $corpus <<'END'
import json, os, sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
os.mkdir("nights")
for night in range(7):
    os.makedirs(f"nights/{night}/sub")
    for part in range(6):
        chosen = []
        for i, line in enumerate(lines):
            if i % 6 != part or (i * 7 + part) % 9 > night + 5:
                continue
            if (i + night) % 30 == 5:
                continue
            document = json.loads(line)
            if (i + night) % 16 == 0:
                document["text"] += f" Доповнено {night} разів."
            chosen.append(json.dumps(document, ensure_ascii=False))
        if night < 3 or part != 4:
            name = f"nights/{night}/{'sub/' if part % 2 else ''}part-{part}.jsonl"
            open(name, "w", encoding="utf-8").write("\n".join(chosen) + "\n")
    open(f"nights/{night}/page-{night % 3}.txt", "w").write(f"Нотатка {night} про Київ")
END
accounted() {
    python3 -c '
import json, sys
run = json.load(sys.stdin)
names = "indexed replaced unchanged deleted skipped".split()
assert run["offered"] == sum(run[name] for name in names), run'
}
# Runs with a disk that is full after a few writes. Sanitizers come before what
# is preloaded: there a limit of the size of files stands for it.
full() {
    if grep -qE '^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$' "$SHUKACH_BUILD/CMakeCache.txt"; then
        (ulimit -f 4 && exec "$@")
    else
        LD_PRELOAD=$SHUKACH_BUILD/tests/nth.so SHUKACH_NTH="write 6 +28 main" SHUKACH_NTH_FD=-1 "$@"
    fi
}
for night in 0 1 2 3 4 5 6; do
    rm -rf in
    cp -r nights/$night in
    find in -type f -exec touch -d "2024-03-1$night" {} +
    if [ $night = 2 ]; then
        timeout -s KILL .02 shukach index --quiet --prune in 2>/dev/null || true
    elif [ $night = 4 ]; then
        flock $SHUKACH_INDEX/lock shukach index --quiet --prune in 2>/dev/null ||
            echo "night $night: exit $?"
    elif [ $night = 5 ]; then
        shukach info | grep -v ^age >before
        full shukach index --quiet --prune in 2>err || echo "night $night: exit $?"
        grep -c -e "No space left" -e "File too large" err
        shukach verify
        shukach info | grep -v ^age | cmp before - && ls $SHUKACH_INDEX | wc -l
    fi
    shukach index --quiet --json --prune --wait=60 in >summary
    accounted <summary
    shukach verify
done
shukach index --quiet --index fresh in
python3 - $SHUKACH_SOURCE/corpus/queries.tsv $corpus >queries <<'END'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    print(line, end="")
titles = [json.loads(line)["title"] for line in open(sys.argv[2], encoding="utf-8")]
for i, title in enumerate(titles[::3]):
    words = "".join(c if c.isalpha() else " " for c in title).split()
    print(f"t{i}\t{' '.join(words[:3])}")
END
wc -l <queries
answer() { # INDEX: query, score and id of each hit, equal scores by their ids
    shukach search --index $1 --batch queries --format trec --limit 0 |
        awk '{print $1, $5, $3}' | sort
}
ids() { awk '{print $1, $3}' | sort; }
answer $SHUKACH_INDEX | ids >updated
answer fresh | ids >new
cmp updated new && echo "the same documents"
[ "$(shukach info | sed -n 's/^segments *//p')" -gt 1 ] && echo "of several segments"
shukach index --quiet --merge
answer $SHUKACH_INDEX >updated
answer fresh >new
cmp updated new && echo "the same scores"
for index in $SHUKACH_INDEX fresh; do
    shukach info --index $index | grep -e documents -e tokens -e deleted
done
