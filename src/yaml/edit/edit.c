/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/edit.h"

#include "base/assume.h"
#include "yaml/canon.h"
#include "yaml/edit/alias_fixup.h"
#include "yaml/edit/anchors.h"
#include "yaml/edit/json.h"
#include "yaml/edit/rewrite.h"
#include "yaml/error.h"
#include "yaml/expand.h"
#include "yaml/keys.h"
#include "yaml/lines.h"
#include "yaml/merge.h"
#include "yaml/read.h"

/* How an edit is tried, the closest to the original texts first. */
enum keep {
	KEEP_ALL,   /* a missing last line end is added, and removed at the end */
	KEEP_CUT,   /* also, a block scalar at the end gets a header that strips it */
	KEEP_FRESH, /* also, new values are written from their meaning */
	KEEP_END, /* as KEEP_ALL, but the line end that was added stays: the last value needs it */
	KEEPS,
};

struct attempt {
	enum keep keep;
	bool all_move; /* no anchor stays at a value that changes (anchors.h) */
};

/* One edit. */
struct job {
	struct arena *mem;
	const struct doc *base;
	const struct node *meaning; /* base, expanded; may be NULL */
	const struct change *changes;
	size_t count;
	struct str expected; /* the meaning of the result */
	bool ends;           /* base's text ends with a line end, or is empty */
	bool json;           /* base is JSON */
	bool stays_json;     /* base is, and the last text that was read is, too */
};

static int expand_root(
	struct arena *mem, const struct doc *doc, const struct node **root, struct error *e)
{
	*root = doc->root ? yaml_expand(mem, doc, NULL, e) : NULL;
	return doc->root && !*root ? -1 : 0;
}

/* Learns the indentation and the style of lists from the first ones in the text. */
static void learn_layout(const struct node *n, struct layout *l, bool *step, bool *dashes)
{
	bool map = n->kind == NODE_MAP;

	for (size_t i = 0; i < node_count(n) && !n->flow && !(*step && *dashes); i++) {
		const struct node *v = node_child(n, i);
		/* the mapping's own place may be that of its anchor */
		uint32_t column = map ? n->map.pairs[i].key->place.column : n->place.column;
		if (map && !v->flow && v->place.line > n->map.pairs[i].key->place.line) {
			if (v->kind == NODE_LIST && !*dashes) {
				l->dashes_indented = v->place.column > column;
				*dashes = true;
			}
			if (v->kind == NODE_MAP && !*step && v->place.column > column &&
				v->place.column - column < 10) {
				l->step = v->place.column - column;
				*step = true;
			}
		}
		learn_layout(v, l, step, dashes);
	}
}

static struct layout layout_of(const struct doc *doc)
{
	struct layout l = {
		.eol = doc->crlf ? STR("\r\n") : STR("\n"), .step = 2, .dashes_indented = true
	};
	bool step = false, dashes = false;

	if (doc->root)
		learn_layout(doc->root, &l, &step, &dashes);
	return l;
}

/* Removes the line end that was added. */
static struct str without_end(struct str text, struct str eol)
{
	/* every line that is written ends with one */
	if (ALWAYS(text.len >= eol.len) &&
		ALWAYS(memcmp(text.at + text.len - eol.len, eol.at, eol.len) == 0))
		text.len -= eol.len;
	return text;
}

/* The place of the first change, or of the node around it, for a message. */
static struct place place_of_change(const struct job *job)
{
	const struct node *n = job->base->root;
	struct place place = n ? n->place : (struct place){ 1, 1 };

	for (size_t i = 0; n && i < job->changes[0].depth; i++) {
		struct number_text room;
		const struct pair *next = node_pair(n, key_text(job->changes[0].path[i], &room));
		n = next ? next->value : NULL;
		place = n ? n->place : place;
	}
	return place;
}

/* Makes the splices for the document, whose text ends with a line end, and the new text. */
static int try_edit(struct job *job, const struct doc *doc, struct attempt how, struct str *out,
	struct error *e)
{
	struct editor ed = { .mem = job->mem,
		.doc = doc,
		.layout = layout_of(doc),
		.splices = { .mem = job->mem } };
	const struct node *meaning;

	/* the same text, but for a line end, has been expanded before */
	if (NEVER(expand_root(job->mem, doc, &meaning, e) < 0))
		return -1;
	bool added = how.keep == KEEP_ALL || how.keep == KEEP_END;
	const struct node *want =
		changes_apply(job->mem, added ? meaning : job->meaning, job->changes, job->count);
	ed.layout.fresh = how.keep == KEEP_FRESH;
	struct slot root = slot_root(doc, meaning);
	anchors_find(&ed, how.all_move);
	struct editor begun = ed;
	rewrite(&ed, &root, want);
	if (anchors_reconsider(&ed)) {
		begun.anchors = ed.anchors;
		ed = begun;
		rewrite(&ed, &root, want);
	}
	alias_fixup(&ed);
	if (ed.stuck)
		return yaml_refuse(e, job->base, ed.stuck->place,
			"something else follows on its last line; put that on a line of its own");
	if (!splice_agree(&ed.splices))
		return yaml_refuse(e, job->base, place_of_change(job),
			"two changes affect the same place of the text; make them one by one");
	*out = splice_apply(&ed.splices, doc->text);
	if (!job->ends && how.keep != KEEP_END)
		*out = without_end(*out, ed.layout.eol);
	return 0;
}

/* True if the text means what is expected. */
static bool means(struct job *job, struct str text)
{
	struct arena_mark mark = arena_mark(job->mem);
	struct error ignored = { 0 };
	const struct node *root = NULL;
	struct doc doc;
	bool same = yaml_read(job->mem, job->base->name, text, &doc, &ignored) == 0 &&
		/* untested: no edit has failed this check of its own yet */
		expand_root(job->mem, &doc, &root, &ignored) == 0 &&
		str_equal(yaml_meaning(job->mem, root), job->expected);

	job->stays_json = same && job->json && json_fits(doc.root);
	error_free(&ignored);
	arena_rewind(job->mem, mark);
	return same;
}

/* The document with a last line end. */
static int with_last_line_end(struct job *job, struct doc *doc, struct error *e)
{
	struct buf text = { .mem = job->mem };

	*doc = *job->base;
	if (job->ends)
		return 0;
	buf_add(&text, job->base->text);
	buf_puts(&text, job->base->crlf ? "\r\n" : "\n");
	return yaml_read(job->mem, job->base->name, buf_str(&text), doc, e);
}

/* One attempt: 1 if it succeeds, 0 if another one may, -1 if it is refused. */
static int attempt_edit(struct job *job, const struct doc *doc, struct attempt how, struct str *out,
	struct error *e)
{
	struct error ignored = { 0 };
	struct str text = { 0 };
	int rc = try_edit(job, doc, how, &text, how.all_move ? e : &ignored);

	error_free(&ignored);
	if (rc < 0) /* untested: what is refused while anchors stay is so when they move */
		return how.all_move ? -1 : 0;
	if (!means(job, text))
		return 0;
	if (job->json && !job->stays_json)
		return yaml_refuse(e, job->base, place_of_change(job),
			"the file is JSON, which does not have a value that is to be set here; quote that");
	*out = text;
	return 1;
}

static int edit_job(struct job *job, struct str *out, struct error *e)
{
	struct str base = job->base->text;
	struct doc doc;
	int rc = 0;

	if (str_equal(job->expected, yaml_meaning(job->mem, job->meaning))) {
		*out = base;
		return 0;
	}
	job->ends = starts_line(base, base.len);
	job->json = job->base->root && json_is_style(job->base->root);
	if (with_last_line_end(job, &doc, e) < 0)
		return -1;
	for (unsigned i = 0; i < 2 * KEEPS && rc == 0; i++) {
		struct attempt how = { i / 2, i % 2 };
		bool for_end = how.keep == KEEP_CUT || how.keep == KEEP_END;
		if ((for_end && job->ends) || (!how.all_move && !doc.references))
			continue;
		rc = attempt_edit(job, &doc, how, out, e);
	}
	if (rc)
		return rc < 0 ? -1 : 0;
	return yaml_refuse(e, job->base, place_of_change(job),
		"the change cannot be made in this text without changing more; make it by hand");
}

int yaml_edit(struct arena *mem, const struct doc *base, const struct change *changes, size_t count,
	struct str *out, struct error *e)
{
	struct job job = { .mem = mem, .base = base, .changes = changes, .count = count };

	if (expand_root(mem, base, &job.meaning, e) < 0)
		return -1;
	job.expected = yaml_meaning(mem, changes_apply(mem, job.meaning, changes, count));
	return edit_job(&job, out, e);
}

int yaml_edit_merge(struct arena *mem, const struct doc *base, const struct doc *patch,
	struct str *out, struct error *e)
{
	struct job job = { .mem = mem, .base = base };
	struct changes list = { .mem = mem };
	const struct node *above;

	if (expand_root(mem, base, &job.meaning, e) < 0 || expand_root(mem, patch, &above, e) < 0)
		return -1;
	if (above && above->kind != NODE_MAP && !yaml_is_void(above))
		return yaml_refuse(e, patch, above->place, "a patch must be a mapping, not %s",
			node_describe(above));
	changes_of_merge(&list, job.meaning, above);
	job.changes = list.at;
	job.count = list.count;
	job.expected = yaml_meaning(mem, yaml_merge(mem, job.meaning, above));
	return edit_job(&job, out, e);
}
