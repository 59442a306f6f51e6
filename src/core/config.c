/* SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "yaml/expand.h"
#include "yaml/read.h"
#include "yaml/scalar.h"

struct loading {
	struct arena *mem;
	const struct doc *doc;
	struct error *e;
	struct fleet f;
	size_t room;        /* positions that f has memory for */
	size_t bytes;       /* of all their paths */
	const char **known; /* keys of a position: name, promotion, then the dimensions */
};

/* -1, for an analyser to see as well */
#define wrong(l, node, ...)                                                                        \
	(yaml_error((l)->e, (l)->doc, (node)->place, __VA_ARGS__),                                 \
		error_code((l)->e, "bad-config"), -1)

/* A scalar that names a directory. What readers take for something other than a string must be quoted. */
static int read_name(struct loading *l, const struct node *n, const char *what, const char **out)
{
	if (n->kind != NODE_SCALAR)
		return wrong(l, n, "%s must be a text, not %s", what, node_describe(n));
	enum scalar_type type = scalar_type(n);
	if (type == TYPE_NULL)
		return wrong(l, n, "%s is empty", what);
	/* 7 is written alike by all readers, 007, 0x7 and -0 are not */
	bool odd_int = type == TYPE_INT &&
		(n->value.at[0] == '+' || strchr(n->value.at, 'x') || str_is(n->value, "-0"));
	if ((type != TYPE_STRING && type != TYPE_INT) || odd_int)
		return wrong(l, n, "%s '%s' is not a string to every YAML reader; put it in quotes",
			what, n->value.at);
	const char *problem = fleet_name_problem(n->value);
	if (!problem && n->value.len >= 5 &&
		memcmp(n->value.at + n->value.len - 5, ".yaml", 5) == 0)
		problem = "ends in .yaml, as the files beside the directories do";
	if (problem)
		return wrong(l, n, "%s '%s' %s", what, n->value.at, problem);
	*out = arena_copy(l->mem, n->value.at, n->value.len);
	return 0;
}

static const char *singular(struct arena *mem, const char *name)
{
	size_t n = strlen(name);

	return arena_copy(mem, name, n > 1 && name[n - 1] == 's' ? n - 1 : n);
}

/* A name that people may mean both of these by, in full or for short; or NULL. */
static const char *shared_name(const struct dimension *a, const struct dimension *b)
{
	if (strcmp(a->single, b->single) == 0 || strcmp(a->single, b->name) == 0)
		return a->single;
	return strcmp(a->name, b->single) == 0 ? a->name : NULL;
}

static int read_dimensions(struct loading *l, const struct node *list)
{
	if (list->kind != NODE_LIST || list->list.count == 0)
		return wrong(l, list,
			"'dimensions' must be a list of names, such as [environments, regions]");
	if (list->list.count > CONFIG_DIMENSIONS)
		return wrong(l, list, "more than %d dimensions", CONFIG_DIMENSIONS);
	l->f.depth = list->list.count;
	l->f.dimensions = ARENA_NEW(l->mem, struct dimension, l->f.depth);
	l->known = ARENA_NEW(l->mem, const char *, l->f.depth + 2);
	l->known[0] = "name";
	l->known[1] = "promotion";
	for (size_t i = 0; i < l->f.depth; i++) {
		const struct node *n = list->list.items[i];
		const char *name = NULL;

		if (read_name(l, n, "a dimension's name", &name) < 0)
			return -1;
		for (size_t k = 0; k < i + 2; k++)
			if (strcmp(l->known[k], name) == 0)
				return wrong(l, n,
					k < 2 ? "'%s' is a key of every position and cannot name a dimension"
					      : "duplicate dimension '%s'",
					name);
		l->f.dimensions[i] = (struct dimension){ name, singular(l->mem, name) };
		for (size_t k = 0; k < i; k++) {
			const char *called = shared_name(&l->f.dimensions[k], &l->f.dimensions[i]);
			if (called)
				return wrong(l, n,
					"the dimensions '%s' and '%s' are both called '%s'",
					l->f.dimensions[k].name, name, called);
		}
		l->known[i + 2] = name;
	}
	return 0;
}

/* A key that is not ours: refused if it looks as if it should be. `own` is the child dimension
 * or NULL. */
static int check_key(struct loading *l, const struct node *key, const char *own)
{
	size_t n = l->f.depth + 2;
	const char *text = key->value.at;

	for (size_t i = 0; i < n; i++)
		if (str_is(key->value, l->known[i])) {
			if (i < 2 || l->known[i] == own)
				return 0;
			if (!own)
				return wrong(l, key, "'%s' below the last dimension '%s'", text,
					l->known[n - 1]);
			return wrong(l, key, "'%s' is not allowed here; the next dimension is '%s'",
				text, own);
		}
	const char *meant = str_nearest(text, l->known, n);
	if (strncasecmp(text, "promot", 6) == 0) /* promote, promoted: not near enough, yet plain */
		meant = "promotion";
	if (meant)
		return wrong(l, key, "unknown key '%s'; did you mean '%s'?", text, meant);
	return 0;
}

static int read_promotion(struct loading *l, const struct node *n, bool *manual)
{
	bool text = n->kind == NODE_SCALAR;

	if (text && str_is(n->value, "manual"))
		*manual = true;
	else if (!text || !str_is(n->value, "automated"))
		return wrong(l, n, "promotion must be 'automated' or 'manual', not %s%s%s",
			text && n->value.len ? "'" : "",
			text && n->value.len ? n->value.at : node_describe(n),
			text && n->value.len ? "'" : "");
	return 0;
}

/* Appends a position with everything but its descendants. */
static int add_position(
	struct loading *l, const struct node *at, const char *name, size_t parent, bool manual)
{
	struct fleet *f = &l->f;
	const char *above = parent == NOWHERE ? NULL : f->positions[parent].path;

	if (f->count == CONFIG_POSITIONS)
		return wrong(l, at, "more than %d positions", CONFIG_POSITIONS);
	if (f->count == l->room) {
		l->room = l->room ? l->room * 2 : 64;
		f->positions =
			arena_grow(l->mem, f->positions, f->count, l->room, sizeof(*f->positions));
	}
	const char *path = above ? arena_printf(l->mem, "%s/%s", above, name) : name;
	size_t len = strlen(path);
	if (len > CONFIG_PATH)
		return wrong(
			l, at, "the path of this position is longer than %d bytes", CONFIG_PATH);
	l->bytes += len;
	if (l->bytes > CONFIG_PATHS)
		return wrong(l, at, "the paths of the positions take more than %d MiB",
			CONFIG_PATHS / (1024 * 1024));
	size_t i = f->count++;
	f->positions[i] = (struct position){
		.path = path,
		.name = path + len - strlen(name),
		.parent = parent,
		.end = i + 1,
		.depth = above ? f->positions[parent].depth + 1 : 1,
		.manual = manual,
	};
	return 0;
}

static int read_positions(struct loading *l, const struct node *list, size_t parent);

static int read_mapped_position(struct loading *l, const struct node *n, size_t parent)
{
	size_t depth = parent == NOWHERE ? 1 : l->f.positions[parent].depth + 1u;
	const char *below = depth < l->f.depth ? l->f.dimensions[depth].name : NULL;
	const struct node *name = node_get(n, "name"), *promotion = node_get(n, "promotion");
	const char *text = NULL;
	bool manual = false;

	for (size_t i = 0; i < n->map.count; i++)
		if (check_key(l, n->map.pairs[i].key, below) < 0)
			return -1;
	if (!name)
		return wrong(l, n, "a position without 'name'");
	if (read_name(l, name, "the name", &text) < 0)
		return -1;
	if (promotion && read_promotion(l, promotion, &manual) < 0)
		return -1;
	if (add_position(l, name, text, parent, manual) < 0)
		return -1;
	const struct node *children = below ? node_get(n, below) : NULL;
	return children ? read_positions(l, children, l->f.count - 1) : 0;
}

static int read_position(struct loading *l, const struct node *n, size_t parent)
{
	const char *text = NULL;

	if (n->kind == NODE_MAP)
		return read_mapped_position(l, n, parent);
	if (n->kind == NODE_LIST)
		return wrong(l, n, "a position must be a mapping or a name, not a list");
	return read_name(l, n, "the name", &text) < 0 ? -1
						      : add_position(l, n, text, parent, false);
}

static int by_name(const void *a, const void *b)
{
	const struct position *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order ? order : (*x > *y) - (*x < *y);
}

/* Two siblings of one name would be one directory. `list` has their nodes, for the place of the
 * second. */
static int check_siblings(struct loading *l, const struct node *list, size_t first)
{
	struct arena_mark mark = arena_mark(l->mem);
	size_t n = list->list.count, at = first;
	const struct position **sorted = ARENA_NEW(l->mem, const struct position *, n);
	const struct position *again = NULL;

	for (size_t i = 0; i < n; i++, at = l->f.positions[at].end)
		sorted[i] = &l->f.positions[at];
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < n; i++)
		if (strcmp(sorted[i]->name, sorted[i - 1]->name) == 0 &&
			(!again || sorted[i] < again))
			again = sorted[i];
	arena_rewind(l->mem, mark);
	if (!again)
		return 0;
	size_t i = 0;
	for (at = first; &l->f.positions[at] != again; at = l->f.positions[at].end)
		i++;
	const struct node *item = list->list.items[i], *name = node_get(item, "name");
	return wrong(l, name ? name : item, "duplicate name '%s' among its siblings", again->name);
}

/* The children of `parent`, each with what is below it. */
static int read_positions(struct loading *l, const struct node *list, size_t parent)
{
	size_t first = l->f.count;

	if (list->kind == NODE_SCALAR && scalar_type(list) == TYPE_NULL && parent != NOWHERE)
		return 0; /* `regions:` with nothing behind it */
	if (list->kind != NODE_LIST)
		return wrong(l, list, "'%s' must be a list of positions, not %s",
			l->f.dimensions[parent == NOWHERE ? 0 : l->f.positions[parent].depth].name,
			node_describe(list));
	for (size_t i = 0; i < list->list.count; i++) {
		size_t at = l->f.count;

		if (read_position(l, list->list.items[i], parent) < 0)
			return -1;
		l->f.positions[at].end = l->f.count;
	}
	return list->list.count > 1 ? check_siblings(l, list, first) : 0;
}

static int read_sequence(struct loading *l, const struct node *n)
{
	const char *first = l->f.dimensions[0].name;
	const struct node *list = node_get(n, first);

	if (n->kind != NODE_MAP)
		return wrong(l, n, "'sequence' must be a mapping with the key '%s', not %s", first,
			node_describe(n));
	if (!list)
		return wrong(l, n, "'sequence' has no key '%s', the first dimension", first);
	for (size_t i = 0; i < n->map.count; i++) {
		const struct node *key = n->map.pairs[i].key;

		if (str_is(key->value, "promotion"))
			return wrong(l, key, "'promotion' belongs to a position, not here");
		if (check_key(l, key, first) < 0)
			return -1;
	}
	if (read_positions(l, list, NOWHERE) < 0)
		return -1;
	if (l->f.count == 0)
		return wrong(l, list, "the sequence has no position");
	return 0;
}

static int read_cluster_types(struct loading *l, const struct node *n)
{
	if (n->kind == NODE_SCALAR && scalar_type(n) == TYPE_NULL)
		return 0;
	if (n->kind != NODE_LIST)
		return wrong(l, n, "'cluster_types' must be a list, not %s", node_describe(n));
	if (n->list.count > CONFIG_TYPES)
		return wrong(l, n, "more than %d cluster types", CONFIG_TYPES);
	l->f.cluster_types = ARENA_NEW(l->mem, const char *, n->list.count);
	for (size_t i = 0; i < n->list.count; i++) {
		const struct node *item = n->list.items[i];
		const struct node *name = item->kind == NODE_MAP ? node_get(item, "name") : item;
		const char *text = NULL;

		if (!name)
			return wrong(l, item, "a cluster type without 'name'");
		if (read_name(l, name, "a cluster type's name", &text) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->f.cluster_types[k], text) == 0)
				return wrong(l, name, "duplicate cluster type '%s'", text);
		l->f.cluster_types[l->f.types++] = text;
	}
	return 0;
}

/* A command for a shell, on one line or more. */
static int read_command(struct loading *l, const struct node *n)
{
	if (n->kind == NODE_SCALAR && scalar_type(n) == TYPE_NULL)
		return 0;
	if (n->kind != NODE_SCALAR || scalar_type(n) != TYPE_STRING || !n->value.len ||
		memchr(n->value.at, '\0', n->value.len))
		return wrong(l, n, "'pull_request_command' must be a command as text");
	l->f.pull_request = arena_copy(l->mem, n->value.at, n->value.len);
	return 0;
}

static void count_targets(struct fleet *f)
{
	for (size_t i = f->count; i-- > 0;) {
		struct position *p = &f->positions[i];
		if (fleet_is_target(f, i)) {
			p->targets = 1;
			f->targets++;
		}
		if (p->parent != NOWHERE)
			f->positions[p->parent].targets += p->targets;
	}
}

static int check_top_keys(struct loading *l, const struct node *root)
{
	static const char *const known[] = { "dimensions", "sequence", "cluster_types",
		"pull_request_command" };

	for (size_t i = 0; i < root->map.count; i++) {
		const struct node *key = root->map.pairs[i].key;
		const char *meant =
			str_nearest(key->value.at, known, sizeof(known) / sizeof(*known));

		if (strncasecmp(key->value.at, "promot", 6) == 0)
			return wrong(l, key, "'%s' belongs to a position, not here", key->value.at);
		if (meant && !str_is(key->value, meant))
			return wrong(l, key, "unknown key '%s'; did you mean '%s'?", key->value.at,
				meant);
	}
	return 0;
}

int config_fleet(struct arena *mem, const struct doc *doc, struct fleet *f, struct error *e)
{
	struct loading l = { .mem = mem, .doc = doc, .e = e };

	if (!doc->root) {
		error_set(e, STATUS_FILES,
			"%s: the file is empty; it must describe the fleet with 'dimensions' and 'sequence'",
			doc->name);
		error_file(e, doc->name);
		return error_code(e, "bad-config");
	}
	struct expansion expansion = EXPANSION(CONFIG_EXPANSION);
	const struct node *root = yaml_expand(mem, doc, &expansion, e);
	if (!root)
		return -1;
	if (root->kind != NODE_MAP)
		return wrong(&l, root, "must be a mapping with 'dimensions' and 'sequence', not %s",
			node_describe(root));
	const struct node *dimensions = node_get(root, "dimensions");
	const struct node *sequence = node_get(root, "sequence");
	const struct node *types = node_get(root, "cluster_types");
	const struct node *command = node_get(root, "pull_request_command");
	if (check_top_keys(&l, root) < 0)
		return -1;
	if (!dimensions || !sequence)
		return wrong(&l, root, "the key '%s' is missing",
			dimensions ? "sequence" : "dimensions");
	if (read_dimensions(&l, dimensions) < 0 || read_sequence(&l, sequence) < 0)
		return -1;
	if ((types && read_cluster_types(&l, types) < 0) ||
		(command && read_command(&l, command) < 0))
		return -1;
	count_targets(&l.f);
	*f = l.f;
	return 0;
}
