/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hold.h"

#include "core/instant.h"
#include "core/paths.h"
#include "yaml/expand.h"
#include "yaml/scalar.h"

struct reading {
	struct arena *mem;
	const struct fleet *f;
	const struct doc *doc;
	size_t position; /* whose file it is */
	struct hold hold;
	/* of the problem that an item has */
	struct place place;
	const char *wrong;
};

static int fail(struct reading *r, struct place place, const char *wrong)
{
	r->place = place;
	r->wrong = wrong;
	return -1;
}

#define wrong(r, node, ...) fail((r), (node)->place, arena_printf((r)->mem, __VA_ARGS__))

/* A text of one value; a time that is not in quotes is one, too. */
static int read_text(struct reading *r, const struct node *n, const char *what, const char **out)
{
	if (n->kind != NODE_SCALAR)
		return wrong(r, n, "'%s' must be a text, not %s", what, node_describe(n));
	const enum scalar_type type = scalar_type(n);
	if (type == TYPE_TAGGED)
		return wrong(r, n, "'%s' must be a text without a tag", what);
	if (type == TYPE_NULL || n->value.len == 0)
		return wrong(r, n, "'%s' is empty", what);
	if (memchr(n->value.at, '\0', n->value.len))
		return wrong(r, n, "'%s' contains a NUL", what);
	*out = arena_copy(r->mem, n->value.at, n->value.len);
	return 0;
}

static int read_time(struct reading *r, const struct node *n, const char *what, int64_t *at)
{
	const char *text = NULL;

	if (read_text(r, n, what, &text) < 0)
		return -1;
	const char *problem = instant_read(str_of(text), at);
	return problem ? wrong(r, n, "'%s: %s' %s", what, text, problem) : 0;
}

static int read_patch(struct reading *r, const struct node *n)
{
	const char *text = NULL, *problem = NULL;

	if (read_text(r, n, "patches", &text) < 0)
		return -1;
	const char *name = paths_patch_name(r->mem, text, &problem);
	if (!name)
		return wrong(r, n, "the patch name '%s' %s", text, problem);
	*ARENA_PUSH(r->mem, r->hold.patches, r->hold.patch_count) = name;
	return 0;
}

static int read_listed_position(struct reading *r, const struct node *n)
{
	const char *text = NULL;

	if (read_text(r, n, "positions", &text) < 0)
		return -1;
	const size_t at = fleet_find(r->f, text);
	if (at == NOWHERE)
		return wrong(r, n, "%s: the fleet has no such position%s", text,
			str_did_you_mean(r->mem, fleet_nearest(r->mem, r->f, text)));
	if (r->position != NOWHERE && !fleet_holds(r->f, r->position, at))
		return wrong(r, n, "%s is not in %s, where this file is", text,
			r->f->positions[r->position].path);
	*ARENA_PUSH(r->mem, r->hold.positions.list, r->hold.positions.count) = at;
	return 0;
}

static int read_list(struct reading *r, const struct node *n, const char *what,
	int (*read_item)(struct reading *r, const struct node *n))
{
	if (n->kind != NODE_LIST)
		return wrong(r, n, "'%s' must be a list, not %s", what, node_describe(n));
	if (!n->list.count)
		return wrong(r, n, "'%s' is empty; without this key it is all of them", what);
	for (size_t i = 0; i < n->list.count; i++)
		if (read_item(r, n->list.items[i]) < 0)
			return -1;
	return 0;
}

static int read_value(struct reading *r, struct str key, const struct node *n)
{
	struct hold *h = &r->hold;

	if (str_is(key, "reason"))
		return read_text(r, n, "reason", &h->reason);
	if (str_is(key, "by"))
		return read_text(r, n, "by", &h->by);
	if (str_is(key, "since"))
		return read_time(r, n, "since", &h->since);
	if (str_is(key, "until"))
		return read_time(r, n, "until", &h->until);
	return str_is(key, "patches") ? read_list(r, n, "patches", read_patch)
				      : read_list(r, n, "positions", read_listed_position);
}

static int read_hold(struct reading *r, const struct node *item)
{
	static const char *const known[] = { "reason", "by", "since", "until", "patches",
		"positions" };
	enum { KNOWN = sizeof(known) / sizeof(*known), REQUIRED = 3 };

	if (item->kind != NODE_MAP)
		return wrong(r, item,
			"a hold must be a mapping with 'reason', 'by' and 'since', not %s",
			node_describe(item));
	for (size_t i = 0; i < item->map.count; i++) {
		const struct node *key = item->map.pairs[i].key;
		size_t k = 0;

		while (k < KNOWN && !str_is(key->value, known[k]))
			k++;
		if (k == KNOWN)
			return wrong(r, key, "unknown key '%s'%s", key->value.at,
				str_did_you_mean(r->mem, str_nearest(key->value.at, known, KNOWN)));
		if (read_value(r, key->value, item->map.pairs[i].value) < 0)
			return -1;
	}
	for (size_t k = 0; k < REQUIRED; k++)
		if (!node_get(item, known[k]))
			return wrong(r, item, "the key '%s' is missing", known[k]);
	return 0;
}

static void add(struct arena *mem, struct hold_list *out, const struct hold *h)
{
	*ARENA_PUSH(mem, out->list, out->count) = *h;
}

void hold_add_wrong(struct arena *mem, const char *path, struct place place, const char *wrong,
	struct hold_list *out)
{
	const struct hold h = { .path = path,
		.place = place,
		.position = NOWHERE,
		.wrong = wrong,
		.until = HOLD_OPEN };

	add(mem, out, &h);
}

/* The text without the path and the place that it begins with. */
static const char *without_place(const char *path, const char *text)
{
	const size_t len = strlen(path);

	if (strncmp(text, path, len) != 0)
		return text;
	text += len;
	text += strspn(text, ":0123456789");
	return text + strspn(text, " ");
}

void hold_add_error(
	struct arena *mem, const char *path, const struct error *e, struct hold_list *out)
{
	const struct place place = { e->about.line, e->about.column };
	const char *text = without_place(path, e->text);

	hold_add_wrong(mem, path, place, arena_copy(mem, text, strlen(text)), out);
}

static void add_item(struct reading *r, const struct node *item, struct hold_list *out)
{
	r->wrong = NULL;
	r->hold = (struct hold){
		.path = r->doc->name,
		.place = item->place,
		.position = r->position,
		.until = HOLD_OPEN,
	};
	if (read_hold(r, item) < 0)
		hold_add_wrong(r->mem, r->doc->name, r->place, r->wrong, out);
	else
		add(r->mem, out, &r->hold);
}

void hold_read(struct arena *mem, const struct fleet *f, const struct doc *doc, size_t position,
	struct hold_list *out)
{
	struct reading r = { .mem = mem, .f = f, .doc = doc, .position = position };
	struct expansion expansion = EXPANSION(HOLD_EXPANSION);
	struct error e = { 0 };
	const struct place none = { 0 };

	if (!doc->root) {
		hold_add_wrong(
			mem, doc->name, none, "the file is empty; write a hold, or remove it", out);
		return;
	}
	const struct node *root = yaml_expand(mem, doc, &expansion, &e);
	if (!root) {
		hold_add_error(mem, doc->name, &e, out);
		error_free(&e);
	} else if (root->kind != NODE_LIST || !root->list.count) {
		hold_add_wrong(mem, doc->name, root->place,
			arena_printf(mem, "the file must be a list of holds, not %s",
				root->kind == NODE_LIST ? "an empty one" : node_describe(root)),
			out);
	} else {
		for (size_t i = 0; i < root->list.count; i++)
			add_item(&r, root->list.items[i], out);
	}
}

bool hold_has_file(const struct hold_list *holds, const char *path)
{
	for (size_t i = 0; i < holds->count; i++)
		if (strcmp(holds->list[i].path, path) == 0)
			return true;
	return false;
}

bool hold_in_force(const struct hold *h, int64_t now)
{
	return h->until == HOLD_OPEN || now < h->until;
}

bool hold_concerns(const struct hold *h, const char *patch)
{
	if (!h->patch_count || !patch)
		return true;
	for (size_t i = 0; i < h->patch_count; i++)
		if (strcmp(h->patches[i], patch) == 0)
			return true;
	return false;
}

bool hold_covers(const struct hold *h, const struct fleet *f, size_t p)
{
	if (h->position != NOWHERE && !fleet_holds(f, h->position, p))
		return false;
	for (size_t i = 0; i < h->positions.count; i++)
		if (fleet_holds(f, h->positions.list[i], p))
			return true;
	return !h->positions.count;
}

int hold_refuse_wrong(struct arena *mem, const struct hold *h, struct error *e)
{
	error_set(e, STATUS_FILES, "%s: %s", hold_place(mem, h), h->wrong);
	return error_about(e,
		(struct about){
			.file = h->path, .line = h->place.line, .column = h->place.column });
}

const char *hold_place(struct arena *mem, const struct hold *h)
{
	if (!h->place.line)
		return h->path;
	return arena_printf(mem, "%s:%u:%u", h->path, h->place.line, h->place.column);
}

const char *hold_text(struct arena *mem, const struct fleet *f, const struct hold *h)
{
	struct buf b = { .mem = mem };

	buf_printf(&b, "%s: %s", hold_place(mem, h), h->wrong ? h->wrong : h->reason);
	if (h->wrong)
		return b.at;
	buf_printf(&b, " (%s, ", h->by);
	if (h->until == HOLD_OPEN)
		buf_printf(&b, "since %s", instant_text(mem, h->since));
	else
		buf_printf(&b, "until %s", instant_text(mem, h->until));
	for (size_t i = 0; i < h->patch_count; i++)
		buf_printf(&b, ", %s", h->patches[i]);
	for (size_t i = 0; i < h->positions.count; i++)
		buf_printf(&b, "%s%s", i ? ", " : ", at ", f->positions[h->positions.list[i]].path);
	buf_putc(&b, ')');
	return b.at;
}
