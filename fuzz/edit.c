/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit - a document and a change of it, made in its text.
 *
 * The input is the document, a line `%%%` and a patch to merge; or a line `%%-`
 * and a list of keys, the path of what is to be removed. (fuzz_split has more.)
 *
 * - A refusal is one line with file, line and column; the base stays as it is.
 * - The new text means the merge (computed here a second time), or the
 *   document without the key; if that is the old meaning, the text is the old one.
 * - All lines of the old text that do not belong to what changes are in the new
 *   one, byte for byte and in order; other lines of the new one belong to what
 *   changed, or are comments. (Not checked for texts with aliases, whose values
 *   move; and blank lines do not count if a block scalar keeps those at its end.)
 * - The text before a single value that is replaced stays, and a comment after
 *   one. With what is removed only its own comments are removed.
 * - The byte order mark, CR LF throughout and a missing last line end are kept; the
 *   last only if it does not cut off a block scalar.
 * - The same change once more changes nothing, and one patch twice gives the same text.
 */
#include "fuzz.h"
#include "marks.h"

#include <stdlib.h>

#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/keys.h"
#include "yaml/merge.h"
#include "yaml/read.h"

#define BASE   "base.yaml"
#define CHANGE "change.yaml"

static const struct pair *pair_of(struct arena *mem, const struct node *map, const struct node *key)
{
	for (size_t i = 0; i < map->map.count; i++)
		if (fuzz_same(mem, map->map.pairs[i].key, key))
			return &map->map.pairs[i];
	return NULL;
}

/* Whether a mapping's lines stay while pairs in it change: not so between brackets. */
static bool has_lines(const struct node *n)
{
	return n->kind == NODE_MAP && !n->flow && n->map.count;
}

/* The text's mapping and the one it becomes; `result` is the same one in the new text, or NULL. */
static void mark(struct arena *mem, struct marks *base, struct marks *after,
	const struct node *have, const struct node *want, const struct node *result)
{
	for (size_t i = 0; i < have->map.count; i++) {
		const struct pair *p = &have->map.pairs[i];
		const struct pair *w = pair_of(mem, want, p->key);
		const struct pair *r = pair_of(mem, result, p->key);

		if (w && fuzz_same(mem, p->value, w->value))
			continue;
		if (w && has_lines(p->value) && w->value->kind == NODE_MAP && w->value->map.count &&
			r && has_lines(r->value)) {
			mark(mem, base, after, p->value, w->value, r->value);
			continue;
		}
		if (!w) {
			marks_free_removed(base, p);
			continue;
		}
		marks_free_pair(base, p);
		if (w->value->kind == NODE_SCALAR && p->value->kind == NODE_SCALAR)
			marks_keep_head(base, p);
		if (r)
			marks_free_pair(after, r);
	}
	for (size_t i = 0; i < result->map.count; i++)
		if (!pair_of(mem, have, result->map.pairs[i].key))
			marks_free_pair(after, &result->map.pairs[i]);
}

/* What a block collection's text ends with: a key if the last value has no text. */
static const struct node *last_of(const struct node *n)
{
	if (n->kind == NODE_LIST)
		return n->list.items[n->list.count - 1];
	const struct pair *p = &n->map.pairs[n->map.count - 1];
	return p->value->kind == NODE_SCALAR && p->value->start == p->value->end ? p->key
										 : p->value;
}

/* A text ends with a block scalar that the end cuts off: the scalar may be written again. */
static bool is_cut_off(const struct doc *doc)
{
	const struct node *n = doc->root;
	bool ends = doc->text.len && strchr("\r\n", doc->text.at[doc->text.len - 1]);

	while (n && n->kind != NODE_SCALAR && n->kind != NODE_ALIAS) {
		if (n->flow || (n->kind == NODE_MAP ? n->map.count : n->list.count) == 0)
			return false;
		n = last_of(n);
	}
	return n && n->kind == NODE_SCALAR && n->style >= SCALAR_LITERAL && !ends;
}

/*
 * Whether a block scalar may have blank lines at its end (`|+`): if what follows it is removed, the
 * blank lines behind that would be its own.
 */
static bool keeps_blanks(struct str text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		size_t sign = i + 1;

		if (!strchr("|>", text.at[i]) || !text.at[i])
			continue;
		if (strchr("123456789", text.at[sign]) && sign + 1 < text.len)
			sign++;
		if (text.at[sign] == '+')
			return true;
	}
	return false;
}

static void check_bytes(
	struct arena *mem, const struct doc *base, const struct node *want, const struct doc *after)
{
	struct marks before = marks_of(mem, base), now = marks_of(mem, after);

	if (base->references || is_cut_off(base))
		return;
	if (base->root && has_lines(base->root) && want->kind == NODE_MAP && want->map.count) {
		HOLDS(after->root && has_lines(after->root));
		mark(mem, &before, &now, base->root, want, after->root);
	} else {
		marks_free_all(&now);
		marks_free_marker(&before);
		if (base->root)
			marks_free(&before, base->root->start, base->root->end);
	}
	marks_same_lines(&before, &now, keeps_blanks(base->text) ? LINES_NOT_BLANK : LINES_ALL);
	marks_same_lines(&now, &before, LINES_SAYING);
	marks_same_ends(&before, &now);
}

static bool only_crlf(struct str text)
{
	size_t ends = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\r' && (i + 1 == text.len || text.at[i + 1] != '\n'))
			return false;
		if (text.at[i] == '\n' && (i == 0 || text.at[i - 1] != '\r'))
			return false;
		ends += text.at[i] == '\n';
	}
	return ends > 0;
}

static void check_frame(const struct doc *doc, struct str text)
{
	struct str base = doc->text;
	bool end = base.len && (base.at[base.len - 1] == '\n' || base.at[base.len - 1] == '\r');

	HOLDS(doc->bom == (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0));
	if (only_crlf(base))
		HOLDS(only_crlf(text));
	if (!memchr(base.at, '\r', base.len))
		HOLDS(!memchr(text.at, '\r', text.len));
	if (base.len > (doc->bom ? 3 : 0))
		HOLDS(end == (text.len && strchr("\r\n", text.at[text.len - 1])) ||
			is_cut_off(doc));
}

/* What is asked for: a patch, or if it is NULL the removal of a path. */
struct request {
	const struct doc *patch;
	const struct node *const *path;
	size_t depth;
};

static int run(struct arena *mem, const struct doc *base, const struct request *r, struct str *out,
	struct error *e)
{
	struct changes list = { .mem = mem };

	if (r->patch)
		return yaml_edit_merge(mem, base, r->patch, out, e);
	changes_remove(&list, r->path, r->depth);
	return yaml_edit(mem, base, list.at, list.count, out, e);
}

/* The document without the path, and without the mappings that this empties; NULL for nothing. */
static const struct node *without(
	struct arena *mem, const struct node *n, const struct node *const *path, size_t depth)
{
	struct node *left = ARENA_NEW(mem, struct node, 1);

	if (!n || n->kind != NODE_MAP)
		return n;
	*left = *n;
	left->map.pairs = ARENA_NEW(mem, struct pair, n->map.count);
	left->map.count = 0;
	for (size_t i = 0; i < n->map.count; i++) {
		struct pair p = n->map.pairs[i];
		if (key_same(p.key, path[0])) /* a tag makes no other key */
			p.value = depth == 1
				? NULL
				: (struct node *)without(mem, p.value, path + 1, depth - 1);
		if (p.value)
			left->map.pairs[left->map.count++] = p;
	}
	return left->map.count || !n->map.count ? left : NULL;
}

static const struct node *expanded(struct arena *mem, const struct doc *doc)
{
	struct error e = { 0 };
	const struct node *root = doc->root ? yaml_expand(mem, doc, NULL, &e) : NULL;

	HOLDS(!e.text);
	return root;
}

static void check_edited(
	struct arena *mem, const struct doc *base, const struct request *r, struct str text)
{
	const struct node empty = { .kind = NODE_MAP }, *have = expanded(mem, base), *want;
	struct error e = { 0 };
	struct str again = { 0 };
	struct doc after;

	HOLDS(yaml_read(mem, BASE, text, &after, &e) == 0);
	const struct node *got = expanded(mem, &after);
	if (r->patch) {
		const struct node *above = expanded(mem, r->patch);
		want = yaml_merge(mem, have, above);
		fuzz_merged(mem, want, have, above);
		if (!base->references) /* the order of keys, too */
			fuzz_merged(mem, got, have, above);
	} else {
		want = without(mem, have, r->path, r->depth);
		want = !want && have ? &empty : want;
	}
	HOLDS(fuzz_same(mem, got, want));
	if (fuzz_same(mem, have, want)) {
		HOLDS(text.at == base->text.at && text.len == base->text.len);
		return;
	}
	check_frame(base, text);
	check_bytes(mem, base, want, &after);
	HOLDS(run(mem, &after, r, &again, &e) == 0);
	HOLDS(str_equal(again, text));
	HOLDS(run(mem, base, r, &again, &e) == 0);
	HOLDS(str_equal(again, text));
}

static void check_edit(struct arena *mem, const struct doc *base, const struct request *r)
{
	const struct str before = STR("untouched");
	struct str copy = fuzz_copy(mem, base->text), text = before;
	struct error e = { 0 };

	if (run(mem, base, r, &text, &e) == 0) {
		HOLDS(!e.text);
		check_edited(mem, base, r, text);
	} else {
		HOLDS(text.at == before.at && e.text);
		if (!r->patch || strncmp(e.text, BASE, strlen(BASE)) == 0)
			fuzz_error_in(&e, e.status, BASE, base->text);
		else
			fuzz_error_in(&e, e.status, CHANGE, r->patch->text);
		HOLDS(e.status == STATUS_REFUSED || e.status == STATUS_FILES);
	}
	HOLDS(str_equal(copy, base->text));
	error_free(&e);
}

static void check(struct arena *mem, struct str input)
{
	struct doc base, change;
	struct error e = { 0 };
	struct str texts[2];
	bool merge = fuzz_split(mem, input, "%%%", &texts[0], &texts[1]);

	if (!merge && !fuzz_split(mem, input, "%%-", &texts[0], &texts[1]))
		return;
	if (yaml_read(mem, BASE, texts[0], &base, &e) < 0 ||
		yaml_read(mem, CHANGE, texts[1], &change, &e) < 0) {
		error_free(&e);
		return;
	}
	const struct node *path = change.root;
	if (merge) {
		check_edit(mem, &base, &(struct request){ .patch = &change });
	} else if (path && path->kind == NODE_LIST && path->list.count) {
		for (size_t i = 0; i < path->list.count; i++)
			if (path->list.items[i]->kind != NODE_SCALAR)
				return;
		check_edit(mem, &base,
			&(struct request){ .path = (const struct node *const *)path->list.items,
				.depth = path->list.count });
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };

	fuzz_arena(&mem);
	check(&mem, (struct str){ (const char *)data, size });
	arena_free(&mem);
	return 0;
}
