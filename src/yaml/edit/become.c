/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/become.h"

#include "yaml/canon.h"
#include "yaml/edit/entries.h"
#include "yaml/lines.h"
#include "yaml/edit/mapping.h"
#include "yaml/edit/lcs.h"
#include "yaml/read.h"

int become_refuse(struct error *e, const struct doc *doc, struct place at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	yaml_verror(e, STATUS_REFUSED, doc, at, format, ap);
	va_end(ap);
	return -1;
}

static struct str canon_of(struct arena *mem, const struct node *n)
{
	struct buf b = { .mem = mem };

	yaml_canon(&b, n);
	return buf_str(&b);
}

/* Items from `first` on that stand between two that stay, and what shall stand there. */
struct run {
	size_t have, have_end;
	size_t want, want_end;
};

static void become_run(struct editor *ed, const struct site *site, const struct outline *o,
	const struct node *want, struct run r, bool *gone)
{
	for (; r.have < r.have_end && r.want < r.want_end; r.have++, r.want++) {
		struct site s = site_of_entry(ed, site->value, o, r.have);
		s.meaning = site->meaning->list.items[r.have];
		become(ed, &s, want->list.items[r.want]);
	}
	for (; r.have < r.have_end; r.have++)
		gone[r.have] = true;
	entries_add(ed, site->value, o, r.have, want, r.want, r.want_end - r.want);
}

static struct str *canons(struct arena *mem, const struct node *list)
{
	struct str *s = ARENA_NEW(mem, struct str, list->list.count);

	for (size_t i = 0; i < list->list.count; i++)
		s[i] = canon_of(mem, list->list.items[i]);
	return s;
}

/* Whether some items go without others in their place, and also the other way round. */
static bool loses_and_gets(const size_t *match, size_t n, size_t m)
{
	bool loses = false, gets = false;
	size_t have = 0, want = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && match[i] == MATCH_NONE)
			continue;
		size_t end = i < n ? match[i] : m;
		loses = loses || i - have > end - want;
		gets = gets || i - have < end - want;
		have = i + 1;
		want = end + 1;
	}
	return loses && gets;
}

static void become_list(struct editor *ed, const struct site *site, const struct node *want)
{
	size_t n = site->value->list.count, m = want->list.count;
	size_t *match =
		match_items(ed->mem, canons(ed->mem, site->meaning), n, canons(ed->mem, want), m);
	bool *gone = ARENA_NEW(ed->mem, bool, n);
	struct outline o;
	struct run r = { 0 };

	if (site->value->flow && loses_and_gets(match, n, m)) {
		site_put(ed, site, want, STR(""));
		return;
	}
	outline_of(ed->mem, site->value, &o);
	for (size_t i = 0; i <= n; i++) {
		if (i < n && match[i] == MATCH_NONE)
			continue;
		r.have_end = i;
		r.want_end = i < n ? match[i] : m;
		become_run(ed, site, &o, want, r, gone);
		r.have = i + 1;
		r.want = r.want_end + 1;
	}
	entries_remove(ed, site->value, &o, gone);
}

/*
 * A block scalar that only loses its last line end: a `-` in its header says
 * so. That is how one stays what it was that the end of the text cuts off, when
 * lines are added behind it.
 */
static bool cut_off(struct editor *ed, const struct node *have, const struct node *want)
{
	struct str longer = have->value, shorter = want->value;

	if (have->kind != NODE_SCALAR || want->kind != NODE_SCALAR || have->style != want->style ||
		!outline_is_block_scalar(have) || !str_equal(have->tag, want->tag))
		return false;
	if (shorter.len == 0 || shorter.at[shorter.len - 1] == '\n' ||
		longer.len != shorter.len + 1 || longer.at[shorter.len] != '\n' ||
		memcmp(longer.at, shorter.at, shorter.len) != 0)
		return false;
	struct block_scalar b = outline_block_scalar(have);
	size_t at = b.header_end;
	if (b.chomp) /* before or behind a number */
		while (have->text->at[at - 1] != b.chomp)
			at--;
	splice(&ed->splices, b.chomp ? at - 1 : at, at, STR("-"));
	return true;
}

/* Whether a list's text can be changed item by item: not where it is a single line. */
static bool has_lines(const struct node *list)
{
	return !list->flow || lines_break(*list->text, list->start, list->end);
}

static void become_value(struct editor *ed, const struct site *site, const struct node *want)
{
	const struct node *have = site->value;

	if (want == site->meaning)
		return;
	if (have && have->kind == want->kind && str_equal(have->tag, want->tag)) {
		if (have->kind == NODE_MAP && have->map.count && want->map.count) {
			mapping_become(ed, site, want);
			return;
		}
		if (have->kind == NODE_LIST && have->list.count && want->list.count &&
			has_lines(have)) {
			become_list(ed, site, want);
			return;
		}
	}
	if (have && cut_off(ed, have, want))
		return;
	if (!have || !node_same(ed->mem, site->meaning, want))
		site_put(ed, site, want, STR(""));
}

void become(struct editor *ed, const struct site *site, const struct node *want)
{
	size_t before = ed->splices.count;

	become_value(ed, site, want);
	if (site->value && site->value->anchored && ed->splices.count > before)
		editor_note(ed, &ed->touched, site->value);
}
