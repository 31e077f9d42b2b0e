# SPDX-License-Identifier: GPL-3.0-or-later
"""Single bits that flip, and files that are cut, anywhere in an index of two
segments with deleted documents: `verify` finds each, and the commands that
read end with an error or a right answer, never with a crash. (Postings of more
than 8 MiB, which a search does not check, docs/index-format.md, are not tried.)
The seed is printed; SHUKACH_TEST_SEED repeats it."""
import os
import random
import time

import common
from common import Run

FLIPS, CUTS = (1000, 100) if common.LONG else (30, 10) if common.SANITIZED else (250, 50)
READERS = [
    ["search", "--format", "json", "--exact-total", common.COMMON],
    ["search", "--format", "json", "\"зерно 5\" роз* Зеленского"],
    ["export", common.COMMON],
    ["suggest", "р"],
    ["info"],
]


def command(arguments):
    return Run(arguments[0], "--index", "index", *arguments[1:])


def settled(out):
    """Without what depends on the clock."""
    return [line for line in out.splitlines()
            if b'"exported":' not in line and not line.startswith(b"age ")]


class Damage:
    def __init__(self, fault):
        self.fault = fault
        self.answers = {"right": 0, "error": 0, "wrong": 0}
        self.wrong = {}
        self.whole = [command(arguments) for arguments in READERS]

    def read_all(self, where, name):
        for arguments, whole in zip(READERS, self.whole):
            run = command(arguments)
            at = f"{arguments[0]} {where}"
            if run.code == whole.code and settled(run.out) == settled(whole.out):
                self.answers["right"] += 1
            elif run.code in (2, 4, 74) and run.err.startswith("shukach: "):
                self.answers["error"] += 1
            elif run.code in (0, 1):
                self.answers["wrong"] += 1
                self.wrong.setdefault((arguments[0], name), []).append(where)
            else:
                self.fault(at, f"exit {run.code}: {run.err[-300:]}")

    def do(self, path, name, data, where):
        with open(path, "wb") as out:
            out.write(data)
        verify = Run("verify", "--index", "index")
        if verify.code != 4 or "shukach: " not in verify.err:
            self.fault(f"verify {where}", f"exit {verify.code}: {verify.err[-300:]}")
        self.read_all(where, name)


def main():
    fault = common.Faults()
    chance = random.Random(common.SEED)
    print(f"seed {common.SEED}", flush=True)
    began = time.monotonic()
    common.copy_index({scene.name: scene for scene in common.scenes()}["update"].base, "index")
    damage = Damage(fault)
    files = {path: data for path, data in common.current_bytes("index").items()
             if path != "current"}
    names = sorted(files)
    for i in range(FLIPS + CUTS):
        # Small files as often as large ones.
        path = chance.choice(names)
        data = bytearray(files[path])
        if i < FLIPS:
            bit = chance.randrange(len(data) * 8)
            data[bit // 8] ^= 1 << bit % 8
            where = f"{path} bit {bit}"
        else:
            length = chance.randrange(len(data))
            del data[length:]
            where = f"{path} cut to {length}"
        full = os.path.join("index", path)
        damage.do(full, path.split("/", 1)[1], data, where)
        with open(full, "wb") as out:
            out.write(files[path])
    Run("verify", "--index", "index").ok()
    print(f"{FLIPS} bits, {CUTS} cuts over {len(names)} files; answers: "
          + ", ".join(f"{count} {name}" for name, count in damage.answers.items())
          + f"; {time.monotonic() - began:.0f} s")
    for (reader, name), wheres in sorted(damage.wrong.items()):
        print(f"wrong: {reader}, {'; '.join(wheres)}")
        fault(f"{reader}, {name}", f"{len(wheres)} wrong answers")
    fault.exit()


main()
