/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hold_edit.h"
#include "core/verify_parts.h"
#include "yaml/read.h"

struct holding {
	struct arena *mem;
	const struct fleet *f;
	const struct changed_file *file;
	size_t position; /* whose directory the file is in, or NOWHERE */
	struct doc before, after;
	struct hold_list was, is;
	struct verdict v; /* set by what returns false */
};

static struct verdict illegal(struct holding *h, const char *rule, const char *text)
{
	return verdict_illegal(h->mem, rule, h->file->path, "%s: %s", h->file->path, text);
}

/* The position of config/TYPE/APPLICATION/POSITION/hold.yaml; false if the fleet has no such one. */
static bool find_position(struct holding *h)
{
	const char *at = h->file->path;
	size_t parts = 0;

	h->position = NOWHERE;
	for (; parts < 3 && strchr(at, '/'); parts++)
		at = strchr(at, '/') + 1;
	if (!strchr(at, '/'))
		return true;
	h->position = fleet_find(h->f, arena_copy(h->mem, at, strlen(at) - strlen("/" HOLD_FILE)));
	if (h->position == NOWHERE)
		h->v = illegal(h, "not-found", "the fleet has no such position");
	return h->position != NOWHERE;
}

/* Reads one side, whose holds are all right. */
static bool read_side(struct holding *h, struct str text, struct doc *doc, struct hold_list *list)
{
	struct error e = { 0 };

	if (yaml_read_values(h->mem, h->file->path, text, doc, &e) < 0) {
		h->v = verdict_refused(h->mem, &e);
		return false;
	}
	hold_read(h->mem, h->f, doc, h->position, list);
	for (size_t i = 0; i < list->count; i++) {
		if (!list->list[i].wrong)
			continue;
		h->v = illegal(h, "bad-hold", list->list[i].wrong);
		return false;
	}
	return true;
}

/* Without the spaces around it, which a trailer does not keep. */
static struct str trimmed(const char *text)
{
	struct str s = str_of(text);

	while (s.len && s.at[s.len - 1] == ' ')
		s.len--;
	while (s.len && s.at[0] == ' ')
		s = str_part(s, 1, s.len);
	return s;
}

static bool is_reason(const struct record *r, const struct hold *hold)
{
	return !r->reason || str_equal(trimmed(r->reason), trimmed(hold->reason));
}

/* Whether the trailers tell this hold. */
static bool is_told(struct holding *h, const struct record *r, const struct hold *hold)
{
	const bool here = h->position == NOWHERE
		? !r->to.count
		: r->to.count == 1 && strcmp(r->to.list[0], h->f->positions[h->position].path) == 0;

	if (here && is_reason(r, hold))
		return true;
	h->v = illegal(h, "trailers", "its trailers tell another hold");
	return false;
}

static bool has_bytes(struct holding *h, int made, struct str text, struct error *e)
{
	if (made < 0)
		h->v = verdict_refused(h->mem, e);
	else if (!str_equal(text, h->file->after))
		h->v = illegal(h, "other-bytes", "more is changed than the holds that are told");
	return made == 0 && str_equal(text, h->file->after);
}

static bool is_added(struct holding *h, const struct record *r)
{
	struct str text = { 0 };
	struct error e = { 0 };

	if (!h->file->is || h->is.count != h->was.count + 1) {
		h->v = illegal(h, "incomplete", "it has not one hold more");
		return false;
	}
	const struct hold *hold = &h->is.list[h->is.count - 1];
	const struct doc *base = h->file->was ? &h->before : NULL;
	return is_told(h, r, hold) &&
		has_bytes(h, hold_add(h->mem, h->f, base, hold, &text, &e), text, &e);
}

static bool is_one(const struct hold *a, const struct hold *b)
{
	return hold_same(a, b) && a->since == b->since && strcmp(a->by, b->by) == 0;
}

static bool is_released(struct holding *h, const struct record *r)
{
	bool *gone = ARENA_NEW(h->mem, bool, h->was.count);
	struct error e = { 0 };
	struct str text = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < h->was.count; i++) {
		gone[i] = kept == h->is.count || !is_one(&h->was.list[i], &h->is.list[kept]);
		kept += !gone[i];
		/* the trailers have the reason of the first */
		if (gone[i] && i == kept && !is_told(h, r, &h->was.list[i]))
			return false;
	}
	if (kept != h->is.count || kept == h->was.count) {
		h->v = illegal(h, "incomplete", "it has not the same holds but for some");
		return false;
	}
	return !h->file->is ||
		has_bytes(h, hold_remove(h->mem, &h->before, gone, &text, &e), text, &e);
}

/* The only file; NULL: it is another one, or there are more. */
static const struct changed_file *find_file(
	struct arena *mem, const struct judged *c, struct verdict *v)
{
	const struct changed_file *found = NULL;

	for (size_t i = 0; i < c->count; i++) {
		const struct changed_file *file = &c->files[i];

		if (found || file->odd || strcmp(strrchr(file->path, '/') + 1, HOLD_FILE) != 0) {
			*v = verdict_illegal(mem, "other-file", file->path,
				"a %s changes one %s, and not %s", c->record->action, HOLD_FILE,
				file->path);
			return NULL;
		}
		found = file;
	}
	if (!found)
		*v = verdict_illegal(mem, "incomplete", NULL,
			"its trailers tell a %s, and it changes no %s", c->record->action,
			HOLD_FILE);
	return found;
}

static bool judge(struct holding *h, const struct record *r)
{
	if (!find_position(h) ||
		(h->file->was && !read_side(h, h->file->before, &h->before, &h->was)) ||
		(h->file->is && !read_side(h, h->file->after, &h->after, &h->is)))
		return false;
	return strcmp(r->action, "hold") == 0 ? is_added(h, r) : is_released(h, r);
}

struct verdict verify_hold(struct arena *mem, const struct fleet *f, const struct judged *c)
{
	struct holding h = { .mem = mem, .f = f };

	h.file = find_file(mem, c, &h.v);
	if (h.file && judge(&h, c->record))
		h.v = (struct verdict){ .kind = VERDICT_LEGAL };
	h.v.action = c->record->action;
	return h.v;
}

bool verify_left_hold(struct arena *mem, const struct judged *c, struct hold *out)
{
	const struct state *now = c->replay.now;
	const struct record *r = c->record;
	const char *path =
		arena_printf(mem, "%s/" HOLD_FILE, paths_application(mem, &now->subject));
	struct hold_list list = { 0 };
	struct error e = { 0 };
	struct doc doc;

	*out = (struct hold){
		.reason = r && r->reason ? r->reason : "", .by = "", .since = c->time
	};
	for (size_t i = 0; i < c->count; i++) {
		const struct changed_file *file = &c->files[i];

		if (!file->is || strcmp(file->path, path) != 0)
			continue;
		if (yaml_read_values(mem, path, file->after, &doc, &e) == 0)
			hold_read(mem, now->app->fleet, &doc, NOWHERE, &list);
		error_free(&e);
	}
	const struct hold *last = list.count ? &list.list[list.count - 1] : NULL;
	if (!last || last->wrong || (r && !is_reason(r, last)))
		return false;
	*out = *last;
	return true;
}
