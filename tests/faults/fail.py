# SPDX-License-Identifier: GPL-3.0-or-later
"""The N-th call of a kind fails: a message and the documented exit code, the
index as it was or, where the failure does no harm, as it should be, and no
rest after the next run. Of each kind the first FIRST calls are taken, and
then so many more at equal steps; with SHUKACH_TEST_LONG=1 the first 300 and
300 more."""
import errno
import os
import time

import common
from common import Run

FIRST = 300 if common.LONG else 6
MORE = 300 if common.LONG else 6
# Threads take some more memory one time than the other.
SLACK = {"memory": 16}

# Kind of call, what it fails with, and the exit codes that may follow: done
# in spite of it, no memory, damage, or I/O.
DONE, MEMORY, IO = 0, 2, 74
KINDS = [
    ("memory", errno.ENOMEM, (DONE, MEMORY)),
    ("open", errno.EMFILE, (DONE, IO)),
    ("open", errno.EIO, (DONE, IO)),
    ("read", errno.EIO, (DONE, IO)),
    ("write", errno.ENOSPC, (DONE, IO)),
    ("write", errno.EDQUOT, (DONE, IO)),
    ("write", errno.EIO, (DONE, IO)),
    ("sync", errno.EIO, (DONE, IO)),
    ("sync", errno.ENOSPC, (DONE, IO)),
    ("rename", errno.EIO, (DONE, IO)),
    ("link", errno.EIO, (DONE, IO)),
    ("link", errno.ENOSPC, (DONE, IO)),
    ("mkdir", errno.ENOSPC, (DONE, IO)),
    ("remove", errno.EIO, (DONE, IO)),
    ("map", errno.ENOMEM, (DONE, MEMORY)),
]


def numbers(count, kind):
    """Which calls of so many."""
    if count <= FIRST + MORE:
        return range(1, count + 1)
    step = (count - FIRST) // MORE
    end = max(count - SLACK.get(kind, 0), FIRST + step)
    return [*range(1, FIRST + 1), *range(FIRST + step, end + 1, step)]


class Failing:
    def __init__(self, fault):
        self.fault = fault
        self.injected = {}
        self.codes = {}
        self.gave_up = 0  # where a library ended the program

    def inject(self, name, arguments, kind, number, how, process, codes):
        """The run, if its code and its message are right, and where."""
        where = f"{name}, {process} {kind} {number} {how}"
        run = Run(*arguments, nth=f"{kind} {number} {how} {process}")
        # Threads make some calls more or less, as it happens.
        if run.hit is None and process == "main" and (run.count or number) >= number:
            self.fault(where, "no such call")
        where += f" ({run.hit})"
        if run.hit is None:
            return run, where
        label = f"{process} {kind} {errno.errorcode[int(how)]}".removeprefix("main ")
        self.injected[label] = self.injected.get(label, 0) + 1
        self.codes[run.code] = self.codes.get(run.code, 0) + 1
        self.gave_up += "a library gave up" in run.err
        if run.code not in codes:
            self.fault(where, f"exit {run.code}: {run.err}")
        if run.code not in (0, 1) and not any(
                line.startswith("shukach: ") for line in run.err.splitlines()):
            self.fault(where, f"exit {run.code} without a message: {run.err}")
        return run, where

    def writing(self, scene, kind, how, codes):
        """A change of the index."""
        scene.reset()
        old = common.current_bytes("index")
        count = Run(*scene.arguments, nth=f"{kind} 0 {how} main").ok().count
        scene.reset()
        for number in numbers(count, kind):
            for lasting in ("", "+"):
                run, where = self.inject(scene.name, scene.arguments, kind, number,
                                         lasting + str(how), "main", codes)
                if common.current_bytes("index") != old:
                    self.changed(scene, run, where, kind)
                    scene.reset()
        Run(*scene.arguments).ok()
        if common.documents_of("index") != scene.new:
            self.fault(f"{scene.name} {kind}", "the next run gives other documents")
        extra = common.left_behind("index", scene.keep)
        if extra:
            self.fault(f"{scene.name} {kind}", f"left behind: {' '.join(extra)}")

    def changed(self, scene, run, where, kind):
        """What is there after a run that did not leave the old index."""
        if common.documents_of("index") != scene.new:
            self.fault(where, "neither the old documents nor the new ones")
        if Run("verify", "--index", "index").code != 0:
            self.fault(where, "damaged")
        # The directory could not be made durable after the switch.
        if run.code != 0 and kind not in ("sync", "open", "memory"):
            self.fault(where, f"exit {run.code}, but the new index is there")

    def reading(self, name, arguments, kind, how, codes):
        """A command that changes nothing; what it prints is right, if it
        says that it is."""
        whole = Run(*arguments)
        count = Run(*arguments, nth=f"{kind} 0 {how} main").count
        for number in numbers(count, kind):
            for lasting in ("", "+"):
                run, where = self.inject(name, arguments, kind, number, lasting + str(how),
                                         "main", (*codes, whole.code))
                if run.code == whole.code and settled(run.out) != settled(whole.out):
                    self.fault(where, "it prints something else")

    def parsing(self, scene, kind, how):
        """In the process that parses: the input is skipped, or all fails."""
        scene.reset()
        number = 0
        while True:
            # It ends by being killed, so it is not known how many there are.
            number += 1 if number < FIRST else number // 4
            for lasting in ("", "+"):
                run, where = self.inject(scene.name, scene.arguments, kind, number,
                                         lasting + str(how), "reader", (DONE, MEMORY, 3, IO))
                if run.hit is None:
                    return
                if Run("verify", "--index", "index").code != 0:
                    self.fault(where, "damaged")
                extra = common.left_behind("index")
                if extra:
                    self.fault(where, f"left behind: {' '.join(extra)}")


def settled(out):
    """Without what depends on the clock."""
    return b"\n".join(line for line in out.splitlines()
                      if b'"exported":' not in line and not line.startswith(b"age "))


def main():
    common.without_sanitizers()
    fault = common.Faults()
    failing = Failing(fault)
    began = time.monotonic()
    scenes = {scene.name: scene for scene in common.scenes()}
    readers = [
        ("verify", ["verify", "--index", "read"]),
        ("search", ["search", "--index", "read", "--format", "json", "--facets", "source",
                    common.COMMON, "\"зерно порт\"~3 роз* Зеленского"]),
        ("search of two", ["search", "--index", "read", "--index", "beside", "--format", "json",
                           "--facets", "source", "зерно OR порт"]),
        ("export", ["export", "--index", "read", common.COMMON]),
        ("suggest", ["suggest", "--index", "read", "р"]),
        ("info", ["info", "--index", "read"]),
    ]
    common.copy_index(scenes["update"].base, "read")
    common.write_lines("beside.jsonl", map(common.document, range(900, 920)))
    Run("index", "--quiet", "--index", "beside", "beside.jsonl").ok()
    for kind, how, codes in KINDS:
        for name in ("rebuild", "update", "delete", "merge", "rollback"):
            failing.writing(scenes[name], kind, how, codes)
        for name, arguments in readers:
            failing.reading(name, arguments, kind, how, codes)
    for kind, how in (("memory", errno.ENOMEM), ("open", errno.EMFILE), ("read", errno.EIO)):
        failing.parsing(scenes["rebuild"], kind, how)
    print(f"{sum(failing.injected.values())} failures: "
          + ", ".join(f"{count} {name}" for name, count in failing.injected.items()))
    print("exit codes: " + ", ".join(f"{code}: {count}"
                                     for code, count in sorted(failing.codes.items()))
          + f"; a library gave up: {failing.gave_up}; {time.monotonic() - began:.0f} s")
    fault.exit()


os.umask(0o022)
main()
