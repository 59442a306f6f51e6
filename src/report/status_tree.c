/* SPDX-License-Identifier: Apache-2.0 */
/* One patch in flight: what it waits for, where it is, what it sets, and what that does. */
#include "core/metadata.h"
#include "core/show.h"
#include "report/status.h"
#include "report/table.h"

enum {
	WHOLE_POSITIONS = 40, /* a fleet of so many is shown whole */
	SHOWN_SETS = 30,      /* values, unless everything is asked for */
};

struct tree {
	struct arena *mem;
	const struct status_report *r;
	const struct fleet *f;
	const struct flight *x;
	const enum flight_place *places;
	const struct look *look;
	struct buf *out;
};

static void add_text(const struct tree *t, struct buf *text)
{
	layout_text(t->out, t->look, buf_str(text));
}

static void add_title(const struct tree *t, const char *title)
{
	buf_printf(t->out, "\n%s%s%s\n", layout_tint(t->look, TINT_BOLD), title,
		layout_plain(t->look, TINT_BOLD));
}

static void add_head(const struct tree *t)
{
	const struct surveyed *s = &t->r->patches[0];
	struct buf text = { .mem = t->mem };

	show_printf(&text, "%s/%s/%s", s->type, s->application, s->flight->patch);
	if (t->x->description)
		show_printf(&text, ": %s", metadata_one_line(t->mem, t->x->description));
	buf_puts(&text, "\nState: ");
	buf_puts(&text, layout_tint(t->look, status_tint(t->x->state)));
	buf_puts(&text, status_waits(t->mem, t->f, t->x));
	buf_puts(&text, layout_plain(t->look, status_tint(t->x->state)));
	buf_putc(&text, '\n');
	for (size_t i = 0; i < t->x->waits.count; i++)
		buf_printf(&text, "  %s\n", t->x->waits.list[i].text);
	if (status_mends(t->x))
		show_printf(&text, "Try: %s\n", status_mends(t->x));
	if (t->x->next != NOWHERE)
		show_printf(&text, "Next: %s\n", t->f->positions[t->x->next].path);
	buf_printf(&text, "Covered: %zu of %zu targets", t->x->covered, t->f->targets);
	if (t->x->without)
		buf_printf(&text, ", without effect at %zu", t->x->without);
	buf_putc(&text, '\n');
	add_text(t, &text);
}

/*
 * Whether what is below a position says no more than the position does: that all of it is covered
 * by its copy, or not reached, and no gate is there.
 */
static bool is_uniform(const struct tree *t, size_t p)
{
	const enum flight_place below =
		t->places[p] == PLACE_PLACED ? PLACE_COVERED : PLACE_NOT_REACHED;

	if (t->f->count <= WHOLE_POSITIONS || t->look->whole)
		return false;
	for (size_t i = p + 1; i < t->f->positions[p].end; i++)
		if (t->f->positions[i].manual || t->places[i] != below)
			return false;
	return true;
}

static const char *const marks[] = {
	[PLACE_NOT_REACHED] = "\xe2\x97\x8b",
	[PLACE_NEXT] = "\xe2\x96\xb7",
	[PLACE_COVERED] = "\xe2\x97\x8f",
	[PLACE_PLACED] = "\xe2\x97\x8f",
	[PLACE_WITHOUT] = "\xe2\x97\x8c",
};

static const char ascii_marks[] = {
	[PLACE_NOT_REACHED] = '.',
	[PLACE_NEXT] = '>',
	[PLACE_COVERED] = '#',
	[PLACE_PLACED] = '#',
	[PLACE_WITHOUT] = '!',
};

static enum tint place_tint(enum flight_place place)
{
	switch (place) {
	case PLACE_NOT_REACHED:
		return TINT_DIM;
	case PLACE_COVERED:
	case PLACE_PLACED:
		return TINT_GREEN;
	case PLACE_NEXT:
	case PLACE_WITHOUT:
		break;
	}
	return TINT_YELLOW;
}

static void add_positions(const struct tree *t)
{
	struct table table = { .mem = t->mem, .indent = 2 };

	for (size_t p = 0; p < t->f->count; p++) {
		const struct position *at = &t->f->positions[p];
		const enum flight_place place = t->places[p];
		const char letter[] = { ascii_marks[place], '\0' };
		bool folded = !fleet_is_target(t->f, p) && is_uniform(t, p);

		table_cell(&table,
			arena_printf(t->mem, "%*s%s %s", (int)(2 * (at->depth - 1)), "",
				t->look->symbols ? marks[place] : letter, at->name));
		table_tinted(&table, place_tint(place),
			folded ? arena_printf(t->mem, "%s (%zu targets)", status_place(place),
					 at->targets)
			       : status_place(place));
		table_cell(&table, at->manual ? "manual gate" : "");
		table_end_row(&table);
		if (folded)
			p = at->end - 1;
	}
	add_title(t, "Positions");
	table_write(&table, t->look, t->out);
}

static void add_sets(const struct tree *t)
{
	const struct flight_detail *d = t->r->detail;
	size_t shown = t->look->whole || d->set_count <= SHOWN_SETS ? d->set_count : SHOWN_SETS;
	struct buf text = { .mem = t->mem };

	for (size_t i = 0; i < shown; i++) {
		show_printf(&text, "  %s: ", d->sets[i].path);
		show_value(&text, d->sets[i].now, t->look->whole);
		buf_putc(&text, '\n');
	}
	if (shown < d->set_count)
		buf_printf(&text, "  and %zu more; --diff shows all\n", d->set_count - shown);
	if (!d->set_count)
		buf_puts(&text, "  nothing\n");
	add_title(t, "Sets");
	add_text(t, &text);
}

static void add_metadata(const struct tree *t)
{
	const struct node *metadata = t->r->detail->metadata;
	struct buf text = { .mem = t->mem };

	if (!metadata || metadata->kind != NODE_MAP || !metadata->map.count)
		return;
	for (size_t i = 0; i < metadata->map.count; i++) {
		struct number_text room;
		const struct pair *pair = &metadata->map.pairs[i];

		buf_puts(&text, "  ");
		show_escaped(&text, key_text(pair->key, &room));
		buf_puts(&text, ": ");
		show_value(&text, pair->value, t->look->whole);
		buf_putc(&text, '\n');
	}
	add_title(t, "Metadata");
	add_text(t, &text);
}

void status_tree(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out)
{
	const struct flight *x = r->patches[0].flight;
	const struct tree t = {
		.mem = mem,
		.r = r,
		.f = r->fleet,
		.x = x,
		.places = r->detail ? r->detail->places : flight_places(mem, r->fleet, x),
		.look = look,
		.out = out,
	};
	struct buf effect = { .mem = mem };

	add_head(&t);
	add_positions(&t);
	if (!r->detail)
		return;
	add_metadata(&t);
	add_sets(&t);
	buf_putc(&effect, '\n');
	report_effect_text(r->fleet, &r->detail->effect, look, &effect);
	layout_text(out, look, buf_str(&effect));
}
