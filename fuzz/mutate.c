/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutate - how libFuzzer changes inputs that are made of lines.
 *
 * Bytes changed anywhere mostly break an indentation. So half of the time whole
 * lines are changed instead: taken out, doubled, moved, or indented by two more
 * or two less. The rest is left to libFuzzer.
 */
#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

enum { REMOVE, DOUBLE, MOVE, INDENT, DEDENT, OPERATIONS };

/* A small generator (xorshift): a run can be repeated from its seed. */
static size_t pick(uint32_t *state, size_t n)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % n;
}

/* Lines that stay what they are, end included, and one that is worked on. */
struct work {
	struct arena mem;
	struct str *lines;
	size_t count;
	struct buf out;
};

static void cut_lines(struct work *w, const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;

	w->lines = ARENA_NEW(&w->mem, struct str, size + 1);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop + 1 : end) - at);
		w->lines[w->count++] = (struct str){ at, n };
		at += n;
	}
}

static void add_changed(struct work *w, struct str line, size_t operation)
{
	if (operation == INDENT)
		buf_puts(&w->out, "  ");
	for (int i = 0; operation == DEDENT && i < 2 && line.len && line.at[0] == ' '; i++)
		line = (struct str){ line.at + 1, line.len - 1 };
	if (operation == DOUBLE)
		buf_add(&w->out, line);
	if (operation != REMOVE && operation != MOVE)
		buf_add(&w->out, line);
}

static void change_lines(struct work *w, uint32_t *state)
{
	size_t operation = pick(state, OPERATIONS);
	size_t from = pick(state, w->count), n = 1 + pick(state, 3), to = pick(state, w->count);

	for (size_t i = 0; i < w->count; i++) {
		if (operation == MOVE && i == to)
			for (size_t k = from; k < from + n && k < w->count; k++)
				buf_add(&w->out, w->lines[k]);
		if (i >= from && i < from + n)
			add_changed(w, w->lines[i], operation);
		else
			buf_add(&w->out, w->lines[i]);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t state = seed * 2654435761u + 1;
	struct work w = { 0 };

	if (size == 0 || pick(&state, 2) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	fuzz_arena(&w.mem);
	w.out.mem = &w.mem;
	cut_lines(&w, data, size);
	change_lines(&w, &state);
	size = w.out.len < max_size ? w.out.len : max_size;
	if (size)
		memcpy(data, w.out.at, size);
	arena_free(&w.mem);
	return size;
}
