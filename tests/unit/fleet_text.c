/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/config.h"
#include "yaml/read.h"

struct reading {
	const char *text, *at;   /* the notation, and where we are in it */
	const char **dimensions; /* their names */
	size_t depth;            /* how many */
	struct buf yaml;         /* what it represents */
};

static void no_memory(void)
{
	fputs("Bail out! no memory\n", stdout);
	exit(1);
}

void test_memory(struct arena *mem)
{
	*mem = (struct arena){ 0 };
	arena_init(mem, no_memory);
}

/* The next word of *at in mem, or NULL after the last one. */
static char *next_word(struct arena *mem, const char **at, const char *ends)
{
	const char *start = *at + strspn(*at, " ");
	size_t len = strcspn(start, ends);

	*at = start + len;
	return len ? arena_copy(mem, start, len) : NULL;
}

static void write_positions(struct reading *r, size_t depth);

/* `us` as its name alone, the others as mappings: both ways that config.yaml knows. */
static void write_position(struct reading *r, const char *name, size_t depth)
{
	bool manual = *r->at == '!';

	r->at += manual;
	if (!manual && *r->at != '[') {
		buf_printf(&r->yaml, "'%s'", name);
		return;
	}
	buf_printf(&r->yaml, "{name: '%s'", name);
	if (manual)
		buf_puts(&r->yaml, ", promotion: manual");
	if (*r->at == '[') {
		if (depth + 1 == r->depth)
			fail_msg("'%s' is deeper than its dimensions", r->text);
		r->at++;
		buf_printf(&r->yaml, ", '%s': ", r->dimensions[depth + 1]);
		write_positions(r, depth + 1);
		if (*r->at++ != ']')
			fail_msg("'%s' misses a bracket", r->text);
	}
	buf_putc(&r->yaml, '}');
}

static void write_positions(struct reading *r, size_t depth)
{
	const char *name;

	buf_putc(&r->yaml, '[');
	for (size_t n = 0; (name = next_word(r->yaml.mem, &r->at, " ![]")); n++) {
		if (n)
			buf_puts(&r->yaml, ", ");
		write_position(r, name, depth);
	}
	buf_putc(&r->yaml, ']');
}

static struct fleet load(struct arena *mem, struct str yaml)
{
	struct error e = { 0 };
	struct doc doc;
	struct fleet f = { 0 };

	if (yaml_read(mem, "config.yaml", yaml, &doc, &e) < 0 ||
		config_fleet(mem, &doc, &f, &e) < 0)
		fail_msg("%s\n%s", e.text, yaml.at);
	return f;
}

struct fleet fleet_read(struct arena *mem, const char *dimensions, const char *text)
{
	const char *names[CONFIG_DIMENSIONS], *name;
	struct reading r = { .text = text, .at = text, .dimensions = names, .yaml.mem = mem };

	buf_puts(&r.yaml, "dimensions: [");
	while ((name = next_word(mem, &dimensions, " "))) {
		assert_true(r.depth < CONFIG_DIMENSIONS);
		buf_printf(&r.yaml, "%s'%s'", r.depth ? ", " : "", name);
		names[r.depth++] = name;
	}
	assert_true(r.depth > 0);
	buf_printf(&r.yaml, "]\nsequence: {'%s': ", names[0]);
	write_positions(&r, 0);
	if (*r.at)
		fail_msg("'%s' is not understood from '%s' on", text, r.at);
	buf_puts(&r.yaml, "}\n");
	return load(mem, buf_str(&r.yaml));
}

const char *fleet_show(struct arena *mem, const struct fleet *f)
{
	struct buf b = { .mem = mem };
	unsigned open = 1; /* the depth whose list we are in */

	for (size_t i = 0; i < f->count; i++) {
		const struct position *p = &f->positions[i];

		for (; open > p->depth; open--)
			buf_putc(&b, ']');
		if (open < p->depth)
			buf_putc(&b, '[');
		else if (i)
			buf_putc(&b, ' ');
		open = p->depth;
		buf_printf(&b, "%s%s", p->name, p->manual ? "!" : "");
	}
	for (; open > 1; open--)
		buf_putc(&b, ']');
	return b.at;
}

size_t position_read(const struct fleet *f, const char *path)
{
	size_t i = *path ? fleet_find(f, path) : NOWHERE;

	if (*path && i == NOWHERE)
		fail_msg("the fleet has no '%s'", path);
	return i;
}

const char *position_show(const struct fleet *f, size_t i)
{
	return i == NOWHERE ? "" : f->positions[i].path;
}

uint32_t *numbers_read(struct arena *mem, const struct fleet *f, const char *text)
{
	uint32_t *numbers = ARENA_NEW(mem, uint32_t, f->count);
	char *word;

	while ((word = next_word(mem, &text, " "))) {
		char *number = strchr(word, '=');

		if (number)
			*number++ = '\0';
		numbers[position_read(f, word)] = number ? (uint32_t)strtoul(number, NULL, 10) : 1;
	}
	return numbers;
}

const char *numbers_show(struct arena *mem, const struct fleet *f, const uint32_t *numbers)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < f->count; i++) {
		if (!numbers[i])
			continue;
		buf_printf(&b, "%s%s", b.len ? " " : "", f->positions[i].path);
		if (numbers[i] != 1)
			buf_printf(&b, "=%u", (unsigned)numbers[i]);
	}
	return b.at;
}

unsigned char *layers_read(struct arena *mem, const struct fleet *f, const char *text)
{
	const uint32_t *numbers = numbers_read(mem, f, text);
	unsigned char *layers = ARENA_NEW(mem, unsigned char, f->count);

	for (size_t i = 0; i < f->count; i++)
		layers[i] = (unsigned char)numbers[i];
	return layers;
}

const char *list_show(struct arena *mem, const struct fleet *f, const size_t *list, size_t n)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", f->positions[list[i]].path);
	return b.at;
}

void expect_text(const char *row, const char *what, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		fail_msg("%s\n    %s\n    expected '%s'\n    but got  '%s'", row, what, want, got);
}
