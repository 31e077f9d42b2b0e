#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every line of an export keeps to the schema, each kind in its place.
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
    echo "skipped: python3-jsonschema is not installed" >&2
    exit 77
}
shukach index --quiet $corpus
shukach export Путін >some
shukach export --plain --no-variants --since 2024 --until 2024-06 \
    'саміт миру' >dates
shukach export ніщоподібного >none || [ $? = 1 ]
# A prefix that is cut is a notice.
python3 -c '
import json
for i in range(3):
    print(json.dumps({"id": str(i), "text": " ".join(
        "пре" + a + b + str(i) for a in "абвгдежзиклмнопрст"
        for b in "абвгдежзиклмнопрст")}))' |
    shukach index --quiet --index many -
shukach export --index many 'пре*' >cut 2>/dev/null
/usr/bin/python3 - <<'PYTHON'
import json, os, jsonschema
path = os.environ["SHUKACH_SOURCE"] + "/docs/export.schema.json"
schema = json.load(open(path, encoding="utf-8"))
line = jsonschema.Draft202012Validator(schema)
kinds = {kind: jsonschema.Draft202012Validator(
    {"$ref": "#/$defs/" + kind, "$defs": schema["$defs"]})
    for kind in ("head", "document", "end")}
for name in ("some", "dates", "none", "cut"):
    lines = [json.loads(text) for text in open(name, encoding="utf-8")]
    for value in lines:
        line.validate(value)
    kinds["head"].validate(lines[0])
    for value in lines[1:-1]:
        kinds["document"].validate(value)
    kinds["end"].validate(lines[-1])
    print(name, len(lines) - 2, "documents,", len(lines[-1]["notices"]),
          "notices")
    for value in (lines[0], lines[-1]):
        for key in value:
            if line.is_valid({k: v for k, v in value.items() if k != key}):
                print("valid without", key)
        if line.is_valid(dict(value, other=1)):
            print("valid with another key")
PYTHON
