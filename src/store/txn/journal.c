/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/tree/pathname.h"

#define FIRST_LINE "promote journal 1\n"

/* The words that a op's line begins with. */
static const char *const words[] = {
	[OP_CREATE] = "put",
	[OP_REPLACE] = "replace",
	[OP_REMOVE] = "remove",
};

struct op *journal_add(struct arena *mem, struct journal *j)
{
	if (j->op_count == j->op_room) {
		j->op_room = j->op_room ? j->op_room * 2 : 8;
		j->ops = arena_grow(mem, j->ops, j->op_count, j->op_room, sizeof(*j->ops));
	}
	return &j->ops[j->op_count++];
}

void journal_add_made(struct arena *mem, struct journal *j, const char *path)
{
	if (j->made_count == j->made_room) {
		j->made_room = j->made_room ? j->made_room * 2 : 8;
		j->made = arena_grow(mem, j->made, j->made_count, j->made_room, sizeof(*j->made));
	}
	j->made[j->made_count++] = path;
}

void journal_add_emptied(struct arena *mem, struct journal *j, struct emptied holder)
{
	if (j->emptied_count == j->emptied_room) {
		j->emptied_room = j->emptied_room ? j->emptied_room * 2 : 8;
		j->emptied = arena_grow(
			mem, j->emptied, j->emptied_count, j->emptied_room, sizeof(*j->emptied));
	}
	j->emptied[j->emptied_count++] = holder;
}

/* The rest of a line: a text of one line. */
static void write_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			buf_puts(out, "\\n");
		else if (*text == '\\')
			buf_puts(out, "\\\\");
		else
			buf_putc(out, *text);
	}
	buf_putc(out, '\n');
}

static void write_hash(struct buf *out, uint64_t hash)
{
	buf_printf(out, "%016" PRIx64 " ", hash);
}

void journal_write(const struct journal *j, struct buf *out)
{
	buf_puts(out, FIRST_LINE "step ");
	write_text(out, j->step);
	for (size_t i = 0; i < j->made_count; i++) {
		buf_puts(out, "make ");
		write_text(out, j->made[i]);
	}
	for (size_t i = 0; i < j->emptied_count; i++) {
		buf_printf(out, "held %o %u %u ", (unsigned)j->emptied[i].mode, j->emptied[i].owner,
			j->emptied[i].group);
		write_text(out, j->emptied[i].path);
	}
	for (size_t i = 0; i < j->op_count; i++) {
		const struct op *d = &j->ops[i];

		buf_printf(out, "%s ", words[d->kind]);
		if (d->kind != OP_CREATE)
			write_hash(out, d->before);
		if (d->kind != OP_REMOVE)
			write_hash(out, d->after);
		write_text(out, d->path);
	}
	buf_printf(out, "end %016" PRIx64 "\n", str_hash(buf_str(out)));
}

struct reader {
	struct arena *mem;
	const char *shown;
	const char *at, *end;
	size_t line;
	struct error *e;
};

static int wrong(struct reader *r, const char *what)
{
	return error_set(r->e, STATUS_FILES,
		"%s:%zu: %s; it is no journal of this version of promote", r->shown, r->line, what);
}

/* Goes over a word, with the space behind it, if the line goes on with it. */
static bool take_word(struct reader *r, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(r->end - r->at) <= len || memcmp(r->at, word, len) != 0 || r->at[len] != ' ')
		return false;
	r->at += len + 1;
	return true;
}

/* A number of at most `digits` digits and the byte behind it. */
static int take_number(struct reader *r, unsigned base, size_t digits, char end, uint64_t *number)
{
	static const char all[] = "0123456789abcdef";
	uint64_t n = 0;
	size_t count = 0;

	for (; r->at < r->end && count < digits; r->at++, count++) {
		const char *digit = *r->at ? strchr(all, *r->at) : NULL;

		if (!digit || digit - all >= (ptrdiff_t)base)
			break;
		n = n * base + (uint64_t)(digit - all);
	}
	if (count == 0 || r->at == r->end || *r->at != end)
		return wrong(r, "a number is expected");
	r->at++;
	*number = n;
	return 0;
}

static int take_hash(struct reader *r, uint64_t *hash)
{
	return take_number(r, 16, 16, ' ', hash);
}

/* The rest of the line. */
static int take_text(struct reader *r, const char **text)
{
	const char *line_end = memchr(r->at, '\n', (size_t)(r->end - r->at));
	struct buf out = { .mem = r->mem };

	if (!line_end)
		return wrong(r, "the line has no end");
	buf_puts(&out, "");
	while (r->at < line_end) {
		char c = *r->at++;

		if (c == '\0')
			return wrong(r, "a NUL byte");
		if (c == '\\') {
			c = *r->at++;
			if (c != 'n' && c != '\\')
				return wrong(r, "a backslash that stands for nothing");
			c = c == 'n' ? '\n' : c;
		}
		buf_putc(&out, c);
	}
	r->at = line_end + 1;
	r->line++;
	*text = out.at;
	return 0;
}

static int take_path(struct reader *r, const char **path)
{
	if (take_text(r, path) < 0)
		return -1;
	r->line--;
	if (!pathname_is_below(*path, "config"))
		return wrong(r, "a path that does not stay below config/");
	r->line++;
	return 0;
}

static int read_held(struct reader *r, struct journal *j)
{
	uint64_t mode = 0, owner = 0, group = 0;
	struct emptied h = { 0 };

	if (take_number(r, 8, 4, ' ', &mode) < 0 || take_number(r, 10, 10, ' ', &owner) < 0 ||
		take_number(r, 10, 10, ' ', &group) < 0 || take_path(r, &h.path) < 0)
		return -1;
	h.mode = (mode_t)mode;
	h.owner = (uid_t)owner;
	h.group = (gid_t)group;
	journal_add_emptied(r->mem, j, h);
	return 0;
}

static int read_deed(struct reader *r, enum op_kind kind, struct journal *j)
{
	struct op d = { .kind = kind };

	if ((kind != OP_CREATE && take_hash(r, &d.before) < 0) ||
		(kind != OP_REMOVE && take_hash(r, &d.after) < 0) || take_path(r, &d.path) < 0)
		return -1;
	*journal_add(r->mem, j) = d;
	return 0;
}

static int read_line(struct reader *r, struct journal *j)
{
	const char *path = NULL;

	if (take_word(r, "held"))
		return read_held(r, j);
	for (size_t kind = 0; kind < sizeof(words) / sizeof(*words); kind++)
		if (take_word(r, words[kind]))
			return read_deed(r, (enum op_kind)kind, j);
	if (!take_word(r, "make"))
		return wrong(r, "an unknown word");
	if (take_path(r, &path) < 0)
		return -1;
	journal_add_made(r->mem, j, path);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A step does one thing with a file. */
static int check_once(struct reader *r, const struct journal *j)
{
	const char **paths = ARENA_NEW(r->mem, const char *, j->op_count + 1);

	for (size_t i = 0; i < j->op_count; i++)
		paths[i] = j->ops[i].path;
	qsort(paths, j->op_count, sizeof(*paths), by_path);
	for (size_t i = 1; i < j->op_count; i++)
		if (strcmp(paths[i - 1], paths[i]) == 0)
			return error_set(r->e, STATUS_FILES,
				"%s: names %s twice; it is no journal of this version of promote",
				r->shown, paths[i]);
	return 0;
}

int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e)
{
	const size_t first = sizeof(FIRST_LINE) - 1;
	struct reader r = { mem, shown, text.at, text.at + text.len, 1, e };
	struct journal read = { 0 };
	uint64_t hash = 0;

	if (text.len < first || memcmp(text.at, FIRST_LINE, first) != 0)
		return wrong(&r, "its first line is not 'promote journal 1'");
	r.at += first;
	r.line++;
	if (!take_word(&r, "step"))
		return wrong(&r, "the word 'step' is expected");
	if (take_text(&r, &read.step) < 0)
		return -1;
	const char *before_end = r.at;
	while (!take_word(&r, "end")) {
		if (read_line(&r, &read) < 0)
			return -1;
		before_end = r.at;
	}
	if (take_number(&r, 16, 16, '\n', &hash) < 0)
		return -1;
	if (r.at != r.end ||
		hash != str_hash((struct str){ text.at, (size_t)(before_end - text.at) }))
		return wrong(&r, "its end does not fit what is before it");
	if (check_once(&r, &read) < 0)
		return -1;
	*j = read;
	return 0;
}
