#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches the parameters of ranking on the development sets of the retrieval
benchmark. docs/ranking.md tells what came of it.

  bench/tune.py [--work DIRECTORY] [--start NAME=VALUE]... [NAME=VALUE...]

Without NAME=VALUE: a curve of each parameter around the present values (or
those of --start), then for each family of sets what the others would choose,
measured on it: one parameter alone, then all by coordinate descent. Chosen
is what gains most in the mean of nDCG@10 over the sets, if that is LEAST or
more and no family falls by more than LEAST.
With NAME=VALUE: these values beside the present ones, set by set.

A copy of the sources is built whose parameters are read from the environment;
the program itself has no such knobs. Runs are kept in DIRECTORY (build-tune
beside the sources) and not repeated. The benchmark is not part of the
project: it is looked for in $SHUKACH_SHARED, else beside the repository."""
import argparse
import concurrent.futures
import glob
import gzip
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get("SHUKACH_SHARED", os.path.join(TOP, "..", "shared"))
BENCH = os.path.join(SHARED, "bench", "retrieval")
PROCESSES = 2
LEAST = .0002

# What is tried. STOP_WORDS_DROPPED is no constant: it is added to the copy,
# where words are told to be stop words.
GRID = {
    "BM25_K1": [.6, .8, 1, 1.2, 1.5, 2, 2.5],
    "BM25_B": [.2, .3, .4, .5, .6, .75, .9],
    "BM25_SHORTEST": [0, .25, .5, .75, 1],
    "EXACT_WEIGHT": [0, .05, .1, .15, .2, .25, .3, .4],
    "EXACT_PHRASE_WEIGHT": [0, .5, 1, 2],
    "COORDINATION": [0, .5, 1, 1.5, 2, 3],
    "PROXIMITY": [0, .35, .5, .7, .85, 1, 1.2, 1.5],
    "PROXIMITY_WORDS": [6, 8, 12, 16, 24, 32],
    "VARIANT_WEIGHT": [.2, .35, .5, .65, .8],
    "NAME_WEIGHT": [.3, .5, .65, .8, .9, 1],
    "RESCORE": [50, 100, 200, 400],
    "STOP_WORDS_DROPPED": [0, 1],
}
# The benchmark's titles are not indexed (in the known-item sets they are the
# query), so this shows in the sample corpus alone, which is not tuned on.
TITLES = {"TITLE_COUNT": [1, 2, 3, 4]}
SOURCES = ["searcher/ranking.h", "indexer/draft.c"]
STOPS = ("searcher/words.c", "word->stop = (token->rules & RULE_STOP) != 0")
# Queries for the article the project began with, and its lowest rank.
GUARD = {
    "Раїсі Путін розмова": 2,
    "розмови Путіна з Раїсі": 2,
    '"блокове мислення"': 1,
    '"блокового мислення"': 1,
    "балістична ракета Північна Корея": 1,
    "посол Моргулов Сіньхуа": 1,
    "Сі Цзіньпін Китай травень": 2,
    "звіт ISW коаліція": 1,
}
TUNED = """\
#include <stdint.h>
#include <stdlib.h>
#define TUNED(name, given)                          \\
    __extension__({                                 \\
        static double value_;                       \\
        static int read_;                           \\
        if (!read_) {                               \\
            const char *text_ = getenv(name);       \\
            value_ = text_ ? atof(text_) : (given); \\
            read_ = 1;                              \\
        }                                           \\
        value_;                                     \\
    })
"""


def mean(values):
    values = list(values)
    return sum(values) / len(values)


# ---- The program ------------------------------------------------------------

def rewrite(path, change):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write('#include "tuned.h"\n' + change(text))


def copy_sources(target, start):
    """Copies the tree and makes its parameters readable; their values."""
    folders = [name for name in os.listdir(TOP)
               if os.path.exists(os.path.join(TOP, name, "README.md"))]
    for name in folders:
        shutil.copytree(os.path.join(TOP, name), os.path.join(target, name))
    shutil.copy(os.path.join(TOP, "CMakeLists.txt"), target)
    present = {}

    def readable(name, value):
        present[name] = float(start.get(name, value))
        kind = "double" if "." in value else "uint32_t"
        return '((%s)TUNED("%s", %r))' % (kind, name, present[name])

    def define(found):
        known = found[1] in GRID or found[1] in TITLES
        return "#define %s %s" % (
            found[1], readable(found[1], found[2]) if known else found[2])

    for name in SOURCES:
        rewrite(os.path.join(target, name), lambda text: re.sub(
            r"(?m)^#define ([A-Z0-9_]+) ([0-9.]+)$", define, text))
    rewrite(os.path.join(target, STOPS[0]), lambda text: re.sub(
        r"(?<=%s)" % re.escape(STOPS[1]),
        lambda found: " && " + readable("STOP_WORDS_DROPPED", "1"), text))
    missing = (set(GRID) | set(TITLES)) - set(present)
    if missing:
        sys.exit("not found in the sources: " + " ".join(sorted(missing)))
    return present


def build(work, start):
    """Builds the copy; the program and the present values."""
    source = os.path.join(work, "source")
    target = os.path.join(work, "build")
    shutil.rmtree(source, ignore_errors=True)
    os.makedirs(target, exist_ok=True)
    present = copy_sources(source, start)
    with open(os.path.join(target, "tuned.h"), "w", encoding="utf-8") as file:
        file.write(TUNED)
    for command in [["cmake", "-S", source, "-B", target, "-G", "Ninja",
                     "-DSHUKACH_TESTS=OFF", "-DCMAKE_C_FLAGS=-w -I" + target],
                    ["ninja", "-j", str(PROCESSES), "-C", target, "shukach"]]:
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout)
    return os.path.join(target, "shukach"), present


# ---- Measuring --------------------------------------------------------------

class Bench:
    """Indexes and runs of one build. `changes` are values other than the
    present ones; a family is the sets of one collection."""

    def __init__(self, work, start):
        sys.dont_write_bytecode = True
        sys.path.insert(0, BENCH)
        import ireval
        self.ireval = ireval
        self.program, self.present = build(work, start)
        built = sorted(glob.glob(os.path.dirname(self.program) + "/*shukach*"))
        state = hashlib.sha256()
        for path in built + [TOP + "/corpus/documents.jsonl"]:
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    state.update(file.read())
        self.work = os.path.join(work, state.hexdigest()[:16])
        os.makedirs(self.work, exist_ok=True)
        self.pool = concurrent.futures.ThreadPoolExecutor(PROCESSES)
        self.find_sets()
        list(self.pool.map(self.index, sorted(set(self.sets.values()))))

    def find_sets(self):
        """The sets with their documents, and their families."""
        self.sets = {}
        self.families = {}
        self.qrels = {"corpus": self.ireval.read_qrels(
            TOP + "/corpus/qrels.txt")}
        for path in sorted(glob.glob(BENCH + "/data/*.dev.queries.tsv")):
            name = os.path.basename(path)[:-len(".dev.queries.tsv")]
            own = os.path.exists("%s/data/%s.docs.jsonl.gz" % (BENCH, name))
            self.sets[name] = name if own else name.rpartition("-")[0]
            self.families.setdefault(name.split("-")[0], []).append(name)
            self.qrels[name] = self.ireval.read_qrels(
                "%s/data/%s.dev.qrels.txt" % (BENCH, name))

    def index(self, base):
        """Titles are left out, as in bench/quality.sh."""
        path = os.path.join(self.work, base + ".index")
        if os.path.exists(path + "/current"):
            return path
        lines = []
        with gzip.open("%s/data/%s.docs.jsonl.gz" % (BENCH, base)) as file:
            for line in file:
                document = json.loads(line)
                document.pop("title", None)
                lines.append(json.dumps(document))
        self.make_index(path, ["-"], {}, "\n".join(lines))
        return path

    def make_index(self, path, inputs, changes, text=None):
        done = subprocess.run(
            [self.program, "index", "--quiet", "--index", path] + inputs,
            input=text, text=True, env=self.environment(changes))
        if done.returncode not in (0, 3):
            sys.exit("cannot index " + path)

    def environment(self, changes):
        out = {name: value for name, value in os.environ.items()
               if name not in self.present}
        return {**out, **{name: repr(v) for name, v in changes.items()}}

    def search(self, index, queries, changes):
        done = subprocess.run(
            [self.program, "search", "--index", index, "--plain", "--batch",
             queries, "--format=trec", "--limit", "10"], text=True,
            stdout=subprocess.PIPE, env=self.environment(changes), check=True)
        run = {}
        for line in done.stdout.splitlines():
            query, _, document = line.split()[:3]
            run.setdefault(query, []).append(document)
        return run

    def score(self, name, run):
        return {query: self.ireval.score(relevant, run.get(query, []))[
            "nDCG@10"] for query, relevant in self.qrels[name].items()}

    def queries(self, changes):
        """nDCG@10 of every query of every set; from an earlier run if there
        was one."""
        changes = {n: float(v) for n, v in sorted(changes.items())
                   if v != self.present[n]}
        path = os.path.join(self.work, hashlib.sha256(
            json.dumps(changes).encode()).hexdigest()[:16] + ".json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
        names = list(self.sets)
        runs = self.pool.map(lambda name: self.search(
            self.index(self.sets[name]),
            "%s/data/%s.dev.queries.tsv" % (BENCH, name), changes), names)
        out = {name: self.score(name, run) for name, run in zip(names, runs)}
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(out, file)
        os.rename(path + ".new", path)
        return out

    def sets_of(self, changes):
        return {name: mean(scores.values())
                for name, scores in self.queries(changes).items()}

    def corpus(self, changes):
        """nDCG@10 of the sample corpus, and the guard queries that fail."""
        path = os.path.join(self.work, "corpus-%g.index" % changes.get(
            "TITLE_COUNT", self.present["TITLE_COUNT"]))
        inputs = [TOP + "/corpus/documents.jsonl"]
        seeds = sorted(glob.glob(SHARED + "/seed/*"))
        for at, more in ((path, []), (path + "-seed", seeds)):
            if not os.path.exists(at + "/current"):
                self.make_index(at, inputs + more, changes)
        scores = self.score("corpus", self.search(
            path, TOP + "/corpus/queries.tsv", changes))
        bad = []
        for query, lowest in GUARD.items() if seeds else ():
            done = subprocess.run(
                [self.program, "search", "--index", path + "-seed",
                 "--format=tsv", "--limit", str(lowest), query], text=True,
                stdout=subprocess.PIPE, env=self.environment(changes))
            if not any(seed in done.stdout for seed in seeds):
                bad.append(query)
        return mean(scores.values()), bad


# ---- Searching --------------------------------------------------------------

def gain(bench, families, changes):
    """What the sets of these families gain in the mean; nothing will do if
    one family loses."""
    now, then = bench.sets_of({}), bench.sets_of(changes)
    gains = [[then[name] - now[name] for name in bench.families[family]]
             for family in families]
    if min(map(mean, gains)) < -LEAST:
        return -math.inf
    return mean(sum(gains, []))


def best_of(bench, families, candidates, least):
    """The candidate that gains most if it gains so much, else None."""
    gains = [gain(bench, families, changes) for changes in candidates]
    most = max(gains)
    return candidates[gains.index(most)] if most >= least else None


def alone(bench, families, name):
    """The best value of one parameter."""
    candidates = [{name: value} for value in GRID[name]
                  if value != bench.present[name]]
    return best_of(bench, families, candidates, LEAST) or {}


def neighbours(bench, at):
    """All steps of one parameter on its grid."""
    for name, grid in GRID.items():
        here = at.get(name, bench.present[name])
        for more in ([v for v in grid if v > here][:1],
                     [v for v in grid if v < here][-1:]):
            for value in more:
                changes = dict(at, **{name: value})
                yield {n: v for n, v in changes.items()
                       if v != bench.present[n]}


def descend(bench, families):
    """Takes the best step as long as there is one."""
    at = {}
    while True:
        best = best_of(bench, families, list(neighbours(bench, at)),
                       gain(bench, families, at) + LEAST)
        if best is None:
            return at
        at = best


def shown(changes):
    return " ".join("%s=%g" % item for item in sorted(changes.items())) or "-"


def report_row(bench, label, changes):
    now, sets = bench.sets_of({}), bench.sets_of(changes)
    gains = [mean(sets[n] - now[n] for n in family)
             for family in bench.families.values()]
    corpus, bad = bench.corpus(changes)
    print("%-28s %.4f  %s  %.4f  %s" % (
        label, mean(sets.values()),
        " ".join("%+.4f" % gain for gain in gains), corpus,
        "fails: " + "; ".join(bad) if bad else ""), flush=True)


def curves(bench):
    print("one parameter changed: mean over the sets, gain of " +
          ", ".join(bench.families) + "; sample corpus; guard queries")
    report_row(bench, "present", {})
    for name, grid in {**GRID, **TITLES}.items():
        for value in grid:
            if value != bench.present[name]:
                report_row(bench, "%s=%g" % (name, value), {name: value})


def folds(bench, label, choose):
    """Chooses without each family and measures on it."""
    print("\n%s: family, nDCG@10 held out now and then, gain, chosen" % label)
    gains = []
    for family, sets in bench.families.items():
        changes = choose([name for name in bench.families if name != family])
        now, then = (mean(bench.sets_of(values)[name] for name in sets)
                     for values in ({}, changes))
        gains.append(then - now)
        print("%-8s %.4f %.4f %+.4f  %s" % (family, now, then, gains[-1],
                                            shown(changes)), flush=True)
    print("mean held-out gain %+.4f; %d of %d families gain, %d lose" % (
        mean(gains), sum(g > 0 for g in gains), len(gains),
        sum(g < 0 for g in gains)), flush=True)


def compare(bench, changes):
    """Set by set, with the paired randomisation test."""
    now, then = bench.queries({}), bench.queries(changes)
    print("\n%s\nset           now     then    gain     p" % shown(changes))
    for name in bench.sets:
        gains = [then[name][query] - now[name][query] for query in now[name]]
        print("%-13s %.4f  %.4f  %+.4f  %.3f" % (
            name, mean(now[name].values()), mean(then[name].values()),
            mean(gains), bench.ireval.randomisation(gains, n=2000)))
    report_row(bench, "all", changes)


def read_values(parser, texts):
    """NAME=VALUE, the value still as text."""
    values = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in GRID and name not in TITLES:
            parser.error("no parameter %s; there are %s"
                         % (name, " ".join([*GRID, *TITLES])))
        if not re.fullmatch(r"[0-9]*\.?[0-9]+", value):
            parser.error("no number: " + text)
        values[name] = value
    return values


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", default=os.path.join(TOP, "build-tune"))
    parser.add_argument("--start", action="append", default=[],
                        metavar="NAME=VALUE")
    parser.add_argument("changes", nargs="*", metavar="NAME=VALUE")
    options = parser.parse_args()
    start = read_values(parser, options.start)
    changes = read_values(parser, options.changes)
    if not os.path.exists(BENCH + "/ireval.py"):
        print("skipped: the retrieval benchmark is not there (%s)" % BENCH)
        return
    bench = Bench(options.work, start)
    if changes:
        compare(bench, {n: float(v) for n, v in changes.items()})
        return
    curves(bench)
    for name in GRID:
        folds(bench, name, lambda families, name=name: alone(bench, families,
                                                             name))
    folds(bench, "descent", lambda families: descend(bench, families))
    compare(bench, descend(bench, list(bench.families)))


if __name__ == "__main__":
    main()
