#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Module walls: with the very command that compiles a module, the header of a
# module it may use compiles, and that of any other does not.
set -eu
cd "$SHUKACH_SOURCE"
python3 - "$SHUKACH_BUILD/compile_commands.json" <<'PYTHON'
import json, shlex, subprocess, sys

HEADERS = {"base": "base.h", "stemmer": "stemmer.h", "analyser": "analyser.h",
           "reader": "reader.h", "store": "store.h", "indexer": "indexer.h",
           "searcher": "searcher.h", "cli": "cli.h"}
MAY = {"base": "", "stemmer": "", "store": "base", "reader": "base",
       "analyser": "stemmer base", "indexer": "reader analyser store base",
       "searcher": "analyser store base", "cli": ""}

commands = {}
for entry in json.load(open(sys.argv[1])):
    folder = entry["file"].split("/")[-2]
    if folder in HEADERS and entry["file"].endswith(".c"):
        commands.setdefault(folder, entry)

bad = 0
for folder in HEADERS:
    entry = commands[folder]
    words = shlex.split(entry["command"])
    at = words.index("-o")
    words = words[:at] + words[at + 2:]
    for other, header in HEADERS.items():
        allowed = other == folder or other in MAY[folder].split()
        run = subprocess.run(words + ["-fsyntax-only", "-include", header],
                             cwd=entry["directory"], capture_output=True)
        if (run.returncode == 0) != allowed:
            bad += 1
            print("%s %s include %s" % (folder, "cannot" if allowed else "can",
                                        header))
            print(run.stderr.decode()[:500] if allowed else "")
print("%d walls checked, %d broken" % (len(HEADERS) ** 2, bad))
sys.exit(bad > 0)
PYTHON
