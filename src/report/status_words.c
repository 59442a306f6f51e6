/* SPDX-License-Identifier: Apache-2.0 */
/* Words and pictures for the patches in flight. */
#include <string.h>

#include "core/show.h"
#include "report/status.h"

enum {
	PICTURED_TARGETS = 8,   /* of a position of the first dimension: a symbol each */
	PICTURED_POSITIONS = 6, /* of the first dimension */
};

struct picture {
	struct buf out;
	const struct fleet *f;
	const struct flight *x;
	const char *full, *empty;
	size_t copy;  /* the first one that is not passed yet */
	size_t until; /* the end of what the copies before it cover */
};

static bool covers(struct picture *p, size_t i)
{
	for (; p->copy < p->x->copy_count && p->x->copies[p->copy].position <= i; p->copy++) {
		size_t end = p->f->positions[p->x->copies[p->copy].position].end;

		if (end > p->until)
			p->until = end;
	}
	return i < p->until;
}

static size_t digits(size_t n)
{
	return n < 10 ? 1 : 1 + digits(n / 10);
}

/* "integration ●●●", "stage  2/12" */
static void add_position(struct picture *p, size_t top)
{
	const struct position *at = &p->f->positions[top];
	struct buf cells = { .mem = p->out.mem };
	size_t covered = 0;

	for (size_t i = top; i < at->end; i++) {
		if (!fleet_is_target(p->f, i))
			continue;
		bool full = covers(p, i);
		covered += full;
		if (at->targets <= PICTURED_TARGETS)
			buf_puts(&cells, full ? p->full : p->empty);
	}
	if (p->out.len)
		buf_putc(&p->out, ' ');
	show_printf(&p->out, "%s ", at->name);
	if (at->targets <= PICTURED_TARGETS)
		buf_puts(&p->out, cells.at);
	else
		buf_printf(&p->out, "%*zu/%zu", (int)digits(at->targets), covered, at->targets);
}

const char *status_picture(
	struct arena *mem, const struct fleet *f, const struct flight *x, bool symbols)
{
	struct picture p = {
		.out = { .mem = mem },
		.f = f,
		.x = x,
		.full = symbols ? "\xe2\x97\x8f" : "#",
		.empty = symbols ? "\xe2\x97\x8b" : ".",
	};
	size_t tops = 0;

	for (size_t i = 0; i < f->count; i = f->positions[i].end)
		tops++;
	if (tops > PICTURED_POSITIONS)
		return arena_printf(
			mem, "%*zu/%zu targets", (int)digits(f->targets), x->covered, f->targets);
	for (size_t i = 0; i < f->count; i = f->positions[i].end)
		add_position(&p, i);
	return p.out.at;
}

static void add_others(struct buf *out, const struct flight *x, const char *code)
{
	bool any = false;

	for (size_t i = 0; i < x->waits.count; i++) {
		const struct finding *w = &x->waits.list[i];
		const char *other = flight_other(out->mem, w);

		if (strcmp(w->code, code) != 0 || !other)
			continue;
		show_printf(out, "%s%s", any ? ", " : "", other);
		any = true;
	}
}

static const char *ready(const struct flight *x)
{
	if (!x->steps)
		return "complete";
	if (x->kind == STEP_PROMOTE)
		return "ready";
	return x->kind == STEP_CONSOLIDATE ? "ready to consolidate" : "ready to integrate";
}

const char *status_waits(struct arena *mem, const struct fleet *f, const struct flight *x)
{
	struct buf out = { .mem = mem };

	switch (x->state) {
	case FLIGHT_READY:
		return ready(x);
	case FLIGHT_GATE:
		for (size_t i = 0; i < x->gates.count; i++)
			show_printf(&out, "%s%s", i ? ", " : "gate ",
				f->positions[x->gates.list[i]].path);
		return out.at;
	case FLIGHT_HELD:
		return "hold";
	case FLIGHT_GAP:
		return "gap";
	case FLIGHT_DIFFERENT:
		return "copies differ";
	case FLIGHT_SUPERSEDED:
		buf_puts(&out, "superseded by ");
		add_others(&out, x, "superseded");
		return out.at;
	case FLIGHT_CONFLICT:
		buf_puts(&out, "conflict with ");
		add_others(&out, x, "conflict");
		return out.at;
	case FLIGHT_REFUSED:
		return arena_printf(mem, "refused: %s", x->waits.list[0].code);
	case FLIGHT_UNREADABLE:
		break;
	}
	return "unreadable";
}

const char *status_mends(const struct flight *x)
{
	for (size_t i = 0; i < x->waits.count; i++) {
		const struct finding *w = &x->waits.list[i];

		if ((x->state == FLIGHT_GAP || x->state == FLIGHT_SUPERSEDED) && w->about.hint)
			return w->about.hint;
	}
	return NULL;
}

const char *status_home(struct arena *mem, const char *type, const char *application)
{
	return application ? arena_printf(mem, "%s/%s", type, application) : type;
}

bool status_same_home(const struct surveyed *a, const struct surveyed *b)
{
	return strcmp(a->type, b->type) == 0 && strcmp(a->application, b->application) == 0;
}

enum tint status_tint(enum flight_state state)
{
	switch (state) {
	case FLIGHT_READY:
		return TINT_GREEN;
	case FLIGHT_GATE:
	case FLIGHT_HELD:
	case FLIGHT_SUPERSEDED:
		return TINT_YELLOW;
	case FLIGHT_GAP:
	case FLIGHT_DIFFERENT:
	case FLIGHT_CONFLICT:
	case FLIGHT_REFUSED:
	case FLIGHT_UNREADABLE:
		break;
	}
	return TINT_RED;
}

const char *status_summary(struct arena *mem, const struct status_report *r)
{
	size_t counts[FLIGHT_UNREADABLE + 1] = { 0 };
	struct buf out = { .mem = mem };
	const char *before = ": ";

	for (size_t i = 0; i < r->count; i++)
		counts[r->patches[i].flight->state]++;
	if (r->count)
		buf_printf(&out, "%zu %s in flight", r->count, r->count == 1 ? "patch" : "patches");
	else
		buf_puts(&out, "No patch is in flight");
	for (size_t i = 0; i <= FLIGHT_UNREADABLE; i++) {
		if (!counts[i])
			continue;
		buf_printf(&out, "%s%zu %s", before, counts[i],
			flight_state_name((enum flight_state)i));
		before = ", ";
	}
	return out.at;
}

const char *status_place(enum flight_place place)
{
	switch (place) {
	case PLACE_NOT_REACHED:
		return "not reached";
	case PLACE_NEXT:
		return "next";
	case PLACE_COVERED:
		return "covered";
	case PLACE_PLACED:
		return "placed";
	case PLACE_WITHOUT:
		break;
	}
	return "without effect";
}
