#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of docs/api.md are one program: it compiles, and each function
# without arguments prints what the block behind it says. UPDATE=1 rewrites these
# blocks; read the diff.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$SHUKACH_SOURCE" "$SHUKACH_BUILD" "$work" "${UPDATE:-}" <<'PYTHON'
import re, subprocess, sys

source, build, work, update = sys.argv[1:]
page = source + "/docs/api.md"
text = open(page, encoding="utf-8").read()
blocks = re.findall(r"(?ms)^```c\n(.*?)^```\n", text)
names = re.findall(r"(?m)^static void (\w+)\(void\)$", "".join(blocks))
with open(work + "/tour.c", "w", encoding="utf-8") as program:
    program.write("".join(blocks) + "\nint main(void)\n{\n")
    for name in names:
        program.write('puts("\\f%s");\n%s();\n' % (name, name))
    program.write("return 0;\n}\n")
flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
         "-Wshadow", "-Werror", "-pthread"]
sanitize = re.search(r"(?m)^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$",
                     open(build + "/CMakeCache.txt").read())
if sanitize:
    flags.append("-fsanitize=" + sanitize[1].replace("ON", "address,undefined"))
subprocess.run(["gcc"] + flags + ["-I" + source + "/include", work + "/tour.c",
               "-L" + build, "-lshukach", "-Wl,-rpath," + build, "-o",
               work + "/tour"], check=True)
done = subprocess.run([work + "/tour"], cwd=work, text=True,
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
printed = dict(part.split("\n", 1) for part in done.stdout.split("\f")[1:])

def with_output(found):
    """The block, and behind it what its function prints."""
    name = re.findall(r"(?m)^static void (\w+)\(void\)$", found[1])
    if not name:
        return found[0]
    return "%s\nprints\n\n```text\n%s```\n" % (found[1],
                                              printed.get(name[-1], ""))

fresh = re.sub(r"(?ms)(^```c\n.*?^```\n)(?:\nprints\n\n```text\n.*?^```\n)?",
               with_output, text)
if fresh != text and update == "1":
    open(page, "w", encoding="utf-8").write(fresh)
elif fresh != text:
    a, b = text.split("\n"), fresh.split("\n")
    at = next(i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1])
    sys.exit("api.md:%d: an example prints something else\n- %s\n+ %s"
             % (at + 1, a[at], b[at]))
print("%d examples ran" % len(printed))
if done.returncode != 0 or len(printed) < 12:
    sys.exit("exit %d\n%s" % (done.returncode, done.stdout))
PYTHON
