/* SPDX-License-Identifier: Apache-2.0 */
/* The patches in flight for a pull request: a section for each application. */
#include "core/metadata.h"
#include "core/show.h"
#include "report/markdown.h"
#include "report/status.h"

static const char *position(struct arena *mem, const struct fleet *f, size_t p)
{
	return p == NOWHERE ? "" : markdown_code_cell(mem, f->positions[p].path);
}

static void add_patch(struct markdown *m, const struct status_report *r, const struct flight *x)
{
	struct arena *mem = m->mem;
	const char *const cells[] = {
		markdown_code_cell(mem, x->patch),
		markdown_text_cell(mem, status_picture(mem, r->fleet, x, true)),
		position(mem, r->fleet, x->next),
		markdown_text_cell(mem, status_waits(mem, r->fleet, x)),
		markdown_text_cell(mem, metadata_one_line(mem, x->description)),
	};

	markdown_row(&m->text, cells, sizeof(cells) / sizeof(*cells));
}

static void add_patches(struct markdown *m, const struct status_report *r)
{
	static const char *const titles[] = { "Patch", "Where", "Next", "Waits for",
		"Description" };

	for (size_t i = 0; i < r->count; i++) {
		const struct surveyed *s = &r->patches[i];

		if (!i || !status_same_home(s, s - 1)) {
			markdown_section(m, 3, status_home(m->mem, s->type, s->application), false);
			markdown_head(&m->text, titles, sizeof(titles) / sizeof(*titles));
		}
		add_patch(m, r, s->flight);
	}
}

static void add_unreadable(struct markdown *m, const struct status_report *r)
{
	static const char *const titles[] = { "Application", "Why" };

	if (!r->unreadable->count)
		return;
	markdown_section(m, 3, "Unreadable", true);
	markdown_head(&m->text, titles, 2);
	for (size_t i = 0; i < r->unreadable->count; i++) {
		const struct finding *f = &r->unreadable->list[i];
		const char *home = status_home(m->mem, f->type, f->application);
		const char *const cells[] = { markdown_code_cell(m->mem, home),
			markdown_text_cell(m->mem, f->text) };

		markdown_row(&m->text, cells, 2);
	}
}

static void add_positions(struct markdown *m, const struct status_report *r)
{
	static const char *const titles[] = { "Position", "State", "Gate" };
	const struct flight *x = r->patches[0].flight;
	const enum flight_place *places =
		r->detail ? r->detail->places : flight_places(m->mem, r->fleet, x);

	markdown_section(m, 3, "Positions", false);
	markdown_head(&m->text, titles, 3);
	for (size_t p = 0; p < r->fleet->count; p++) {
		const char *const cells[] = {
			position(m->mem, r->fleet, p),
			status_place(places[p]),
			r->fleet->positions[p].manual ? "manual" : "",
		};

		markdown_row(&m->text, cells, 3);
	}
}

static void add_waits(struct markdown *m, const struct flight *x)
{
	for (size_t i = 0; i < x->waits.count; i++) {
		buf_puts(&m->text, i ? "- " : "\n- ");
		markdown_text(&m->text, str_of(x->waits.list[i].text));
		buf_putc(&m->text, '\n');
	}
}

static void add_sets(struct markdown *m, const struct flight_detail *d)
{
	static const char *const titles[] = { "Path", "Value" };

	if (!d->set_count)
		return;
	markdown_section(m, 3, "Sets", false);
	markdown_head(&m->text, titles, 2);
	for (size_t i = 0; i < d->set_count; i++) {
		struct buf value = { .mem = m->mem };

		show_value(&value, d->sets[i].now, false);
		const char *const cells[] = { markdown_code_cell(m->mem, d->sets[i].path),
			markdown_code_cell(m->mem, value.at) };
		markdown_row(&m->text, cells, 2);
	}
}

/* The one patch that was asked for. */
static void add_one(struct markdown *m, const struct status_report *r, const struct look *look)
{
	add_waits(m, r->patches[0].flight);
	add_positions(m, r);
	if (!r->detail)
		return;
	add_sets(m, r->detail);
	report_effect_markdown(r->fleet, &r->detail->effect, look, m);
}

void status_markdown(
	struct arena *mem, const struct status_report *r, const struct look *look, struct buf *out)
{
	struct markdown m = { .mem = mem };

	markdown_section(&m, 2, status_summary(mem, r), true);
	add_patches(&m, r);
	if (r->one)
		add_one(&m, r, look);
	add_unreadable(&m, r);
	markdown_write(&m, out);
}
