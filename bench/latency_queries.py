#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries for latency.c, drawn from documents.

latency_queries.py DOCUMENTS QUERIES_A_CONSTRUCT

Words come from running text, so common ones come often. Each document gives
one query to each construct, so that their words are alike.
"""
import json
import random
import re
import sys

FUNCTION = set("""і й в у на з із зі не що до за про та як для від по а це його
але він які або через під також який при яка було після вони буде був її були
ми так ще то щодо вже їх тому цього між щоб якщо проти тільки яких я вона перед
була того чи усіх де понад без""".split())
WORD = re.compile(r"[а-яґєії'’-]{2,}", re.IGNORECASE)


def content_words(text):
    return [w for w in WORD.findall(text)
            if w.lower() not in FUNCTION and not w.startswith(("-", "'"))]


def adjacent(words, chance, wanted):
    """A pair of neighbours, of which `wanted` are function words."""
    pairs = [(a, b) for a, b in zip(words, words[1:])
             if WORD.fullmatch(a) and WORD.fullmatch(b) and
             sum(w.lower() in FUNCTION for w in (a, b)) == wanted]
    return chance.choice(pairs) if pairs else None


def queries(document, chance):
    """Rows CONSTRUCT, QUERY, TWIN, OPTION; None if the document is poor."""
    words = content_words(document["text"])
    title = content_words(document["title"])
    spaced = document["text"].split()
    pair = adjacent(spaced, chance, 0)
    common = adjacent(spaced, chance, 1)
    if len(words) < 10 or not title or not pair or not common:
        return None
    a, b, c, d, e = chance.sample(words, 5)
    whole = next((w for w in (a, b, c, d, e) if w[:3].isalpha()), a)
    near = chance.randrange(len(words) - 2)
    close = words[near], words[near + 2]
    head = chance.choice(title)
    source = document["source"]
    return [
        ("any of 1", a, a),
        ("any of 2", f"{a} {b}", f"{a} {b}"),
        ("any of 3", f"{a} {b} {c}", f"{a} {b} {c}"),
        ("any of 5", f"{a} {b} {c} {d} {e}", f"{a} {b} {c} {d} {e}"),
        ("a AND b", f"{a} AND {b}", f"{a} {b}"),
        ('"a b"', '"%s %s"' % pair, "%s %s" % pair),
        ('="a b"', '="%s %s"' % pair, "%s %s" % pair),
        ('"a в", function word', '"%s %s"' % common, "%s %s" % common),
        ("=a", f"={a}", a),
        ("abcdef*, two thirds", whole[:max(3, len(whole) * 2 // 3)] + "*",
         whole),
        ("abc*, three letters", whole[:3] + "*", whole),
        ("a NEAR/5 b", "%s NEAR/5 %s" % close, "%s %s" % close),
        ("+a -b", f"+{a} -{b}", f"{a} {b}"),
        ("title:a", f"title:{head}", head),
        ("a date:YYYY-MM", f"{a} date:{document['date'][:7]}", a),
        ("a b source:s", f'{a} {b} source:"{source}"', f"{a} {b}"),
        ("a b c, facets", f"{a} {b} {c}", f"{a} {b} {c}", "facets"),
        ("a b, newest first", f"{a} {b}", f"{a} {b}", "newest"),
    ]


def main():
    path, wanted = sys.argv[1], int(sys.argv[2])
    chance = random.Random(20240319)
    with open(path, encoding="utf-8") as file:
        lines = sum(1 for _ in file)
    chosen = set(chance.sample(range(lines), min(lines, 2 * wanted)))
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number in chosen and len(rows) < wanted:
                row = queries(json.loads(line), chance)
                rows += [row] if row else []
    for construct in zip(*rows):
        for row in construct:
            print("\t".join(row))


main()
