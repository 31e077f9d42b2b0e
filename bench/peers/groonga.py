#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""groonga.py prepare|index DATABASE DOCUMENTS
groonga.py search DATABASE QUERIES SECONDS: see peer.h.

Groonga, one process and no server: columns of text, one index of title and
text with positions (TokenBigram, which takes a Cyrillic word for one token;
no stems), columnar, so that there is nothing to merge. The commands that load
are made beforehand and do not count. Times are those groonga gives with each
answer, to the microsecond.
"""
import json
import os
import subprocess
import sys
import time

SCHEMA = """table_create News TABLE_NO_KEY
column_create News id COLUMN_SCALAR ShortText
column_create News title COLUMN_SCALAR ShortText
column_create News text COLUMN_SCALAR Text
table_create Sources TABLE_PAT_KEY ShortText
table_create Months TABLE_PAT_KEY ShortText
column_create News date COLUMN_SCALAR ShortText
column_create News source COLUMN_SCALAR Sources
column_create News month COLUMN_SCALAR Months
column_create Sources news COLUMN_INDEX News source
column_create Months news COLUMN_INDEX News month
table_create Words TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram \
--normalizer NormalizerNFKC130
column_create Words news COLUMN_INDEX|WITH_POSITION|WITH_SECTION News title,text
load --table News
[
"""
SELECT = ("select News --command_version 2 --match_columns 'title||text' "
          "--limit 10 --sort_keys -_score --output_columns 'id,title,text' "
          "--query '%s'")
OPTIONS = {"month": " --filter 'month == \"%s\"'",
           "source": " --filter 'source == \"%s\"'",
           "facets": " --drilldowns[s].keys source --drilldowns[m].keys month"}
REPLACED = {"newest": ("-_score", "-date"),
            "snippets": ("id,title,text", "id,title,snippet_html(text)")}


def prepare(database, documents):
    os.mkdir(database)
    with open(documents, encoding="utf-8") as lines, \
            open(database + ".load", "w", encoding="utf-8") as out:
        out.write(SCHEMA)
        for line in lines:
            names = ("id", "title", "text", "date", "source")
            row = dict(zip(names, line.rstrip("\n").split("\t")))
            row["text"] = row["text"].replace("\\n", "\n")
            row["month"] = row["date"][:7]
            out.write(json.dumps(row, ensure_ascii=False) + ",\n")
        out.write("]\n")


def command(option, value, text):
    replaced = REPLACED.get(option)
    line = SELECT.replace(*replaced) if replaced else SELECT
    line %= text
    more = OPTIONS.get(option, "")
    return line + (more % value if "%" in more else more)


def search(database, queries, seconds):
    groonga = subprocess.Popen(["groonga", database + "/news"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(line):
        groonga.stdin.write(line + "\n")
        groonga.stdin.flush()
        head, *body = json.loads(groonga.stdout.readline())
        if head[0] != 0:
            sys.exit("groonga: %s: %s" % (line, head))
        return round(head[2] * 1e9), min(10, body[0][0][0][0])

    asked, best = [], {}
    end = time.monotonic() + seconds
    with open(queries, encoding="utf-8") as file:
        for line in file:
            if time.monotonic() > end - seconds / 2:
                break
            number, *rest = line.rstrip("\n").split("\t")
            asked.append((number, command(*rest)))
            ask(asked[-1][1])
    last = 0
    for i in range(3):
        begun = time.monotonic()
        if i > 0 and begun + last > end:
            break
        for number, line in asked:
            took = ask(line)
            best[number] = min(took, best.get(number, took))
        last = time.monotonic() - begun
    for number, took in best.items():
        print(number, *took, sep="\t")
    groonga.stdin.close()
    groonga.wait()


def main():
    verb, database, path = sys.argv[1:4]
    if verb == "prepare":
        prepare(database, path)
    elif verb == "index":
        with open(database + ".load", "rb") as load, \
                open(database + ".answers", "wb") as answers:
            subprocess.run(["groonga", "-n", database + "/news"], check=True,
                           stdin=load, stdout=answers)
    else:
        search(database, path, float(sys.argv[4]))


main()
