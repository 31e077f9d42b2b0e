#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every list of names keeps to the schema.
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
    echo "skipped: python3-jsonschema is not installed" >&2
    exit 77
}
shukach index --quiet $corpus
shukach names --format json Путін >some
shukach names --format json -n 0 >all
shukach names --format json 'роз*' >prefix
shukach names --format json ніщоподібного >none || [ $? = 1 ]
/usr/bin/python3 - <<'PYTHON'
import json, os, jsonschema
path = os.environ["SHUKACH_SOURCE"] + "/docs/names.schema.json"
schema = json.load(open(path, encoding="utf-8"))
check = jsonschema.Draft202012Validator(schema)
for name in ("some", "all", "prefix", "none"):
    value = json.load(open(name, encoding="utf-8"))
    check.validate(value)
    assert value["read"] <= value["total"]
    for entry in value["names"]:
        assert entry["name"] in [form["text"] for form in entry["forms"]]
        most = max(form["documents"] for form in entry["forms"])
        assert most <= entry["documents"] <= value["read"]
    for key in value:
        if check.is_valid({k: v for k, v in value.items() if k != key}):
            print("valid without", key)
    if check.is_valid(dict(value, other=1)):
        print("valid with another key")
    print(name, len(value["names"]) > 0)
PYTHON
