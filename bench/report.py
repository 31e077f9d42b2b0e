# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and plots of the results of bench/run."""
import collections
import glob
import os
import shutil
import statistics
import subprocess

import queries

# What is compared: measure, its percentile, peer, the peer's measure if it is
# another, and the ratio that is aimed at.
WORDS = ("any of 1", "any of 2", "any of 3", "any of 5", "a AND b")
PLACES = ('"a b"', '"a в", function word', '="a b"', "=a", "a NEAR/5 b")
TARGETS = (
    [("cpu", "", "omega", "", 0.2), ("cpu", "", "lucene", "", 1.2),
     ("bytes", "", "xapian", "", 0.42), ("bytes", "", "lucene", "", 1.1)] +
    [(name, part, "xapian", "", 1.0) for name in WORDS
     for part in ("p50", "p99")] +
    [(name, part, "xapian", '"a b"', most) for name in PLACES
     for part, most in (("p50", 1.5), ("p99", 4.0))] +
    [(name, "p50", peer, "", 0.5) for peer in ("fts5", "postgresql")
     for name, _, _ in queries.CONSTRUCTS] +
    [("warm", "p50", "omega", "", 1.5)])
INDEX = [("cpu", "index, CPU", "{:.3f} s/MB", 1e6),
         ("wall", "index, wall", "{:.3f} s/MB", 1e6),
         ("memory", "index, peak memory", "{:.0f} MB", 1e-6),
         ("bytes", "index, bytes a byte of text", "{:.2f}", 1)]
# And how many queries it takes to speak of that.
PARTS = (("p50", 0.5, 1), ("p95", 0.95, 20), ("p99", 0.99, 100))


def found(pattern):
    return glob.glob(pattern) if pattern.startswith("/") else []


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def forget(out, sizes, peers):
    for size in sizes:
        for peer in peers:
            for kind in ("index", "search", "process"):
                for path in glob.glob(f"{out}/{kind}-{size}-*-{peer}.tsv"):
                    os.unlink(path)


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


class Results:
    """Of one peer at one size, each value the median of the rounds."""

    def __init__(self, out, size, peer):
        self.index, self.times = {}, collections.defaultdict(dict)
        self.answered = collections.defaultdict(list)
        self.gather(out, size, peer, "index", lambda row: (row[0], None), 1)
        self.gather(out, size, peer, "search",
                    lambda row: (row[1], int(row[0])), 2)
        self.gather(out, size, peer, "process",
                    lambda row: (row[1], int(row[0])), 2)
        self.gather(out, size, peer, "process",
                    lambda row: (row[1] + ", CPU", int(row[0])), 3)

    def gather(self, out, size, peer, kind, key, column):
        rounds = collections.defaultdict(list)
        for path in glob.glob(f"{out}/{kind}-{size}-*-{peer}.tsv"):
            for row in rows(path):
                rounds[key(row)].append(float(row[column]))
                if kind == "search":
                    self.answered[row[1]].append(row[3] != "0")
        for (name, number), values in rounds.items():
            value = statistics.median(values)
            if number is None:
                self.index[name] = value
            else:
                self.times[name][number] = value


def ratios(own, other, name, other_name=""):
    """p50, p95, p99 of the queries that both have answered; None if none."""
    mine, theirs = own.times[name], other.times[other_name or name]
    if not other_name:
        both = mine.keys() & theirs.keys()
        mine = {number: mine[number] for number in both}
        theirs = {number: theirs[number] for number in both}
    if not mine or not theirs:
        return None
    return {label: percentile(mine.values(), part) /
            percentile(theirs.values(), part)
            for label, part, least in PARTS
            if min(len(mine), len(theirs)) >= least}


def line(cells):
    return "| " + " | ".join(cells) + " |"


def number(value):
    digits = 3 if value < 0.0995 else 2 if value < 9.95 else 0
    return f"{value:.{digits}f}"


def figures(values):
    return " / ".join(number(values[label]) if label in values else "–"
                      for label, _, _ in PARTS)


def milliseconds(times):
    return " / ".join(f"{percentile(times.values(), part) / 1e6:.3g}"
                      if len(times) >= least else "–"
                      for _, part, least in PARTS)


def main_table(results, peers, text):
    own = results["shukach"]
    others = [peer for peer in peers if peer != "shukach" and results[peer]]
    yield line(["", "shukach"] + ["/ " + peer for peer in others])
    yield line(["---"] * (len(others) + 2))
    for key, title, form, scale in INDEX:
        if key not in own.index:
            continue
        value = own.index[key] * scale / (1 if key == "memory" else text)
        yield line([title, form.format(value)] + [
            number(own.index[key] / results[peer].index[key])
            if key in results[peer].index else "–" for peer in others])
    if own.index:
        yield line(["index, CPU by wall (of each its own)"] + [
            number(one.index["cpu"] / one.index["wall"]) if one.index else "–"
            for one in [own] + [results[peer] for peer in others]])
    names = [name for name, _, _ in queries.CONSTRUCTS]
    for name in names + ["warm", "warm, CPU", "cold"]:
        if not own.times[name]:
            continue
        cells = [ratios(own, results[peer], name) for peer in others]
        yield line([f"`{name}`" if name in names
                    else f"a whole process, {name}",
                    milliseconds(own.times[name]) + " ms"] +
                   [figures(cell) if cell else "–" for cell in cells])


def answered_table(results, peers):
    """How many queries found anything, in percent: words find less than
    stems do, and nothing is found fast."""
    shown = [peer for peer in peers if results[peer].answered]
    yield line(["queries with hits, %"] + shown)
    yield line(["---"] * (len(shown) + 1))
    yield line(["how many were in time"] + [
        str(sum(len(results[peer].times[name])
                for name in results[peer].answered)) for peer in shown])
    for name, _, _ in queries.CONSTRUCTS:
        yield line([f"`{name}`"] + [
            f"{statistics.mean(results[peer].answered[name]) * 100:.0f}"
            if results[peer].answered[name] else "–" for peer in shown])


def target_table(results):
    own = results["shukach"]
    yield line(["ratio", "aim", "measured", ""])
    yield line(["---"] * 4)
    for name, part, peer, other_name, most in TARGETS:
        if not results.get(peer):
            continue
        other = results[peer]
        if part:
            value = ratios(own, other, name, other_name)
            value = value and value.get(part)
        elif name in own.index and name in other.index:
            value = own.index[name] / other.index[name]
        else:
            value = None
        if value is not None:
            yield line([f"{name} {part} / {peer} {other_name}".strip(),
                        f"≤ {most}", number(value),
                        "" if value <= most else "over"])


def growth_table(every, texts, peers, sizes):
    """What a document, or the median query, costs beside the size before."""
    yield line(["", "documents"] + peers)
    yield line(["---"] * (len(peers) + 2))
    base = 10000 if 10000 in sizes else sizes[0]
    shown = [("index, CPU a document", "cpu", None),
             ("index, bytes a document", "bytes", None),
             ("index, peak memory", "memory", None)] + [
        (f"`{name}`, p50", None, name)
        for name in ("any of 1", "any of 3", "a AND b", '"a b"')]
    for title, key, name in shown:
        for size in sizes:
            if size == base:
                continue
            cells = []
            for peer in peers:
                one, first = every[size][peer], every[base][peer]
                value = cost(one, key, name, size)
                begun = cost(first, key, name, base)
                cells.append(number(value / begun) if value and begun
                             else "–")
            yield line([title, f"{size:,} / {base:,}"] + cells)


def cost(one, key, name, size):
    if not one:
        return None
    if name:
        times = one.times[name]
        return percentile(times.values(), 0.5) if times else None
    value = one.index.get(key)
    return value if key == "memory" or value is None else value / size


def plots(out, every, texts, peers, sizes):
    """SVG of cost against size, where gnuplot is there."""
    if not shutil.which("gnuplot") or len(sizes) < 2:
        return
    drawn = [("index-cpu", "CPU seconds an MB of text", "cpu", None, 1e6),
             ("index-memory", "peak memory, MB", "memory", None, 1e-6),
             ("index-bytes", "bytes a byte of text", "bytes", None, 1),
             ("any-of-3", "any of 3 words, p50, ms", None, "any of 3", 1e-6),
             ("phrase", "phrase, p50, ms", None, '"a b"', 1e-6)]
    for file, title, key, name, scale in drawn:
        lines, data = [], []
        for peer in peers:
            points = []
            for size in sizes:
                value = cost(every[size][peer], key, name, 1)
                if value:
                    by = texts[size] if key in ("cpu", "bytes") else 1
                    points.append(f"{size} {value * scale / by}")
            if points:
                lines.append(f"'-' with linespoints title '{peer}'")
                data += points + ["e"]
        if lines:
            subprocess.run(["gnuplot"], check=True, text=True, input="\n".join(
                ["set terminal svg size 800,500", "set key outside",
                 f"set output '{out}/{file}.svg'", "set logscale xy",
                 f"set xlabel 'documents'; set ylabel '{title}'",
                 "plot " + ", ".join(lines)] + data) + "\n")


def write(out, known, peers, sizes):
    texts, every = {}, {}
    for size in sizes:
        path = f"{out}/text-{size}-0-all.tsv"
        if os.path.exists(path):
            texts[size] = float(rows(path)[0][1])
            every[size] = {}
            for peer in known:
                one = Results(out, size, peer)
                kept = peer in peers and (one.index or one.times)
                every[size][peer] = one if kept else None
    sizes = [size for size in sizes
             if size in every and every[size]["shukach"]]
    if not sizes:
        raise SystemExit(f"bench/run: no results of shukach in {out}")
    shown = [peer for peer in known
             if any(every[size][peer] for size in sizes)]
    for size in sizes:
        print(f"## {size:,} documents, {texts[size] / 1e6:.1f} MB of text\n")
        print("shukach, and its ratio to each peer; of queries p50 / p95 / "
              "p99.\n")
        print("\n".join(main_table(every[size], shown, texts[size])) + "\n")
    print("\n".join(answered_table(every[size], shown)) + "\n")
    aims = list(target_table(every[size]))
    if len(aims) > 2:
        print("\n".join(aims) + "\n")
    if len(sizes) > 1:
        print("## Growth\n")
        print("\n".join(growth_table(every, texts, shown, sizes)) + "\n")
    for path in sorted(glob.glob(f"{out}/skipped-0-0-*.tsv")):
        peer = os.path.basename(path)[len("skipped-0-0-"):-len(".tsv")]
        if peer in peers:
            print(f"- {peer} was left out: install {rows(path)[0][0]}")
    for path in glob.glob(f"{out}/machine-0-0-all.tsv"):
        print("- measured with: " + ", ".join(row[0] for row in rows(path)))
    plots(out, every, texts, shown, sizes)
