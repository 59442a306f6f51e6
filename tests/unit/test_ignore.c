/* SPDX-License-Identifier: Apache-2.0 */
/* Findings that comments silence, and comments that silence none. */
#include "core/ignore.h"
#include "helper.h"

static void read_text(struct kit *k, const char *text, const char *wanted)
{
	const struct ignore_list list = ignore_read(&k->mem, str_of(text));
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < list.count; i++) {
		const struct ignore *x = &list.list[i];

		buf_printf(&b, "%u:%u%s%s %s|", x->line, x->column, x->alone ? " alone" : "",
			x->top ? " top" : "", x->code ? x->code : "-");
	}
	assert_string_equal(b.at ? b.at : "", wanted);
}

static void read_comments(void **state)
{
	struct kit *k = *state;

	assert_false(ignore_mentioned((struct str){ NULL, 0 }));
	assert_false(ignore_mentioned(STR("# promote ignore gap")));
	assert_true(ignore_mentioned(STR("a: 1 #promote:\tignore gap")));
	read_text(k, "# promote: ignore gap\na: 1\n", "1:1 alone top gap|");
	read_text(k, "a: 1 #promote:ignore gap,hidden\t, conflict,\n",
		"1:6 gap|1:6 hidden|1:6 conflict|");
	read_text(k, "# promote: ignore\n#promote:ignore ,\n", "1:1 alone top -|2:1 alone top -|");
	read_text(k, "# promote: ignored gap\n# promote: x\n# a promote: ignore gap\n#\n", "");
	read_text(k, "a: \"# promote: ignore gap\"\n", "");
	read_text(k, "# promote: ignore gap\na: 1\n\"", "");
}

static void add(
	struct kit *k, struct findings *f, const char *code, const char *file, unsigned line)
{
	finding_add(&k->mem, f, code,
		(struct about){ .file = file, .line = line, .column = line ? 1 : 0 }, "x");
}

static void add_text(struct kit *k, struct ignores *x, const char *file, const char *text)
{
	ignores_add(x, file, ignore_read(&k->mem, str_of(text)));
}

/* What is left, "CODE FILE:LINE", and of comments their text and what they are about. */
static void left(struct kit *k, const struct findings *f, const char *wanted)
{
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];

		buf_printf(&b, "%s %s:%u", x->code, x->about.file ? x->about.file : "-",
			x->about.line);
		if (strcmp(x->code, "unused-ignore") == 0)
			buf_printf(&b, ":%u %s/%s %s", x->about.column, x->type ? x->type : "-",
				x->application ? x->application : "-", x->text);
		buf_putc(&b, '\n');
	}
	assert_string_equal(b.at ? b.at : "", wanted);
}

static void silenced(void **state)
{
	struct kit *k = *state;
	struct findings f = { .checked = true };
	struct ignores x = { .mem = &k->mem };

	add_text(k, &x, "a", "# promote: ignore gap, hidden\n1: 2 # promote: ignore conflict\n");
	add_text(k, &x, "b", "1: 2\n# promote: ignore gap hidden\n3: 4\n");
	add(k, &f, "gap", NULL, 0);
	add(k, &f, "gap", "a", 0);    /* at the top */
	add(k, &f, "hidden", "a", 2); /* below */
	add(k, &f, "conflict", "a", 2);
	add(k, &f, "conflict", "a", 2); /* once more */
	add(k, &f, "conflict", "a", 3);
	add(k, &f, "gap", "b", 0);
	add(k, &f, "gap", "b", 1);
	add(k, &f, "gap", "b", 3);
	add(k, &f, "hidden", "b", 3);
	add(k, &f, "hidden", "b", 4);
	add(k, &f, "hidden", "c", 3);
	ignores_apply(&x, &f);
	left(k, &f, "gap -:0\nconflict a:3\ngap b:0\ngap b:1\nhidden b:4\nhidden c:3\n");
}

static void unused(void **state)
{
	struct kit *k = *state;
	struct findings f = { .checked = true };
	struct ignores x = { .mem = &k->mem, .type = "t", .application = "app" };

	add_text(k, &x, "a", "1: 2 # promote: ignore gap, gaps, x\n");
	x.application = NULL;
	add_text(k, &x, "b", "1: 2 # promote: ignore\n");
	add_text(k, &x, "b", "1: 2 # promote: ignore gap\n"); /* the first counts */
	add_text(k, &x, "c", "1: 2 # promote: ignore gap\n");
	add_text(k, &x, "d", "1: 2\n");
	ignores_excuse(&x, "c");
	ignores_excuse(&x, "d");
	add(k, &f, "hidden", "a", 1);
	ignores_apply(&x, &f);
	left(k, &f,
		"hidden a:1\n"
		"unused-ignore a:1:6 t/app there is no finding gap here to ignore\n"
		"unused-ignore a:1:6 t/app there is no code 'gaps'; did you mean gap?\n"
		"unused-ignore a:1:6 t/app there is no code 'x'\n"
		"unused-ignore b:1:6 t/- the comment names no code to ignore\n");
	assert_int_equal(f.list[1].severity, SEVERITY_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(read_comments),
		KIT_TEST(silenced),
		KIT_TEST(unused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
