/* SPDX-License-Identifier: Apache-2.0 */
/* What all findings have in common: how bad they are, their order, and how long they are kept. */
#include "core/finding.h"
#include "helper.h"

static void how_bad(void **state)
{
	struct kit *k = *state;
	struct findings step = { 0 }, checked = { .checked = true };

	for (const struct finding_code *c = finding_codes; c->code; c++)
		assert_int_equal(finding_severity(c->code), c->severity);
	finding_add(&k->mem, &step, "gap", (struct about){ 0 }, "a\033b");
	finding_add(&k->mem, &checked, "gap", (struct about){ 0 }, "a");
	finding_add(&k->mem, &checked, "hidden", (struct about){ 0 }, "a");
	finding_add(&k->mem, &checked, "left-over", (struct about){ 0 }, "no finding of a check");
	assert_int_equal(step.list[0].severity, SEVERITY_WARNING);
	assert_string_equal(step.list[0].text, "a\\x1bb");
	assert_int_equal(checked.list[0].severity, SEVERITY_ERROR);
	assert_int_equal(checked.list[1].severity, SEVERITY_WARNING);
	assert_int_equal(checked.list[2].severity, SEVERITY_WARNING);
}

/* Each is before the next one, whichever comes first. */
static void order(void **state)
{
	static const struct {
		const char *code, *type, *application;
		struct about about;
		const char *text;
	} rows[] = {
		{ "b", NULL, NULL, { 0 }, "a" },
		{ "b", NULL, NULL, { .position = "lab" }, "a" },
		{ "b", NULL, NULL, { .position = "lab", .key = "a" }, "a" },
		{ "b", NULL, NULL, { .position = "lab", .key = "a" }, "b" },
		{ "b", "edge", NULL, { 0 }, "a" },
		{ "b", "edge", "app", { 0 }, "a" },
		{ "c", NULL, NULL, { 0 }, "a" },
		{ "a", NULL, NULL, { .file = "a" }, "a" },
		{ "a", NULL, NULL, { .file = "b", .line = 2, .column = 9 }, "a" },
		{ "a", NULL, NULL, { .file = "b", .line = 10, .column = 2 }, "a" },
		{ "a", NULL, NULL, { .file = "b", .line = 10, .column = 10 }, "a" },
	};
	const size_t n = LENGTH(rows);
	struct kit *k = *state;

	for (size_t shift = 0; shift < n; shift++) {
		struct findings f = { 0 };

		for (size_t i = 0; i < n; i++) {
			const size_t at = (n - i + shift) % n;

			f.type = rows[at].type;
			f.application = rows[at].application;
			finding_add(&k->mem, &f, rows[at].code, rows[at].about, rows[at].text);
		}
		/* one twice */
		finding_add(&k->mem, &f, rows[n - 1].code, rows[n - 1].about, rows[n - 1].text);
		findings_sort(&f);
		for (size_t i = 0; i < n; i++) {
			assert_ptr_equal(f.list[i].code, rows[i].code);
			assert_ptr_equal(f.list[i].type, rows[i].type);
			assert_ptr_equal(f.list[i].application, rows[i].application);
			assert_memory_equal(&f.list[i].about, &rows[i].about, sizeof(struct about));
			assert_string_equal(f.list[i].text, rows[i].text);
		}
	}
	struct findings none = { 0 };
	findings_sort(&none);
	assert_int_equal(none.count, 0);
}

static void kept(void **state)
{
	struct kit *k = *state;
	struct arena mem;
	struct findings all = { 0 };

	arena_init(&mem, k->mem.out_of_memory);
	struct findings some = { .checked = true,
		.type = arena_printf(&mem, "edge"),
		.application = arena_printf(&mem, "app") };
	const struct about about = { arena_printf(&mem, "lab"), arena_printf(&mem, "f"), 1, 2,
		arena_printf(&mem, "a.b"), arena_printf(&mem, "do") };
	finding_add(&mem, &some, "gap", about, "text");
	finding_add(&mem, &some, "hidden", (struct about){ 0 }, "text");
	findings_keep(&k->mem, &all, &some);
	arena_free(&mem);
	assert_int_equal(all.count, 2);
	const struct finding *f = all.list;
	assert_string_equal(f->code, "gap");
	assert_int_equal(f->severity, SEVERITY_ERROR);
	assert_string_equal(f->type, "edge");
	assert_string_equal(f->application, "app");
	assert_string_equal(f->about.position, "lab");
	assert_string_equal(f->about.file, "f");
	assert_int_equal(f->about.line, 1);
	assert_int_equal(f->about.column, 2);
	assert_string_equal(f->about.key, "a.b");
	assert_string_equal(f->about.hint, "do");
	assert_string_equal(f->text, "text");
	assert_null(all.list[1].about.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = { KIT_TEST(how_bad), KIT_TEST(order), KIT_TEST(kept) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
