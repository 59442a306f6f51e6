/* SPDX-License-Identifier: Apache-2.0 */
/*
 * markdown.h - GitHub-flavoured markdown for a pull request, which may hold text from files.
 *
 *	struct markdown m = { .mem = mem };
 *	struct buf *text = &m.text;
 *
 *	markdown_section(&m, 2, "Gates", true);
 *	buf_puts(text, "Waits for ");
 *	markdown_code(text, str_of(gate));
 *	buf_puts(text, "\n");
 *	markdown_section(&m, 2, "Effect", false);
 *	markdown_head(text, titles, 2);
 *	markdown_row(text, cells, 2);
 *	markdown_write(&m, out);
 *
 * Nothing that is added by markdown_text or markdown_code is more than its own text: no markup, no
 * HTML, no mention of a person or an issue, no end of a table's cell. Control characters are \xNN.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/str.h"

/* A pull request's text must be shorter. */
enum { MARKDOWN_MOST = 65536 };

/*
 * Adds a text within a line. It is shown as it is, but a character without width comes between what
 * would mention somebody or something: use markdown_code for what will be copied.
 */
void markdown_text(struct buf *out, struct str text);

/* Adds a text as code: a name, a path, a value. */
void markdown_code(struct buf *out, struct str text);

/* The same two for a table's cell: what they would add, owned by mem. */
const char *markdown_text_cell(struct arena *mem, const char *text);
const char *markdown_code_cell(struct arena *mem, const char *text);

/* Adds a table's titles, and the line below them. Cells are markdown. */
void markdown_head(struct buf *out, const char *const *titles, size_t n);
void markdown_row(struct buf *out, const char *const *cells, size_t n);

/* Adds names[0..n) as code with commas between; more than a handful are folded unless `whole`. */
void markdown_names(struct buf *out, const char *const *names, size_t n, bool whole);

struct markdown_section {
	const char *title; /* borrowed */
	size_t start;      /* in the text */
	bool first;        /* others are left out before it */
};

/* A text of sections, any of which can be left out. */
struct markdown {
	struct arena *mem; /* borrowed */
	struct buf text;   /* the sections so far; a section that is begun is continued here */
	struct markdown_section *sections;
	size_t count;
};

/*
 * Begins a section, with a heading of a level from 1 to 6, or without one (0). The title is any
 * text. If not all sections fit, those that are `first` are taken before the others.
 */
void markdown_section(struct markdown *m, unsigned level, const char *title, bool first);

/* A table of any length. {.title, .titles, .columns} is a valid start. */
struct markdown_table {
	const char *title; /* for what is left out */
	const char *const *titles;
	size_t columns;
	size_t rows; /* so far */
};

/* Adds a row, and before every hundredth one a section without heading and the titles. */
void markdown_table_row(struct markdown *m, struct markdown_table *t, const char *const *cells);

/*
 * Adds the sections, in their order, that fit into less than MARKDOWN_MOST bytes, and a line that
 * says which do not.
 */
void markdown_write(const struct markdown *m, struct buf *out);

#endif
