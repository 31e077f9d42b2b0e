#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a completion takes among a million distinct words: the call within
# the process, and the whole program beside look and grep on a sorted list of
# the same words. Needs gcc, hyperfine, python3 and look (bsdextrautils).
#
#   bench/suggest.sh [BUILD_DIRECTORY]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$top/build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Letters by their frequency in Ukrainian, so that beginnings are uneven; the
# tenth word of a document is one of the first again.
python3 - "$work" <<'PYTHON'
import json, random, sys
random.seed(20240319)
letters = "оооооооооаааааааанннннннииииииііііііввввввееееетттттрррррсссскккклллдддууупппммьззяббгйчцхєїжюшщфґ"
words = set()
while len(words) < 1000000:
    words.add("".join(random.choices(letters, k=random.randint(4, 11))))
words = sorted(words)
with open(sys.argv[1] + "/words", "w") as out:
    out.writelines(word + "\n" for word in words)
random.shuffle(words)
with open(sys.argv[1] + "/docs.jsonl", "w") as out:
    for i in range(0, len(words), 500):
        text = words[i:i + 500] + random.choices(words[:20000], k=50)
        out.write(json.dumps({"id": str(i), "text": " ".join(text)}) + "\n")
PYTHON
"$build/shukach" index --quiet --index "$work/index" "$work/docs.jsonl"
gcc -O2 -std=gnu17 -I"$top/include" "$top/bench/suggest.c" -L"$build" \
    -lshukach -Wl,-rpath,"$build" -o "$work/suggest"
"$work/suggest" "$work/index" о по пор порт щ ґ нез
for prefix in по порт; do
    hyperfine -N --warmup 5 --runs 100 --style basic \
        --export-csv "$work/csv" -i \
        -n look "look $prefix $work/words" \
        -n grep "grep ^$prefix $work/words" \
        -n shukach "$build/shukach suggest --index $work/index $prefix" \
        >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    awk -F , -v prefix="$prefix" 'NR == 2 { base = $4 } NR > 1 {
        printf "%s\t%-8s %6.2f times look\n", prefix, $1, $4 / base }' \
        "$work/csv"
done
