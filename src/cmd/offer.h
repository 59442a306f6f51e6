/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offer.h - the lines that a shell gets as an answer.
 *
 * A line each: what the word may be, a tab, and what that is in a few words, which may be empty.
 * A word that ends in "/", "." or "=" is to be continued. Words are as the program takes them; the
 * shell quotes them. The shell keeps those that begin with what was typed.
 *
 * A line that begins with a tab asks the shell for names that it knows itself: "\tfile",
 * "\tdirectory" or "\tcommand", a tab, and what the word has in front of them ("--directory=").
 */
#ifndef CMD_OFFER_H
#define CMD_OFFER_H

#include "cli/complete.h"

struct offers {
	const struct asked *asked; /* borrowed */
	struct buf lines;          /* { .mem = mem } to begin with */
	bool fits;                 /* one of them begins with what was typed */
};

/*
 * Adds a word, and what it is (or NULL). A word that a terminal would not show as it is
 * (base/hidden.h) is left out, as is an argument that would be taken as an option.
 */
void offer(struct offers *offers, const char *word, const char *what);

/* Asks the shell: "file", "directory" or "command". */
void offer_names(struct offers *offers, const char *of);

#endif
