#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what promote check has written, as other programs would: findings.py sarif|github <OUTPUT

Prints a line for each finding: severity, code, line:column if it has one, and as JSON its path and its text. SARIF is
held against a schema of what promote writes of it, in which every object is closed; names are those of SARIF 2.1.0.
"""

import json
import re
import sys
from urllib.parse import unquote_to_bytes


def closed(optional=(), **properties):
    return {
        "type": "object", "additionalProperties": False, "properties": properties,
        "required": [x for x in properties if x not in optional],
    }


TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["error", "warning"]}
MESSAGE = closed(text=TEXT)
URI = {"type": "string", "pattern": r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}
PLACE = closed(
    ("region",), artifactLocation=closed(uri=URI, uriBaseId={"const": "%SRCROOT%"}),
    region=closed(startLine=COUNT, startColumn=COUNT),
)
RULE = closed(id=TEXT, shortDescription=MESSAGE, help=MESSAGE, defaultConfiguration=closed(level=LEVEL))
LOCATION = closed(
    ("logicalLocations",), physicalLocation=PLACE,
    logicalLocations={"type": "array", "minItems": 1, "items": closed(fullyQualifiedName=TEXT, kind={"const": "property"})},
)
RESULT = closed(
    ruleId=TEXT, ruleIndex={"type": "integer", "minimum": 0}, level=LEVEL, message=MESSAGE,
    locations={"type": "array", "minItems": 1, "maxItems": 1, "items": LOCATION},
)
RUN = closed(
    tool=closed(driver=closed(name={"const": "promote"}, version=TEXT, rules={"type": "array", "items": RULE})),
    columnKind={"const": "unicodeCodePoints"},
    originalUriBaseIds={"type": "object", "additionalProperties": closed(description=MESSAGE), "required": ["%SRCROOT%"]},
    results={"type": "array", "items": RESULT},
)
SARIF = closed(**{
    "$schema": {"const": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
    "version": {"const": "2.1.0"}, "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": RUN},
})


def show(severity, code, place, path, text):
    print(severity, code, *place, json.dumps(path), json.dumps(text))


def sarif(text):
    from jsonschema import Draft202012Validator

    document = json.loads(text)
    for wrong in Draft202012Validator(SARIF).iter_errors(document):
        print("/".join(map(str, wrong.absolute_path)), wrong.message)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        if (rule["id"], rule["defaultConfiguration"]["level"]) != (result["ruleId"], result["level"]):
            print("another rule:", rule, result)
        place = result["locations"][0]["physicalLocation"]
        region = place.get("region")
        show(
            result["level"], result["ruleId"], [f"{region['startLine']}:{region['startColumn']}"] if region else [],
            unquote_to_bytes(place["artifactLocation"]["uri"]).decode(errors="backslashreplace"), result["message"]["text"],
        )


def unescape(text, more):
    """As the runner of GitHub does: one after another, the percent sign last."""
    for sign in [*more, "\r", "\n", "%"]:
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def github(text):
    for line in text.split("\n")[:-1]:
        found = re.fullmatch(r"::(error|warning) (.*?)::(.*)", line)
        if not found:
            print("not a workflow command:", line)
            continue
        level, properties, message = found.groups()
        given = {k: unescape(v, ":,") for k, v in (x.split("=", 1) for x in properties.split(","))}
        place = [f"{given.pop('line')}:{given.pop('col')}"] if "line" in given else []
        show(level, given.pop("title"), place, given.pop("file"), unescape(message, ""))
        if given:
            print("other properties:", given)


if __name__ == "__main__":
    {"sarif": sarif, "github": github}[sys.argv[1]](sys.stdin.read())
