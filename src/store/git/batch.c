/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/batch.h"

#include <assert.h>
#include <stdio.h>

static enum answer read_answer(
	struct batch *b, struct arena *mem, const char *asked, size_t limit, struct object *o)
{
	const size_t length = strlen(asked);
	char end = 0;
	struct str line;

	if (!git_pipe_line(&b->git, &line))
		return ANSWER_NONE;
	if (line.len > length && memcmp(line.at, asked, length) == 0) {
		const struct str rest = str_part(line, length, line.len);

		if (str_is(rest, " missing"))
			return ANSWER_MISSING;
		if (str_is(rest, " ambiguous"))
			return ANSWER_AMBIGUOUS;
	}
	if (!object_header_read(line, &o->header))
		return ANSWER_NONE;
	if (o->header.size > limit)
		return ANSWER_TOO_LARGE;
	o->header.name.at = arena_copy(mem, o->header.name.at, o->header.name.len);
	char *text = ARENA_NEW(mem, char, o->header.size + 1);
	if (!git_pipe_read(&b->git, text, o->header.size) || !git_pipe_read(&b->git, &end, 1) ||
		end != '\n')
		return ANSWER_NONE;
	o->text = (struct str){ text, o->header.size };
	return ANSWER_FOUND;
}

/* An answer that was not read to its end, or not understood, ends the child: the next is a new one. */
enum answer batch_ask(
	struct batch *b, struct arena *mem, const char *asked, size_t limit, struct object *o)
{
	static const char *const words[] = { "cat-file", "--batch", NULL };
	enum answer answer = ANSWER_NONE;
	char line[BATCH_LONGEST + 16];

	const int n = snprintf(line, sizeof(line), "%s\n", asked);
	assert(n > 0 && (size_t)n < sizeof(line));
	/* untested at times: faults take a sample of the calls that fail */
	if (!b->git.child && git_pipe_start(&b->git, b->mem, b->root, words))
		return ANSWER_NONE;
	if (git_pipe_say(&b->git, (struct str){ line, (size_t)n }))
		answer = read_answer(b, mem, asked, limit, o);
	if (answer == ANSWER_TOO_LARGE || answer == ANSWER_NONE)
		git_pipe_stop(&b->git);
	return answer;
}
