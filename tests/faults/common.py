# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of failures share: documents, an index to start from, and
runs of the program with tests/preload/nth.c before the libraries."""
import atexit
import fcntl
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = os.environ["SHUKACH_BUILD"]
PROGRAM = os.path.join(BUILD, "shukach")
LONG = os.environ.get("SHUKACH_TEST_LONG", "") not in ("", "0")
SEED = int(os.environ.get("SHUKACH_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
SKIPPED = 77
with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as cache:
    SANITIZED = "SHUKACH_SANITIZE:BOOL=ON" in cache.read()

# In memory, where there is such a place: what is tested is the order of
# calls, not the disk.
WORK = tempfile.mkdtemp(
    prefix="shukach-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
TMP = os.path.join(WORK, "tmp")
os.mkdir(TMP)
os.chdir(WORK)
ENVIRONMENT = {**os.environ, "LC_ALL": "C", "TMPDIR": TMP, "HOME": WORK}
ENVIRONMENT.pop("SHUKACH_INDEX", None)


def without_sanitizers():
    if SANITIZED:
        print("skipped: sanitizers come before what is preloaded")
        sys.exit(SKIPPED)


class Faults:
    """Collects what is wrong; a test goes on, to tell of all."""

    def __init__(self):
        self.found = []

    def __call__(self, where, what):
        self.found.append(where)
        if len(self.found) <= 50:
            print(f"FAULT {where}: {what}", flush=True)

    def exit(self):
        if self.found:
            print(f"{len(self.found)} faults")
        sys.exit(1 if self.found else 0)


# ---- Documents ---------------------------------------------------------------

# In every document, so that asking for it gives all.
COMMON = "спільне"


def document(number, version=0):
    words = ["зерно", "порт", "Київ", "Раїса", "розмова", "Путін", "ракета", "відключення"]
    text = " ".join(
        f"{words[(number * 5 + i * 3 + version) % len(words)]} {(number * 31 + i) % 97}"
        for i in range(20))
    return {"id": f"d{number}", "title": f"{COMMON} {number}", "text": f"{text}. Версія {version}.",
            "date": f"2024-03-{number % 28 + 1:02}", "source": f"джерело {number % 3}"}


def write_lines(path, documents):
    with open(path, "w", encoding="utf-8") as out:
        for one in documents:
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
    return path


# ---- Running -----------------------------------------------------------------

def high_pipe():
    """A pipe whose numbers are above those that the program gives out."""
    low = os.pipe()
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 100) for end in low]
    for end in low:
        os.close(end)
    return ends


class Run:
    """A run of the program; `nth` is KIND N HOW PROCESS of nth.c. `hit` is
    the name of the call that it met, or None; `count` how many there were."""

    def __init__(self, *arguments, nth=None, stdin=b""):
        environment = dict(ENVIRONMENT)
        self.hit = self.count = None
        ends = high_pipe() if nth else ()
        if nth:
            os.set_blocking(ends[0], False)
            environment.update(LD_PRELOAD=os.path.join(BUILD, "tests", "nth.so"),
                               SHUKACH_NTH=nth, SHUKACH_NTH_FD=str(ends[1]))
        done = subprocess.run([PROGRAM, *arguments], env=environment, pass_fds=ends[1:],
                              input=stdin, capture_output=True, timeout=120, check=False)
        self.code, self.out = done.returncode, done.stdout
        self.err = done.stderr.decode("utf-8", "replace")
        for line in self.__report(ends):
            if line.startswith("= "):
                self.count = int(line[2:])
            else:
                self.hit = line

    @staticmethod
    def __report(ends):
        try:
            return os.read(ends[0], 65536).decode().splitlines() if ends else []
        except BlockingIOError:
            return []
        finally:
            for end in ends:
                os.close(end)

    def ok(self, *codes):
        if self.code not in (codes or (0,)):
            raise AssertionError(f"exit {self.code}: {self.err}")
        return self


def documents_of(index):
    """All documents as `export` gives them, without its head; None where
    there is no index."""
    run = Run("export", "--index", index, COMMON)
    if run.code == 4:
        return None
    lines = run.ok(0, 1).out.splitlines()
    if b'"end":true' not in lines[-1]:
        raise AssertionError("the export has no end")
    return lines[1:]


# ---- Directories -------------------------------------------------------------

def copy_index(source, target):
    """A copy with its links, hard ones too."""
    shutil.rmtree(target, ignore_errors=True)
    seen = {}

    def copy(old, new):
        inode = os.stat(old).st_ino
        if inode in seen:
            os.link(seen[inode], new)
        else:
            shutil.copy2(old, new)
            seen[inode] = new
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True, copy_function=copy)


def current_bytes(index):
    """The current generation with all its bytes; None where there is none."""
    try:
        name = os.readlink(os.path.join(index, "current"))
    except FileNotFoundError:
        return None
    found = {"current": name}
    for folder, _, files in os.walk(os.path.join(index, name)):
        for file in files:
            path = os.path.join(folder, file)
            with open(path, "rb") as data:
                found[os.path.relpath(path, index)] = data.read()
    return found


def left_behind(index, generations=1):
    """What lies in an index that should not."""
    names = set(os.listdir(index)) - {"lock", "current"}
    kept = {name for name in names if re.fullmatch(r"gen-\d+", name)}
    extra = sorted(names - kept) + os.listdir(TMP)
    if len(kept) > generations:
        extra += sorted(kept)
    for name in kept:
        with open(os.path.join(index, name, "manifest"), encoding="utf-8") as manifest:
            listed = {line.split()[1] for line in manifest if line.startswith("file ")}
        for folder, _, files in os.walk(os.path.join(index, name)):
            inside = {os.path.relpath(os.path.join(folder, file), os.path.join(index, name))
                      for file in files}
            extra += sorted(inside - listed - {"manifest"})
    return extra


# ---- What is done to an index ------------------------------------------------

class Scene:
    """A change of an index that `before` makes ready: its documents before
    and after, if all goes well."""

    def __init__(self, name, before, arguments, keep=1):
        self.name, self.keep = name, keep
        self.arguments = ["index", "--quiet", "--index", "index", *arguments]
        self.base = os.path.join(WORK, f"base-{name}")
        for step in before:
            Run("index", "--quiet", "--index", self.base, *step).ok()
        self.old = documents_of(self.base)
        self.reset()
        Run(*self.arguments).ok()
        self.new = documents_of("index")
        if self.old == self.new:
            raise AssertionError(f"{name} changes nothing")

    def reset(self):
        copy_index(self.base, "index")


def scenes():
    """Two segments with a deleted document, and all that can be done."""
    first = write_lines("first.jsonl", [document(i) for i in range(12)])
    second = write_lines("second.jsonl", [document(i) for i in range(12, 15)])
    third = write_lines("third.jsonl", [document(15), document(2, version=1)])
    other = write_lines("other.jsonl", [document(i, version=2) for i in range(4, 20)])
    base = [[first], ["--update", second], ["--delete", "d3"]]
    return [
        Scene("first", [], [first]),
        Scene("rebuild", base, [other]),
        Scene("update", base, ["--update", third]),
        Scene("delete", base, ["--delete", "d5", "d13"]),
        Scene("merge", base, ["--merge", third]),
        Scene("rollback", base + [["--keep", "2", "--update", third]], ["--rollback"], keep=2),
    ]
