#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# json keeps to its schema, jsonl to that of a hit.
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
    echo "skipped: python3-jsonschema is not installed" >&2
    exit 77
}
shukach index --quiet $corpus
shukach search --format=json -n 20 'Путін OR "мінські угоди"' >json
shukach search --format=json ніщоподібного >>json || [ $? = 1 ]
printf 'q1\tРаїсі Путін\nq2\t=саміту\n' >batch
shukach search --format=json --batch batch >>json
shukach search --format=json --facets source,lang,author --timeline week \
    Путін >>json
shukach search --format=json --explain '"контактна група" Київ' >>json
head -30 $corpus >part
shukach index --quiet --index part.index part
sed 's/"id": *"/&copy-/' part >other
shukach index --quiet --index other.index other
shukach search --format=json --index part.index --index other.index Путін >>json
grep -c '"index":"other.index"' json
shukach search --format=jsonl --batch batch >jsonl
shukach search --format=jsonl --explain 'Північна Корея' >>jsonl
/usr/bin/python3 - <<'PYTHON'
import json, os, jsonschema
path = os.environ["SHUKACH_SOURCE"] + "/docs/search.schema.json"
answer = json.load(open(path, encoding="utf-8"))
hit = dict(answer, **{"$ref": "#/$defs/hit"})
for key in ("type", "required", "additionalProperties", "properties"):
    del hit[key]
for name, schema in (("json", answer), ("jsonl", hit)):
    check = jsonschema.Draft202012Validator(schema)
    lines = open(name, encoding="utf-8").readlines()
    for line in lines:
        check.validate(json.loads(line))
    print(name, len(lines) > 3, "lines are valid")
broken = json.loads(open("json", encoding="utf-8").readline())
del broken["total"]
print(jsonschema.Draft202012Validator(answer).is_valid(broken))
PYTHON
