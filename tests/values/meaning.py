# SPDX-License-Identifier: Apache-2.0
"""What a YAML text means, for judging: trees of tuples, merged and compared without our own code.

A scalar is a tuple that says its kind. Plain text that readers of YAML differ about (yes, 0777, 12:30)
is its text as it is written, other than the string of these letters.
"""

import re

import yaml

import helm
from judge import merge

FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SLOW = yaml.SafeLoader
RESOLVER = yaml.resolver.Resolver()
STR = "tag:yaml.org,2002:str"

SURE_INT = re.compile(r"([-+]?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+)\Z")
SURE_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+][0-9]+)?\Z")
NULLS = {"", "~", "null", "Null", "NULL"}
BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# to some reader, though PyYAML takes it for a string
UNSURE = re.compile(
    r"""([yYnN]|<<|=
    |[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9_]+)?
    |[-+]?\.[0-9_]+([eE][-+]?[0-9_]+)?
    |[-+]?0[xXoObB][0-9a-fA-F_]+
    |[-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)?
    |[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?([Tt\ \t].*)?)\Z""",
    re.VERBOSE,
)


def compose(text, loader=FAST):
    return yaml.compose(text, Loader=loader)


def is_plain(node):
    return not node.style


def scalar(node):
    text = node.value
    implied = RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) if is_plain(node) else STR
    if node.tag != implied:  # an explicit tag
        return ("str", text) if node.tag == STR else (node.tag, text)
    if not is_plain(node):
        return ("str", text)
    if text in NULLS:
        return ("null",)
    if text in BOOLS:
        return ("bool", BOOLS[text])
    if len(text) <= 18 and SURE_INT.match(text):
        return ("int", int(text, 16 if text[1:2] == "x" else 10))
    if SURE_FLOAT.match(text):
        return ("float", float(text))
    if implied == STR and not UNSURE.match(text):
        return ("str", text)
    return ("plain", text)


def name(node):
    """A key."""
    kind, *rest = scalar(node)
    tag = kind if ":" in kind or kind.startswith("!") else ""
    return ("str", helm.key(tag, is_plain(node), node.value) if kind != "str" else node.value)


def meaning(node):
    """A document's or a node's: dicts, lists and scalars as above. Merge keys are followed."""
    if node is None:
        return ("null",)
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [meaning(n) for n in node.value]
    own, brought = {}, {}
    for key, value in node.value:
        if key.value == "<<" and is_plain(key):
            for m in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                for k, v in meaning(m).items():
                    brought.setdefault(k, v)
        else:
            own[name(key)] = meaning(value)
    for k, v in brought.items():
        own.setdefault(k, v)
    return own


def merge_documents(base, patch):
    if patch == ("null",):
        return base
    if not patch:
        return base
    return merge(base if isinstance(base, dict) else {}, patch)


def without(tree, path):
    """The tree without the key at the path; mappings that become empty are removed, too."""
    if not isinstance(tree, dict) or path[0] not in tree:
        return tree
    out = dict(tree)
    rest = without(out[path[0]], path[1:]) if len(path) > 1 else None
    if len(path) == 1 or (rest == {} and out[path[0]] != {}):
        del out[path[0]]
    else:
        out[path[0]] = rest
    return out


def changed_paths(base, result, path=()):
    """The outermost paths at which the two differ. Lists are values; so are empty mappings."""
    if not (isinstance(base, dict) and isinstance(result, dict)) or not base or not result:
        return [path]
    found = []
    for k in list(base) + [k for k in result if k not in base]:
        if k not in base or k not in result:
            found.append(path + (k,))
        elif base[k] != result[k]:
            found += changed_paths(base[k], result[k], path + (k,))
    return found
