/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a patch, a row for each log. Commits are made by hand here, newest first; tests/judge/test_history.py and
 * tests/cli/history.bats have git make them.
 */
#include "helper.h"

#include <stdio.h>

#include "core/history.h"
#include "fleet_text.h"

static const struct subject subject = { "t", "app", "patch-1" };
static const struct subject older = { "t", "old", "patch-1" };

/* A commit: "NAME PARENT... : FILE..."; "+lab/a=1" adds a copy with bytes 1, "-lab/a" removes one, "C=f2" is a fleet. */
struct row {
	const char *why;
	const char *commits[8]; /* newest first */
	const char *message;    /* of all */
	const char *events, *places;
	size_t older; /* how many of the last are those of the name before; the last of the others gave the new one */
	bool cut;
};

static const char *const fleets[][2] = {
	{ "f1", "lab[a b] live" },
	{ "f2", "lab[a c] live" },
	{ "f3", "lab live" },
	{ "f4", "lab[a bx b] live" },
	{ "f5", "lab[a d] live" },
	{ "f6", "work[a b] live" },
};

static const struct row rows[] = {
	{ "nothing", { NULL }, "", "", "" },
	{ "never a copy", { "2 1 : C=f2", "1 : C=f1" }, "", "", "" },
	{ "from start to end",
		{ "4 3 : -lab", "3 2 : -lab/a +lab=1", "2 1 : +lab/b=1", "1 : C=f1 +lab/a=1" }, "",
		"start +lab/a 1/3, promote +lab/b 2/3, consolidate +lab -lab/a 2/3, rollback -lab 1/3",
		"lab 1-3, lab/a 0-3, lab/b 1-" },
	{ "the last copy", { "2 1 : -lab", "1 : C=f1 +lab=1" }, "",
		"start +lab 2/3, remove -lab 0/3 ends", "lab 0-1, lab/a 0-1, lab/b 0-1" },
	{ "other bytes, and a copy that nobody knew",
		{ "3 2 : -live", "2 1 : +lab=2", "1 : C=f1 +lab=1" }, "",
		"start +lab 2/3, edit ~lab 2/3", "lab 0-, lab/a 0-, lab/b 0-" },
	{ "of others",
		{ "2 1 : *config/t/application/lab/patch-1.yaml *config/t/app/patch-1.yaml *config/u/app/lab/patch-1.yaml *config/t/app/lab/patch-11.yaml",
			"1 : C=f1 +lab=1" },
		"", "start +lab 2/3", "lab 0-, lab/a 0-, lab/b 0-" },
	{ "a fleet that is not known, one that cannot be read, and none",
		{ "4 3 : C=f9", "3 2 : C=bad", "2 1 : !", "1 : C=f1 +lab=1" }, "", "start +lab 2/3",
		"lab 0-, lab/a 0-, lab/b 0-" },
	{ "another fleet, more and fewer targets",
		{ "3 2 : C=f1", "2 1 : C=f4", "1 : C=f2 +lab/a=1 +lab/c=1" }, "",
		"start +lab/a +lab/c 2/3, fleet 1/4", "lab 0-1, lab/a 0-, lab/c 0-1" },
	{ "a position becomes a target, which has no copy",
		{ "2 1 : C=f3", "1 : C=f1 +lab/a=1 +lab/b=1" }, "",
		"start +lab/a +lab/b 2/3, fleet 0/2", "lab 0-1, lab/a 0-1, lab/b 0-1" },
	{ "a position with another name",
		{ "2 1 : C=f2 -lab/b +lab/c=1", "1 : C=f1 +lab/b=1 +lab/a=2" }, "",
		"start +lab/b +lab/a 2/3, rename +lab/c -lab/b 2/3",
		"lab 0-, lab/a 0-, lab/c(lab/b) 0-" },
	{ "not with other bytes", { "2 1 : C=f2 -lab/b +lab/c=2", "1 : C=f1 +lab/b=1" }, "",
		"start +lab/b 1/3, promote +lab/c -lab/b 1/3", "lab/c 1-, lab/b 0-1" },
	{ "not if the new one was there, or the old one is",
		{ "3 2 : -lab/a +lab/b=1", "2 1 : C=f2 -lab/b +lab/a=1", "1 : C=f1 +lab/b=1" }, "",
		"start +lab/b 1/3, promote +lab/a -lab/b 1/3, rollback +lab/b -lab/a 0/3",
		"lab/a 1-2, lab/b 0-1" },
	{ "a name that was left before, and one with the same beginning",
		{ "4 3 : C=f5 -lab/b +lab/d=1", "3 2 : +lab/b=1", "2 1 : -lab/b",
			"1 : C=f4 +lab/b=1 +lab/bx=2" },
		"",
		"start +lab/b +lab/bx 2/4, rollback -lab/b 1/4, promote +lab/b 2/4, rename +lab/d -lab/b 1/3",
		"lab/d(lab/b) 0-1 2-, lab/bx 0-3" },
	{ "a position above, without what was left below it",
		{ "3 2 : C=f6 -lab/b +work/b=2", "2 1 : -lab/a", "1 : C=f1 +lab/a=1 +lab/b=2" }, "",
		"start +lab/a +lab/b 2/3, rollback -lab/a 1/3, rename +work/b -lab/b 1/3",
		"work/b(lab/b) 0-, lab 0-1, lab/a 0-1" },
	{ "a name that another position had before",
		{ "3 2 : C=f2 -lab/b +lab/c=2", "2 1 : C=f1 -lab/c +lab/b=2", "1 : C=f2 +lab/c=1" },
		"", "start +lab/c 1/3, promote +lab/b -lab/c 1/3, promote +lab/c -lab/b 1/3",
		"lab/c 0-1 2-, lab/b 1-2" },
	{ "a shallow clone", { "2 1 : +lab/b=1", "1 : C=f1 +lab/a=1" }, "",
		"cut +lab/a 1/3, promote +lab/b 2/3", "lab 1-, lab/a 0-, lab/b 1-", .cut = true },
	{ "a shallow clone that has it all", { "2 1 : +lab/a=1", "1 : C=f1" }, "",
		"start +lab/a 1/3", "lab/a 0-", .cut = true },
	{ "a merge of both sides",
		{ "4 2 3 : +lab/b=1", "3 1 : +lab/b=1", "2 1 : +live=1", "1 : C=f1 +lab/a=1" }, "",
		"start +lab/a 1/3, promote +live 2/3, promote +lab/b 3/3 joined 3",
		"lab 2-, lab/a 0-, lab/b 2-, live 1-" },
	{ "sides that are told once, and one that has changed no copy",
		{ "6 4 5 9 : +live=1", "5 3 : C=f1", "4 2 3 : +lab/b=1", "3 1 : +lab/b=1",
			"2 1 : C=f1", "1 : C=f1 +lab/a=1" },
		"", "start +lab/a 1/3, promote +lab/b 2/3 joined 3, promote +live 3/3",
		"lab 1-, lab/a 0-, lab/b 1-, live 2-" },
	{ "trailers", { "1 : C=f1 +lab/a=1" },
		"x\n\nPromote-Patch: t/app/patch-1\nPromote-Action: start\n",
		"start +lab/a 1/3 told start", "lab/a 0-" },
	{ "of another cluster type", { "1 : C=f1 +lab/a=1" },
		"x\n\nPromote-Patch: u/app/patch-1\nPromote-Action: start\n", "start +lab/a 1/3",
		"lab/a 0-" },
	{ "of another application", { "1 : C=f1 +lab/a=1" },
		"x\n\nPromote-Patch: t/apps/patch-1\nPromote-Action: start\n", "start +lab/a 1/3",
		"lab/a 0-" },
	{ "of another patch", { "1 : C=f1 +lab/a=1" },
		"x\n\nPromote-Patch: t/app/patch-2\nPromote-Action: start\n", "start +lab/a 1/3",
		"lab/a 0-" },
	{ "of a hold", { "1 : C=f1 +lab/a=1" }, "x\n\nPromote-Action: hold\n", "start +lab/a 1/3",
		"lab/a 0-" },
	{ "trailers that are wrong", { "1 : C=f1 +lab/a=1" }, "x\n\nPromote-Action: no\n",
		"start +lab/a 1/3", "lab/a 0-" },
	{ "another name before", { "3 2 : +live=1", "2 1 : +lab/b=1", "1 : C=f1 @lab/b=1" }, "",
		"start +lab/b 1/3, rename 1/3 was old, promote +live 2/3", "lab/b 0-, live 2-",
		.older = 1 },
};

struct made {
	struct arena mem;
	const struct row *row;
	struct history_fleet fleets[LENGTH(fleets) + 1];
	struct logged commits[8];
	size_t count;
};

static const char *word(struct arena *mem, const char **at)
{
	const size_t n = strcspn(*at, " ");
	const char *made = arena_copy(mem, *at, n);

	*at += n + strspn(*at + n, " ");
	return made;
}

static struct logged_file read_file(struct made *m, const char *text)
{
	const char *equals = strchr(text, '=');
	const size_t n = equals ? (size_t)(equals - text) - 1 : strlen(text) - 1;
	const char *home = *text == '@' ? "old" : "app";
	struct logged_file file = { .status = *text == '-' || *text == '!' ? 'D' : 'A',
		.object = equals ? equals + 1 : "0" };

	if (*text == 'C' || *text == '!')
		file.path = PATHS_CONFIG;
	else if (*text == '*')
		file.path = text + 1;
	else
		file.path = arena_printf(
			&m->mem, "config/t/%s/%.*s/patch-1.yaml", home, (int)n, text + 1);
	return file;
}

static void read_commit(struct made *m, const char *text)
{
	struct logged *c = &m->commits[m->count++];

	*c = (struct logged){
		.object = word(&m->mem, &text), .author = "x", .message = str_of(m->row->message)
	};
	for (const char *parent; *(parent = word(&m->mem, &text)) != ':';)
		*ARENA_PUSH(&m->mem, c->parents, c->parent_count) = parent;
	while (*text)
		*ARENA_PUSH(&m->mem, c->files, c->file_count) = read_file(m, word(&m->mem, &text));
}

static struct landing no_landing(const void *context, const struct logged *c)
{
	(void)context;
	(void)c;
	return (struct landing){ 0 };
}

static void show_names(struct buf *out, char sign, const struct history_names *l)
{
	for (size_t i = 0; i < l->count; i++)
		buf_printf(out, " %c%s", sign, l->list[i]);
}

static const char *show_events(struct arena *mem, const struct history *h)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "");
	for (size_t i = 0; i < h->event_count; i++) {
		const struct history_event *e = &h->events[i];

		buf_printf(&out, "%s%s", i ? ", " : "", history_action_name(e->action));
		show_names(&out, '+', &e->added);
		show_names(&out, '-', &e->removed);
		show_names(&out, '~', &e->changed);
		buf_printf(&out, " %zu/%zu", e->covered, e->targets);
		for (size_t k = 0; k < e->joined_count; k++)
			buf_printf(&out, " joined %s", e->joined[k]->object);
		if (e->record)
			buf_printf(&out, " told %s", e->record->action);
		if (e->renamed_from)
			buf_printf(&out, " was %s", e->renamed_from->application);
		buf_puts(&out, e->ends ? " ends" : "");
	}
	return out.at;
}

static const char *show_places(struct arena *mem, const struct history *h)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "");
	for (size_t i = 0; i < h->place_count; i++) {
		const struct history_place *p = &h->places[i];

		buf_printf(&out, "%s%s", i ? ", " : "", p->position);
		if (p->formerly)
			buf_printf(&out, "(%s)", p->formerly);
		for (size_t k = 0; k < p->count; k++) {
			buf_printf(&out, " %zu-", p->stays[k].reached);
			if (p->stays[k].left != NOWHERE)
				buf_printf(&out, "%zu", p->stays[k].left);
		}
	}
	return out.at;
}

static void check(const struct row *row)
{
	struct made m = { .row = row };
	struct fleet read[LENGTH(fleets)];
	struct history h;

	test_memory(&m.mem);
	for (size_t i = 0; i < LENGTH(fleets); i++) {
		read[i] = fleet_read(&m.mem, "environments regions", fleets[i][1]);
		m.fleets[i] = (struct history_fleet){ fleets[i][0], &read[i] };
	}
	m.fleets[LENGTH(fleets)] = (struct history_fleet){ "bad", NULL };
	for (size_t i = 0; i < LENGTH(row->commits) && row->commits[i]; i++)
		read_commit(&m, row->commits[i]);
	const size_t n = m.count - row->older;
	const struct patch_log logs[] = {
		{ subject, m.commits, n, row->older ? &m.commits[n - 1] : NULL },
		{ older, m.commits + n, row->older, NULL },
	};
	const struct history_in in = {
		.logs = logs,
		.log_count = row->older ? 2 : 1,
		.fleets = m.fleets,
		.fleet_count = LENGTH(m.fleets),
		.fleet = &read[0],
		.cut = row->cut,
		.landing = no_landing,
	};
	history_make(&m.mem, &in, &h);
	expect_text(row->why, "events", row->events, show_events(&m.mem, &h));
	expect_text(row->why, "places", row->places, show_places(&m.mem, &h));
	const struct history_event *end = history_end(&h);
	assert_int_equal(end != NULL, h.event_count && h.events[h.event_count - 1].ends);
	arena_free(&m.mem);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		check(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
