# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fills up while an index is made or updated: I/O failed, the old
index stands, and the next run with more room leaves nothing behind. The file
system is of memory, in a namespace of its own, where that is allowed."""
import atexit
import json
import os
import subprocess
import sys
import time

import common
from common import Run

LEVELS = 8 if common.SANITIZED else 20
ENOUGH = 3 << 20  # bytes that a run needs, and some more
BEFORE = ["before.jsonl"]
INSIDE = "SHUKACH_TEST_INSIDE"


def enter():
    """Runs this again where file systems may be mounted."""
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", common.TMP],
                           capture_output=True, check=False)
    if tried.returncode != 0:
        print("skipped: no file system can be mounted here")
        sys.exit(common.SKIPPED)
    sys.exit(subprocess.run(["unshare", "-rm", sys.executable, "-B", __file__],
                            env={**os.environ, INSIDE: "1"}, check=False).returncode)


def many():
    """Documents of hardly a word in common, so that the index is large."""
    return [{"id": f"m{i}", "title": common.COMMON,
             "text": " ".join(f"слово{i * 40 + j}" for j in range(40))}
            for i in range(250)]


def fill(room):
    """Leaves so many bytes of the disk."""
    with open("disk/filler", "wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            pass
        size = os.fstat(out.fileno()).st_size
        os.ftruncate(out.fileno(), max(0, size - room))


class Night:
    """A run that has begun and waits for its documents when the disk fills
    up: there was room when it looked."""

    def __init__(self, options, lines):
        self.process = subprocess.Popen(
            [common.PROGRAM, "index", "--quiet", "--index", "disk/index", *options, "-"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=common.ENVIRONMENT)
        self.lines = lines

    def end(self, room):
        until = time.monotonic() + 60
        while not any(name.endswith(".tmp") for name in os.listdir("disk/index")):
            if time.monotonic() > until:
                raise AssertionError("the run does not begin")
            time.sleep(0.005)
        fill(room)
        _, err = self.process.communicate(self.lines, timeout=120)
        os.unlink("disk/filler")
        return self.process.returncode, err.decode("utf-8", "replace")


def try_all(fault, name, options, lines):
    """Each level of room, from nothing to enough."""
    base = common.current_bytes("base")
    Run("index", "--quiet", "--index", "whole", *BEFORE).ok()
    Run("index", "--quiet", "--index", "whole", *options, "-", stdin=lines).ok()
    new = common.documents_of("whole")
    codes = {}
    for level in range(LEVELS):
        room = level * ENOUGH // (LEVELS - 1)
        common.copy_index("base", "disk/index")
        code, err = Night(options, lines).end(room)
        where = f"{name}, {room} bytes left"
        codes[code] = codes.get(code, 0) + 1
        if code == 0:
            if common.documents_of("disk/index") != new:
                fault(where, "exit 0, but other documents")
        elif code != 74 or not err.startswith("shukach: "):
            fault(where, f"exit {code}: {err}")
        elif common.current_bytes("disk/index") != base:
            fault(where, "the old index is not what it was")
        if Run("verify", "--index", "disk/index").code != 0:
            fault(where, "damaged")
        Run("index", "--quiet", "--index", "disk/index", *options, "-", stdin=lines).ok()
        extra = common.left_behind("disk/index")
        if extra or common.documents_of("disk/index") != new:
            fault(where, f"the next run: {' '.join(extra) or 'other documents'}")
    print(f"{name}: {LEVELS} levels, exit codes {codes}")
    if set(codes) != {0, 74}:
        fault(name, "the levels are all too low or all too high")


def main():
    if os.environ.get(INSIDE) is None:
        enter()
    fault = common.Faults()
    os.mkdir("disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", "disk"], check=True)
    atexit.register(subprocess.run, ["umount", "disk"], check=False)
    common.write_lines(BEFORE[0], [common.document(i) for i in range(12)])
    Run("index", "--quiet", "--index", "base", *BEFORE).ok()
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in many()).encode()
    try_all(fault, "rebuild", [], lines)
    try_all(fault, "update", ["--update"], lines)
    fault.exit()


main()
