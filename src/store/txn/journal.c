/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/journal.h"

#include <inttypes.h>
#include <string.h>

#include "base/map.h"
#include "store/tree/pathname.h"

#define FIRST_LINE    "promote journal 1\n"
#define RENDERED_LINE "rendered\n"

/* The first words of the lines of operations. */
static const char *const words[] = {
	[OP_CREATE] = "create ",
	[OP_REPLACE] = "replace ",
	[OP_REMOVE] = "remove ",
};

/* The rest of a line. */
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
	if (j->rendered)
		buf_puts(out, RENDERED_LINE);
	for (size_t i = 0; i < j->made_count; i++) {
		buf_puts(out, "make ");
		write_text(out, j->made[i]);
	}
	for (size_t i = 0; i < j->emptied_count; i++) {
		const struct emptied *one = &j->emptied[i];

		buf_printf(out, "emptied %o %u %u ", (unsigned)one->access.mode, one->access.owner,
			one->access.group);
		write_text(out, one->path);
	}
	for (size_t i = 0; i < j->op_count; i++) {
		const struct op *op = &j->ops[i];

		buf_puts(out, words[op->kind]);
		if (op->kind != OP_CREATE)
			write_hash(out, op->before);
		if (op->kind != OP_REMOVE)
			write_hash(out, op->after);
		write_text(out, op->path);
	}
	buf_printf(out, "end %016" PRIx64 "\n", str_hash(buf_str(out)));
}

struct reader {
	struct arena *mem;
	const char *shown;
	const char *at, *end;
	size_t line;
	struct map paths; /* of the operations so far */
	struct error *e;
};

static int refuse_line(struct reader *r, const char *what)
{
	error_set(r->e, STATUS_FILES, "%s:%zu: %s; not a journal of this version of promote",
		r->shown, r->line, what);
	return -1; /* for the analyser */
}

/* Skips these bytes, if the text continues with them. */
static bool take_start(struct reader *r, const char *start)
{
	size_t len = strlen(start);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, start, len) != 0)
		return false;
	r->at += len;
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
		return refuse_line(r, "a number is expected");
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
		return refuse_line(r, "the line has no end");
	buf_puts(&out, "");
	while (r->at < line_end) {
		char c = *r->at++;

		if (c == '\0')
			return refuse_line(r, "a NUL byte");
		if (c == '\\') {
			c = *r->at++;
			if (c != 'n' && c != '\\')
				return refuse_line(r, "an unknown escape");
			c = c == 'n' ? '\n' : c;
		}
		buf_putc(&out, c);
	}
	r->at = line_end + 1;
	*text = out.at;
	return 0;
}

static int take_path(struct reader *r, const char **path)
{
	if (take_text(r, path) < 0)
		return -1;
	if (!pathname_is_below(*path, "config"))
		return refuse_line(r, "a path that does not stay below config/");
	return 0;
}

static int read_emptied(struct reader *r, struct journal *j)
{
	uint64_t mode = 0, owner = 0, group = 0;
	const char *path = NULL;

	if (take_number(r, 8, 4, ' ', &mode) < 0 || take_number(r, 10, 10, ' ', &owner) < 0 ||
		take_number(r, 10, 10, ' ', &group) < 0 || take_path(r, &path) < 0)
		return -1;
	*ARENA_PUSH(r->mem, j->emptied, j->emptied_count) =
		(struct emptied){ path, { (mode_t)mode, (uid_t)owner, (gid_t)group } };
	return 0;
}

static int read_op(struct reader *r, enum op_kind kind, struct journal *j)
{
	struct op op = { .kind = kind };

	if ((kind != OP_CREATE && take_hash(r, &op.before) < 0) ||
		(kind != OP_REMOVE && take_hash(r, &op.after) < 0) || take_path(r, &op.path) < 0)
		return -1;
	void **slot = map_slot(&r->paths, str_of(op.path));
	if (*slot)
		return refuse_line(r, "a duplicate path");
	*slot = r;
	*ARENA_PUSH(r->mem, j->ops, j->op_count) = op;
	return 0;
}

static int read_line(struct reader *r, struct journal *j)
{
	const char *path = NULL;

	if (take_start(r, RENDERED_LINE)) {
		j->rendered = true;
		return 0;
	}
	if (take_start(r, "emptied "))
		return read_emptied(r, j);
	for (size_t kind = 0; kind < sizeof(words) / sizeof(*words); kind++)
		if (take_start(r, words[kind]))
			return read_op(r, (enum op_kind)kind, j);
	if (!take_start(r, "make "))
		return refuse_line(r, "an unknown word");
	if (take_path(r, &path) < 0)
		return -1;
	*ARENA_PUSH(r->mem, j->made, j->made_count) = path;
	return 0;
}

int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e)
{
	struct reader r = { mem, shown, text.at, text.at + text.len, 1, { .mem = mem }, e };
	struct journal read = { 0 };
	uint64_t hash = 0;

	if (!take_start(&r, FIRST_LINE))
		return refuse_line(&r, "its first line is not 'promote journal 1'");
	r.line++;
	if (!take_start(&r, "step "))
		return refuse_line(&r, "the word 'step' is expected");
	if (take_text(&r, &read.step) < 0)
		return -1;
	r.line++;
	const char *before_end = r.at;
	for (; !take_start(&r, "end "); r.line++) {
		if (read_line(&r, &read) < 0)
			return -1;
		before_end = r.at;
	}
	if (take_number(&r, 16, 16, '\n', &hash) < 0)
		return -1;
	if (r.at != r.end ||
		hash != str_hash((struct str){ text.at, (size_t)(before_end - text.at) }))
		return refuse_line(&r, "its end does not match the lines before it");
	*j = read;
	return 0;
}
