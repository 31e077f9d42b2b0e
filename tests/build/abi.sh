#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing that include/shukach-1.abi lists has gone or changed in the header, and
# what is new is listed there. UPDATE=1 adds it; docs/api-stability.md says why
# there is a list.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
python3 - "$SHUKACH_SOURCE/include" "${UPDATE:-}" <<'PYTHON'
import os, re, sys

include, update = sys.argv[1:]
path = include + "/shukach-1.abi"
text = open(include + "/shukach.h", encoding="utf-8").read()
text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
lines = ["constant %s %s" % found for found in re.findall(
    r"(?m)^#define (SHUKACH_(?!API|CHECK|H\b)\w+) (\S.*)$", text)]
text = re.sub(r"(?m)^#.*$|^extern \"C\" \{$|SHUKACH_API|SHUKACH_CHECK", "", text)
# A declaration ends at a semicolon outside braces.
for one in re.findall(r"[^;{}]+(?:\{[^}]*\})?\s*;", text):
    one = re.sub(r"\( ", "(", " ".join(one.replace("}", "} ").split()))
    one = one.lstrip("} ").rstrip("; ").replace("* ", "*")
    values = re.match(r"enum (\w+) \{(.*)\}", one)
    if values:
        lines += ["enum %s %s" % (values[1], value.strip())
                  for value in values[2].split(",")]
    elif not re.fullmatch(r"struct \w+", one):
        lines.append(one)
lines = sorted(lines)

listed = open(path, encoding="utf-8").read().split("\n")[:-1] \
    if os.path.exists(path) else []
# How many values an enum has may grow.
grows = re.compile(r"enum \w+ SHUKACH_(FIELDS|TALLIES|FACETS|FACTORS) = \d+")
gone = [line for line in listed
        if line not in lines and not grows.fullmatch(line)]
new = [line for line in lines if line not in listed]
for line in gone:
    print("gone or changed, which breaks programs: " + line)
if update == "1" and not gone:
    open(path, "w", encoding="utf-8").write("\n".join(lines) + "\n")
    new = []
for line in new:
    print("not in shukach-1.abi (UPDATE=1 adds it): " + line)
functions = sum("(" in line and not line.startswith(("constant", "typedef"))
                for line in lines)
print("%d lines, %d functions" % (len(lines), functions))
exported = open(include + "/shukach.map").read().count("    shukach_")
sys.exit(bool(gone or new or functions != exported))
PYTHON
