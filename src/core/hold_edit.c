/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hold_edit.h"

#include "core/instant.h"
#include "core/paths.h"
#include "yaml/canon.h"
#include "yaml/edit/edit.h"
#include "yaml/expand.h"
#include "yaml/quote.h"
#include "yaml/read.h"

/* "  KEY: VALUE\n" */
static void add_key(struct buf *b, const char *lead, const char *key, const char *value)
{
	buf_printf(b, "%s%s: ", lead, key);
	quote_string(b, str_of(value), false);
	buf_putc(b, '\n');
}

static void add_item(struct buf *b, size_t i, const char *text)
{
	buf_puts(b, i ? ", " : "[");
	quote_string(b, str_of(text), true);
}

/* A file with this hold alone. */
static struct str write_hold(struct arena *mem, const struct fleet *f, const struct hold *h)
{
	struct buf b = { .mem = mem };

	add_key(&b, "- ", "reason", h->reason);
	add_key(&b, "  ", "by", h->by);
	add_key(&b, "  ", "since", instant_text(mem, h->since));
	if (h->until != HOLD_OPEN)
		add_key(&b, "  ", "until", instant_text(mem, h->until));
	for (size_t i = 0; i < h->patch_count; i++) {
		buf_puts(&b, i ? "" : "  patches: ");
		add_item(&b, i, h->patches[i]);
	}
	buf_puts(&b, h->patch_count ? "]\n" : "");
	for (size_t i = 0; i < h->positions.count; i++) {
		buf_puts(&b, i ? "" : "  positions: ");
		add_item(&b, i, f->positions[h->positions.list[i]].path);
	}
	buf_puts(&b, h->positions.count ? "]\n" : "");
	return buf_str(&b);
}

/*
 * A list that is a whole document has no path that a change could name: it is edited as the value
 * of a key on a line of its own, which is taken off again. One in brackets is refused.
 */
#define KEY      "holds"
#define KEY_LINE KEY ":\n"

static size_t line_start(struct str text, size_t at)
{
	while (at && text.at[at - 1] != '\n')
		at--;
	return at;
}

static struct str with_key(struct arena *mem, struct str text, size_t at)
{
	struct buf b = { .mem = mem };

	buf_add(&b, str_part(text, 0, at));
	buf_puts(&b, KEY_LINE);
	buf_add(&b, str_part(text, at, text.len));
	return buf_str(&b);
}

static struct str without_key(struct arena *mem, struct str text, size_t at)
{
	struct buf b = { .mem = mem };

	buf_add(&b, str_part(text, 0, at));
	buf_add(&b, str_part(text, at + strlen(KEY_LINE), text.len));
	return buf_str(&b);
}

/* Whether the text is a document of this meaning. */
static bool means(struct arena *mem, struct str text, const struct node *want)
{
	struct error e = { 0 };
	struct doc doc;
	const struct node *root = NULL;

	/* untested: only an edit that is wrong makes a text that cannot be read */
	if (yaml_read(mem, HOLD_FILE, text, &doc, &e) == 0 && doc.root)
		root = yaml_expand(mem, &doc, NULL, &e);
	error_free(&e);
	/* untested: the same of one that means something else */
	return root && node_same(mem, root, want);
}

static int try_edit(struct arena *mem, const struct doc *base, const struct node *want,
	struct str *out, struct error *e)
{
	const size_t at = line_start(base->text, base->root->start);
	const struct str keyed = with_key(mem, base->text, at);
	const struct node *const path[] = { node_string(mem, STR(KEY)) };
	struct changes changes = { .mem = mem };
	struct doc whole;

	changes_set(&changes, path, 1, want);
	if (base->root->flow || yaml_read(mem, base->name, keyed, &whole, e) < 0 ||
		/* untested: a list that is no flow list can be written anew */
		yaml_edit(mem, &whole, changes.at, changes.count, out, e) < 0)
		return -1;
	const struct str before = str_part(keyed, 0, at + strlen(KEY_LINE));
	/* untested: the key is not changed, and nothing before it */
	if (out->len < before.len || !str_equal(str_part(*out, 0, before.len), before))
		return -1;
	*out = without_key(mem, *out, at);
	/* untested: see means() */
	return means(mem, *out, want) ? 0 : -1;
}

/* Makes the list of `base` mean `want`. */
static int edit_list(struct arena *mem, const struct doc *base, const struct node *want,
	struct str *out, struct error *e)
{
	struct str text;

	if (try_edit(mem, base, want, &text, e) == 0) {
		*out = text;
		return 0;
	}
	error_free(e);
	return yaml_refuse(e, base, base->root->place,
		"this list cannot be changed without a risk for the rest of the file; change it by hand");
}

/* The list of a document that hold_read() has taken. */
static const struct node *list_of(struct arena *mem, const struct doc *base, struct error *e)
{
	return yaml_expand(mem, base, NULL, e);
}

static struct node *new_list(struct arena *mem, size_t room)
{
	struct node *list = ARENA_NEW(mem, struct node, 1);

	list->kind = NODE_LIST;
	list->list.items = ARENA_NEW(mem, struct node *, room);
	return list;
}

int hold_add(struct arena *mem, const struct fleet *f, const struct doc *base, const struct hold *h,
	struct str *out, struct error *e)
{
	const struct str own = write_hold(mem, f, h);
	struct doc made;

	if (!base) {
		*out = own;
		return 0;
	}
	const struct node *old = list_of(mem, base, e);
	/* untested: the document was read and expanded before, and the hold is written for it */
	if (!old || yaml_read(mem, HOLD_FILE, own, &made, e) < 0)
		return -1;
	struct node *want = new_list(mem, old->list.count + 1);
	for (size_t i = 0; i < old->list.count; i++)
		want->list.items[want->list.count++] = old->list.items[i];
	want->list.items[want->list.count++] = made.root->list.items[0];
	if (base->text.len + 2 * own.len > HOLD_BYTES)
		return yaml_refuse(e, base, base->root->place,
			"with another hold the file would be longer than %d KiB, and not be read; release holds that are over",
			HOLD_BYTES / 1024);
	return edit_list(mem, base, want, out, e);
}

int hold_remove(struct arena *mem, const struct doc *base, const bool *gone, struct str *out,
	struct error *e)
{
	const struct node *old = list_of(mem, base, e);

	/* untested: it was expanded before */
	if (!old)
		return -1;
	struct node *want = new_list(mem, old->list.count);
	for (size_t i = 0; i < old->list.count; i++)
		if (!gone[i])
			want->list.items[want->list.count++] = old->list.items[i];
	return edit_list(mem, base, want, out, e);
}

/* Whether each name of the one list is in the other. */
static bool has_patches(const struct hold *a, const struct hold *b)
{
	/* of one file, which may have very many */
	if (a->patches == b->patches)
		return true;
	for (size_t i = 0; i < b->patch_count; i++)
		if (!hold_concerns(a, b->patches[i]))
			return false;
	return !a->patch_count == !b->patch_count;
}

static bool has_positions(const struct hold *a, const struct hold *b)
{
	if (a->positions.list == b->positions.list && a->positions.count == b->positions.count)
		return true;
	for (size_t i = 0; i < b->positions.count; i++) {
		size_t k = 0;

		while (k < a->positions.count && a->positions.list[k] != b->positions.list[i])
			k++;
		if (k == a->positions.count)
			return false;
	}
	return true;
}

bool hold_same(const struct hold *a, const struct hold *b)
{
	return !a->wrong && !b->wrong && strcmp(a->reason, b->reason) == 0 &&
		a->until == b->until && has_patches(a, b) && has_patches(b, a) &&
		has_positions(a, b) && has_positions(b, a);
}

/* The application's hold.yaml as it was read. */
struct found {
	const struct hold_file *file;
	bool there; /* it says what is to be said already */
};

static int find_file(struct arena *mem, const struct application *app, const char *path,
	const struct hold *hold, struct found *found, struct error *e)
{
	for (size_t i = 0; i < app->holds.count; i++) {
		const struct hold *h = &app->holds.list[i];

		if (strcmp(h->path, path) != 0)
			continue;
		if (h->wrong)
			return hold_refuse_wrong(mem, h, e);
		found->there |= hold_in_force(h, hold->since) && hold_same(h, hold);
	}
	for (size_t i = 0; i < app->holds.file_count; i++)
		if (strcmp(app->holds.files[i].path, path) == 0)
			found->file = &app->holds.files[i];
	return 0;
}

/* Before the first removal, so that it is there before a copy is gone. */
static void insert(struct arena *mem, struct plan *plan, const struct edit *edit)
{
	size_t at = plan->edit_count;

	*ARENA_PUSH(mem, plan->edits, plan->edit_count) = *edit;
	for (; at && plan->edits[at - 1].kind == EDIT_REMOVE; at--)
		plan->edits[at] = plan->edits[at - 1];
	plan->edits[at] = *edit;
}

/* A file that is new is open to those to whom values.yaml is. */
static unsigned new_mode(const struct application *app)
{
	return app->base ? app->base->mode & 0666 : 0644;
}

const struct layer *hold_layer(struct arena *mem, const char *path, struct str text, unsigned mode,
	const struct file *file)
{
	struct layer *made = ARENA_NEW(mem, struct layer, 1);
	struct doc *doc = ARENA_NEW(mem, struct doc, 1);

	*doc = (struct doc){ .name = path, .text = text };
	*made = (struct layer){
		.path = path, .name = HOLD_FILE, .doc = doc, .file = file, .mode = mode
	};
	return made;
}

int hold_leave(struct arena *mem, const struct state *now, const struct hold *hold,
	struct plan *plan, struct error *e)
{
	const struct application *app = now->app;
	const char *path =
		arena_printf(mem, "%s/" HOLD_FILE, paths_application(mem, &now->subject));
	struct found found = { 0 };
	struct doc doc;
	struct str text;

	if (find_file(mem, app, path, hold, &found, e) < 0)
		return -1;
	const struct hold_file *file = found.file;
	if (found.there)
		return 0;
	/* untested: it was read before, and is not wrong */
	if (file && yaml_read(mem, path, file->text, &doc, e) < 0)
		return -1;
	if (hold_add(mem, app->fleet, file ? &doc : NULL, hold, &text, e) < 0)
		return -1;
	struct edit edit = {
		.kind = file ? EDIT_REPLACE : EDIT_CREATE,
		.path = path,
		.position = NOWHERE,
		.was = file ? hold_layer(mem, path, file->text, file->mode, file->file) : NULL,
		.now = hold_layer(mem, path, text, file ? file->mode : new_mode(app), NULL),
	};
	insert(mem, plan, &edit);
	return 0;
}
