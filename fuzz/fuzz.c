/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/keys.h"

void fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

static void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void fuzz_arena(struct arena *mem)
{
	arena_init(mem, out_of_memory);
}

struct str fuzz_copy(struct arena *mem, struct str bytes)
{
	/* not arena_copy, which adds a NUL that an overrun would stop at */
	char *block = arena_alloc(mem, bytes.len, 1);

	if (bytes.len)
		memcpy(block, bytes.at, bytes.len);
	return (struct str){ block, bytes.len };
}

static size_t line_length(struct str text, size_t at)
{
	size_t n = 0;

	while (at + n < text.len && text.at[at + n] != '\n' && text.at[at + n] != '\r')
		n++;
	return n;
}

/* after the line end at `at`, if any */
static size_t behind_end(struct str text, size_t at)
{
	if (at == text.len)
		return at;
	return at + (text.at[at] == '\r' && at + 1 < text.len && text.at[at + 1] == '\n' ? 2 : 1);
}

/* whether `have` is the line; *cut: with a `<` after it */
static bool is_line(struct str have, const char *line, bool *cut)
{
	*cut = have.len && have.at[have.len - 1] == '<';
	return str_is((struct str){ have.at, have.len - *cut }, line);
}

bool fuzz_split(struct arena *mem, struct str input, const char *line, struct str *first,
	struct str *second)
{
	size_t at = 0, end = 0; /* of the line in hand, and of the text before it */
	bool cut = false;

	while (at < input.len) {
		size_t n = line_length(input, at), next = behind_end(input, at + n);
		if (is_line((struct str){ input.at + at, n }, line, &cut)) {
			*first = fuzz_copy(mem, (struct str){ input.at, cut ? end : at });
			*second = fuzz_copy(mem, (struct str){ input.at + next, input.len - next });
			return true;
		}
		end = at + n;
		at = next;
	}
	*first = fuzz_copy(mem, input);
	*second = fuzz_copy(mem, STR(""));
	return false;
}

void fuzz_error(const struct error *e, enum status status)
{
	HOLDS(e->status == status);
	HOLDS(e->text && e->text[0]);
	HOLDS(!e->details);
	size_t n = strlen(e->text);
	HOLDS(error_escape(NULL, 0, e->text, n) == n);
}

static const char *number(const char *at, size_t *value)
{
	HOLDS(*at >= '1' && *at <= '9');
	for (*value = 0; *at >= '0' && *at <= '9'; at++)
		*value = *value * 10 + (size_t)(*at - '0');
	return at;
}

void fuzz_error_in(const struct error *e, enum status status, const char *name, struct str text)
{
	size_t n = strlen(name), line = 0, column = 0, lines = 1;

	fuzz_error(e, status);
	for (size_t at = line_length(text, 0); at < text.len; at += line_length(text, at)) {
		at = behind_end(text, at);
		lines++;
	}
	HOLDS(strncmp(e->text, name, n) == 0 && e->text[n] == ':');
	const char *at = number(e->text + n + 1, &line);
	HOLDS(*at == ':');
	at = number(at + 1, &column);
	HOLDS(at[0] == ':' && at[1] == ' ' && at[2]);
	HOLDS(line <= lines);
	HOLDS(column <= text.len + 1);
}

struct str fuzz_canon(struct arena *mem, const struct node *root)
{
	struct buf b = { .mem = mem };

	if (root)
		yaml_canon(&b, root);
	return buf_str(&b);
}

bool fuzz_same(struct arena *mem, const struct node *a, const struct node *b)
{
	return str_equal(fuzz_canon(mem, a), fuzz_canon(mem, b));
}

const struct node *fuzz_get(const struct node *map, const struct node *key)
{
	for (size_t i = 0; i < map->map.count; i++)
		if (key_same(map->map.pairs[i].key, key))
			return map->map.pairs[i].value;
	return NULL;
}

static bool is_map(const struct node *n)
{
	return n && n->kind == NODE_MAP;
}

static bool is_null(struct arena *mem, const struct node *n)
{
	const struct node null = { .kind = NODE_SCALAR, .value = STR("null") };

	return !n || fuzz_same(mem, n, &null);
}

static void merged_maps(struct arena *mem, const struct node *merged, const struct node *below,
	const struct node *above)
{
	size_t n = 0;

	HOLDS(is_map(merged));
	HOLDS(!below || str_equal(merged->tag, below->tag));
	for (; below && n < below->map.count; n++) {
		const struct pair *p = &below->map.pairs[n], *m = &merged->map.pairs[n];
		const struct node *over = fuzz_get(above, p->key);

		HOLDS(n < merged->map.count && key_same(m->key, p->key));
		if (!over)
			HOLDS(fuzz_same(mem, m->value, p->value));
		else if (is_map(p->value) && is_map(over))
			merged_maps(mem, m->value, p->value, over);
		else
			HOLDS(fuzz_same(mem, m->value, over));
	}
	for (size_t i = 0; i < above->map.count; i++) {
		const struct pair *p = &above->map.pairs[i], *m = &merged->map.pairs[n];

		if (below && fuzz_get(below, p->key))
			continue;
		HOLDS(n < merged->map.count && key_same(m->key, p->key));
		HOLDS(fuzz_same(mem, m->value, p->value));
		n++;
	}
	HOLDS(n == merged->map.count);
}

void fuzz_merged(struct arena *mem, const struct node *merged, const struct node *below,
	const struct node *above)
{
	if (is_null(mem, above) || (is_map(above) && !above->map.count))
		HOLDS(fuzz_same(mem, merged, below));
	else if (is_map(above))
		merged_maps(mem, merged, is_map(below) ? below : NULL, above);
	else
		HOLDS(fuzz_same(mem, merged, above));
}

struct lines fuzz_lines(struct arena *mem, struct str text)
{
	struct lines l = { 0 };
	size_t at = text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, room = 1;

	for (size_t i = at; i < text.len; i++)
		room += text.at[i] == '\n' || text.at[i] == '\r';
	l.at = ARENA_NEW(mem, struct str, room);
	while (at < text.len) {
		size_t n = line_length(text, at);
		l.at[l.count++] = (struct str){ text.at + at, n };
		at = behind_end(text, at + n);
	}
	return l;
}
