#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# At the least that --memory takes, 20,000 reports, a page of many tags and a
# text of nothing but different words are indexed, and both processes together
# stay below it, the code of libraries included.
command -v python3 >/dev/null || { echo "skipped: no python3" >&2; exit 77; }
if grep -qE '^SHUKACH_SANITIZE:[A-Z]+=(ON|thread)$' "$SHUKACH_BUILD/CMakeCache.txt"; then
    echo "skipped: sanitizers take more memory" >&2
    exit 77
fi
python3 - <<'END'
import itertools, json, random, subprocess, time

random.seed(7)
letters = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
words = ["".join(random.choices(letters, k=random.randint(3, 10)))
         for _ in range(60000)]
with open("reports.jsonl", "w") as out:
    for i in range(20000):
        # The smaller the number, the more frequent the word.
        text = " ".join(words[int(60000 * random.random() ** 3)]
                        for _ in range(60))
        out.write(json.dumps({"id": "r%d" % i, "text": text}) + "\n")
with open("tags.html", "w") as out:
    out.write("<!doctype html><p>" + "<b>a</b> " * 100000)
with open("words.txt", "w") as out:
    every = ["".join(w) for w in itertools.product("abcdefghijklmno", repeat=4)]
    extra = ["%s%d" % (w, i) for i in range(10) for w in every]
    text = "\n".join(every + extra)
    out.write(text[:970000])

run = subprocess.Popen(["shukach", "index", "--quiet", "--memory", "256M",
                        "reports.jsonl", "tags.html", "words.txt"])
own = other = 0
while run.poll() is None:
    try:
        children = open("/proc/%d/task/%d/children" % (run.pid, run.pid))
        for pid in [str(run.pid)] + children.read().split():
            status = open("/proc/%s/status" % pid).read()
            peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
            if pid == str(run.pid):
                own = max(own, peak)
            else:
                other = max(other, peak)
    except (OSError, IndexError):
        pass # it has just ended
    time.sleep(0.02)
print("exit", run.returncode)
if own + other > 256 or own < 20 or other < 5:
    print("peaks of", own, "MiB and", other, "MiB")
END
shukach info | grep documents
