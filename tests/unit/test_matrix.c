/* SPDX-License-Identifier: Apache-2.0 */
/* Rows, columns and cells of a matrix, from files in memory. */
#include "helper.h"

#include "core/diff.h"
#include "core/matrix.h"
#include "core/show.h"
#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/scan.h"

#define FLEET "int[s1[us eu] s2[us]] stage live[s1[us]]"

static const struct memory_file files[] = {
	{ .path = "config/t/defaults.yaml", .text = "x: {default: {d: 1}}\n" },
	{ .path = "config/t/a/values.yaml", .text = "x: {i: {v: 1, l: [1, 2]}}\n" },
	{ .path = "config/t/a/int/s1/patch-1.yaml", .text = "x: {i: {v: 2}}\n" },
	{ .path = "config/t/a/int/s2/patch-1.yaml", .text = "# again\nx: {i: {v: 2}}\n" },
	{ .path = "config/t/a/int/s1/eu/override.yaml", .text = "x: {i: {v: 0x2, m: {k: 1}}}\n" },
	{ .path = "config/t/a/stage/override.yaml", .text = "x: {i: ~}\n" },
	{ .path = "config/t/a/live/override.yaml", .text = "x: {i: {m: yes, v: 2}}\n" },
};

struct kept {
	struct kit *k;
	struct fleet fleet;
	struct memory memory;
	struct contents contents;
	struct stacks *stacks;
	struct scanned scanned;
	struct state state;
	struct matrix matrix;
};

static void begin(struct kept *t, void **state, const char *glob)
{
	const struct subject subject = { .type = "t", .application = "a" };
	struct arena *mem = &((struct kit *)*state)->mem;

	*t = (struct kept){ .k = *state, .fleet = fleet_read(mem, DIMENSIONS, FLEET) };
	t->memory = source_memory(files, LENGTH(files));
	contents_init(&t->contents, mem, &t->memory.source);
	assert_int_equal(
		scan_application(&t->contents, &t->fleet, &subject, &t->scanned, &t->k->e), 0);
	t->stacks = stacks_new(mem);
	state_make(mem, t->stacks, &t->scanned.app, NULL, &t->state);
	t->matrix = (struct matrix){ .mem = mem, .fleet = &t->fleet, .depth = 1 };
	assert_int_equal(keyglob_parse(mem, glob, &t->matrix.glob, &t->k->e), 0);
}

static void add(struct kept *t)
{
	matrix_begin(&t->matrix);
	assert_int_equal(matrix_add(&t->matrix, &t->state, &t->k->e), 0);
}

static void show_cell(struct buf *out, const struct matrix_cell *c)
{
	for (size_t i = 0; i < c->count; i++) {
		buf_puts(out, i ? "," : "");
		show_value(out, c->values[i], true);
	}
	buf_puts(out, c->unset ? "-" : "");
	for (size_t i = 0; i < c->from_count; i++) {
		buf_printf(out, " @%s:%u=", c->from[i].file + strlen("config/t/"), c->from[i].line);
		show_value(out, c->from[i].value, true);
	}
}

/* "PATH: cell | cell\n", and what has the value that was asked for. */
static const char *show(struct kept *t)
{
	struct buf out = { .mem = &t->k->mem };

	buf_puts(&out, "");
	for (size_t i = 0; i < t->matrix.count; i++) {
		const struct matrix_row *row = &t->matrix.rows[i];

		assert_string_equal(row->application, "a");
		buf_printf(&out, "%s:", row->path);
		for (size_t c = 0; c < t->matrix.column_count; c++) {
			buf_puts(&out, c ? " | " : " ");
			show_cell(&out, row->cells[c]);
		}
		if (t->matrix.where)
			buf_printf(&out, " [%s]",
				list_show(&t->k->mem, &t->fleet, row->targets, row->target_count));
		buf_putc(&out, '\n');
	}
	return out.at;
}

static void columns(void **state)
{
	static const char *const wanted[] = { NULL, "int stage live", "int/s1 int/s2 stage live/s1",
		"int/s1/us int/s1/eu int/s2/us stage live/s1/us" };
	struct kept t;

	for (unsigned depth = 1; depth < LENGTH(wanted); depth++) {
		begin(&t, state, "x");
		t.matrix.depth = depth;
		matrix_begin(&t.matrix);
		expect_text("columns", "positions", wanted[depth],
			list_show(&t.k->mem, &t.fleet, t.matrix.columns, t.matrix.column_count));
	}
}

static const struct {
	const char *glob;
	unsigned depth;
	const char *rows;
} cells[] = {
	{ "x.i.v", 1, "x.i.v: 2 | - | 2\n" },
	{ "x.i.v", 3, "x.i.v: 2 | 2 | 2 | - | 2\n" },
	{ "x.i.d", 1, "x.i.d: 1 | - | 1\n" },
	{ "x.i.m", 2, "x.i.m: {k: 1}- | - | - | yes\n" },
	{ "x.i.m.**", 1, "x.i.m.k: 1- | - | -\nx.i.m: {k: 1}- | - | yes\n" },
	{ "x.i.l.*", 1, "x.i.l.0: 1 | - | 1\nx.i.l.1: 2 | - | 2\n" },
	{ "x.*", 1,
		"x.i: {d: 1, v: 2, l: [1, 2]},{d: 1, v: 0x2, l: [1, 2], m: {k: 1}} | null | "
		"{d: 1, v: 2, l: [1, 2], m: yes}\n" },
	{ "y.*", 1, "" },
};

static void values(void **state)
{
	struct kept t;

	for (size_t i = 0; i < LENGTH(cells); i++) {
		begin(&t, state, cells[i].glob);
		t.matrix.depth = cells[i].depth;
		add(&t);
		expect_text(cells[i].glob, "rows", cells[i].rows, show(&t));
		assert_int_equal(t.matrix.found, cells[i].rows[0] != '\0');
	}
}

/* Files that set the same are places of their own; what is hidden by null has one, too. */
static void places(void **state)
{
	struct kept t;

	begin(&t, state, "x.i.*");
	t.matrix.why = true;
	add(&t);
	expect_text("why", "rows",
		"x.i.d: 1 @defaults.yaml:1=1 | - @a/stage/override.yaml:1=(unset) | 1 @defaults.yaml:1=1\n"
		"x.i.v: 2 @a/int/s1/patch-1.yaml:1=2 @a/int/s1/eu/override.yaml:1=2 "
		"@a/int/s2/patch-1.yaml:2=2 | - @a/stage/override.yaml:1=(unset) | "
		"2 @a/live/override.yaml:1=2\n"
		"x.i.l: [1, 2] @a/values.yaml:1=[1, 2] | - @a/stage/override.yaml:1=(unset) | "
		"[1, 2] @a/values.yaml:1=[1, 2]\n"
		"x.i.m: {k: 1}- @a/int/s1/eu/override.yaml:1={k: 1} | "
		"- @a/stage/override.yaml:1=(unset) | yes @a/live/override.yaml:1=yes\n",
		show(&t));
}

/* Cells of one value and different places. */
static void places_of_targets(void **state)
{
	struct kept t;

	begin(&t, state, "x.i.v");
	t.matrix.why = true;
	t.matrix.depth = 3;
	add(&t);
	expect_text("why", "rows",
		"x.i.v: 2 @a/int/s1/patch-1.yaml:1=2 | 2 @a/int/s1/eu/override.yaml:1=2 | "
		"2 @a/int/s2/patch-1.yaml:2=2 | - @a/stage/override.yaml:1=(unset) | "
		"2 @a/live/override.yaml:1=2\n",
		show(&t));
}

static void targets(void **state)
{
	static const struct {
		const char *where, *rows;
	} rows[] = {
		{ "2", "x.i.v: 2 | - | 2 [int/s1/us int/s1/eu int/s2/us live/s1/us]\n" },
		{ "true", "x.i.m: {k: 1}- | - | yes [live/s1/us]\n" },
		{ "{k: 1}", "" },
	};
	struct kept t;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		begin(&t, state, "x.i.*");
		t.matrix.where = rows[i].where;
		add(&t);
		expect_text(rows[i].where, "rows", rows[i].rows, show(&t));
		assert_true(t.matrix.found);
	}
}

static void what_is_meant(void **state)
{
	static const struct {
		const char *value, *text;
		bool is;
	} rows[] = {
		{ "\"1.10\"", "1.10", true },
		{ "1.10", "1.10", true },
		{ "1.10", "1.1", true },
		{ "\"1.1\"", "1.10", false },
		{ "1", "1.0", true },
		{ "0x1F", "31", true },
		{ "-0", "0", true },
		{ "-0.0", "0", true },
		{ "-7", "-7", true },
		{ "yes", "true", true },
		{ "\"yes\"", "true", false },
		{ "no", "yes", false },
		{ "off", "no", true },
		{ "true", "1", false },
		{ "~", "null", true },
		{ "", "", true },
		{ "''", "", true },
		{ "''", "~", false },
		{ ".inf", ".inf", true },
		{ "-.inf", ".inf", false },
		{ ".nan", ".NaN", true },
		{ "5", "five", false },
		{ "2001-01-01", "2001-01-01", true },
		{ "!!binary YQ==", "YQ==", true },
		{ "!!int x", "x", true },
		{ "[a]", "[a]", false },
		{ "{}", "{}", false },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *text = arena_printf(&k->mem, "v: %s\n", rows[i].value);
		const struct doc doc = kit_read(k, str_of(text));

		if (matrix_is(node_get(doc.root, "v"), rows[i].text) != rows[i].is)
			fail_msg("%s is %s%s", rows[i].value, rows[i].is ? "not " : "",
				rows[i].text);
	}
}

/* Wherever the allowance ends, no row is left of the application. */
static void without_allowance(void **state)
{
	struct kept t;

	for (size_t left = 0;; left++) {
		begin(&t, state, "x.**");
		t.matrix.why = true;
		t.stacks->work = DIFF_WORK + (size_t)t.stacks->count * DIFF_WORK_OF_STACK - left;
		matrix_begin(&t.matrix);
		if (matrix_add(&t.matrix, &t.state, &t.k->e) == 0)
			break;
		assert_int_equal(t.matrix.count, 0);
		assert_string_equal(t.k->e.about.file, "config/t/a");
		assert_error(t.k, STATUS_FILES,
			"a: it has too many values there, or their paths are too long all together; name a PATH that fewer of them have");
		assert_true(left < 2000);
	}
	assert_int_equal(t.matrix.count, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(columns),
		KIT_TEST(values),
		KIT_TEST(places),
		KIT_TEST(places_of_targets),
		KIT_TEST(targets),
		KIT_TEST(what_is_meant),
		KIT_TEST(without_allowance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
