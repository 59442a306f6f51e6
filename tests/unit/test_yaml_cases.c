/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the cases of the files that it is given: tests/yaml/README.md. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "yaml/edit/edit.h"
#include "yaml/read.h"

static void out_of_memory(void)
{
	abort();
}

/* What came of a case: its last section must say the same. */
struct outcome {
	const char *name;
	struct str text;
};

static struct outcome failed(struct arena *mem, struct error *e)
{
	static const char *const names[] = {
		[STATUS_FILES] = "error",
		[STATUS_REFUSED] = "refused",
	};
	struct outcome o = { "a failure of another status", STR("") };

	if (e->status < sizeof(names) / sizeof(names[0]) && names[e->status] && !e->details)
		o.name = names[e->status];
	o.text = str_of(arena_copy(mem, e->text, strlen(e->text)));
	error_free(e);
	return o;
}

static struct outcome edited(struct arena *mem, int rc, struct str out, struct error *e)
{
	if (rc == 0)
		return (struct outcome){ "result", out };
	if (out.at)
		return (struct outcome){ "a refusal that leaves a text", out };
	return failed(mem, e);
}

static struct outcome read_file(struct arena *mem, const struct section *s)
{
	struct error e = { 0 };
	struct doc doc;

	if (yaml_read(mem, "f.yaml", s[0].text, &doc, &e) < 0)
		return failed(mem, &e);
	return (struct outcome){ "a document", s[0].text };
}

static struct outcome merge_patch(struct arena *mem, const struct section *s)
{
	struct error e = { 0 };
	struct doc base, patch;
	struct str out = { 0 };

	if (yaml_read(mem, "base", s[0].text, &base, &e) < 0 ||
		yaml_read(mem, "patch", s[1].text, &patch, &e) < 0)
		return failed(mem, &e);
	return edited(mem, yaml_edit_merge(mem, &base, &patch, &out, &e), out, &e);
}

/* the keys down to the one to remove, with blanks between */
static struct outcome remove_key(struct arena *mem, const struct section *s)
{
	const struct node *path[8];
	struct changes list = { .mem = mem };
	struct error e = { 0 };
	struct str out = { 0 }, key = s[1].text;
	struct doc base;
	size_t depth = 0;

	if (yaml_read(mem, "base", s[0].text, &base, &e) < 0)
		return failed(mem, &e);
	for (size_t i = 0; i <= s[1].text.len; i++) {
		if (i < s[1].text.len && s[1].text.at[i] != ' ')
			continue;
		if (depth == sizeof(path) / sizeof(path[0]))
			return (struct outcome){ "too many keys", s[1].text };
		key.len = (size_t)(s[1].text.at + i - key.at);
		path[depth++] = node_string(mem, key);
		key.at += key.len + 1;
	}
	changes_remove(&list, path, depth);
	return edited(mem, yaml_edit(mem, &base, list.at, list.count, &out, &e), out, &e);
}

static const struct {
	const char *sections[CASE_SECTIONS]; /* before the outcome */
	struct outcome (*run)(struct arena *mem, const struct section *s);
} kinds[] = {
	{ { "file" }, read_file },
	{ { "base", "patch" }, merge_patch },
	{ { "base", "remove" }, remove_key },
};

static struct outcome run_case(struct arena *mem, const struct yaml_case *c)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		size_t n = 0;

		while (n < c->count && kinds[k].sections[n] &&
			str_is(c->sections[n].name, kinds[k].sections[n]))
			n++;
		if (!kinds[k].sections[n] && c->count == n + 1)
			return kinds[k].run(mem, c->sections);
	}
	return (struct outcome){ "no known sections", STR("") };
}

static struct str first_line(struct str text)
{
	const char *end = memchr(text.at, '\n', text.len);

	return (struct str){ text.at, end ? (size_t)(end - text.at) + 1 : text.len };
}

/* the lines of a text as comments of TAP, each after `sign` */
static void show(struct buf *out, char sign, struct str text)
{
	while (text.len > 0) {
		struct str line = first_line(text);

		buf_printf(out, "# %c", sign);
		cases_show(out, line);
		text = (struct str){ text.at + line.len, text.len - line.len };
	}
}

static struct str last_line(struct str text)
{
	size_t start = text.len - 1;

	while (start > 0 && text.at[start - 1] != '\n')
		start--;
	return (struct str){ text.at + start, text.len - start };
}

/* what is expected and what came: the equal lines before and after the difference once */
static void show_difference(struct buf *out, struct str expected, struct str got)
{
	struct str before = { expected.at, 0 }, after = { expected.at + expected.len, 0 }, line;

	while (expected.len > 0 && got.len > 0) {
		line = first_line(expected);
		if (!str_equal(line, first_line(got)))
			break;
		before.len += line.len;
		expected = (struct str){ expected.at + line.len, expected.len - line.len };
		got = (struct str){ got.at + line.len, got.len - line.len };
	}
	while (expected.len > 0 && got.len > 0) {
		line = last_line(expected);
		if (!str_equal(line, last_line(got)))
			break;
		after = (struct str){ line.at, after.len + line.len };
		expected.len -= line.len;
		got.len -= line.len;
	}
	show(out, ' ', before);
	show(out, '-', expected);
	show(out, '+', got);
	show(out, ' ', after);
}

static bool test_case(const char *file, size_t number, const struct yaml_case *c)
{
	const struct section *last = &c->sections[c->count - 1];
	struct arena mem = { 0 };

	arena_init(&mem, out_of_memory);
	struct outcome o = run_case(&mem, c);
	bool passes = str_is(last->name, o.name) && str_equal(last->text, o.text);
	printf("%s %zu - %s: %.*s\n", passes ? "ok" : "not ok", number, file, (int)c->title.len,
		c->title.at);
	if (!passes) {
		struct buf b = { .mem = &mem };

		if (!str_is(last->name, o.name))
			buf_printf(&b, "# expected: %.*s, got: %s\n", (int)last->name.len,
				last->name.at, o.name);
		show_difference(&b, last->text, o.text);
		fwrite(b.at, 1, b.len, stdout);
	}
	arena_free(&mem);
	return passes;
}

int main(int argc, char **argv)
{
	size_t number = 0, failures = 0;

	for (int i = 1; i < argc; i++) {
		struct arena mem = { 0 };

		arena_init(&mem, out_of_memory);
		struct cases cases = cases_read(&mem, argv[i]);
		const char *slash = strrchr(argv[i], '/');
		const char *file = slash ? slash + 1 : argv[i];
		for (size_t k = 0; k < cases.count; k++)
			failures += !test_case(file, ++number, &cases.at[k]);
		arena_free(&mem);
	}
	printf("1..%zu\n", number);
	return failures > 0;
}
