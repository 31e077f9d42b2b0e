#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With colour a title links to its address on the web, and no address can
# smuggle in a control sequence; without colour there is no link.
python3 - >docs.jsonl <<'END'
import json
for i, url in enumerate(["https://a.ua/x?y=1&z=%D1", "http://укр.ua/це місце",
                         "ftp://a.ua/", "javascript:alert(1)", "https://",
                         "https://a.ua/\x1b\\\x1b[31m", "https://a.ua/\x9c",
                         "https://a.ua/\n", "https://a.ua/\x7f", ""]):
    print(json.dumps({"id": str(i), "title": "Удар" if i != 1 else "",
                      "text": "Удар", "url": url}))
END
shukach index --quiet docs.jsonl
shukach search -n 0 --sort date --snippet 0 --color=always удар |
    grep '^[0-9]' | sort -n | cat -v
shukach search -n 0 --snippet 0 удар | grep -c "$(printf '\033')" || true
# In a terminal by itself; NO_COLOR and TERM=dumb turn it off.
command -v script >/dev/null || { echo "skipped: no script"; exit 77; }
for set in TERM=xterm 'TERM=xterm NO_COLOR=1' TERM=dumb; do
    echo "$set: $(script -qec "env -u NO_COLOR $set shukach search --snippet 0 -n 1 id:0" \
        /dev/null </dev/null | grep -c '8;;https://a.ua/x?y=1&z=%D1')" || true
done
