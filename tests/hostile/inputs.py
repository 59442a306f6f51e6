# SPDX-License-Identifier: Apache-2.0
"""Hostile files, made when they are needed: none of them is kept anywhere."""

MANY = 100_000
LESS = 20_000  # for what differs little from a case with many
MEGABYTE = 1024 * 1024


class Input:
    """A file's bytes and how promote reads them.

    refused: "LINE:COLUMN: message", or "message" alone for what has no place,
    with which exit status 3 comes; PATH in it is the file's. Else the file is read, as `means`, or as
    another reader of YAML reads it if that is None. `as_config`: the place where it is
    refused as a config.yaml, whose aliases may add more. `fleet`: lines of a
    fleet can follow, so that it can be a config.yaml as well.
    """

    def __init__(self, name, text, refused=None, means=None, fleet=False, as_config=None):
        self.name = name
        self.text = text if isinstance(text, bytes) else text.encode()
        self.refused = refused
        self.as_config = as_config and f"{as_config}: {CONFIG_BRINGS}" or refused
        self.means = means
        self.fleet = fleet
        self.heavy = len(self.text) > MEGABYTE // 8  # fewer runs are enough


def lines(form, count=MANY):
    return "".join(form.replace("#", str(i)) + "\n" for i in range(count))


def multiplying(first, line, levels=12):
    """first, then lines in which $ is replaced with the name of the one before."""
    return first + "\n" + "".join(line.replace("@", f"l{i}").replace("$", f"l{i - 1}") + "\n" for i in range(1, levels))


BRINGS = "aliases and merge keys expand to more than 250000 nodes in all; write the values out"
CONFIG_BRINGS = BRINGS.replace("250000", "1100000")
DEEP = "nested deeper than 128 levels"
UTF8 = "not valid UTF-8; save the file as UTF-8"
CONTROL = "control character; write it as an escape in double quotes"
BREAK = "Unicode line break, which YAML readers disagree about; write it as an escape in double quotes"
WIDE = "UTF-16 or UTF-32; save the file as UTF-8"
MARK = "byte order mark in the middle of the file; remove it"
NUL = "NUL byte; YAML is text"
TWO = "a second document begins here; a file must have only one"


def aliases():
    ten = ", ".join(["*$"] * 10)
    yield Input("a billion laughs", multiplying("l0: &l0 [x, x, x]", f"@: &@ [{ten}]"), f"1:13: {BRINGS}", as_config="1:13")
    yield Input("laughs in mappings", multiplying("l0: &l0 {a: x}", "@: &@ {" + ", ".join(f"{c}: *$" for c in "abcdefghij") + "}"),
                f"1:5: {BRINGS}", as_config="1:13")
    keys = ", ".join(f"k{i}: 1" for i in range(5000))
    yield Input("merge keys that multiply", f"b: &b {{{keys}}}\n" + lines("m#: {<<: *b}", 1000), f"1:4: {BRINGS}", as_config="1:4")
    yield Input("a merge key with the same mapping many times", f"b: &b {{{keys}}}\nm: {{<<: [" + ", ".join(["*b"] * 1000) + "]}\n",
                f"1:48405: {BRINGS}", as_config="1:46705")
    items = ", ".join(["x"] * 2000)
    yield Input("aliases whose sum is square", f"b: &b [{items}]\n" + lines("m#: *b", 2000), f"1:5633: {BRINGS}", as_config="1:4358")
    yield Input("aliases below what they name", "a: &a\n  b: *a\n", "2:6: the alias is inside the value that it refers to; remove it")
    yield Input("aliases that nest deeper than text may", multiplying("l0: &l0 {a: x}", "@: &@ {a: *$}", 140),
                "1:13: aliases nest deeper than 128 levels")
    yield Input("many anchors", lines("k#: &a# #"), means={f"k{i}": i for i in range(MANY)}, fleet=True)
    yield Input("many aliases", "a: &a x\n" + lines("k#: *a"), means={"a": "x"} | {f"k{i}": "x" for i in range(MANY)}, fleet=True)
    yield Input("one anchor many times", lines("k#: &a #", LESS) + "z: *a\n", means={f"k{i}": i for i in range(LESS)} | {"z": LESS - 1})
    yield Input("a huge anchor", "a: &" + "x" * MEGABYTE + " 1\nb: *" + "x" * MEGABYTE + "\n", means={"a": 1, "b": 1})
    yield Input("an alias to nothing", "a: *b\n", "1:4: no anchor '&b' before this alias")


def nests():
    yield Input("deep lists between brackets", "a: " + "[" * MANY, f"1:131: {DEEP}")
    yield Input("deep lists that close", "a: " + "[" * MANY + "]" * MANY + "\n", f"1:131: {DEEP}")
    yield Input("deep mappings between braces", "{a: " * MANY, f"1:513: {DEEP}")
    yield Input("deep lists on one line", "- " * MANY + "x\n", f"1:257: {DEEP}")
    yield Input("deep mappings in lines", "".join(" " * i + "a:\n" for i in range(3000)), f"129:129: {DEEP}")
    yield Input("deep questions", "? " * MANY + "x\n", f"1:257: {DEEP}")
    deep = leaf = {}
    for _ in range(125):
        leaf["a"] = leaf = {}
    leaf["a"] = 1
    yield Input("as deep as may be", "".join(" " * i + "a:\n" for i in range(125)) + " " * 125 + "a: 1\n", means=deep)


def numbers():
    many = {f"k{i}": i for i in range(MANY)}
    less = {f"k{i}": i for i in range(LESS)}
    yield Input("many keys", lines("k#: #"), means=many, fleet=True)
    yield Input("many keys in one key", "m:\n" + lines("  k#: #", LESS), means={"m": less}, fleet=True)
    yield Input("many keys between braces", "m: {" + lines("k#: #,", LESS) + "}\n", means={"m": less}, fleet=True)
    yield Input("many keys on one line", "m: {" + lines("k#: #,").replace("\n", " ") + "}\n", means={"m": many}, fleet=True)
    yield Input("many keys beyond ASCII", lines("kä#: #", LESS), means={f"kä{i}": i for i in range(LESS)}, fleet=True)
    yield Input("many keys without values", lines("k#:", LESS), means={f"k{i}": None for i in range(LESS)}, fleet=True)
    yield Input("many keys behind questions", lines("? k#", LESS), means={f"k{i}": None for i in range(LESS)}, fleet=True)
    yield Input("many items", "m:\n" + lines("- #"), means={"m": list(range(MANY))}, fleet=True)
    yield Input("many items on one line", "m: [" + lines("#,", LESS).replace("\n", " ") + "]\n", means={"m": list(range(LESS))}, fleet=True)
    yield Input("many comments between entries", "a: 1\n" + "# x\n" * MANY + "b: 2\n", means={"a": 1, "b": 2}, fleet=True)
    yield Input("comments behind each of many keys", "".join(f"k{i}: 1 # x\n  # y\n" for i in range(20_000)), means={f"k{i}": 1 for i in range(20_000)}, fleet=True)
    yield Input("more values than may be", lines("k#: #", 125_001), "125000:10: more than 250000 values in one file")


def sizes():
    half = "x" * (MEGABYTE // 2)
    for name, begin, end, text in (("plain", "", "", " "), ("folded", ">\n  ", "", "\n"), ("literal", "|\n  ", "", "\n"), ("double quoted", '"', '"', " ")):
        breaks = MEGABYTE + (name == "literal")
        means = "x" + ("\n" * MEGABYTE if name != "literal" else "\n" * breaks) + "y" + ("\n" if "\n" == text else "")
        yield Input(f"a megabyte of empty lines, {name}", f"a: {begin}x" + "\n" * (MEGABYTE + 1) + f"  y{end}\n", means={"a": means}, fleet=True)
    yield Input("seven megabytes of one line", "a: " + half * 14 + "\n", means={"a": half * 14}, fleet=True)
    yield Input("seven megabytes in double quotes", 'a: "' + "\\x41" * (7 * MEGABYTE // 4) + '"\n', means={"a": "A" * (7 * MEGABYTE // 4)}, fleet=True)
    yield Input("seven megabytes of lines", "a: |\n" + ("  " + "x" * 997 + "\n") * 7000, means={"a": ("x" * 997 + "\n") * 7000}, fleet=True)
    yield Input("seven megabytes of comment", "#" + half * 14 + "\na: 1\n", means={"a": 1}, fleet=True)
    yield Input("70 megabytes of comment", b"#" + b"x" * (70 * MEGABYTE) + b"\na: 1\n", "larger than # MiB")
    yield Input("70 megabytes of one scalar", b"a: " + b"x" * (70 * MEGABYTE) + b"\n", "larger than # MiB")
    yield Input("a long key", "x" * 1025 + ": 1\n", "1:1026: not valid YAML: mapping values are not allowed in this context")
    yield Input("a huge key behind a question", "? " + half + "\n: 1\n", means={half: 1}, fleet=True)
    yield Input("huge keys that are the same", f"? {half}\n: 1\n? {half}\n: 2\n",
                "3:3: duplicate key '" + "x" * 7900)
    yield Input("a huge tag", "a: !" + half + " 1\n", "1:4: a tag longer than 128 bytes")
    yield Input("a short tag that expands to a long one", "%TAG ! " + "x" * 100_000 + "\n---\na: !b 1\n", "3:4: a tag longer than 128 bytes")
    yield Input("many %TAG lines", "".join(f"%TAG !a{i}! x\n" for i in range(1000)) + "---\na: 1\n", "65:1: too many %TAG lines")


def bytes_():
    for name, bad in (("a lone byte", b"\xff"), ("a byte that continues nothing", b"\x80"), ("too long a form", b"\xc0\xaf"),
                      ("too long a form of three", b"\xe0\x80\xaf"), ("a surrogate", b"\xed\xa0\x80"), ("beyond Unicode", b"\xf4\x90\x80\x80"),
                      ("a character cut off", b"\xe2\x82"), ("five bytes", b"\xf8\x88\x80\x80\x80"), ("Latin 1", "ä".encode("latin-1"))):
        yield Input(f"no UTF-8: {name}", b"a: 1\nb: x" + bad + b"\n", f"2:5: {UTF8}")
    yield Input("no UTF-8 at the end", b"a: \xe2\x82", f"1:4: {UTF8}")
    yield Input("no UTF-8 in a comment", b"a: 1 # \xff\n", f"1:8: {UTF8}")
    for codec in ("utf-16", "utf-32"):
        yield Input(f"{codec} with a mark", "a: 1\n".encode(codec), f"1:1: {WIDE}")
    for codec, column in (("utf-16-le", 2), ("utf-16-be", 1), ("utf-32-le", 2), ("utf-32-be", 1)):
        yield Input(f"{codec} without a mark", "a: 1\n".encode(codec), f"1:{column}: {NUL}")
    yield Input("a NUL byte", b"a: 1\nb: x\0y\n", f"2:5: {NUL}")
    yield Input("nothing but NUL bytes", b"\0" * 4096, f"1:1: {NUL}")
    yield Input("a NUL behind the document", b"a: 1\n...\n\0", f"3:1: {NUL}")
    yield Input("a byte order mark", b"\xef\xbb\xbfa: 1\n", means={"a": 1})
    yield Input("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbfa: 1\n", f"1:1: {MARK}")
    yield Input("a byte order mark in the middle", b"a: 1\n\xef\xbb\xbfb: 1\n", f"2:1: {MARK}")
    yield Input("a byte order mark in a value", "a: x\ufeffy\n", f"1:5: {MARK}")
    for code in (0x85, 0x2028, 0x2029):
        yield Input(f"line break U+{code:04X} in a comment", f"a: 1 # x{chr(code)}b: 2\n", f"1:9: {BREAK}")
        yield Input(f"line break U+{code:04X} in a value", f"a: 'x{chr(code)}y'\n", f"1:6: {BREAK}")
    for code in (0x01, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x9B, 0x9F):
        yield Input(f"control character U+{code:04X}", f"a: 'x{chr(code)}y'\n", f"1:6: {CONTROL}")
    for code in (0xFFFE, 0xFFFF):
        yield Input(f"no character U+{code:04X}", f"a: x{chr(code)}\n", "1:5: not a character")


def forms():
    bad = "not valid YAML: "
    yield Input("an unpaired double quote", 'a: "x\nb: 1\n', f"3:1: {bad}while scanning a quoted scalar found unexpected end of stream")
    yield Input("an unpaired single quote", "a: 'x\nb: 1\n", f"3:1: {bad}while scanning a quoted scalar found unexpected end of stream")
    yield Input("an unclosed bracket", "a: [1,\nb: 2\n", f"3:1: {bad}while parsing a flow sequence did not find expected ',' or ']'")
    yield Input("an unclosed brace", "a: {b: 1\n", f"2:1: {bad}while parsing a flow mapping did not find expected ',' or '}}'")
    yield Input("brackets crossed", "a: [{b: 1]}\n", f"1:10: {bad}while parsing a flow mapping did not find expected ',' or '}}'")
    yield Input("a tab before a key", "a:\n\tb: 1\n", f"2:1: {bad}while scanning for the next token found a tab instead of spaces")
    yield Input("a tab between key and value", "a:\t1\n", means={"a": 1}, fleet=True)
    yield Input("a second colon", "a: b: c\n", f"1:5: {bad}mapping values are not allowed in this context")
    yield Input("lone carriage returns", "a: 1\rb: 2\r", means={"a": 1, "b": 2}, fleet=True)
    yield Input("line ends of Windows", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", means={"a": 1, "b": "x\ny\n"}, fleet=True)
    yield Input("line ends of all kinds", "a: 1\nb: 2\r\nc: 3\rd: 4", means={"a": 1, "b": 2, "c": 3, "d": 4})
    yield Input("a key twice", "a: 1\nb: 2\na: 3\n", "3:1: duplicate key 'a'; keep one: the first is at PATH:1:1")
    yield Input("a key twice, spelt in two ways", "31: 1\n0x1F: 2\n", "2:1: duplicate key '0x1F'; keep one: to Helm and kubectl it is '31' at PATH:1:1")
    yield Input("a number and its text, spelt in two ways", "a: {1_0: 1, \"10\": 2}\n", "1:13: duplicate key '10'; keep one: to Helm and kubectl it is '1_0' at PATH:1:5")
    yield Input("null as a key", "a: 1\n~: 2\n", "2:1: Helm and kubectl refuse the key '~'; write it as text, in quotes")
    yield Input("two merge keys", "a: &a {b: 1}\n<<: *a\n<<: *a\n", "3:1: a second merge key, the first is at PATH:2:1; write one, <<: [*a, *a]")
    yield Input("an escape of JSON", 'a: "\\/"\n', "1:5: the escape \\/, which Helm and kubectl refuse; write only /")
    yield Input("a key twice among many", lines("k#: 1", 50_000) + "k77: 2\n", "50001:1: duplicate key 'k77'; keep one: the first is at PATH:78:1")
    yield Input("a list as a key", "[a]: 1\n", "1:1: a list as a key; keys must be single values")
    yield Input("another version", "%YAML 9.9\n---\na: 1\n", f"1:1: {bad}found incompatible YAML document")
    yield Input("a directive alone", "%YAML 1.1\n", f"2:1: {bad}did not find expected <document start>")
    yield Input("a directive twice", "%YAML 1.1\n%YAML 1.1\n---\na: 1\n", f"2:1: {bad}found duplicate %YAML directive")
    yield Input("an unknown directive", "%X y\n---\na: 1\n", f"1:3: {bad}while scanning a directive found unknown directive name")
    yield Input("two documents", "a: 1\n---\nb: 2\n", f"2:1: {TWO}")
    yield Input("many documents", "--- {a: 1}\n" * MANY, f"2:1: {TWO}")
    yield Input("many empty documents", "---\n" * MANY, f"2:1: {TWO}")
    yield Input("merging a value", "<<: 1\n", "1:5: a merge key (<<) takes a mapping or a list of mappings, not a single value")
    yield Input("values of all kinds", "a: [1, 1.5, true, null, x, 'y', \"z\\n\"]\nb: {c: {}, d: []}\n")


def some_inputs(every):
    """Of each kind one in so many, and at least one."""
    for made in (aliases, nests, numbers, sizes, bytes_, forms):
        yield from list(made())[::every]
