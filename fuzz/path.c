/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path - any bytes as names and paths that people type.
 *
 * As a whole, up to the first NUL:
 * - as a path of values (core/keypath.h): what was parsed and written is parsed to
 *   the same parts, and written a second time it is the same text, one line;
 * - as PATCH (core/paths.h): what is taken begins with patch-, fits a file's
 *   name, and means itself with and without .yaml;
 * - as a position (core/fleet.h): found exactly if it is the path of one, with or
 *   without a slash at its end; what is suggested is the path of one;
 * - as a path of the tree (store/tree/pathname.h): directory and last part make it again.
 * Cut at each byte 0xff, which no text has:
 * - as keys: the path that is written of them leads to the value at these keys.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "core/config.h"
#include "core/paths.h"
#include "core/keypath.h"
#include "store/tree/pathname.h"
#include "yaml/edit/change.h"
#include "yaml/read.h"

static struct str written(struct arena *mem, const struct keypath *p)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < p->count; i++)
		keypath_add(&b, p->parts[i]);
	return buf_str(&b);
}

static void check_line(struct str text)
{
	HOLDS(error_escape(NULL, 0, text.at, text.len) == text.len);
}

/* Parses what was written of `p`, which must give the same parts. */
static void check_again(struct arena *mem, const struct keypath *p)
{
	struct str text = written(mem, p);
	struct error e = { 0 };
	struct keypath again;

	check_line(text);
	HOLDS(strlen(text.at) == text.len);
	HOLDS(keypath_parse(mem, text.at, &again, &e) == 0);
	HOLDS(again.count == p->count);
	for (size_t i = 0; i < p->count; i++)
		HOLDS(str_equal(again.parts[i], p->parts[i]));
	HOLDS(str_equal(written(mem, &again), text));
}

static void check_typed_path(struct arena *mem, const char *text)
{
	const struct keypath before = { .count = 7 };
	struct keypath p = before;
	struct error e = { 0 };

	if (keypath_parse(mem, text, &p, &e) < 0) {
		HOLDS(memcmp(&p, &before, sizeof(p)) == 0);
		fuzz_error(&e, STATUS_USAGE);
		error_free(&e);
		return;
	}
	HOLDS(p.count >= 1);
	check_again(mem, &p);
}

/* mappings in one another with these keys, and an item of a list at the end */
static struct node *nested(
	struct arena *mem, const struct keypath *p, size_t from, struct node *leaf)
{
	struct node *n = ARENA_NEW(mem, struct node, 1);

	if (from == p->count) {
		*n = (struct node){ .kind = NODE_LIST };
		n->list.items = ARENA_NEW(mem, struct node *, 11);
		n->list.count = 11;
		for (size_t i = 0; i < 11; i++)
			n->list.items[i] = i == 10 ? leaf : node_string(mem, STR("other"));
		return n;
	}
	*n = (struct node){ .kind = NODE_MAP };
	n->map.count = 1;
	n->map.pairs = ARENA_NEW(mem, struct pair, 1);
	n->map.pairs[0].key = node_string(mem, p->parts[from]);
	n->map.pairs[0].value = nested(mem, p, from + 1, leaf);
	return n;
}

static void check_keys(struct arena *mem, struct str bytes)
{
	struct keypath p = { .parts = ARENA_NEW(mem, struct str, bytes.len + 2) };
	struct node *leaf = node_string(mem, STR("leaf"));
	struct error e = { 0 };
	size_t depth = 0;

	for (size_t at = 0; at <= bytes.len && p.count < YAML_DEPTH;) {
		const char *cut =
			at < bytes.len ? memchr(bytes.at + at, 0xff, bytes.len - at) : NULL;
		size_t n = (cut ? (size_t)(cut - bytes.at) : bytes.len) - at;
		p.parts[p.count++] = (struct str){ bytes.at + at, n };
		at += n + 1;
	}
	check_again(mem, &p);
	const struct node *root = nested(mem, &p, 0, leaf);
	struct buf text = { .mem = mem };
	buf_add(&text, written(mem, &p));
	keypath_add(&text, STR("10"));
	HOLDS(keypath_parse(mem, text.at, &p, &e) == 0);
	HOLDS(keypath_get(root, &p) == leaf);
	p.parts[p.count - 1] = STR("11");
	HOLDS(!keypath_get(root, &p));
	keypath_follow(root, &p, &depth);
	HOLDS(depth == p.count - 1);
}

static void check_patch(struct arena *mem, const char *text)
{
	const char *problem = NULL, *again = NULL;
	const char *name = paths_patch_name(mem, text, &problem);

	HOLDS(!name == !!problem);
	if (!name)
		return;
	const char *file = arena_printf(mem, "%s.yaml", name);
	HOLDS(strncmp(name, "patch-", 6) == 0 && name[6]);
	HOLDS(!fleet_name_problem(str_of(file)));
	HOLDS(strcmp(text, name) == 0 || strcmp(text, file) == 0);
	again = paths_patch_name(mem, file, &problem);
	HOLDS(again && strcmp(again, name) == 0);
}

static void check_position(struct arena *mem, const char *text)
{
	static const char config[] =
		"dimensions: [environments, sectors, regions]\n"
		"sequence:\n"
		"  environments:\n"
		"  - {name: lab, sectors: [a, {name: b, regions: [us, eu, b]}]}\n"
		"  - {name: live, sectors: [{name: a, regions: [us, a b]}]}\n"
		"  - lab2\n";
	struct error e = { 0 };
	struct doc doc = { 0 };
	struct fleet f = { 0 };
	size_t n = strlen(text), expected = NOWHERE;
	bool known = false;

	HOLDS(yaml_read(mem, "f", str_of(config), &doc, &e) == 0);
	HOLDS(config_fleet(mem, &doc, &f, &e) == 0);
	if (n && text[n - 1] == '/')
		n--;
	const char *meant = fleet_nearest(mem, &f, text);
	for (size_t i = 0; i < f.count; i++) {
		if (strlen(f.positions[i].path) == n && memcmp(f.positions[i].path, text, n) == 0)
			expected = i;
		known = known || meant == f.positions[i].path;
	}
	HOLDS(fleet_find(&f, text) == expected);
	HOLDS(!meant || known);
	HOLDS(fleet_level(&f, text) <= f.depth);
}

static void check_pathname(struct arena *mem, const char *text)
{
	const char *directory = pathname_parent(mem, text), *last = pathname_last(text);

	HOLDS(!strchr(last, '/'));
	if (!strchr(text, '/')) {
		HOLDS(strcmp(directory, ".") == 0 && last == text);
		HOLDS(pathname_parts(text) == 1);
		return;
	}
	HOLDS(strcmp(arena_printf(mem, "%s/%s", directory, last), text) == 0);
	HOLDS(pathname_parts(text) == pathname_parts(directory) + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };
	struct str bytes = { (const char *)data, size };

	fuzz_arena(&mem);
	char *text = arena_copy(&mem, bytes.at, size);
	check_typed_path(&mem, text);
	check_patch(&mem, text);
	check_position(&mem, text);
	check_pathname(&mem, text);
	check_keys(&mem, bytes);
	arena_free(&mem);
	return 0;
}
