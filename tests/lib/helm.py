# SPDX-License-Identifier: Apache-2.0
"""What Helm and kubectl make of a scalar, computed a second time.

Both read YAML with version 2 of Go's library, which has rules of its own beside those of YAML 1.1, and turn it into
JSON. These are its rules, written down once more after experiments with that library.

    resolve(tag, plain, text)   the value: None, bool, int, float, str; raises Refused
    key(tag, plain, text)       the text of the key in JSON; raises Refused
    fits(tag, plain, text)      whether JSON can have the value
    json_of(tag, plain, text)   what JSON has; of what it cannot have, the text
"""

import base64
import binascii
import decimal
import math
import re
import struct

CORE = "tag:yaml.org,2002:"
NULLS = {"", "~", "null", "Null", "NULL"}
TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
INFINITE = {s + w: float(s + "inf") for s in ("", "+", "-") for w in (".inf", ".Inf", ".INF")}
NAN = {".nan", ".NaN", ".NAN"}
INT = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|([1-9][0-9]*|0))")
SIGN_AFTER_BASE = re.compile(r"0b([-+][01]+)")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
MOST = 2**63 - 1


class Refused(Exception):
    """A scalar that Helm and kubectl do not read."""


def integer(text):
    signed = SIGN_AFTER_BASE.fullmatch(text)
    if signed:
        return int(signed[1], 2)
    found = INT.fullmatch(text)
    if not found:
        return None
    sign, *digits = found.groups()
    base, digits = next((b, d) for b, d in zip((16, 8, 2, 8, 10), digits) if d is not None)
    number = int(sign + digits, base)
    return number if -MOST - 1 <= number <= (MOST if sign else 2 * MOST + 1) else None


def plain_value(text):
    if text in NULLS:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if text in INFINITE:
        return INFINITE[text]
    if text in NAN:
        return math.nan
    if text[0] == "." and re.search(r"(?<![0-9])_|_(?![0-9])", text):
        return text
    digits = text.replace("_", "") if text[0] in "0123456789+-." else text
    number = integer(digits) if text[0] != "." else None
    if number is not None:
        return number
    if FLOAT.fullmatch(digits) and math.isfinite(float(digits)):
        return float(digits)
    return text


def resolve(tag, plain, text):
    if not tag:
        return plain_value(text) if plain else text
    name = tag[len(CORE) :] if tag.startswith(CORE) else ""
    if name == "binary":
        try:
            return base64.b64decode(text.replace("\n", ""), validate=True).decode(errors="replace")
        except binascii.Error as e:
            raise Refused(text) from e
    kinds = {"null": type(None), "bool": bool, "int": int, "float": float}
    if name not in kinds:
        return text
    value = plain_value(text)
    if name == "float" and type(value) is int and value <= MOST:
        value = float(value)
    if type(value) is not kinds[name]:
        raise Refused(text)
    return value


def float_key(number):
    """The shortest number that reads back the same in single precision, as %g."""
    if math.isnan(number):
        return ".nan"
    try:
        single = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        single = math.copysign(math.inf, number)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    for precision in range(9):
        near = decimal.Decimal(f"{single:.{precision}e}")
        # below a power of two numbers are closer than above it, so the next one may do if the nearest does not
        above = near + decimal.Decimal((near < 0, (1,), near.as_tuple().exponent))
        found = [x for x in (near, above) if struct.pack("f", float(x)) == struct.pack("f", single)]
        if found:
            break
    mantissa, exponent = f"{found[0]:.{precision}e}".split("e")
    return f"{found[0]:f}" if -4 <= int(exponent) < 6 else f"{mantissa}e{int(exponent):+03d}"


def key(tag, plain, text):
    value = resolve(tag, plain, text)
    if value is None or tag == CORE + "binary" or (type(value) is int and value > MOST):
        raise Refused(text)
    if type(value) is bool:
        return "true" if value else "false"
    return float_key(value) if type(value) is float else str(value)


def fits(tag, plain, text):
    try:
        value = resolve(tag, plain, text)
    except Refused:
        return False
    return type(value) is not float or math.isfinite(value)


def json_of(tag, plain, text):
    if not fits(tag, plain, text):
        return text
    value = resolve(tag, plain, text)
    if type(value) is not float:
        return value
    whole = value == int(value) and abs(value) < 1e21  # the shortest digits, then zeros
    return int(decimal.Decimal(repr(value))) if whole else value
