# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten processes search while updates and new indexes are published as fast
as they can be. Each publication has a number in the title of all its
documents, and how many they are follows from it. So it shows whether the hits
of an answer, and their number, belong to one publication, and whether that is
older than the last one before the reader opened the index. 5 seconds; with
SHUKACH_TEST_LONG=1 60."""
import json
import os
import threading
import time

import common
from common import Run

SECONDS = 60 if common.LONG else 5
READERS = 8
# Queries of a batch: one opening of the index, so one publication for all.
BATCH = "".join(f"q{i}\t{common.COMMON}\n" for i in range(30)).encode()


def count_of(number):
    return 30 + number * 7 % 40


def lines(number):
    return "".join(
        json.dumps({"id": f"d{i}", "title": f"{common.COMMON} G{number}", "text": f"рядок {i} {number}"},
                   ensure_ascii=False) + "\n" for i in range(count_of(number))).encode()


class Archive:
    """The writer's side: publications 1, 2, … by turns made anew and as
    updates with what is to be gone pruned."""

    def __init__(self, fault):
        self.fault = fault
        self.published = 0
        self.begun = 0
        self.updates = 0
        os.mkdir("in")

    def publish(self):
        number = self.published + 1
        with open("in/all.jsonl", "wb") as out:
            out.write(lines(number))
        self.begun = number
        options = ["--update", "--prune"] if number % 3 else []
        run = Run("index", "--quiet", "--index", "index", *options, "in")
        if run.code != 0:
            self.fault(f"publication {number}", f"exit {run.code}: {run.err}")
        self.updates += bool(options)
        self.published = number


class Reader(threading.Thread):
    def __init__(self, archive, kind, until):
        super().__init__()
        self.archive, self.kind, self.until = archive, kind, until
        self.answers = 0
        self.seen = set()

    def check(self, numbers, total, least):
        """The publication of each hit, and how many were said to be there."""
        if len(set(numbers)) != 1:
            return f"hits of publications {sorted(set(numbers))}"
        number = numbers[0]
        if not least <= number <= self.archive.begun:
            return f"publication {number}, but {least} was there before"
        if not len(numbers) == total == count_of(number):
            return f"publication {number}: {len(numbers)} hits, total {total}"
        self.answers += 1
        self.seen.add(number)
        return None

    def several(self, least):
        """With an index in which nothing is found."""
        return self.search(least, "--index", "still")

    def search(self, least, *more):
        run = Run("search", "--index", "index", *more, "--format", "json", "--exact-total", "-n", "0",
                  common.COMMON).ok()
        answer = json.loads(run.out)
        return self.check([int(hit["title"].split("G")[1]) for hit in answer["hits"]],
                          answer["total"], least)

    def export(self, least):
        rows = [json.loads(line) for line in Run("export", "--index", "index", common.COMMON).ok()
                .out.splitlines()]
        return self.check([int(row["title"].split("G")[1]) for row in rows[1:-1]],
                          rows[-1]["total"], least)

    def batch(self, least):
        run = Run("search", "--index", "index", "--format", "json", "--exact-total", "-n", "0",
                  "--batch", "-", stdin=BATCH).ok()
        answers = [json.loads(line) for line in run.out.splitlines()]
        publications = set()
        for answer in answers:
            numbers = [int(hit["title"].split("G")[1]) for hit in answer["hits"]]
            publications.update(numbers)
            wrong = self.check(numbers, answer["total"], least)
            if wrong:
                return wrong
        return None if len(publications) == 1 else f"a batch of publications {publications}"

    def run(self):
        ask = {"search": self.search, "export": self.export, "batch": self.batch,
               "several": self.several}[self.kind]
        while time.monotonic() < self.until:
            least = self.archive.published
            try:
                wrong = ask(least)
            except (AssertionError, ValueError, IndexError) as failure:
                wrong = str(failure)
            if wrong:
                self.archive.fault(f"{self.kind} after publication {least}", wrong)


def main():
    fault = common.Faults()
    archive = Archive(fault)
    archive.publish()
    common.write_lines("still.jsonl", [{"id": "s", "text": "щось інше"}])
    Run("index", "--quiet", "--index", "still", "still.jsonl").ok()
    until = time.monotonic() + SECONDS
    kinds = ["search"] * 4 + ["export"] * 2 + ["batch"] * 2 + ["several"] * 2
    readers = [Reader(archive, kind, until) for kind in kinds]
    for reader in readers:
        reader.start()
    while time.monotonic() < until:
        archive.publish()
    for reader in readers:
        reader.join()
    answers = sum(reader.answers for reader in readers)
    seen = set().union(*(reader.seen for reader in readers))
    print(f"{len(readers)} readers got {answers} right answers of {len(seen)} publications, "
          f"while {archive.published} were made ({archive.updates} of them updates) "
          f"in {SECONDS} s")
    if answers < 100 or len(seen) < 3:
        fault("all", "too little happened")
    extra = common.left_behind("index")
    if extra:
        fault("index", f"left behind: {' '.join(extra)}")
    fault.exit()


main()
