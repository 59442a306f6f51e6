/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The patches in flight of an application: where each is, what is next, and what it waits for; a row
 * each.
 */
#include "helper.h"

#include <string.h>

#include "core/flight_detail.h"
#include "core/show.h"
#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/contents.h"

/* 2026-11-15T00:00:00Z */
#define CLOCK INT64_C(1794700800)

#define FLEET "int[s1[us eu] s2[us]] stage![s1[us]] prod[s1[us]]"

/* An application: a line for each of its files, "POSITION/NAME TEXT"; its values.yaml has `a: 0`. */
struct row {
	const char *why, *files, *judged, *guessed;
};

static const char *place_of(const struct fleet *f, size_t p)
{
	return p == NOWHERE ? "-" : position_show(f, p);
}

static void show_gates(struct buf *b, const struct fleet *f, const struct position_list *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		buf_printf(b, " %s!", position_show(f, gates->list[i]));
}

/* "patch-1 int=DIGEST stage: 3-0 covered, ready, promote to prod/s1 prod!\n", and a line a wait */
static void show_flight(struct buf *b, const struct fleet *f, const struct flight *x)
{
	static const char *const kinds[] = { "promote", "consolidate", "integrate" };

	buf_puts(b, x->patch);
	for (size_t i = 0; i < x->copy_count; i++)
		buf_printf(b, " %s", position_show(f, x->copies[i].position));
	buf_printf(b, ": %zu", x->covered);
	if (x->judged)
		buf_printf(b, "-%zu", x->without);
	buf_printf(b, " covered, %s, %s to %s", flight_state_name(x->state),
		x->steps ? kinds[x->kind] : "none", place_of(f, x->next));
	show_gates(b, f, &x->gates);
	if (x->description)
		buf_printf(b, ", %s", x->description);
	buf_putc(b, '\n');
	for (size_t i = 0; i < x->waits.count; i++) {
		const struct finding *w = &x->waits.list[i];
		const char *other = flight_other(b->mem, w);

		buf_printf(b, "  %s%s%s: %s\n", w->code, other ? " " : "", other ? other : "",
			w->text);
	}
}

struct flying {
	struct kit *k;
	struct fleet fleet;
	struct memory memory;
	struct names names;
	struct contents contents;
	struct application app;
	struct state all;
	struct flights flights, names_only;
};

static void read_files(struct flying *x, const char *text)
{
	struct arena *mem = &x->k->mem;
	struct memory_file *files = NULL;
	size_t count = 0;

	*ARENA_PUSH(mem, files, count) =
		(struct memory_file){ .path = "config/t/a/values.yaml", .text = "a: 0\n" };
	while (*text) {
		const char *space = strchr(text, ' '), *end = strchr(text, '\n');
		struct memory_file *file = ARENA_PUSH(mem, files, count);

		file->path = arena_printf(mem, "config/t/a/%.*s", (int)(space - text), text);
		file->text = arena_printf(mem, "%.*s\n", (int)(end - space - 1), space + 1);
		text = end + 1;
	}
	x->memory = source_memory(files, count);
}

static void begin(struct flying *x, void **state, const char *files)
{
	const struct subject subject = { .type = "t", .application = "a" };

	*x = (struct flying){ .k = *state };
	struct arena *mem = &x->k->mem;
	struct error *e = &x->k->e;
	x->fleet = fleet_read(mem, DIMENSIONS, FLEET);
	read_files(x, files);
	assert_int_equal(names_scan(mem, &x->memory.source, &x->fleet, &subject, &x->names, e), 0);
	contents_init(&x->contents, mem, &x->memory.source);
	assert_int_equal(contents_application(&x->contents, &x->names, NULL, &x->app, e), 0);
	state_make(mem, stacks_new(mem), &x->app, NULL, &x->all);
	flights_start(&x->flights, mem);
	flights_start(&x->names_only, mem);
	for (size_t p = 0; p < x->fleet.count; p++)
		for (size_t i = 0; i < x->app.at[p].count; i++) {
			const struct layer *layer = x->app.at[p].layers[i];

			if (!layer->patch)
				continue;
			flights_add(&x->flights, layer->name, p, layer);
			flights_add(&x->names_only, layer->name, p, NULL);
		}
	flights_end(&x->flights);
	flights_end(&x->names_only);
}

static const char *judge(struct flying *x)
{
	struct arena *mem = &x->k->mem;
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < x->flights.count; i++) {
		flight_judge(mem, &x->all, 2, CLOCK, x->flights.list[i]);
		show_flight(&b, &x->fleet, flight_keep(mem, x->flights.list[i]));
	}
	return b.at;
}

static const char *guess(struct flying *x)
{
	struct arena *mem = &x->k->mem;
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < x->names_only.count; i++) {
		flight_guess(mem, &x->fleet, 2, x->names_only.list[i]);
		show_flight(&b, &x->fleet, flight_keep(mem, x->names_only.list[i]));
	}
	return b.at;
}

static const struct row rows[] = {
	{ "no patch", "int/override.yaml a: 1\n", "", "" },
	{ "begun", "int/s1/us/patch-1.yaml {metadata: {description: a new chart}, a: 1}\n",
		"patch-1 int/s1/us: 1-0 covered, ready, promote to int/s1/eu, a new chart\n",
		"patch-1 int/s1/us: 1 covered, ready, promote to int/s1/eu\n" },
	{ "a description that is no text, and metadata that is no mapping",
		"int/s1/patch-1.yaml {metadata: {description: [x]}, a: 1}\n"
		"int/s1/patch-2.yaml {metadata: 7, b: 1}\n",
		"patch-1 int/s1: 2-0 covered, ready, promote to int/s2\n"
		"patch-2 int/s1: 2-0 covered, ready, promote to int/s2\n",
		"patch-1 int/s1: 2 covered, ready, promote to int/s2\n"
		"patch-2 int/s1: 2 covered, ready, promote to int/s2\n" },
	{ "a gate", "int/patch-1.yaml a: 1\n",
		"patch-1 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n",
		"patch-1 int: 3 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n" },
	{ "a gap", "int/s2/patch-1.yaml a: 1\n",
		"patch-1 int/s2: 1-0 covered, gap, none to -\n"
		"  gap: Gap detected: patch-1 exists at int/s2 but is missing from int/s1 (us, eu)\n",
		"patch-1 int/s2: 1 covered, gap, none to -\n"
		"  gap: it is missing from a target before its latest copy\n" },
	{ "copies that differ", "int/s1/us/patch-1.yaml a: 1\nint/s1/eu/patch-1.yaml a: 2\n",
		"patch-1 int/s1/us int/s1/eu: 2-0 covered, copies-differ, none to int/s2\n"
		"  copies-differ: The copies of patch-1.yaml differ; say which one to promote "
		"with --from=POSITION\n"
		"  copies-differ: a is 2 at int/s1/eu, and 1 at int/s1/us\n",
		"patch-1 int/s1/us int/s1/eu: 2 covered, ready, promote to int/s2\n" },
	{ "a gap, and copies that differ: as a step finds them",
		"int/s1/us/patch-1.yaml a: 1\nint/s2/patch-1.yaml a: 2\n",
		"patch-1 int/s1/us int/s2: 2-0 covered, copies-differ, none to -\n"
		"  copies-differ: The copies of patch-1.yaml differ; say which one to promote "
		"with --from=POSITION\n"
		"  copies-differ: a is 2 at int/s2, and 1 at int/s1/us\n",
		"patch-1 int/s1/us int/s2: 2 covered, gap, none to -\n"
		"  gap: it is missing from a target before its latest copy\n" },
	{ "a conflict: the second one would take over what the first has set",
		"int/patch-1.yaml a: 1\nint/s1/us/patch-2.yaml {a: 2, b: 2}\n",
		"patch-1 int: 3-1 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int/s1/us: 1-0 covered, conflict, none to int/s1/eu\n"
		"  conflict patch-1: config/t/a/int/patch-1.yaml:1 sets a\n",
		"patch-1 int: 3 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int/s1/us: 1 covered, ready, promote to int/s1/eu\n" },
	{ "conflicts with two patches, a wait each",
		"int/patch-1.yaml {a: 1, d: 1}\nint/patch-2.yaml b: 1\n"
		"int/s1/us/patch-3.yaml {a: 2, b: 2, d: 2, c: 2}\n",
		"patch-1 int: 3-1 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int: 3-1 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-3 int/s1/us: 1-0 covered, conflict, none to int/s1/eu\n"
		"  conflict patch-1: config/t/a/int/patch-1.yaml:1 sets a\n"
		"  conflict patch-2: config/t/a/int/patch-2.yaml:1 sets b\n",
		NULL },
	{ "superseded: the second one has another value everywhere",
		"int/patch-1.yaml a: 1\nint/patch-2.yaml {a: 2, b: 2}\n",
		"patch-1 int: 3-3 covered, superseded, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"  superseded patch-2: patch-2.yaml decides about all that patch-1.yaml sets\n"
		"patch-2 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n",
		NULL },
	{ "superseded with the same value",
		"int/patch-1.yaml a: 1\nint/patch-2.yaml {a: 1, b: 2}\n",
		"patch-1 int: 3-0 covered, superseded, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"  superseded patch-2: patch-2.yaml decides about all that patch-1.yaml sets\n"
		"patch-2 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n",
		NULL },
	{ "not superseded: not everywhere",
		"int/patch-1.yaml a: 1\nint/s1/patch-2.yaml {a: 2, b: 2}\n",
		"patch-1 int: 3-2 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int/s1: 2-0 covered, conflict, none to int/s2\n"
		"  conflict patch-1: config/t/a/int/patch-1.yaml:1 sets a\n",
		NULL },
	{ "not superseded: one path is still its own",
		"int/patch-1.yaml {a: 1, c: 1}\nint/patch-2.yaml {a: 2, b: 2}\n",
		"patch-1 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n",
		NULL },
	{ "not superseded but hidden, by an override",
		"int/s1/us/patch-1.yaml a: 1\nint/s1/eu/patch-1.yaml a: 1\n"
		"int/s1/us/patch-2.yaml a: 2\nint/s1/eu/override.yaml a: 3\n",
		"patch-1 int/s1/us int/s1/eu: 2-1 covered, ready, promote to int/s2\n"
		"patch-2 int/s1/us: 1-0 covered, conflict, none to int/s1/eu\n"
		"  conflict patch-1: config/t/a/int/s1/eu/patch-1.yaml:1 sets a\n",
		NULL },
	{ "a patch that sets nothing is not superseded",
		"int/patch-1.yaml {}\nint/patch-2.yaml a: 2\n",
		"patch-1 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int: 3-0 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n",
		NULL },
	{ "held, before a gate; nothing is said of holds from names",
		"int/patch-1.yaml a: 1\n"
		"hold.yaml [{reason: r, by: b, since: 2026-11-01T00:00:00Z, patches: [patch-1]}, "
		"{reason: s, by: b, since: 2026-11-01T00:00:00Z, until: 2026-11-15T00:00:00Z}, "
		"{reason: u, by: b, since: 2026-11-01T00:00:00Z, until: 2026-11-15T00:00:01Z}]\n"
		"int/patch-2.yaml b: 1\n",
		"patch-1 int: 3-0 covered, hold, promote to stage/s1 stage!\n"
		"  hold: config/t/a/hold.yaml:1:2: r (b, since 2026-11-01T00:00:00Z, patch-1)\n"
		"  hold: config/t/a/hold.yaml:1:149: u (b, until 2026-11-15T00:00:01Z)\n"
		"patch-2 int: 3-0 covered, hold, promote to stage/s1 stage!\n"
		"  hold: config/t/a/hold.yaml:1:149: u (b, until 2026-11-15T00:00:01Z)\n",
		"patch-1 int: 3 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n"
		"patch-2 int: 3 covered, gate, promote to stage/s1 stage!\n"
		"  gate: manual gate stage\n" },
	{ "refused, and held: what is refused counts", "int/s2/patch-1.yaml a: 1\nhold.yml x\n",
		"patch-1 int/s2: 1-0 covered, gap, none to -\n"
		"  gap: Gap detected: patch-1 exists at int/s2 but is missing from int/s1 (us, eu)\n",
		NULL },
	{ "superseded, and held", "int/patch-1.yaml a: 1\nint/patch-2.yaml a: 2\nhold.yml x\n",
		"patch-1 int: 3-3 covered, superseded, promote to stage/s1 stage!\n"
		"  hold: config/t/a/hold.yml: it is not read, and was probably meant to be hold.yaml\n"
		"  superseded patch-2: patch-2.yaml decides about all that patch-1.yaml sets\n"
		"patch-2 int: 3-0 covered, hold, promote to stage/s1 stage!\n"
		"  hold: config/t/a/hold.yml: it is not read, and was probably meant to be hold.yaml\n",
		NULL },
	{ "covered: to be consolidated; from names nobody knows",
		"int/patch-1.yaml a: 1\nstage/patch-1.yaml a: 1\nprod/s1/us/patch-1.yaml a: 1\n",
		"patch-1 int stage prod/s1/us: 5-0 covered, ready, consolidate to -\n",
		"patch-1 int stage prod/s1/us: 5 covered, ready, none to -\n" },
	{ "finished: to be integrated",
		"int/patch-1.yaml a: 1\nstage/patch-1.yaml a: 1\nprod/patch-1.yaml a: 1\n",
		"patch-1 int stage prod: 5-0 covered, ready, integrate to -\n",
		"patch-1 int stage prod: 5 covered, ready, none to -\n" },
	{ "finished, and an override is in the way of the integration",
		"int/patch-1.yaml a: 1\nstage/patch-1.yaml a: 1\nprod/patch-1.yaml a: 1\n"
		"prod/override.yaml a: 9\n",
		"patch-1 int stage prod: 5-0 covered, refused, none to -\n"
		"  values-would-change: Integration into config/t/a/values.yaml would change 1 of 5 "
		"targets; nothing is written\n"
		"  values-would-change: config/t/a/prod/override.yaml:1 sets a to 9\n",
		NULL },
	{ "finished, and another patch is in the way, which supersedes it",
		"int/patch-1.yaml a: 1\nstage/patch-1.yaml a: 1\nprod/patch-1.yaml a: 1\n"
		"int/patch-2.yaml a: 2\nstage/patch-2.yaml a: 2\nprod/patch-2.yaml a: 2\n",
		"patch-1 int stage prod: 5-5 covered, superseded, integrate to -\n"
		"  superseded patch-2: patch-2.yaml decides about all that patch-1.yaml sets\n"
		"patch-2 int stage prod: 5-0 covered, refused, none to -\n"
		"  values-would-change: Integration into config/t/a/values.yaml would change 5 of 5 "
		"targets; nothing is written\n"
		"  values-would-change: config/t/a/int/patch-1.yaml:1 sets a to 1\n"
		"  values-would-change: config/t/a/stage/patch-1.yaml:1 sets a to 1\n"
		"  values-would-change: config/t/a/prod/patch-1.yaml:1 sets a to 1\n",
		NULL },
};

static void tells_each_state(void **state)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct flying x;

		begin(&x, state, rows[i].files);
		expect_text(rows[i].why, "judged", rows[i].judged, judge(&x));
		if (rows[i].guessed)
			expect_text(rows[i].why, "from names", rows[i].guessed, guess(&x));
	}
}

/* Patches are in byte order, and their order of arrival does not matter. */
static void sorts_patches(void **state)
{
	struct flying x;

	begin(&x, state,
		"int/patch-2.yaml a: 1\nint/s1/patch-10.yaml b: 1\nint/s2/patch-10.yaml b: 1\n"
		"stage/patch-1.yaml c: 1\n");
	assert_int_equal(x.flights.count, 3);
	assert_string_equal(x.flights.list[0]->patch, "patch-1");
	assert_string_equal(x.flights.list[1]->patch, "patch-10");
	assert_int_equal(x.flights.list[1]->copy_count, 2);
	assert_string_equal(x.flights.list[2]->patch, "patch-2");
}

/* What was kept has the digests, which copies that mean the same share. */
static void keeps_digests(void **state)
{
	struct flying x;

	begin(&x, state,
		"int/s1/us/patch-1.yaml a: 1\nint/s1/eu/patch-1.yaml a:   1\n"
		"int/s2/patch-1.yaml a: 2\n");
	flight_judge(&x.k->mem, &x.all, 2, CLOCK, x.flights.list[0]);
	const struct flight *kept = flight_keep(&x.k->mem, x.flights.list[0]);
	const struct flight_copy *copies = kept->copies, *were = x.flights.list[0]->copies;
	assert_string_equal(copies[0].digest, were[0].digest);
	assert_ptr_not_equal(copies[0].digest, were[0].digest);
	assert_ptr_equal(copies[1].digest, copies[0].digest);
	assert_string_equal(copies[2].digest, were[2].digest);
	assert_string_not_equal(copies[2].digest, copies[0].digest);
	assert_null(copies[0].layer);
	flight_guess(&x.k->mem, &x.fleet, 2, x.names_only.list[0]);
	assert_null(flight_keep(&x.k->mem, x.names_only.list[0])->copies[0].digest);
}

static void gives_up(void **state)
{
	struct flying x;
	struct buf b = { 0 };
	struct error why = { 0 };

	begin(&x, state, "int/s1/patch-1.yaml a: 1\nint/s2/patch-1.yaml a: 2\n");
	error_set(&why, STATUS_FILES, "config/t/a/int/override.yaml: is a directory, not a file");
	error_file(&why, "config/t/a/int/override.yaml");
	flight_give_up(&x.k->mem, &x.fleet, &why, x.names_only.list[0]);
	error_free(&why);
	b.mem = &x.k->mem;
	show_flight(&b, &x.fleet, x.names_only.list[0]);
	assert_str(buf_str(&b),
		"patch-1 int/s1 int/s2: 3 covered, unreadable, none to -\n"
		"  bad-file: config/t/a/int/override.yaml: is a directory, not a file\n");
	assert_string_equal(
		x.names_only.list[0]->waits.list[0].about.file, "config/t/a/int/override.yaml");
}

/* "int=placed int/s1=covered | a = 1 | int/s1/us int/s1/eu: a 0 -> 1 | ticket" */
static const char *show_detail(struct flying *x, const struct flight_detail *d)
{
	struct buf b = { .mem = &x->k->mem };

	for (size_t p = 0; p < x->fleet.count; p++)
		buf_printf(
			&b, "%s=%s ", position_show(&x->fleet, p), flight_place_name(d->places[p]));
	for (size_t i = 0; i < d->set_count; i++) {
		buf_printf(&b, "| %s = ", d->sets[i].path);
		show_value(&b, d->sets[i].now, false);
		buf_putc(&b, ' ');
	}
	for (size_t g = 0; g < d->effect.count; g++) {
		const struct effect_group *group = &d->effect.groups[g];

		buf_printf(&b,
			"| %s:", list_show(b.mem, &x->fleet, group->targets, group->target_count));
		for (size_t i = 0; i < group->count; i++) {
			buf_printf(&b, " %s ", group->changes[i].path);
			show_value(&b, group->changes[i].old, false);
			buf_puts(&b, " -> ");
			show_value(&b, group->changes[i].now, false);
		}
		buf_putc(&b, ' ');
	}
	buf_printf(&b, "| %s", d->metadata ? node_describe(d->metadata) : "no metadata");
	return b.at;
}

static void looks_closely(void **state)
{
	static const struct {
		const char *files, *detail;
	} cases[] = {
		{ "int/s1/patch-1.yaml {metadata: {ticket: 1}, a: 1, b: {c: 2}}\n"
		  "int/s1/eu/override.yaml {a: 7, b: {c: 7}}\n",
			"int=not-reached int/s1=placed int/s1/us=covered int/s1/eu=without-effect "
			"int/s2=next int/s2/us=not-reached stage=not-reached stage/s1=not-reached "
			"stage/s1/us=not-reached prod=not-reached prod/s1=not-reached "
			"prod/s1/us=not-reached | a = 1 | b.c = 2 "
			"| int/s1/us: a 0 -> 1 b.c (unset) -> 2 | a mapping" },
		{ "int/patch-1.yaml {}\nint/s2/override.yaml a: 1\n",
			"int=placed int/s1=covered int/s1/us=covered int/s1/eu=covered "
			"int/s2=covered int/s2/us=covered stage=not-reached stage/s1=next "
			"stage/s1/us=not-reached prod=not-reached prod/s1=not-reached "
			"prod/s1/us=not-reached | no metadata" },
		{ "int/patch-1.yaml a: 1\nstage/patch-1.yaml a: 1\nprod/patch-1.yaml a: 1\n"
		  "prod/s1/override.yaml b: 1\n",
			"int=placed int/s1=covered int/s1/us=covered int/s1/eu=covered "
			"int/s2=covered int/s2/us=covered stage=placed stage/s1=covered "
			"stage/s1/us=covered prod=placed prod/s1=covered prod/s1/us=covered "
			"| a = 1 | int/s1/us int/s1/eu int/s2/us stage/s1/us prod/s1/us: a 0 -> 1 "
			"| no metadata" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct flying x;
		struct flight_detail detail;

		begin(&x, state, cases[i].files);
		struct flight *f = x.flights.list[0];
		flight_judge(&x.k->mem, &x.all, 2, CLOCK, f);
		assert_int_equal(flight_detail(&x.k->mem, &x.all, f, &detail, &x.k->e), 0);
		expect_text(cases[i].files, "detail", cases[i].detail, show_detail(&x, &detail));
	}
}

#define TOO_MUCH "its files set too many values differently"

/* Nothing is decided by what is too much to compare. */
static void refuses_too_much(void **state)
{
	struct flying x;
	struct flight_detail detail;

	begin(&x, state, "int/patch-1.yaml a: 1\n");
	x.all.stacks->work = SIZE_MAX / 2;
	flight_judge(&x.k->mem, &x.all, 2, CLOCK, x.flights.list[0]);
	assert_int_equal(x.flights.list[0]->state, FLIGHT_REFUSED);
	assert_false(x.flights.list[0]->steps);
	assert_non_null(strstr(x.flights.list[0]->waits.list[0].text, TOO_MUCH));
	assert_int_equal(flight_detail(&x.k->mem, &x.all, x.flights.list[0], &detail, &x.k->e), -1);
	assert_int_equal(x.k->e.status, STATUS_FILES);
	assert_non_null(strstr(x.k->e.text, TOO_MUCH));
	error_free(&x.k->e);
}

/*
 * With less and less of the allowance left, what is told of a patch is right, or it is refused. One
 * with a gap is told so anyway; at how many targets it is without effect, only if that is known.
 */
static void knows_what_it_tells(void **state)
{
	static const char *const files[] = {
		"int/patch-1.yaml a: {x: 1, y: 1}\nint/patch-2.yaml a: {x: 1, y: 1}\n",
		"int/s1/patch-1.yaml a: {x: 1, y: 1}\nint/s1/override.yaml a: {x: 2}\n",
		"stage/patch-1.yaml a: {x: 1, y: 1}\nstage/override.yaml a: {x: 2}\n",
	};

	for (size_t i = 0; i < LENGTH(files); i++) {
		struct flying whole, x;
		bool enough = false;

		begin(&whole, state, files[i]);
		struct flight *right = whole.flights.list[0], *f = NULL;
		flight_judge(&whole.k->mem, &whole.all, 2, CLOCK, right);
		for (size_t left = 0; !enough; left++) {
			begin(&x, state, files[i]);
			f = x.flights.list[0];
			x.all.stacks->work =
				DIFF_WORK + (size_t)x.all.stacks->count * DIFF_WORK_OF_STACK - left;
			flight_judge(&x.k->mem, &x.all, 2, CLOCK, f);
			enough = diff_work(x.all.stacks, 0);
			if (f->judged)
				assert_int_equal(f->without, right->without);
			else
				assert_int_equal(f->without, 0);
			if (f->state != FLIGHT_REFUSED)
				assert_int_equal(f->state, right->state);
		}
		assert_true(f->judged);
		assert_int_equal(f->state, right->state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(tells_each_state),
		KIT_TEST(sorts_patches),
		KIT_TEST(keeps_digests),
		KIT_TEST(gives_up),
		KIT_TEST(looks_closely),
		KIT_TEST(refuses_too_much),
		KIT_TEST(knows_what_it_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
