/*
 * edit - a document and what shall change in it, in its text.
 *
 * The input is the document, a line `%%%` and a patch to merge; or a line `%%-`
 * and a list of keys, the path of what shall be removed. (fuzz_split has more.)
 *
 * - A refusal is one line with file, line and column; the base stays as it is.
 * - The new text means the merge (worked out here a second time), or the
 *   document without the key; where that is the old meaning the text is the old one.
 * - All lines of the old text that do not belong to what changes are in the new
 *   one, byte for byte and in order; and where the new one has other lines they
 *   belong to what changed, or are comments. (Not asked of texts with aliases,
 *   whose values move about.)
 * - A comment behind a single value that changes is there, too.
 * - The byte order mark, CR LF throughout and a missing last line end stay.
 * - The same change once more changes nothing, and one patch twice gives the same text.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "yaml/edit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

#define BASE   "base.yaml"
#define CHANGE "change.yaml"

/* A text, and which of its lines belong to what changes. */
struct marked {
	const struct doc *doc;
	struct lines lines;
	bool *free;
	bool *tails; /* lines at whose end stands a comment that has to stay */
};

static struct marked marked_of(struct arena *mem, const struct doc *doc)
{
	struct marked m = { .doc = doc, .lines = fuzz_lines(mem, doc->text) };

	m.free = ARENA_NEW(mem, bool, m.lines.count + 1);
	m.tails = ARENA_NEW(mem, bool, m.lines.count + 1);
	return m;
}

/* the number of the line that the offset lies in, from 0 */
static size_t line_of(const struct marked *m, size_t at)
{
	size_t i = m->lines.count;

	while (i > 1 && (size_t)(m->lines.at[i - 1].at - m->doc->text.at) > at)
		i--;
	return i ? i - 1 : 0;
}

static struct str blanks_off(struct str line)
{
	while (line.len && (line.at[0] == ' ' || line.at[0] == '\t'))
		line = (struct str){ line.at + 1, line.len - 1 };
	return line;
}

static bool is_comment(struct str line)
{
	return blanks_off(line).len && blanks_off(line).at[0] == '#';
}

static void release(struct marked *m, size_t from, size_t to)
{
	for (size_t i = line_of(m, from); i <= line_of(m, to > from ? to - 1 : from); i++)
		m->free[i] = true;
}

static void release_all(struct marked *m)
{
	for (size_t i = 0; i < m->lines.count; i++)
		m->free[i] = true;
}

/* The line that begins with `---`, behind which a value that is the whole document may come. */
static void release_marker(struct marked *m)
{
	for (size_t i = 0; i < m->lines.count; i++) {
		struct str line = m->lines.at[i];
		if (line.len >= 3 && memcmp(line.at, "---", 3) == 0) {
			m->free[i] = true;
			return;
		}
	}
}

/* A pair, and whether a comment behind its value has to stay. */
static void release_pair(struct marked *m, const struct pair *p)
{
	const struct node *v = p->value;
	size_t end = v->end > p->key->end ? v->end : p->key->end, line = line_of(m, v->end);
	struct str rest = m->lines.at[line];
	size_t column = v->end - (size_t)(rest.at - m->doc->text.at);

	release(m, p->key->start, end);
	if (v->kind != NODE_SCALAR || v->style >= SCALAR_LITERAL || v->start == v->end ||
		column > rest.len)
		return;
	rest = (struct str){ rest.at + column, rest.len - column };
	m->tails[line] = is_comment(rest) && blanks_off(rest).len < rest.len;
}

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
static void mark(struct arena *mem, struct marked *base, struct marked *after,
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
		release_pair(base, p);
		if (r)
			release_pair(after, r);
	}
	for (size_t i = 0; i < result->map.count; i++)
		if (!pair_of(mem, have, result->map.pairs[i].key))
			release_pair(after, &result->map.pairs[i]);
}

/* Comments that go with what is removed: all that stand right before it, and behind it. */
static void release_around(struct marked *m)
{
	for (size_t i = 1; i < m->lines.count; i++)
		if (m->free[i - 1] && !m->free[i] &&
			(is_comment(m->lines.at[i]) || blanks_off(m->lines.at[i]).len == 0))
			m->free[i] = true;
	for (size_t i = m->lines.count; i-- > 1;)
		if (m->free[i] && is_comment(m->lines.at[i - 1]))
			m->free[i - 1] = true;
}

/* That the lines of `a` which are kept are lines of `b`, in order. */
static void check_lines(
	const struct marked *a, const struct marked *b, bool (*kept)(struct str line))
{
	size_t k = 0;

	for (size_t i = 0; i < a->lines.count; i++) {
		if (a->free[i] || (kept && !kept(a->lines.at[i])))
			continue;
		while (k < b->lines.count && !str_equal(a->lines.at[i], b->lines.at[k]))
			k++;
		HOLDS(k < b->lines.count);
		k++;
	}
}

static bool says_something(struct str line)
{
	return blanks_off(line).len && !is_comment(line);
}

static void check_tails(const struct marked *base, const struct marked *after)
{
	for (size_t i = 0; i < base->lines.count; i++) {
		struct str line = base->lines.at[i];
		bool found = !base->tails[i];

		if (found)
			continue;
		while (line.at[0] != '#' || (line.at[-1] != ' ' && line.at[-1] != '\t'))
			line = (struct str){ line.at + 1, line.len - 1 };
		for (size_t k = 0; k < after->lines.count && !found; k++) {
			struct str other = after->lines.at[k];
			found = other.len >= line.len &&
				memcmp(other.at + other.len - line.len, line.at, line.len) == 0;
		}
		HOLDS(found);
	}
}

/* The scalar that a text ends with is a block scalar that the end cuts off: its header may change. */
static bool is_cut_off(const struct doc *doc)
{
	const struct node *n = doc->root;

	while (n && n->kind != NODE_SCALAR && n->kind != NODE_ALIAS) {
		size_t count = n->kind == NODE_MAP ? n->map.count : n->list.count;
		if (n->flow || count == 0)
			return false;
		n = n->kind == NODE_MAP ? n->map.pairs[count - 1].value : n->list.items[count - 1];
	}
	bool ends = doc->text.len && strchr("\r\n", doc->text.at[doc->text.len - 1]);
	return n && n->kind == NODE_SCALAR && n->style >= SCALAR_LITERAL && !ends;
}

static void check_bytes(struct arena *mem, const struct doc *base, const struct node *want,
	const struct doc *after, bool removed)
{
	struct marked before = marked_of(mem, base), now = marked_of(mem, after);

	if (base->references || is_cut_off(base))
		return;
	if (base->root && has_lines(base->root) && want->kind == NODE_MAP && want->map.count) {
		HOLDS(after->root && has_lines(after->root));
		mark(mem, &before, &now, base->root, want, after->root);
	} else {
		release_all(&now);
		release_marker(&before);
		if (base->root)
			release(&before, base->root->start, base->root->end);
	}
	if (removed)
		release_around(&before);
	check_lines(&before, &now, NULL);
	check_lines(&now, &before, says_something);
	if (!removed)
		check_tails(&before, &now);
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

static void check_frame(struct str base, const struct doc *doc, struct str text)
{
	bool end = base.len && (base.at[base.len - 1] == '\n' || base.at[base.len - 1] == '\r');

	HOLDS(doc->bom == (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0));
	if (only_crlf(base))
		HOLDS(only_crlf(text));
	if (!memchr(base.at, '\r', base.len))
		HOLDS(!memchr(text.at, '\r', text.len));
	if (base.len > (doc->bom ? 3 : 0))
		HOLDS(end == (text.len && strchr("\r\n", text.at[text.len - 1])));
}

/* What is asked for: a patch, or where it is NULL the removal of a path. */
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
		return yaml_edit_merge(mem, base, r->patch, "metadata", out, e);
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
		if (fuzz_same(mem, p.key, path[0]))
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
	const struct node *root = doc->root ? yaml_expand(mem, doc, &e) : NULL;

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
		want = yaml_merge(mem, have, above, "metadata");
		fuzz_merged(mem, want, have, above, "metadata");
		if (!base->references) /* the order of keys, too */
			fuzz_merged(mem, got, have, above, "metadata");
	} else {
		want = without(mem, have, r->path, r->depth);
		want = !want && have ? &empty : want;
	}
	HOLDS(fuzz_same(mem, got, want));
	if (fuzz_same(mem, have, want)) {
		HOLDS(text.at == base->text.at && text.len == base->text.len);
		return;
	}
	check_frame(base->text, base, text);
	check_bytes(mem, base, want, &after, !r->patch);
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
		HOLDS(text.at == before.at);
		if (strncmp(e.text, BASE, strlen(BASE)) == 0)
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
