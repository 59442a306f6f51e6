#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What readers make of scalars (src/yaml/readers.h), against PyYAML itself and the other two written down again. Prints TAP."""

import datetime
import math
import os
import random
import re
import subprocess
import sys

import yaml

PAIRS = 40000
SEED = int(os.environ.get("PROMOTE_SEED", random.SystemRandom().randrange(2**32)))

WORDS = """y Y n N yes Yes YES no No NO on On ON off Off OFF true True FALSE null ~ .inf -.Inf +.INF .nan .NAN << =""".split()
TRUE, FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
NULLS = {"", "~", "null", "Null", "NULL"}
CORE_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SPECIAL = {s + w: float(s + "inf") for s in ("", "+", "-") for w in (".inf", ".Inf", ".INF")}
SPECIAL |= {w: math.nan for w in (".nan", ".NaN", ".NAN")}


def core(text):
    """YAML 1.2, 10.3.2."""
    if text in NULLS:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if text in SPECIAL:
        return SPECIAL[text]
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"0o[0-7]+", text):
        return int(text[2:], 8)
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return int(text[2:], 16)
    return float(text) if CORE_FLOAT.fullmatch(text) else text


def go(text):
    """Version 2 of Go's library, as Helm and kubectl use it."""
    if text in NULLS:
        return None
    if text in TRUE | {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}:
        return True
    if text in FALSE | {"n", "N", "no", "No", "NO", "off", "Off", "OFF"}:
        return False
    if text in SPECIAL:
        return SPECIAL[text]
    if text[0] not in "0123456789+-.":
        return text
    digits = text.replace("_", "")
    found = re.fullmatch(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))", digits)
    if found and text[0] != ".":
        sign, *groups = found.groups()
        base, number = next((b, g) for b, g in zip((16, 8, 2, 8, 10), groups) if g is not None)
        value = int(sign + number, base)
        if -(2**63) <= value < (2**63 if sign else 2**64):
            return value
    if CORE_FLOAT.fullmatch(digits) and math.isfinite(float(digits)):
        return float(digits)
    return text


def python(text):
    return yaml.safe_load("[" + text + "]")[0] if text else None


def seconds(time):
    """Dates and times, with or without a zone, as one kind of thing."""
    if not isinstance(time, datetime.datetime):
        time = datetime.datetime.combine(time, datetime.time())
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def same(a, b):
    if isinstance(a, datetime.date) and isinstance(b, datetime.date):
        return seconds(a) == seconds(b)
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return type(a) is type(b) and a == b
    if isinstance(a, datetime.date) or isinstance(b, datetime.date):
        return False
    if isinstance(a, float) != isinstance(b, float):
        whole = a if isinstance(b, float) else b
        return abs(whole) < 2**64 and float(a) == float(b)
    return a == b or (a != a and b != b)


def reads(reader, text):
    """(value,), or None if the reader refuses the text."""
    if text[:1] == '"':
        return (text[1:-1],)
    try:
        return (reader(text),)
    except (ValueError, yaml.YAMLError):
        return None


def may_agree(a, b):
    for reader in (go, core, python):
        x, y = reads(reader, a), reads(reader, b)
        if x and y and same(x[0], y[0]):
            # numbers of over 64 bits are compared as texts
            if a == b or isinstance(x[0], (bool, float)) or not isinstance(x[0], int) or abs(x[0]) < 2**64:
                return True
    return False


def number(rng):
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 2, 3, 4, 17, 20))))
    return rng.choice(("", "", "", "+", "-")) + rng.choice(("", "", "0", "0x", "0o", "0b", "0X")) + digits


def text_of(rng):
    kind = rng.randrange(9)
    if kind == 0:
        return rng.choice(WORDS)
    if kind == 1:
        return number(rng)
    if kind == 2:
        return number(rng) + "." + rng.choice(("", "0", "5", "50"))
    if kind == 3:
        return rng.choice(("1", "2.", "12", "1.5", ".5", "-1")) + rng.choice("eE") + rng.choice(("", "+", "-")) + rng.choice(("0", "2", "3"))
    if kind == 4:
        return "_".join(rng.choice(("1", "00", "0", "12")) for _ in range(rng.randint(2, 3))) + rng.choice(("", "", ".5"))
    if kind == 5:
        return ":".join(str(rng.choice((0, 1, 2, 30, 59, 60))) for _ in range(rng.randint(2, 3))) + rng.choice(("", "", "", ".5"))
    if kind == 6:
        date = f"{rng.choice((1, 1999, 2000, 2023, 2024)):04}-{rng.choice(('1', '01', '02', '12', '13'))}-{rng.choice(('1', '01', '29', '31', '32'))}"
        return date + rng.choice(("", "", "T00:00:00Z", " 1:00:00", "t01:00:00.5-02:30", " 24:00:00", "T01:00:00 +1"))
    value = rng.randrange(70)
    return rng.choice((str(value), f"0{value:o}", f"{value:#x}", f"{value:#b}", f"0o{value:o}", f"{value}.0", f"{value}e0", f"{value // 60}:{value % 60}"))


def pair(rng):
    a = text_of(rng)
    if rng.random() < 0.3:
        return a, '"' + a + '"'
    if rng.random() < 0.5:
        found = reads(rng.choice((go, core, python)), a)
        if found and not isinstance(found[0], datetime.date):
            return a, yaml.safe_dump(found[0], default_flow_style=True, width=10**6).split("\n")[0].replace("'", '"')
    return a, text_of(rng)


def main():
    rng = random.Random(SEED)
    pairs = [pair(rng) for _ in range(PAIRS)]
    lines = "".join(f"{a}\t{b}\n" for a, b in pairs)
    out = subprocess.run([os.environ["READERS"]], input=lines, capture_output=True, text=True, check=True).stdout
    wrong, yes = [], 0
    for (a, b), line in zip(pairs, out.splitlines(), strict=True):
        unsure_a, unsure_b, got = (x == "1" for x in line.split())
        wanted = (unsure_a or unsure_b) and may_agree(a, b)
        yes += wanted
        if got != wanted:
            wrong.append(f"{a} and {b}: {got}, not {wanted}")
    for line in wrong[:12]:
        print("#", line)
    print("not ok" if wrong or yes < PAIRS / 10 else "ok", f"1 - {PAIRS} pairs, {yes} that agree, PROMOTE_SEED={SEED}")
    print("1..1")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
