# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries for bench/run, drawn from documents, in the language of each peer.

Words come from running text, so common ones come often. Each document gives
one query to each construct, so that their words are alike. Words with a hyphen
or an apostrophe are left out, since what is a word there differs from peer to
peer.
"""
import json
import random
import re

FUNCTION = set("""і й в у на з із зі не що до за про та як для від по а це його
але він які або через під також який при яка було після вони буде був її були
ми так ще то щодо вже їх тому цього між щоб якщо проти тільки яких я вона перед
була того чи усіх де понад без""".split())
WORD = re.compile(r"[а-яґєії]{2,}", re.IGNORECASE)
EDGES = ".,:;!?()«»\"…—–"

# Construct, how its words stand together (a row of SYNTAX), option.
CONSTRUCTS = [
    ("any of 1", "any", ""),
    ("any of 2", "any", ""),
    ("any of 3", "any", ""),
    ("any of 5", "any", ""),
    ("a AND b", "all", ""),
    ('"a b"', "phrase", ""),
    ('"a в", function word', "phrase", ""),
    ('="a b"', "exact phrase", ""),
    ("=a", "exact", ""),
    ("a NEAR/5 b", "near", ""),
    ("abcdef*, two thirds", "prefix", ""),
    ("abc*, three letters", "prefix", ""),
    ("+a -b", "not", ""),
    ("title:a", "title", ""),
    ("a date:YYYY-MM", "any", "month"),
    ("a b source:s", "any", "source"),
    ("a b c, facets", "any", "facets"),
    ("a b, newest first", "any", "newest"),
    ("a b c, snippets", "any", "snippets"),
]

# What is left out a peer cannot do. A list is a word and what joins words.
SYNTAX = {
    "shukach": {
        "any": ("{}", " "), "all": ("{}", " AND "), "phrase": '"{} {}"',
        "exact phrase": '="{} {}"', "exact": "={}", "near": "{} NEAR/5 {}",
        "prefix": "{}*", "not": "+{} -{}", "title": "title:{}"},
    "xapian": {
        "any": ("{}", " "), "all": ("{}", " AND "), "phrase": '"{} {}"',
        "near": "{} NEAR/5 {}", "prefix": "{}*", "not": "+{} -{}",
        "title": "title:{}"},
    "lucene": {
        "any": ("{}", " "), "all": ("+{}", " "), "phrase": '"{} {}"',
        "near": '"{} {}"~5', "prefix": "{}*", "not": "+{} -{}",
        "title": "title:{}"},
    "fts5": {
        "any": ('"{}"', " OR "), "all": ('"{}"', " AND "),
        "phrase": '"{} {}"', "exact phrase": '"{} {}"', "exact": '"{}"',
        "near": 'NEAR("{}" "{}", 5)', "prefix": '"{}"*',
        "not": '"{}" NOT "{}"', "title": 'title : "{}"'},
    "postgresql": {
        "any": ("{}", " | "), "all": ("{}", " & "), "phrase": "{} <-> {}",
        "prefix": "{}:*", "not": "{} & !{}", "title": "{}:A"},
    "groonga": {
        "any": ("{}", " OR "), "all": ("{}", " "), "phrase": '"{} {}"',
        "near": '*N5"{} {}"', "prefix": "{}*", "not": "{} -{}",
        "title": "title:@{}"},
}
# Without stems each word, and each phrase, is an exact one.
STEMLESS = {
    "postgresql": {"exact phrase": "{} <-> {}", "exact": "{}"},
    "groonga": {"exact phrase": '"{} {}"', "exact": "{}"},
    "lucene": {"exact phrase": '"{} {}"', "exact": "{}"},
}


def text(language, stems, how, words):
    """The query in the language of a peer; None if it has no such thing."""
    form = SYNTAX[language].get(how)
    if not stems:
        form = STEMLESS.get(language, {}).get(how, form)
    if isinstance(form, tuple):
        return form[1].join(form[0].format(word) for word in words)
    return form and form.format(*words)


def of_document(document, chance):
    """For each construct its words; None if the document is poor."""
    spaced = [w.strip(EDGES) for w in document["text"].split()]
    plain = [w for w in spaced if WORD.fullmatch(w)]
    words = [w for w in plain if w.lower() not in FUNCTION and len(w) > 3]
    title = [w for w in document["title"].split()
             if WORD.fullmatch(w) and w.lower() not in FUNCTION]
    pairs = {0: [], 1: []}
    for a, b in zip(spaced, spaced[1:]):
        if WORD.fullmatch(a) and WORD.fullmatch(b):
            pairs.setdefault((a.lower() in FUNCTION) + (b.lower() in FUNCTION),
                             []).append((a, b))
    if len(words) < 10 or not title or not pairs[0] or not pairs[1]:
        return None
    a, b, c, d, e = chance.sample(words, 5)
    pair = chance.choice(pairs[0])
    near = chance.randrange(len(words) - 2)
    return [
        (a,), (a, b), (a, b, c), (a, b, c, d, e), (a, b), pair,
        chance.choice(pairs[1]), pair, (a,), (words[near], words[near + 2]),
        (a[:max(3, len(a) * 2 // 3)],), (a[:3],), (a, b),
        (chance.choice(title),), (a,), (a, b), (a, b, c), (a, b), (a, b, c)]


def draw(path, wanted):
    """Rows NUMBER, CONSTRUCT, HOW, WORDS, OPTION, VALUE, the constructs in
    turn, so that any number of first rows has as many of each."""
    chance = random.Random(20240319)
    with open(path, encoding="utf-8") as file:
        lines = sum(1 for _ in file)
    chosen = set(chance.sample(range(lines), min(lines, 2 * wanted)))
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number not in chosen or len(rows) >= wanted * len(CONSTRUCTS):
                continue
            document = json.loads(line)
            values = {"month": document["date"][:7],
                      "source": document["source"]}
            for (construct, how, option), words in zip(
                    CONSTRUCTS, of_document(document, chance) or []):
                rows.append((len(rows), construct, how, words, option,
                             values.get(option, "")))
    return rows
