/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/terminal.h"
#include "core/show.h"

size_t ask_source(const struct options *o, const struct state *now)
{
	const struct fleet *f = now->app->fleet;
	struct buf b = { .mem = o->mem };
	size_t n = 0;

	buf_printf(&b, "The copies of %s differ:\n", show_text(o->mem, now->file));
	for (size_t i = 0; i < f->count; i++)
		if (now->copies[i])
			buf_printf(&b, "  %zu  %s  %s\n", ++n, now->copies[i]->digest,
				show_text(o->mem, f->positions[i].path));
	buf_puts(&b, "Which one should be promoted? Type its number: ");
	const char *answer = terminal_ask(o, b.at);
	char *end = NULL;
	unsigned long wish = answer ? strtoul(answer, &end, 10) : 0;
	if (!answer || end == answer || *end)
		return NOWHERE;
	for (size_t i = 0; i < f->count; i++)
		if (now->copies[i] && --wish == 0)
			return i;
	return NOWHERE;
}

bool ask_gate(const struct options *o, const struct fleet *f, size_t gate, size_t next)
{
	const struct position *g = &f->positions[gate];
	const char *answer = terminal_ask(o,
		arena_printf(o->mem,
			"%s is a manual gate of the step to %s.\nType its name to open it: ",
			show_text(o->mem, g->path), show_text(o->mem, f->positions[next].path)));

	return answer && (strcmp(answer, g->path) == 0 || strcmp(answer, g->name) == 0);
}

bool ask_go_on(const struct options *o)
{
	const char *answer = terminal_ask(o, "Go on? [y/N] ");

	return answer && (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
}
