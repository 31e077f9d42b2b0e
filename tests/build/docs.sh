#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The documentation is true: man pages build without a warning and name every
# option; examples run and print what the pages say they print; the C example
# of README.md compiles and works; README.uk.md has what README.md has.
#
# In Markdown, commands of ```console blocks begin with "$ "; what follows is
# compared with what they print. The exit code must be 0 or 1, or N after
# "# exit N"; constants in ranking.md are those of the code. In man pages a comment "; runnable" marks the next ``` block,
# whose lines that begin with shukach are run only. UPDATE=1 rewrites the
# outputs; read the diff.
set -eu
for tool in scdoc mandoc python3 gcc; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
say() { echo "$*"; status=1; }

# ---- Man pages ------------------------------------------------------------
sh "$SHUKACH_SOURCE/docs/manpages.sh" "$work/man" || say "scdoc refuses a page"
for page in "$work"/man/*.[0-9] "$work"/man/*/*.[0-9]; do
    mandoc -Tlint -W warning "$page" || say "$page: mandoc warns"
done
[ "$(find "$work/man" -name '*.[0-9]' | wc -l)" -ge 13 ] || say "pages are missing"
# What the generated pages hold is all there: every function, every heading.
mandoc -Tascii "$work/man/shukach.3" | sed 's|.\x08||g' >"$work/shukach.3.txt"
for function in $(sed -n 's/^    \(shukach_[a-z_]*\);/\1/p' \
    "$SHUKACH_SOURCE/include/shukach.map"); do
    grep -q "$function(" "$work/shukach.3.txt" ||
        say "shukach.3 does not tell of $function"
done
for page in "$work"/man/shukach-*.1; do
    command=${page##*/shukach-}
    mandoc -Tascii "$page" | sed 's|.\x08||g' >"$work/page.txt"
    # The first line below each heading.
    for heading in SYNOPSIS DESCRIPTION; do
        sed -n "/^$heading/{n;p;}" "$work/page.txt" |
            grep -q "shukach ${command%.1}" ||
            say "$page: $heading is not that of the command"
    done
done

# ---- Options --------------------------------------------------------------
long=$(sed -n 's/.*{"\([a-z-]*\)", \(no\|required\|optional\)_argument.*/--\1/p' \
    "$SHUKACH_SOURCE"/cli/*.[ch] | sort -u)
short=$(sed -n 's/.*getopt_long([^"]*"\([^"]*\)".*/\1/p' \
    "$SHUKACH_SOURCE"/cli/*.c | tr -d '+:' | fold -w 1 | sort -u | sed 's/^/-/')
if [ -z "$long" ] || [ -z "$short" ]; then say "found no options in cli/*.c"; fi
for option in $long $short --version; do
    grep -q -e "\*$option\*" "$SHUKACH_SOURCE/docs/shukach.1.scd" ||
        say "shukach.1.scd does not tell of $option"
done

# ---- Examples -------------------------------------------------------------
mkdir "$work/cwd" "$work/bin"
ln -s "$SHUKACH_BUILD/shukach" "$work/bin/shukach"
ln -s "$SHUKACH_SOURCE/corpus" "$work/cwd/corpus"
PATH=$work/bin:$PATH
SHUKACH_INDEX=$work/index
HOME=$work
export PATH SHUKACH_INDEX HOME
unset NO_COLOR XDG_DATA_HOME XDG_CONFIG_HOME
shukach index --quiet "$SHUKACH_SOURCE/corpus/documents.jsonl"
python3 - "$SHUKACH_SOURCE" "$work/cwd" "${UPDATE:-}" <<'PYTHON' || status=1
import glob, re, subprocess, sys

source, cwd, update = sys.argv[1:]
bad = ran = 0

def run(page, command):
    """What a command prints; its exit code is checked."""
    global bad, ran
    ran += 1
    done = subprocess.run(["sh", "-c", command], cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    wanted = re.search(r"# exit (\d+)$", command)
    allowed = [int(wanted[1])] if wanted else [0, 1]
    if done.returncode not in allowed:
        bad += 1
        print("%s: exit %d: %s\n%s" % (page, done.returncode, command,
                                       done.stdout))
    return done.stdout.rstrip("\n")

def block(page, text):
    out = []
    for part in re.split(r"(?m)^(?=\$ )", text):
        if part.startswith("$ "):
            command = part.split("\n")[0]
            printed = run(page, command[2:])
            part = command + "\n" + (printed + "\n" if printed else "")
        out.append(part)
    return "".join(out)

for page in [source + "/README.md", source + "/README.uk.md"] + sorted(glob.glob(source + "/docs/*.md")):
    text = open(page, encoding="utf-8").read()
    fresh = re.sub(r"(?ms)^```console\n(.*?)^```$",
                   lambda m: "```console\n" + block(page, m[1]) + "```", text)
    if fresh != text and update == "1":
        open(page, "w", encoding="utf-8").write(fresh)
    elif fresh != text:
        bad += 1
        a, b = text.split("\n"), fresh.split("\n")
        at = next((i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1]),
                  min(len(a), len(b)) - 1)
        print("%s:%d: the example prints something else\n- %s\n+ %s"
              % (page, at + 1, a[at], b[at]))
for page in sorted(glob.glob(source + "/docs/*.scd")):
    text = open(page, encoding="utf-8").read()
    for found in re.finditer(r"(?ms)^; runnable\n\s*^```\n(.*?)^```$", text):
        for line in found[1].split("\n"):
            if line.strip().startswith("shukach "):
                run(page, line.strip())

# Constants of ranking.md.
code = "".join(open(source + name, encoding="utf-8").read()
               for name in ["/searcher/search.c", "/searcher/ranking.h",
                            "/indexer/draft.c"])
text = open(source + "/docs/ranking.md", encoding="utf-8").read()
rows = re.findall(r"(?m)^\| `([A-Z0-9_]+)` \| (\S+) \|", text)
for name, value in rows:
    found = re.search(r"(?m)^#define %s (\S+)$" % name, code)
    if found and found[1] != value and update == "1":
        text = text.replace("| `%s` | %s |" % (name, value),
                            "| `%s` | %s |" % (name, found[1]))
        open(source + "/docs/ranking.md", "w", encoding="utf-8").write(text)
    elif not found or found[1] != value:
        bad += 1
        print("ranking.md: %s is %s, not %s"
              % (name, found[1] if found else "gone", value))
bad += len(rows) < 5

# bench/tune.py reads the same values out of the code, so that it can vary them.
sys.dont_write_bytecode = True
sys.path.insert(0, source + "/bench")
import tune
tuned = tune.copy_sources(cwd + "/tuned", {})
for name, value in rows:
    if name in tuned and tuned[name] != float(value):
        bad += 1
        print("bench/tune.py: %s is %g, not %s" % (name, tuned[name], value))
print("%d examples ran, %d were wrong" % (ran, bad))
sys.exit(bad > 0 or ran < 20)
PYTHON

# ---- README in two languages ----------------------------------------------
# Both have the same blocks of code, headings, rows of tables, and links.
python3 - "$SHUKACH_SOURCE" <<'PYTHON' || status=1
import re, sys

def parts(name):
    text = open(sys.argv[1] + "/" + name, encoding="utf-8").read()
    found = re.findall(r"(?ms)^```\w+\n.*?^```$", text)
    text = re.sub(r"(?ms)^```\w+\n.*?^```$", "", text)
    commands = [line.split("#")[0].rstrip()
                for line in re.findall(r"(?m)^    (\S.*)$", text)]
    rows = re.findall(r"(?m)^\| (`[^|]*`|[0-9, ]+) \|", text)
    links = re.findall(r"\]\(([^)]*)\)", text)
    headings = len(re.findall(r"(?m)^##? ", text))
    return {"blocks": found, "commands": commands, "rows": rows,
            "headings": headings,
            "links": sorted(set(links) - {"README.md", "README.uk.md"})}

bad = 0
english, ukrainian = parts("README.md"), parts("README.uk.md")
for kind, mine in english.items():
    if mine != ukrainian[kind]:
        bad += 1
        print("README.md and README.uk.md differ in %s:\n%s\n%s"
              % (kind, mine, ukrainian[kind]))
sys.exit(bad > 0 or len(english["blocks"]) < 10)
PYTHON

# ---- The C example --------------------------------------------------------
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```c$/,/^```$/p' "$SHUKACH_SOURCE/README.md" | sed '/^```/d' \
    >"$work/example.c"
sanitize=
if grep -q '^SHUKACH_SANITIZE:BOOL=ON' "$SHUKACH_BUILD/CMakeCache.txt"; then
    sanitize=-fsanitize=address,undefined
fi
# shellcheck disable=SC2086 # no word or one
gcc -std=c17 -Wall -Wextra -Werror $sanitize -I"$SHUKACH_SOURCE/include" \
    "$work/example.c" -L"$SHUKACH_BUILD" -lshukach \
    -Wl,-rpath,"$SHUKACH_BUILD" -o "$work/example" ||
    say "the C example does not compile"
printed=$(cd "$work" && ./example) || say "the C example fails"
grep -qF "It prints \`$printed\`" "$SHUKACH_SOURCE/README.md" ||
    say "the C example prints: $printed"
exit $status
