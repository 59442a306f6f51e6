/* SPDX-License-Identifier: Apache-2.0 */
/* What depends on more than the files below config/: rendered files, and what a run has left. */
#include "run/inspect_parts.h"

#include <fcntl.h>

#include "core/show.h"
#include "run/unfinished.h"
#include "store/render/rendered.h"

enum { NAMED_DIFFERENCES = 3 };

struct comparing {
	struct inspecting *x;
	struct arena *scratch; /* for one target */
	struct session *session;
	struct state *states;
	size_t count;
};

/* "a.b is 1.2 and should be 1.3; ...; and 7 more" */
static void add_differences(struct buf *text, const struct value_change *list, size_t count)
{
	for (size_t i = 0; i < count && i < NAMED_DIFFERENCES; i++) {
		buf_printf(text, "%s%s is ", i ? "; " : "", list[i].path[0] ? list[i].path : "it");
		show_value(text, list[i].old, false);
		buf_puts(text, " and should be ");
		show_value(text, list[i].now, false);
	}
	if (count > NAMED_DIFFERENCES)
		buf_printf(text, "; and %zu more", count - NAMED_DIFFERENCES);
}

static void compare(const struct comparing *c, const struct layer *rendered, size_t target)
{
	struct inspecting *x = c->x;
	const struct fleet *f = &c->session->fleet;
	const struct value_change *list = NULL;
	struct buf text = { .mem = c->scratch };
	struct findings found = { .checked = true, .type = x->found.type };
	size_t n = target_compare(c->scratch, rendered->root,
		target_values(c->scratch, f, target, c->states, c->count), &list);

	if (!n)
		return;
	struct about about = { .position = f->positions[target].path,
		.file = rendered->path,
		.key = list[0].path[0] ? list[0].path : NULL,
		.hint = "run the generator, make generate, and commit what it writes" };
	if (list[0].old) {
		about.line = list[0].old->place.line;
		about.column = list[0].old->place.column;
	}
	add_differences(&text, list, n);
	finding_add(c->scratch, &found, "stale-rendered", about, text.at);
	findings_keep(x->mem, &x->found, &found);
}

static void compare_target(const struct comparing *c, const char *type, size_t target)
{
	const struct layer *rendered = NULL;
	struct contents contents;
	struct error wrong = { 0 };

	contents_init(&contents, c->scratch, c->session->source);
	int found = contents_read(&contents,
		arena_printf(c->scratch, RENDERED "/%s/%s/values.yaml", type,
			c->session->fleet.positions[target].path),
		false, &rendered, &wrong);
	if (found < 0)
		inspect_problem(c->x, "broken-yaml", &wrong);
	else if (found > 0)
		compare(c, rendered, target);
}

/* The values of all targets; the memory for them is given back afterwards. */
static void compare_type(struct inspecting *x, const char *type, struct arena *mem)
{
	struct session session = *x->session;
	struct arena scratch;
	struct comparing c = { .x = x, .scratch = &scratch, .session = &session };
	struct error wrong = { 0 };

	session.stacks = NULL;
	disk_start(&session.disk, session.root.fd);
	session.disk.on_read = x->session->disk.on_read;
	if (!session.commit)
		session.source = &session.disk.source;
	contents_init(&session.contents, mem, session.source);
	arena_init(&scratch, mem->out_of_memory);
	if (session_states(mem, &session, type, &c.states, &c.count, &wrong) < 0)
		inspect_problem(x, "broken-yaml", &wrong);
	else {
		target_share(&session.fleet, c.states, c.count, NULL, NULL);
		for (size_t i = 0; i < session.fleet.count; i++)
			if (fleet_is_target(&session.fleet, i)) {
				const struct arena_mark mark = arena_mark(&scratch);

				compare_target(&c, type, i);
				arena_rewind(&scratch, mark);
			}
	}
	disk_forget(&session.disk);
	arena_free(&scratch);
}

void inspect_rendered(struct inspecting *x, const char *type)
{
	const char *directory = arena_printf(x->mem, RENDERED "/%s", type);
	struct source *source = x->session->source;
	struct listing listing;
	struct error wrong = { 0 };
	struct arena mem;
	int found = source->list(source, x->mem, directory, &listing, &wrong);

	if (found < 0)
		inspect_problem(x, "stale-rendered", &wrong);
	if (found <= 0)
		return;
	arena_init(&mem, x->mem->out_of_memory);
	compare_type(x, type, &mem);
	arena_free(&mem);
}

void inspect_unfinished(struct inspecting *x)
{
	struct error wrong = { 0 };

	if (unfinished_check(x->mem, x->session, &wrong) < 0)
		inspect_problem(x, "unfinished-step", &wrong);
}
