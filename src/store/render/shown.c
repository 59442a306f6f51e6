/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/shown.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hidden.h"

/* Adds text without a character that is cut off at its end. */
static void add_whole(struct shown *s, struct str text)
{
	for (size_t from = 0; from < text.len;) {
		size_t to = from;

		while (to < text.len && text.at[to] != '\n' && text.at[to] != '\t')
			to++;
		s->end += error_escape(
			s->text + s->end, sizeof(s->text) - s->end, text.at + from, to - from);
		if (to < text.len)
			s->text[s->end++] = text.at[to++];
		from = to;
	}
	if (s->end > 0)
		s->in_line = s->text[s->end - 1] != '\n';
}

void shown_add(struct shown *s, struct str chunk)
{
	char bytes[sizeof(s->cut) + SHOWN_CHUNK];
	const struct str text = { bytes, s->cut_length + chunk.len };

	assert(!shown_waits(s) && chunk.len <= SHOWN_CHUNK);
	memcpy(bytes, s->cut, s->cut_length);
	memcpy(bytes + s->cut_length, chunk.at, chunk.len);
	s->cut_length = chunk.len ? character_cut(text) : 0;
	memcpy(s->cut, bytes + text.len - s->cut_length, s->cut_length);
	s->begin = s->end = 0;
	add_whole(s, (struct str){ bytes, text.len - s->cut_length });
	if (chunk.len == 0 && s->in_line)
		add_whole(s, STR("\n"));
}

bool shown_waits(const struct shown *s)
{
	return s->begin < s->end;
}

void shown_write(struct shown *s)
{
	const size_t waiting = s->end - s->begin;
	ssize_t n =
		write(STDERR_FILENO, s->text + s->begin, waiting < PIPE_BUF ? waiting : PIPE_BUF);

	if (n >= 0)
		s->begin += (size_t)n;
	else if (errno != EAGAIN)
		s->begin = s->end;
}
