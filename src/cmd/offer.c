/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/offer.h"

#include <string.h>

#include "core/show.h"

void offer(struct offers *offers, const char *word, const char *what)
{
	const struct asked *asked = offers->asked;
	struct buf *out = &offers->lines;
	const bool is_value = *asked->lead || asked->o->wants || asked->options;

	if (show_text(out->mem, word) != word || !*word)
		return;
	if (*word == '-' && !is_value && !asked->behind_dashes)
		return;
	buf_printf(out, "%s%s\t", asked->lead, word);
	show_escaped(out, str_of(what ? what : ""));
	buf_putc(out, '\n');
	if (strncmp(word, asked->typed, strlen(asked->typed)) == 0)
		offers->fits = true;
}

void offer_names(struct offers *offers, const char *of)
{
	buf_printf(&offers->lines, "\t%s\t%s\n", of, offers->asked->lead);
}
