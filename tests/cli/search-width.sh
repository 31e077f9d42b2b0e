#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal lines fit its width and hold the same words, colours end with
# each line; nothing is wrapped where there is no terminal.
command -v script >/dev/null || { echo "skipped: no script"; exit 77; }
python3 - >docs.jsonl <<'END'
import json
text = ("Зеле́нський сказав: «Ракетний удар 1 000 осіб — 漢字漢字漢字 🚀🚀» про "
        "рентгеноелектрокардіографічного\tі\u2009далі. ") * 3
print(json.dumps({"id": "1", "title": "Дуже довгий заголовок про удар " * 4,
                  "text": text, "date": "2024-03-19", "source": "Джерело" + " Джерело" * 8,
                  "url": "https://приклад.укр/" + "довга/" * 9}))
print(json.dumps({"id": "2", "text": "Удар", "date": "2024-04-01"}))
print(json.dumps({"id": "3", "text": "Удари", "date": "2024-04-02"}))
END
shukach index --quiet docs.jsonl
terminal() { # COLUMNS OPTION…
    columns=$1
    shift
    script -qec "stty cols $columns; env -u NO_COLOR TERM=xterm shukach search $*" \
        /dev/null </dev/null | tr -d '\r'
}
terminal 44 -n 1 --color=never id:1 удар
for options in '' '--full' '--timeline month --facets source'; do
    for color in never always; do
        for columns in 20 31 44 80 300; do
            terminal $columns --color=$color $options ракетний удар >lines
            shukach search --color=$color $options ракетний удар >whole
            columns=$columns python3 - <<'END'
import os, re, unicodedata
width = max(24, int(os.environ["columns"]))
wide = lambda c: 0 if unicodedata.combining(c) else \
    1 + (unicodedata.east_asian_width(c) in "WF")
codes = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
full = 0
lines = open("lines", encoding="utf-8").read().split("\n")
for line in lines:
    plain = codes.sub("", line)
    columns = sum(map(wide, plain))
    full = max(full, columns if columns <= width else 0)
    # Only a single word may be too long for a line.
    if columns > width and " " in plain.lstrip(" ·0123456789."):
        print(width, "columns are too few for", columns, plain)
    styles = re.findall(r"\x1b\[([0-9;]*)m", line)
    links = re.findall(r"\x1b\]8;;([^\x1b]*)", line)
    if styles and styles[-1] != "0" or links and links[-1]:
        print("a style goes on beyond the line:", ascii(line))
words = lambda name: codes.sub("", open(name, encoding="utf-8").read()) \
    .replace("█", "").split()
if words("lines") != words("whole"):
    print(width, words("lines"), words("whole"))
if width < 300 and full < width - 12:
    print(width, "columns were not used, only", full)
marked = lambda name: "".join(re.findall(r"\x1b\[1;31m(.*?)\x1b\[0m",
    re.sub(r"\n *", " ", open(name, encoding="utf-8").read())))
if marked("lines").replace(" ", "") != marked("whole").replace(" ", ""):
    print(width, marked("lines"), marked("whole"))
END
        done
    done
done
# Bars, too.
for columns in 20 30 50 100; do
    terminal $columns --color=never --timeline month -n 1 удар | tail -n 3 |
        python3 -c 'print([line.count("█") for line in open(0, encoding="utf-8")])'
done
# A terminal of unknown width: COLUMNS, else 80.
for set in COLUMNS=33 COLUMNS= COLUMNS=many COLUMNS=0; do
    echo "$set" $(script -qec "env $set TERM=dumb shukach search -n 1 удар id:1" \
        /dev/null </dev/null | tr -d '\r' | python3 -c '
import sys
print(max(len(line) for line in open(0, encoding="utf-8").read().split("\n")
          if "заголовок" in line))')
done
COLUMNS=20 shukach search -n 1 --snippet 0 id:1 удар | wc -l
