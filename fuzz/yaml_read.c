/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml_read - any text, or two with a line `%%%` between them, as YAML.
 *
 * - A text that is refused gives one line with file, line and column, and no document.
 * - Spans are within the text and within those around them, in order; places are
 *   those of the spans; text that needs no reading (plain on one line) is the value.
 * - yaml_check takes all that yaml_read takes.
 * - The meaning is the same when it is asked for again, with CR LF for LF, and
 *   after a byte order mark.
 * - An expanded tree has no aliases, no merge keys, and no duplicate keys.
 * - A document without tags that is written again, in lines and in brackets,
 *   means the same.
 * - Comments (comments.h) begin with #; without their texts the document means the same;
 *   and of what is no scalar, each # after a blank is in one.
 * - Two documents merge as merge.h says, pair by pair; once more changes
 *   nothing; and their differences as changes (change.h) give the same.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/comments.h"
#include "yaml/edit/change.h"
#include "yaml/edit/emit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

#define NAME "f.yaml"

enum { WIDE = 300 }; /* pairs of a mapping up to which each is compared with each */

/* A walk over a tree as it was read. */
struct walk {
	struct arena *mem;
	const struct doc *doc;
	size_t at; /* the offset that is known to have `place` */
	struct place place;
	size_t nodes;
	bool aliases, merges, tags;
};

/* Line and column of an offset that is no smaller than the one asked for before. */
static struct place place_at(struct walk *w, size_t at)
{
	struct str text = w->doc->text;

	if (at < w->at || w->place.line == 0) {
		w->at = w->doc->bom ? 3 : 0;
		w->place = (struct place){ 1, 1 };
	}
	for (; w->at < at; w->at++) {
		char c = text.at[w->at];
		bool half = c == '\r' && w->at + 1 < text.len && text.at[w->at + 1] == '\n';
		if (half)
			continue;
		if (c == '\n' || c == '\r')
			w->place = (struct place){ w->place.line + 1, 1 };
		else if ((c & 0xc0) != 0x80)
			w->place.column++;
	}
	return w->place;
}

/* Bytes that say themselves what they mean. */
static void check_source(const struct doc *doc, const struct node *n)
{
	struct str source = { doc->text.at + n->start, n->end - n->start };

	if (n->anchored || n->tag.len || memchr(source.at, '\n', source.len) ||
		memchr(source.at, '\r', source.len))
		return;
	if (n->style == SCALAR_PLAIN) {
		HOLDS(str_equal(source, n->value));
	} else if (n->style == SCALAR_SINGLE || n->style == SCALAR_DOUBLE) {
		char quote = n->style == SCALAR_SINGLE ? '\'' : '"';
		HOLDS(source.len >= 2 && source.at[0] == quote);
		HOLDS(source.at[source.len - 1] == quote);
		struct str inner = { source.at + 1, source.len - 2 };
		if (!memchr(inner.at, '\'', inner.len) && !memchr(inner.at, '\\', inner.len))
			HOLDS(str_equal(inner, n->value));
	} else {
		HOLDS(source.at[0] == (n->style == SCALAR_LITERAL ? '|' : '>'));
	}
}

static bool starts_character(struct str text, size_t at)
{
	return at == text.len || (text.at[at] & 0xc0) != 0x80;
}

static size_t check_node(
	struct walk *w, const struct node *n, size_t least, size_t most, unsigned depth);

/* Children follow one another, from `at` on; returns the end of the last one. */
static size_t check_children(
	struct walk *w, const struct node *n, size_t at, size_t most, unsigned depth)
{
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		at = check_node(w, n->list.items[i], at, most, depth);
	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++) {
		const struct pair *p = &n->map.pairs[i];
		HOLDS(p->key->kind == NODE_SCALAR);
		HOLDS(!memchr(p->key->value.at, 0, p->key->value.len));
		w->merges = w->merges || expand_merges(p);
		at = check_node(w, p->key, at, most, depth);
		size_t value = p->value->start;
		HOLDS(value < p->value->end || value == at || w->doc->text.at[value - 1] == ':');
		at = check_node(w, p->value, at, most, depth);
	}
	return at;
}

static size_t check_node(
	struct walk *w, const struct node *n, size_t least, size_t most, unsigned depth)
{
	struct str text = w->doc->text;

	HOLDS(n->text && n->text->at == text.at && n->text->len == text.len);
	HOLDS(least <= n->start && n->start <= n->end && n->end <= most);
	HOLDS(starts_character(text, n->start) && starts_character(text, n->end));
	if (n->start < n->end) {
		struct place place = place_at(w, n->start);
		HOLDS(n->place.line == place.line && n->place.column == place.column);
	} else {
		HOLDS(n->place.line >= 1 && n->place.line <= place_at(w, text.len).line);
		HOLDS(n->place.column >= 1);
	}
	HOLDS(n->tag.len <= YAML_TAG_BYTES);
	w->nodes++;
	w->tags = w->tags || n->tag.len;
	if (n->kind == NODE_ALIAS) {
		w->aliases = true;
		HOLDS(n->target->kind != NODE_ALIAS && n->target->anchored);
		HOLDS(n->target->start < n->start);
	} else if (n->kind == NODE_SCALAR) {
		check_source(w->doc, n);
		HOLDS(n->value.at[n->value.len] == '\0');
	} else {
		HOLDS(depth < YAML_DEPTH);
		size_t last = check_children(w, n, n->start, n->end, depth + 1);
		bool closed = n->flow && n->end > last && strchr("]}", text.at[n->end - 1]);
		HOLDS(closed || n->end == last);
	}
	return n->end;
}

/* An expanded tree: it has no alias and no merge key. */
static void check_expanded(struct arena *mem, const struct node *n)
{
	HOLDS(n->kind != NODE_ALIAS);
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		check_expanded(mem, n->list.items[i]);
	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++) {
		HOLDS(!expand_merges(&n->map.pairs[i]));
		check_expanded(mem, n->map.pairs[i].value);
		struct arena_mark mark = arena_mark(mem);
		if (n->map.count <= WIDE)
			HOLDS(fuzz_get(n, n->map.pairs[i].key) == n->map.pairs[i].value);
		arena_rewind(mem, mark);
	}
}

/* Reads a text and expands it; its meaning, which must be the given one. */
static void check_means(struct arena *mem, struct str text, struct str canon)
{
	struct error e = { 0 };
	struct doc doc = { 0 };

	HOLDS(yaml_read(mem, NAME, text, &doc, &e) == 0);
	const struct node *root = doc.root ? yaml_expand(mem, &doc, NULL, &e) : NULL;
	HOLDS(!e.text);
	HOLDS(str_equal(fuzz_canon(mem, root), canon));
}

/* The same text as other editors would leave it. */
static void check_variants(struct arena *mem, const struct doc *doc, struct str canon)
{
	struct buf crlf = { .mem = mem }, bom = { .mem = mem };

	if (!doc->bom) {
		buf_puts(&bom, "\xef\xbb\xbf");
		buf_add(&bom, doc->text);
		check_means(mem, buf_str(&bom), canon);
	}
	if (memchr(doc->text.at, '\r', doc->text.len))
		return;
	for (size_t i = 0; i < doc->text.len; i++) {
		if (doc->text.at[i] == '\n')
			buf_putc(&crlf, '\r');
		buf_putc(&crlf, doc->text.at[i]);
	}
	check_means(mem, buf_str(&crlf), canon);
}

static void check_written(struct arena *mem, const struct node *root, struct str canon)
{
	const struct layout l = {
		.eol = STR("\n"), .step = 2, .dashes_indented = true, .fresh = true
	};
	struct buf lines = { .mem = mem }, flow = { .mem = mem };

	emit_flow(&flow, root, &l);
	buf_putc(&flow, '\n');
	check_means(mem, buf_str(&flow), canon);
	if (!emit_is_block(root))
		return;
	emit_lines(&lines, root, 0, &l);
	check_means(mem, buf_str(&lines), canon);
}

static void check_values(struct arena *mem, const struct doc *doc, const struct node *root)
{
	struct error e = { 0 };
	const struct node *values = yaml_expand_values(mem, doc, NULL, &e);

	if (yaml_is_void(root)) {
		HOLDS(values && values->kind == NODE_MAP && values->map.count == 0);
	} else if (root->kind == NODE_MAP) {
		HOLDS(values && fuzz_same(mem, values, root));
	} else {
		HOLDS(!values);
		fuzz_error_in(&e, STATUS_FILES, NAME, doc->text);
	}
	error_free(&e);
}

/* Marks the bytes of scalars. */
static void mark_scalars(bool *marks, const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		for (size_t i = n->start; i < n->end; i++)
			marks[i] = true;
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		mark_scalars(marks, n->list.items[i]);
	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++) {
		mark_scalars(marks, n->map.pairs[i].key);
		mark_scalars(marks, n->map.pairs[i].value);
	}
}

/* Each # that must begin a comment is in one: marks are set for scalars and comments. */
static void check_found(struct str text, const bool *marks)
{
	bool directive = false;

	for (size_t i = 0; i < text.len; i++) {
		const char before = i ? text.at[i - 1] : '\n';
		const bool starts = before == '\n' || before == '\r';

		directive = starts ? text.at[i] == '%' : directive;
		if (text.at[i] == '#' && (starts || before == ' ' || before == '\t'))
			HOLDS(marks[i] || directive);
	}
}

static void check_comments(struct arena *mem, const struct doc *doc, struct str canon)
{
	bool *marks = ARENA_NEW(mem, bool, doc->text.len);
	struct buf without = { .mem = mem };
	struct comments found;
	size_t at = 0;

	HOLDS(yaml_comments(mem, doc->text, &found));
	mark_scalars(marks, doc->root);
	for (size_t i = 0; i < found.count; i++) {
		const struct comment *c = &found.list[i];
		const size_t start = (size_t)(c->text.at - doc->text.at);

		HOLDS(start >= at && c->text.len && *c->text.at == '#');
		buf_add(&without, str_part(doc->text, at, start + 1));
		at = start + c->text.len;
		memset(marks + start, true, c->text.len);
	}
	buf_add(&without, str_part(doc->text, at, doc->text.len));
	check_found(doc->text, marks);
	check_means(mem, buf_str(&without), canon);
}

/* The properties of a text that was read; its expanded tree, or NULL if it cannot be expanded. */
static const struct node *check_doc(struct arena *mem, const struct doc *doc)
{
	struct walk w = { .mem = mem, .doc = doc };
	struct error e = { 0 };

	HOLDS(yaml_check(mem, NAME, doc->text, &e) == 0);
	if (!doc->root)
		return NULL;
	check_node(&w, doc->root, doc->bom ? 3 : 0, doc->text.len, 0);
	HOLDS(w.nodes <= YAML_NODES);
	HOLDS(doc->references || (!w.aliases && !w.merges));
	const struct node *root = yaml_expand(mem, doc, NULL, &e);
	if (!root) {
		HOLDS(doc->references);
		fuzz_error_in(&e, STATUS_FILES, NAME, doc->text);
		error_free(&e);
		return NULL;
	}
	HOLDS(doc->references || root == doc->root);
	check_expanded(mem, root);
	struct str canon = fuzz_canon(mem, root);
	HOLDS(canon.len);
	HOLDS(str_equal(canon, fuzz_canon(mem, root)));
	check_values(mem, doc, root);
	check_variants(mem, doc, canon);
	check_comments(mem, doc, canon);
	if (!w.tags)
		check_written(mem, root, canon);
	return root;
}

static const struct node *check_text(struct arena *mem, struct str text, bool *read)
{
	const struct doc before = { .name = "untouched" };
	struct doc doc = before;
	struct error e = { 0 };
	const struct node *root = NULL;

	*read = yaml_read(mem, NAME, text, &doc, &e) == 0;
	if (*read) {
		HOLDS(!e.text);
		root = check_doc(mem, &doc);
		*read = root || !doc.root;
	} else {
		HOLDS(memcmp(&doc, &before, sizeof(doc)) == 0);
		fuzz_error_in(&e, STATUS_FILES, NAME, text);
	}
	error_free(&e);
	if (yaml_check(mem, NAME, text, &e) < 0)
		fuzz_error_in(&e, STATUS_FILES, NAME, text);
	error_free(&e);
	return root;
}

static bool is_wide(const struct node *n)
{
	bool map = n && n->kind == NODE_MAP, wide = map && n->map.count > WIDE;

	for (size_t i = 0; map && i < n->map.count && !wide; i++)
		wide = is_wide(n->map.pairs[i].value);
	return wide;
}

static void check_merge(struct arena *mem, const struct node *below, const struct node *above)
{
	struct changes list = { .mem = mem };
	const struct node *merged = yaml_merge(mem, below, above);

	if (!is_wide(below) && !is_wide(above))
		fuzz_merged(mem, merged, below, above);
	HOLDS(fuzz_same(mem, yaml_merge(mem, merged, above), merged));
	if (above && above->kind != NODE_MAP && !yaml_is_void(above))
		return;
	changes_of_merge(&list, below, above);
	HOLDS(fuzz_same(mem, changes_apply(mem, below, list.at, list.count), merged));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };
	struct str texts[2];
	bool read[2];

	fuzz_arena(&mem);
	bool both = fuzz_split(
		&mem, (struct str){ (const char *)data, size }, "%%%", &texts[0], &texts[1]);
	const struct node *below = check_text(&mem, texts[0], &read[0]);
	if (both) {
		const struct node *above = check_text(&mem, texts[1], &read[1]);
		if (read[0] && read[1])
			check_merge(&mem, below, above);
	}
	arena_free(&mem);
	return 0;
}
