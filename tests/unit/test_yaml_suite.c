/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of the YAML test suite, if PROMOTE_SHARED has them. Each is read;
 * what is accepted must give the suite's own events, and how many are refused
 * for which reason is known, so that a change shows.
 */
#include "helper.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "yaml/expand.h"
#include "yaml/canon.h"
#include "yaml/read.h"

/* Why cases are refused, by a part of the error's text; the first that fits counts. */
struct reason {
	const char *part;
	size_t valid, invalid; /* how many of the cases, expected */
};

static const struct reason reasons[] = {
	{ "a second document begins here", 14, 5 },
	{ "as a key; keys must be single values", 16, 0 }, { "refuse the key", 3, 0 },
	{ "the escape \\/", 1, 0 }, { "not valid YAML", 51, 77 }, /* libyaml's own */
};

/* Accepted, but read as libyaml reads them: an anchor's name ends at a colon, `{?k` and `[?k` are
 * explicit keys, and blanks at the end of a block scalar without a last newline get none. */
static const char *const libyamls_own[] = { "652Z", "HM87/01", "JEF9/02", "L24T/01", "Y2GN" };

struct tally {
	/* [0] of the valid cases, [1] of the invalid ones */
	size_t cases[2];
	size_t accepted[2];
	size_t checked[2]; /* accepted by yaml_check */
	size_t refused[LENGTH(reasons)][2];
	size_t different; /* accepted, but with other events */
};

static struct str read_file(struct kit *k, const char *directory, const char *name, bool *there)
{
	const char *path = arena_printf(&k->mem, "%s/%s", directory, name);
	struct buf b = { .mem = &k->mem };
	char block[4096];
	FILE *f = fopen(path, "rb");

	*there = f != NULL;
	if (!f)
		return STR("");
	for (size_t n; (n = fread(block, 1, sizeof(block), f)) > 0;)
		buf_add(&b, (struct str){ block, n });
	fclose(f);
	buf_puts(&b, "");
	return buf_str(&b);
}

static void add_tag(struct buf *b, const struct node *n)
{
	if (n->anchored)
		buf_puts(b, " &");
	if (n->tag.len) {
		buf_puts(b, " <");
		buf_add(b, n->tag);
		buf_putc(b, '>');
	}
}

static void add_scalar(struct buf *b, const struct node *n)
{
	static const char marks[] = { [SCALAR_PLAIN] = ':',
		[SCALAR_SINGLE] = '\'',
		[SCALAR_DOUBLE] = '"',
		[SCALAR_LITERAL] = '|',
		[SCALAR_FOLDED] = '>' };
	static const char from[] = "\\\n\t\r\b", to[] = "\\ntrb";

	buf_puts(b, "=VAL");
	add_tag(b, n);
	buf_printf(b, " %c", marks[n->style]);
	for (size_t i = 0; i < n->value.len; i++) {
		const char *c = n->value.at[i] ? strchr(from, n->value.at[i]) : NULL;
		if (c)
			buf_printf(b, "\\%c", to[c - from]);
		else
			buf_putc(b, n->value.at[i]);
	}
	buf_putc(b, '\n');
}

/* The tree as the suite writes events; the names of anchors are left out. */
static void add_events(struct buf *b, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		add_scalar(b, n);
		return;
	}
	if (n->kind == NODE_ALIAS) {
		buf_puts(b, "=ALI\n");
		return;
	}
	bool list = n->kind == NODE_LIST;
	buf_puts(b, list ? "+SEQ" : "+MAP");
	if (n->flow)
		buf_puts(b, list ? " []" : " {}");
	add_tag(b, n);
	buf_putc(b, '\n');
	for (size_t i = 0; list && i < n->list.count; i++)
		add_events(b, n->list.items[i]);
	for (size_t i = 0; !list && i < n->map.count; i++) {
		add_events(b, n->map.pairs[i].key);
		add_events(b, n->map.pairs[i].value);
	}
	buf_puts(b, list ? "-SEQ\n" : "-MAP\n");
}

/* One line of test.event without what a tree does not keep: marks of documents, anchors' names. */
static void add_known(struct buf *b, const char *line, size_t n)
{
	if (n >= 4 && memcmp(line + 1, "DOC", 3) == 0) {
		buf_add(b, (struct str){ line, 4 });
		n = 0;
	} else if (n >= 4 && memcmp(line, "=ALI", 4) == 0) {
		buf_puts(b, "=ALI");
		n = 0;
	}
	size_t i = 0;
	for (bool value = false; i < n; i++) {
		buf_putc(b, line[i]);
		value = value || (i && line[i - 1] == ' ' && strchr(":'\"|>", line[i]));
		if (!value && line[i] == '&' && line[i - 1] == ' ')
			while (i + 1 < n && line[i + 1] != ' ')
				i++;
	}
	buf_putc(b, '\n');
}

static const char *known_events(struct kit *k, struct str text)
{
	struct buf b = { .mem = &k->mem };

	for (size_t i = 0; i < text.len;) {
		const char *end = memchr(text.at + i, '\n', text.len - i);
		size_t n = end ? (size_t)(end - text.at) - i : text.len - i;

		add_known(&b, text.at + i, n);
		i += n + 1;
	}
	buf_puts(&b, "");
	return b.at;
}

static const char *own_events(struct kit *k, const struct doc *doc)
{
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "+STR\n");
	if (doc->root) {
		buf_puts(&b, "+DOC\n");
		add_events(&b, doc->root);
		buf_puts(&b, "-DOC\n");
	}
	buf_puts(&b, "-STR\n");
	return b.at;
}

static void note_refusal(struct kit *k, const char *directory, bool invalid, struct tally *t)
{
	for (size_t i = 0; i < LENGTH(reasons); i++)
		if (strstr(k->e.text, reasons[i].part)) {
			t->refused[i][invalid]++;
			error_free(&k->e);
			return;
		}
	print_error("%s: refused for an unknown reason: %s\n", directory, k->e.text);
	error_free(&k->e);
	fail();
}

static void compare_events(struct kit *k, const char *directory, const struct doc *doc,
	struct str events, struct tally *t)
{
	const char *own = own_events(k, doc), *known = known_events(k, events);
	size_t len = strlen(directory);

	if (strcmp(own, known) == 0)
		return;
	t->different++;
	for (size_t i = 0; i < LENGTH(libyamls_own); i++) {
		size_t n = strlen(libyamls_own[i]);
		if (len > n && strcmp(directory + len - n, libyamls_own[i]) == 0)
			return;
	}
	print_error("%s\n", directory);
	assert_string_equal(own, known);
}

static void run_case(struct kit *k, const char *directory, struct tally *t)
{
	bool there = false, invalid = false;
	struct str text = read_file(k, directory, "in.yaml", &there);
	struct str events = read_file(k, directory, "test.event", &there);
	struct doc doc = { 0 };

	read_file(k, directory, "error", &invalid);
	t->cases[invalid]++;
	if (yaml_check(&k->mem, "f", text, &k->e) == 0)
		t->checked[invalid]++;
	error_free(&k->e);
	if (yaml_read(&k->mem, "f", text, &doc, &k->e) < 0) {
		note_refusal(k, directory, invalid, t);
		return;
	}
	t->accepted[invalid]++;
	if (!invalid)
		compare_events(k, directory, &doc, events, t);
	if (!doc.root)
		return;
	struct buf canon = { .mem = &k->mem };
	const struct node *root = yaml_expand(&k->mem, &doc, NULL, &k->e);
	assert_non_null(root);
	yaml_canon(&canon, root);
}

/* Cases are in directories, or one deeper. */
static void walk(struct kit *k, const char *directory, int depth, struct tally *t)
{
	struct dirent **names = NULL;
	int n = scandir(directory, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *below = arena_printf(&k->mem, "%s/%s", directory, names[i]->d_name);
		bool hidden = names[i]->d_name[0] == '.';

		free(names[i]);
		if (hidden)
			continue;
		if (access(arena_printf(&k->mem, "%s/in.yaml", below), R_OK) == 0)
			run_case(k, below, t);
		else if (depth < 1)
			walk(k, below, depth + 1, t);
	}
	free(names);
}

static void suite(void **state)
{
	struct kit *k = *state;
	const char *shared = getenv("PROMOTE_SHARED");
	const char *directory = arena_printf(&k->mem, "%s/yaml-test-suite", shared);
	struct tally t = { 0 };

	walk(k, directory, 0, &t);
	assert_memory_equal(t.cases, ((size_t[]){ 308, 94 }), sizeof(t.cases));
	/* libyaml's own figures: 257 of 308 accepted, 78 of 94 refused */
	assert_memory_equal(t.checked, ((size_t[]){ 257, 94 - 78 }), sizeof(t.checked));
	assert_memory_equal(t.accepted, ((size_t[]){ 223, 12 }), sizeof(t.accepted));
	for (size_t i = 0; i < LENGTH(reasons); i++) {
		assert_int_equal(t.refused[i][0], reasons[i].valid);
		assert_int_equal(t.refused[i][1], reasons[i].invalid);
	}
	assert_int_equal(t.different, LENGTH(libyamls_own));
}

int main(void)
{
	const struct CMUnitTest tests[] = { KIT_TEST(suite) };
	const char *shared = getenv("PROMOTE_SHARED");
	char directory[4096];

	snprintf(directory, sizeof(directory), "%s/yaml-test-suite", shared ? shared : "");
	if (access(directory, R_OK) < 0) {
		/* cmocka's skip() says "not ok" in TAP, which is a failure to others */
		puts("1..0 # SKIP PROMOTE_SHARED has no yaml-test-suite");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
