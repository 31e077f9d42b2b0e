# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed at any call that changes the file system leaves the
old documents or the new ones, and the next run needs no help and leaves
nothing behind. Killed is after each call, of writes when half is written;
with SHUKACH_TEST_LONG=1 also before each, and after the whole of writes."""
import os
import re
import shutil
import subprocess
import time

import common
from common import Run

CHANGES = """rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir
mkdir mkdirat mknod ftruncate truncate fallocate fsync fdatasync sync_file_range msync chmod
fchmod fchmodat utimensat setxattr copy_file_range sendfile""".split()
WRITES = "write pwrite64 writev pwritev pwritev2".split()


def read_lines(path):
    with open(path, encoding="utf-8", errors="replace") as trace:
        return trace.readlines()


def counted_by_strace(arguments):
    """How many calls that change files strace sees; None without strace."""
    if shutil.which("strace") is None:
        return None
    shutil.rmtree("trace", ignore_errors=True)
    os.mkdir("trace")
    done = subprocess.run(
        ["strace", "-ff", "-y", "-e", "trace=%file,%desc", "-o", "trace/of", common.PROGRAM,
         *arguments],
        env=common.ENVIRONMENT, capture_output=True, check=False)
    if done.returncode != 0:
        return None
    count = 0
    for file in os.listdir("trace"):  # one of each thread
        for line in read_lines(os.path.join("trace", file)):
            name, _, rest = line.partition("(")
            if name in CHANGES:
                # remove() of a directory is one call to us.
                count += not (name == "unlink" and "EISDIR" in rest)
            elif name in WRITES:
                count += re.match(r"\d+<" + re.escape(common.WORK), rest) is not None
            elif name in ("open", "openat", "creat"):
                count += "O_CREAT" in rest or "O_TRUNC" in rest
            elif name == "mmap":
                count += "MAP_SHARED" in rest and "PROT_WRITE" in rest
    return count


class Killing:
    def __init__(self, fault):
        self.fault = fault
        self.killed = {"before": 0, "torn": 0, "after": 0}
        self.points = set()

    def after_death(self, scene, where):
        """Which documents are there; then the next night."""
        left = common.documents_of("index")
        if left not in (scene.old, scene.new):
            self.fault(where, "neither the old documents nor the new ones")
            return
        done = left == scene.new
        verify = Run("verify", "--index", "index")
        if verify.code != (4 if left is None else 0):
            self.fault(where, f"verify: exit {verify.code}: {verify.out} {verify.err}")
        codes = [0]
        if done and scene.name == "delete":
            codes = [3]  # they are deleted already
        elif done and scene.name == "rollback":
            codes = [2]  # there is no older one
        again = Run(*scene.arguments)
        if again.code not in codes:
            self.fault(where, f"the next run: exit {again.code}: {again.err}")
        if common.documents_of("index") != scene.new:
            self.fault(where, "the next run gives other documents")
        if scene.name == "rollback":
            Run("index", "--quiet", "--index", "index", "--update", "third.jsonl").ok()
        if Run("verify", "--index", "index").code != 0:
            self.fault(where, "the next run leaves damage")
        extra = common.left_behind("index")
        if extra:
            self.fault(where, f"left behind: {' '.join(extra)}")

    def at(self, scene, number, how):
        where = f"{scene.name}, {how} call {number}"
        scene.reset()
        run = Run(*scene.arguments, nth=f"change {number} {how} main")
        if run.hit is None:
            self.fault(where, "no such call")
            return
        if how == "torn" and not run.hit.startswith(("write", "pwrite")):
            how = "after"
        if run.code != -9:
            self.fault(where, f"not killed, but exit {run.code}: {run.err}")
        self.points.add((scene.name, number))
        self.killed[how] += 1
        self.after_death(scene, f"{where} ({run.hit})")

    def everywhere(self, scene):
        scene.reset()
        count = Run(*scene.arguments, nth="change 0 before main").ok().count
        scene.reset()
        seen = counted_by_strace(scene.arguments)
        if seen not in (None, count):
            self.fault(scene.name, f"strace sees {seen} calls, we {count}")
        print(f"{scene.name}: {count} calls, by strace {seen}", flush=True)
        for number in range(1, count + 1):
            for how in ("torn", "before", "after") if common.LONG else ("torn",):
                self.at(scene, number, how)


def main():
    common.without_sanitizers()
    fault = common.Faults()
    killing = Killing(fault)
    began = time.monotonic()
    for scene in common.scenes():
        killing.everywhere(scene)
    print(f"killed {sum(killing.killed.values())} times at {len(killing.points)} calls: "
          + ", ".join(f"{count} {how}" for how, count in killing.killed.items())
          + f"; {time.monotonic() - began:.0f} s")
    if len(killing.points) < 200:
        fault("all", "fewer than 200 calls")
    fault.exit()


os.umask(0o022)
main()
