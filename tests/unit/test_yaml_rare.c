/* The lossless edit of texts that are rarely written so. What is usual: test_yaml_edit.c. */
#include "helper.h"

#include "yaml/edit/edit.h"

struct row {
	const char *what;
	const char *base;
	const char *change; /* a patch; or the keys down to the one that goes, each on a line */
	const char *result; /* the whole text */
};

static const struct row merges[] = {
	{ "an anchor behind a marker", "--- &x # c\n- a\n", "b: 1", "--- # c\nb: 1\n" },
	{ "the innermost loses its anchor's tag first", "a: !t &x 1\nb: *x\n", "a: 2",
		"a: 2\nb: &x !t 1\n" },
	{ "an anchored mapping that holds an alias", "z: &z 1\na: &x\n  b: *z\n  c: 2\nd: *x\n",
		"a: 5", "z: &z 1\na: 5\nd: &x\n  b: 1\n  c: 2\n" },
	{ "dropped against their order", "a: &a 1\nb: {c: &c 2}\nd: [*a, *c]\n", "a: 3\nb: {c: 4}",
		"a: 3\nb: {c: 4}\nd: [&a 1, &c 2]\n" },
	{ "a flow list on lines loses and gets", "l: [\n  a, b,\n  c, d ]\n", "l: [x, a, d]",
		"l: [x, a, d]\n" },
	{ "literal to the empty", "a: |\n  x\n", "a: |-\n\n", "a: \"\"\n" },
	{ "a literal loses its end", "a: |\n  x\nb: 1\n", "a: |-\n  x\n", "a: |-\n  x\nb: 1\n" },
	{ "other text", "a: |\n  x\n", "a: |-\n  y\n", "a: |-\n  y\n" },
	{ "kept ends go", "a: |+\n  x\nb: 1\n", "a: |-\n  x\n", "a: |-\n  x\nb: 1\n" },
	{ "chomp before number", "a: |+2\n  x\nb: 1\n", "a: |-\n  x\n", "a: |-2\n  x\nb: 1\n" },
	{ "chomp after number", "a: |2+\n  x\nb: 1\n", "a: |-\n  x\n", "a: |2-\n  x\nb: 1\n" },
	{ "tagged literal", "a: !t |\n  x\n", "a: |-\n  x\n", "a: |-\n  x\n" },
	{ "literal of two lines", "a: |\n  x\n  y\n", "a: |-\n  x\n  z\n", "a: |-\n  x\n  z\n" },
	{ "keys with tag lifted", "a: 1\n", "b: {}\n!!str c: 1\nd:\n  !!str e: 1\n  f: &y 2",
		"a: 1\nb: {}\n!!str c: 1\nd:\n  !!str e: 1\n  f: 2\n" },
	{ "wide steps", "a:\n              b: 1\n", "c:\n  d: 1",
		"a:\n              b: 1\nc:\n  d: 1\n" },
	{ "a tag with a name of its own", "a: 1\n", "a: !<tag:example.com,2000:x> 1",
		"a: !<tag:example.com,2000:x> 1\n" },
	{ "odd tags", "a: 1\n", "a: ! 1\nb: !<foo> 2\nc: !a%2Fb 3\nd: !t\ne: !t-1 4\nf: !!str 5",
		"a: !<!> 1\nb: !<foo> 2\nc: !<!a/b> 3\nd: !t \ne: !t-1 4\nf: !!str 5\n" },
	{ "plain over lines, empty one between", "a: 1\n", "a: x\n\n  y\n", "a: \"x\\ny\"\n" },
	{ "single with tab", "a: 1\n", "a: 'x\ty'\n", "a: \"x\\ty\"\n" },
	{ "list item mapping with tag", "l:\n- 1\n", "l:\n- !t\n  a: 1\n- 2",
		"l:\n- !t\n  a: 1\n- 2\n" },
	{ "before the first in flow", "l: [\n  a,\n  b\n]\n", "l: [x, a, b]",
		"l: [\n  x,\n  a,\n  b\n]\n" },
	{ "bare at end of lines", "m: {\n  a: 1,\n  b:\n}\n", "m: {c: 2}",
		"m: {\n  a: 1,\n  b: ,\n  c: 2\n}\n" },
	{ "trailing comma on line", "m: {a: 1, }\n", "m: {c: 2}", "m: {a: 1, c: 2 }\n" },
	{ "two of flow go", "l: [\n  a, b,\n  c,\n  d\n]\n", "l: [a, d]", "l: [\n  a, d\n]\n" },
	{ "first of a line goes", "l: [\n  a, b,\n  c ]\n", "l: [b, c]", "l: [\n  b,\n  c ]\n" },
	{ "last on its line goes", "l: [\n  a,\n  b ]\n", "l: [a]", "l: [\n  a,\n   ]\n" },
	{ "bare colon before", "l: [\n  {a: }, {b: },\n  c: , d]\n", "l: [{a: }, {b: }, d]",
		"l: [\n  {a: }, {b: },\n  d]\n" },
	{ "first key with comment", "l:\n- a: 1\n  # c\n  b: 2\n- x\n", "l: [{b: 2}, x]",
		"l:\n-\n  # c\n  b: 2\n- x\n" },
	{ "patch keys without colon", "a: 1\n", "b:\n  ? c\n  ? d\n", "a: 1\nb:\n  ? c\n  ? d\n" },
	{ "patch key without colon at the end", "a: 1\n", "? b", "a: 1\nb: null\n" },
	{ "complex value lines", "z: 1\n", "? a\n: - x\n  - y\n", "z: 1\na:\n  - x\n  - y\n" },
	{ "multi-line key", "z: 1\n", "? \"a\n  b\"\n: 1\n", "z: 1\n\"a b\": 1\n" },
	{ "? empty key", "?\n: 1\nb: 2\n", "b: 3\n~: 4", "?\n: 4\nb: 3\n" },
	{ "empty block scalar last", "z: 1\n", "a:\n  b: |\n", "z: 1\na:\n  b: |\n" },
	{ "blank block scalar", "z: 1\n", "a: |\n   \n  \n", "z: 1\na: |\n   \n  \n" },
	{ "blank block scalar at end", "z: 1\n", "a: |+\n   ", "z: 1\na: |+\n" },
	{ "block header at end", "z: 1\n", "a: |", "z: 1\na: |\n" },
	{ "bare pair item put", "l: [\n  x,\n  y\n]\n", "l: [x, y, a: 1]",
		"l: [\n  x,\n  y,\n  {a: 1}\n]\n" },
	{ "bare pair becomes", "l: [\n  a: 1,\n  b\n]\n", "l: [{a: 2}, b]",
		"l: [\n  {a: 2},\n  b\n]\n" },
	{ "flow map loses and gets", "l: [\n  {a: 1, b: 2},\n  b\n]\n", "l: [{b: 2, c: 3}, b]",
		"l: [\n  {b: 2, c: 3},\n  b\n]\n" },
	{ "merge key, covered goes list",
		"x: &x {a: 1}\ny: &y {b: 1}\nl:\n- <<: [*x, *y]\n  b: 3\n  c: 4\n",
		"l: [{a: 1, c: 4}]", "x: &x {a: 1}\ny: &y {b: 1}\nl:\n- c: 4\n  a: 1\n" },
	{ "empty item to lines", "l:\n-\n- b\n", "l: [{a: 1}, b]", "l:\n- {a: 1}\n- b\n" },
	{ "block empty item to lines", "l:\n-\n- b\n", "l:\n- a: 1\n- b\n", "l:\n- a: 1\n- b\n" },
	{ "comment item to lines", "l:\n- # c\n- b\n", "l:\n- a: 1\n- b\n",
		"l:\n- # c\n  a: 1\n- b\n" },
	{ "value below to lines", "a:\n  x\nb: 1\n", "a:\n  c: 1\n", "a:\n  c: 1\nb: 1\n" },
	{ "value below with comment to lines", "a:\n  x # c\nb: 1\n", "a:\n  c: 1\n",
		"a:\n  # c\n  c: 1\nb: 1\n" },
	{ "key like a marker", "---a: 1\n", "b: 2", "---a: 1\nb: 2\n" },
	{ "single char", "7\n", "b: 2", "b: 2\n" },
	{ "tagged block", "a: 1\nb: 2\n", "a: !t\n  c: 1\n", "a: !t\n  c: 1\nb: 2\n" },
	{ "tagged block for block", "a:\n  d: 1\nb: 2\n", "a: !t\n  c: 1\n",
		"a:\n  d: 1\n  c: 1\nb: 2\n" },
	{ "tagged over below", "a:\n  x\nb: 2\n", "a: !t\n  c: 1\n", "a: !t\n  c: 1\nb: 2\n" },
	{ "verbatim tag", "a: !<tag:x> 1\n", "a: 2", "a: 2\n" },
	{ "verbatim tag list", "a: !<tag:x> [1]\nb: !t\nc: &x\nd: *x\n", "a: 2\nb: 3\nc: 4",
		"a: 2\nb: 3\nc: 4\nd: &x null\n" },
	{ "anchor at end", "b: 1\na: &x", "a: 2", "b: 1\na: 2" },
	{ "cr", "a: 1\r# c\rb: 2\r", "b: {c: 1}", "a: 1\r# c\rb: {c: 1}\r" },
	{ "text is alone on line", "--- # c\n7\n", "b: 2", "--- # c\nb: 2\n" },
	{ "many dropped",
		"x: &x 1\ny: *x\nl:\n- 0\n- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n- 7\n- 8\n- 9\n- 10\n- "
		"11\n- 12\n- 13\n- 14\n- 15\n- 16\n- 17\n- 18\n- 19\n",
		"l: [7]", "x: &x 1\ny: *x\nl:\n- 7\n" },
	{ "block scalar in unportable", "z: 1\n", "a:\n  !!str b: |\n    x\n  c: >\n    y\n\n\n",
		"z: 1\na:\n  !!str b: |\n    x\n  c: >\n    y\n" },
	{ "merges bool", "a: &x {b: 1}\nc: {<<: *x, d: 1}\n", "c: {b: 2}",
		"a: &x {b: 1}\nc: {<<: *x, d: 1, b: 2}\n" },
	{ "tagged << is key", "x: &x {a: 1}\nc:\n  !!str <<: *x\n  d: 1\n", "c: {a: 2}",
		"x: &x {a: 1}\nc:\n  !!str <<: *x\n  d: 1\n  a: 2\n" },
	{ "plain over lines goes between brackets", "a: {c: 1}\n", "a: {b: x\n    y}",
		"a: {c: 1, b: x y}\n" },
	{ "a merge key that is tagged", "x: &x {a: 1}\nc:\n  !!merge <<: *x\n  d: 1\n", "c: {a: 2}",
		"x: &x {a: 1}\nc:\n  !!merge <<: *x\n  d: 1\n  a: 2\n" },
	{ "merge keys of one alias, and of an inner one",
		"x: &x {a: 1}\ny: &y {<<: *x, b: 1}\nl:\n- <<: *y\n  a: 3\n  c: 4\n",
		"l: [{b: 1, c: 4}]", "x: &x {a: 1}\ny: &y {<<: *x, b: 1}\nl:\n- c: 4\n  b: 1\n" },
	{ "what merge keys do not bring goes",
		"x: &x {a: 1}\ny: &y {b: 1}\nl:\n- <<: [*x, *y]\n  c: 3\n  d: 4\n",
		"l: [{a: 1, b: 1, d: 4}]",
		"x: &x {a: 1}\ny: &y {b: 1}\nl:\n- <<: [*x, *y]\n  d: 4\n" },
	{ "a key of no text", "?\n: 1\nb: 2\n", "~: {c: 3}\nb: 3", "?\n: {c: 3}\nb: 3\n" },
	{ "a key of no text is added", "a: 1\n", "?\n: 1\n", "a: 1\nnull: 1\n" },
	{ "keys without colon, one is set", "? a\n? b\n", "a: 1\nb: {c: 2}",
		"? a\n: 1\n? b\n: {c: 2}\n" },
	{ "a single letter", "x\n", "b: 2", "b: 2\n" },
	{ "a marker and no more", "---", "b: 2", "---\nb: 2" },
	{ "the last one behind a colon and a space goes", "l: [\n  {a: , b: 1}, 2 ]\n",
		"l: [{a: }, 2]", "l: [\n  {a: }, 2 ]\n" },
	{ "a comment left of what is changed", "a:\n- b\n# c\n- d\n", "a: [b]", "a:\n- b\n" },
	{ "carriage returns alone", "- a\r# b\r- c\r", "a: 1", "a: 1\n" },
	{ "an item with carriage returns", "l:\r- a\r# b\r- c\r", "l: [a]", "l:\r- a\r" },
	{ "comments deeper than what is lifted", "a: 1\n", "b:\n    # deep\n  # c\n  d: 1",
		"a: 1\nb:\n    # deep\n  # c\n  d: 1\n" },
	{ "a literal that kept ends, on one line", "a: |+\n  x\n\nb: 1\n", "a: |-\n  x\n",
		"a: |-\n  x\nb: 1\n" },
	{ "tags on a whole subtree", "a: 1\n", "b: !t\n  c: !u [!v d, !w {e: 1}]\n  f: !t",
		"a: 1\nb: !t\n  c: !u [!v d, !w {e: 1}]\n  f: !t \n" },
	{ "a list tagged in an item", "l:\n- 1\n", "l:\n- !t\n  - !u 2\n- 3",
		"l:\n- !t\n  - !u 2\n- 3\n" },
	{ "a flow collection over lines", "a: 1\n", "b: {c: 1,\n  d: [2]}",
		"a: 1\nb: {c: 1,\n  d: [2]}\n" },
	{ "block scalars below block scalars", "a: &x |\n  x\nb: *x\nc: 1\n", "a: >\n  y\n",
		"a: >\n  y\nb: &x |\n  x\nc: 1\n" },
	{ "the value of an alias on a block", "a: &x\n  b: |\n    t\nc: *x\nd: 1\n", "a: 7",
		"a: 7\nc: &x\n  b: |\n    t\nd: 1\n" },
	{ "an anchored list moves", "a: &x # c\n- 1\n- 2\nb: *x\n", "a: 7",
		"a: 7 # c\nb: &x\n  - 1\n  - 2\n" },
	{ "an alias in an anchored list moves", "z: &z 1\na: &x\n- *z\n- b\nc: *x\n", "z: 2\na: 7",
		"z: 2\na: 7\nc: &x\n  - 1\n  - b\n" },
	{ "items of which one names another", "l:\n- &x 1\n- *x\n- *x\n", "l: [3, 1, 1]",
		"l:\n- 3\n- &x 1\n- *x\n" },
	{ "a comment between the dash and what stays", "l:\n- a: 1 # A\n\n  b: 2\n", "l: [{b: 2}]",
		"l:\n-\n\n  b: 2\n" },
	{ "text before the document's end", "a: 1\n...\n# end\n", "b:\n  c: |+\n    x\n\n",
		"a: 1\nb:\n  c: |+\n    x\n\n...\n# end\n" },
	{ "only a merge key's own pairs", "x: &x {a: 1}\nb: {<<: *x}\n", "b: {c: 1}",
		"x: &x {a: 1}\nb: {<<: *x, c: 1}\n" },
	{ "a quoted value over lines", "a: 1\n", "b: 'x\n\n  y'\nc: \"x\n  y\"",
		"a: 1\nb: 'x\n\n  y'\nc: \"x\n  y\"\n" },
	{ "a list without lines grows", "l: [ ]\n", "l: [a, {b: c}]", "l: [a, {b: c}]\n" },
	{ "null over lines", "a:\n  ~\nb: 1\n", "a: [1]", "a:\n  [1]\nb: 1\n" },
	{ "a flow mapping on its own line", "a:\n  {b: 1}\nc: 1\n", "a: {d: 1}",
		"a:\n  {b: 1, d: 1}\nc: 1\n" },
	{ "two of one column of steps", "a:\n- 1\nb:\n  - 2\n", "c:\n- 3\nd: {e: 1}",
		"a:\n- 1\nb:\n  - 2\nc:\n- 3\nd: {e: 1}\n" },
	{ "a list before a mapping, wide steps", "a:\n  - 1\nb:\n            c: 1\n",
		"d:\n  e:\n  - 2", "a:\n  - 1\nb:\n            c: 1\nd:\n  e:\n  - 2\n" },
	{ "list items not indented, tagged", "l:\n- a\nm: 1\n", "m: !t\n- x\n- y\n",
		"l:\n- a\nm: !t\n- x\n- y\n" },
	{ "a new item between two on one line", "l: [\n  a, b ]\n", "l: [a, x, b]",
		"l: [\n  a, x, b ]\n" },
	{ "quoted key, comma at once", "m: {\"a\":, b: 1}\n", "m: {c: 2}",
		"m: {\"a\":, b: 1, c: 2}\n" },
	{ "quoted key goes from behind", "l: [\n  {\"a\":, b: 1}, 2 ]\n", "l: [{a: }, 2]",
		"l: [\n  {\"a\":}, 2 ]\n" },
	{ "verbatim tag kept while it changes", "a: !<tag:x> {b: 1}\n", "a: !<tag:x> {b: 2}",
		"a: !<tag:x> {b: 2}\n" },
	{ "verbatim in patch", "a: 1\n", "l: !<tag:x> [1, !<y> 2]\n",
		"a: 1\nl: !<tag:x> [1, !<y> 2]\n" },
	{ "block header", "a: |\n", "b: 1", "a: |\nb: 1\n" },
	{ "value with backslash", "a: 1\n", "a: \"x\\\\y\\n\"\nb: {c: \"x\\\\\n y\"}\n",
		"a: \"x\\\\y\\n\"\nb: {c: \"x\\\\\n y\"}\n" },
	{ "folded tagged", "a: 1\n", "a: !t >\n  x\n  y\n", "a: !t \"x y\\n\"\n" },
	{ "colon with nothing between", "x: &x {b: 1}\ny:\n  ? a\n", "y: {a: {c: 1}}",
		"x: &x {b: 1}\ny:\n  ? a\n  : {c: 1}\n" },
	{ "? item", "y:\n  ? a\n  ? b\n", "y: {a: {c: 1}}", "y:\n  ? a\n  : {c: 1}\n  ? b\n" },
	{ "list portable but one", "a: 1\n", "b:\n- x\n- !t y\n- z\n",
		"a: 1\nb:\n  - x\n  - !t y\n  - z\n" },
	{ "stripped block at end of patch w/o newline", "a: 1\nc: 1\n", "b:\n  - |\n   x",
		"a: 1\nc: 1\nb:\n  - |-\n    x\n" },
	{ "stripped block at end pair", "a: 1\nc: 1\n", "b: |\n   x", "a: 1\nc: 1\nb: |-\n  x\n" },
	{ "stripped with dash at end", "a: 1\nc: 1\n", "b:\n  d: |-\n   x",
		"a: 1\nc: 1\nb:\n  d: |-\n   x\n" },
	{ "block in item tagged cut off", "a: 1\nc: 1\n", "b:\n- !t 1\n- |\n   x",
		"a: 1\nc: 1\nb:\n  - !t 1\n  - |-\n    x\n" },
	{ "blank lines block in tagged map", "a: 1\n",
		"b:\n  !!str c: |\n\n    x\n  d: |+\n    y\n\n",
		"a: 1\nb:\n  !!str c: |\n\n    x\n  d: |+\n    y\n\n" },
	{ "set over lines in flow", "a: {b: 1}\n", "a: {b: [1,\n  2]}", "a: {b: [1, 2]}\n" },
	{ "patch flow list empty", "a:\n- 1\n", "a: []", "a: []\n" },
	{ "text ends with double line end", "a: |\n  x\n", "a: |-\n  y\n", "a: |-\n  y\n" },
	{ "touch in two aliases", "a: &x {b: 1}\nc: &y {d: 1}\ne: [*y, *x]\nf: [*x, *y]\n",
		"a: {b: 2}\nc: {d: 2}",
		"a: {b: 2}\nc: {d: 2}\ne: [&y {d: 1}, &x {b: 1}]\nf: [*x, *y]\n" },
	{ "anchor and comment right behind", "a: &x # c\n  b: 1\n  d: 2\nc: *x\n", "a: {b: 3}",
		"a: # c\n  b: 3\n  d: 2\nc: &x\n  b: 1\n  d: 2\n" },
	{ "anchor at line end", "a: &x\n  b: 1\n  d: 2\nc: *x\n", "a: {b: 3}",
		"a:\n  b: 3\n  d: 2\nc: &x\n  b: 1\n  d: 2\n" },
	{ "another last letter", "a: |-\n  xy\n", "a: |-\n  x\n", "a: |-\n  x\n" },
	{ "one line end less", "a: |+\n  x\n\nb: 1\n", "a: |\n  x\n", "a: |\n  x\nb: 1\n" },
	{ "a tagged value inside", "a: 1\n", "b:\n  c: 1\n  d: !t 2",
		"a: 1\nb:\n  c: 1\n  d: !t 2\n" },
	{ "blank lines alone behind a tagged key", "z: 1\n", "!!str a: |+\n  \n  ",
		"z: 1\n!!str a: \"\\n\"\n" },
	{ "a new item with a tag", "l:\n- 0\n", "l:\n- 0\n- !t\n  a: 1\n",
		"l:\n- 0\n- !t\n  a: 1\n" },
	{ "new keys without colon", "a: 1\n", "? b\n? c", "a: 1\nb: null\nc: null\n" },
	{ "two keys go that a merge key brings",
		"x: &x {a: 1}\nl:\n- <<: *x\n  a: 5\n  b: 6\n  c: 7\n", "l: [{c: 7}]",
		"x: &x {a: 1}\nl:\n- c: 7\n" },
	{ "anchor and value behind", "a: &x {b: 1, d: 2}\nc: *x\n", "a: {b: 3}",
		"a: {b: 3, d: 2}\nc: &x {b: 1, d: 2}\n" },
	{ "an empty mapping beside anchors", "a: &x {b: 1}\nc: {}\nd: *x\ne: []\n", "a: {b: 2}",
		"a: {b: 2}\nc: {}\nd: &x {b: 1}\ne: []\n" },
};

static const struct row removals[] = {
	{ "from nothing", "", "a", "" },
	{ "from an empty mapping", "a: {}\n", "a\nb", "a: {}\n" },
	{ "of a sister's child", "a:\n# c\n  b: 1\n  d: 2\n", "a\nb", "a:\n# c\n  d: 2\n" },
	{ "the first line is blank", "\na: 1\nb: 2\n", "a", "\nb: 2\n" },
	{ "covered by a merge key", "x: &x {a: 1, b: 2}\nm:\n  <<: *x\n  a: 5\n  c: 6\n", "m\na",
		"x: &x {a: 1, b: 2}\nm:\n  c: 6\n  b: 2\n" },
	{ "covered by one of several", "x: &x {a: 1}\ny: &y {b: 2}\nm:\n  <<: [*x, *y]\n  b: 5\n",
		"m\nb", "x: &x {a: 1}\ny: &y {b: 2}\nm:\n  a: 1\n" },
	{ "covered by none of several", "x: &x {a: 1}\ny: &y {b: 2}\nm:\n  <<: [*x, *y]\n  c: 5\n",
		"m\nc", "x: &x {a: 1}\ny: &y {b: 2}\nm:\n  <<: [*x, *y]\n" },
	{ "covered by an inner merge key",
		"x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nm:\n  <<: *y\n  a: 5\n", "m\na",
		"x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nm:\n  b: 2\n" },
	{ "covered by nothing inside", "x: &x {a: 1}\nm:\n  <<: {b: 1}\n  a: 5\n", "m\na",
		"x: &x {a: 1}\nm:\n  <<: {b: 1}\n" },
	{ "two of an indented comment", "a: 1\n  # right\n# left\nb: 2\n", "b",
		"a: 1\n  # right\n" },
	{ "of carriage returns", "a: 1\r# about b\rb: 2\rc: 3\r", "b", "a: 1\rc: 3\r" },
	{ "of carriage returns and line feeds", "a: 1\r\n# about b\r\nb: 2\r\nc: 3\r\n", "b",
		"a: 1\r\nc: 3\r\n" },
	{ "the last of braces on its line", "{\n  a: 1,\n  b: 2 }\n", "b", "{\n  a: 1,\n   }\n" },
	{ "behind a colon and a space", "{a: , b: 2}\n", "b", "{a: }\n" },
	{ "not there", "a: 1\n", "b\nc", "a: 1\n" },
	{ "an anchor that others name", "a: &x\n  b: 1\nc: *x\n", "a", "c: &x\n  b: 1\n" },
	{ "an anchored key's tail", "a: &x # why\n  b: 1\n  c: 2\nd: *x\n", "a\nb",
		"a: # why\n  c: 2\nd: &x\n  b: 1\n  c: 2\n" },
	{ "an anchor behind a tag", "a: !t &x\n  b: 1\n  c: 2\nd: *x\n", "a\nb",
		"a: !t\n  c: 2\nd: &x !t\n  b: 1\n  c: 2\n" },
};

static struct str merged(struct kit *k, const struct row *row)
{
	struct doc base = kit_read(k, str_of(row->base)), patch = kit_read(k, str_of(row->change));
	struct str out = { 0 };

	assert_int_equal(yaml_edit_merge(&k->mem, &base, &patch, &out, &k->e), 0);
	return out;
}

static struct str removed(struct kit *k, const struct row *row)
{
	struct doc base = kit_read(k, str_of(row->base));
	struct changes list = { .mem = &k->mem };
	const struct node *path[4];
	struct str out = { 0 };
	size_t depth = 0;

	for (const char *at = row->change; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		path[depth++] = node_string(&k->mem, (struct str){ at, strcspn(at, "\n") });
	}
	changes_remove(&list, path, depth);
	assert_int_equal(yaml_edit(&k->mem, &base, list.at, list.count, &out, &k->e), 0);
	return out;
}

static void run(struct kit *k, const struct row *rows, size_t n,
	struct str (*edit)(struct kit *k, const struct row *row))
{
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		struct str text = edit(k, &rows[i]);

		if (!str_is(text, rows[i].result)) {
			print_error("%s: instead of\n%s---\n%.*s---\n", rows[i].what,
				rows[i].result, (int)text.len, text.at);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void merging(void **state)
{
	run(*state, merges, LENGTH(merges), merged);
}

static void removing(void **state)
{
	run(*state, removals, LENGTH(removals), removed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(merging),
		KIT_TEST(removing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
