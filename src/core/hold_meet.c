/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hold_meet.h"

#include "base/hidden.h"
#include "core/instant.h"
#include "core/paths.h"

/*
 * How many positions are entered before each one, in sequence order, so that any part of the fleet
 * is asked for in constant time.
 */
static size_t *count_entered(
	struct arena *mem, const struct fleet *f, const struct step *step, const struct plan *plan)
{
	size_t *before = ARENA_NEW(mem, size_t, f->count + 1);
	bool *entered = ARENA_NEW(mem, bool, f->count);

	for (size_t i = 0; i < plan->edit_count; i++)
		if (plan->edits[i].position != NOWHERE)
			entered[plan->edits[i].position] = true;
	for (size_t g = 0; g < plan->effect.count; g++)
		for (size_t i = 0; i < plan->effect.groups[g].target_count; i++)
			entered[plan->effect.groups[g].targets[i]] = true;
	for (size_t p = 0; p < f->count; p++)
		before[p + 1] = before[p] + (entered[p] || step->kind == STEP_INTEGRATE);
	return before;
}

/* Whether a position of [p, end) is entered. */
static bool is_entered(const struct fleet *f, const size_t *before, size_t p)
{
	return before[f->positions[p].end] > before[p];
}

static bool meets(const struct fleet *f, const struct hold *h, const size_t *before)
{
	if (h->positions.count) {
		for (size_t i = 0; i < h->positions.count; i++)
			if (is_entered(f, before, h->positions.list[i]))
				return true;
		return false;
	}
	return h->position == NOWHERE || is_entered(f, before, h->position);
}

struct holds_met holds_meet(struct arena *mem, const struct state *state, const struct step *step,
	const struct plan *plan, int64_t now)
{
	const struct application *app = state->app;
	struct holds_met met = { 0 };

	if (!app->holds.count || !plan->edit_count)
		return met;
	const size_t *before = count_entered(mem, app->fleet, step, plan);
	for (size_t i = 0; i < app->holds.count && !met.more; i++) {
		const struct hold *h = &app->holds.list[i];

		if (!hold_in_force(h, now) || !hold_concerns(h, state->subject.patch) ||
			!meets(app->fleet, h, before))
			continue;
		met.more = met.count == HOLDS_TOLD;
		if (!met.more)
			*ARENA_PUSH(mem, met.list, met.count) = h;
	}
	return met;
}

/* What tells a hold from the others of its file. */
static void add_options(
	struct arena *mem, struct buf *b, const struct fleet *f, const struct hold *h)
{
	/* else it can be no word of a command that is shown */
	if (!character_any_hidden(str_of(h->reason)))
		buf_printf(b, "--reason=%s\n", h->reason);
	if (h->until != HOLD_OPEN)
		buf_printf(b, "--until=%s\n", instant_text(mem, h->until));
	for (size_t i = 0; i < h->patch_count; i++)
		buf_printf(b, "--patch=%s\n", h->patches[i]);
	for (size_t i = 0; i < h->positions.count; i++)
		buf_printf(b, "--position=%s\n", f->positions[h->positions.list[i]].path);
}

static bool is_alone(const struct hold_list *all, const struct hold *h)
{
	size_t n = 0;

	for (size_t i = 0; i < all->count; i++)
		n += strcmp(all->list[i].path, h->path) == 0;
	return n == 1;
}

/* How many directories a path is in. */
static size_t depth_of(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* all: those of its file, and maybe others. The path is config/TYPE/APPLICATION/..., or shorter. */
static const char *release_words(
	struct arena *mem, const struct fleet *f, const struct hold_list *all, const struct hold *h)
{
	struct buf b = { .mem = mem };
	char *rest = arena_copy(mem, h->path, strlen(h->path));
	const size_t depth = depth_of(rest);

	(void)strsep(&rest, "/");
	buf_puts(&b, "release\n");
	if (depth > 1)
		buf_printf(&b, "%s\n", strsep(&rest, "/"));
	if (depth > 2)
		buf_printf(&b, "%s\n", strsep(&rest, "/"));
	if (h->position != NOWHERE)
		buf_printf(&b, "%s\n", f->positions[h->position].path);
	if (!is_alone(all, h))
		add_options(mem, &b, f, h);
	return b.at;
}

const char *hold_release_words(
	struct arena *mem, const struct application *app, const struct hold *h)
{
	return h->wrong ? NULL : release_words(mem, app->fleet, &app->holds, h);
}

const char *hold_release_shown(
	struct arena *mem, const struct fleet *f, const struct hold_list *all, const struct hold *h)
{
	const char *words = release_words(mem, f, all, h);

	return command_shown(mem, arena_copy(mem, words, strlen(words) - 1));
}

struct about hold_about(const struct fleet *f, const struct hold *h)
{
	return (struct about){
		.position = h->position == NOWHERE ? NULL : f->positions[h->position].path,
		.file = h->path,
		.line = h->place.line,
		.column = h->place.column,
		.hint = h->unlisted ? "make it readable"
			: h->wrong  ? "mend it, or remove it"
				    : NULL,
	};
}

static void refuse_one(struct arena *mem, const struct application *app, const struct hold *h,
	bool first, struct error *e)
{
	const char *text = hold_text(mem, app->fleet, h), *words = hold_release_words(mem, app, h);
	const struct about about = hold_about(app->fleet, h);

	if (first)
		error_set(e, STATUS_BLOCKED, "held by %s%s%s", text, h->wrong ? "; " : "",
			h->wrong ? about.hint : "");
	else
		error_detail(e, "  and by %s", text);
	error_about(e, about);
	error_blocker(e, about, "%s", h->wrong ? h->wrong : h->reason);
	if (words)
		error_command(e, "%s", words);
}

int holds_refuse(struct arena *mem, const struct holds_met *met, const struct application *app,
	struct error *e)
{
	for (size_t i = 0; i < met->count; i++)
		refuse_one(mem, app, met->list[i], i == 0, e);
	if (met->more)
		error_detail(e, "  and by more");
	return error_code(e, "hold");
}
