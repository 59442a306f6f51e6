/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_text.c - journal_write: the text of a journal.
 */
#include "store/txn/journal.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_LINE "promote journal 2\n"

/* The first words of the lines of operations. */
static const char *const words[] = {
	[OP_CREATE] = "create ",
	[OP_REPLACE] = "replace ",
	[OP_REMOVE] = "remove ",
};

/* The rest of a line. */
static void write_text(struct buf *out, const char *text)
{
	for (;;) {
		const size_t plain = strcspn(text, "\n\\");

		buf_add(out, (struct str){ text, plain });
		text += plain;
		if (!*text)
			break;
		buf_puts(out, *text++ == '\n' ? "\\n" : "\\\\");
	}
	buf_putc(out, '\n');
}

static void write_line(struct buf *out, const char *word, const char *text)
{
	buf_puts(out, word);
	write_text(out, text);
}

static void write_digest(struct buf *out, const struct digest *d, char end)
{
	char text[DIGEST_TEXT];

	digest_print(d, text);
	buf_puts(out, text);
	buf_putc(out, end);
}

static void write_identity(struct buf *out, const struct identity *id)
{
	buf_printf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " ", id->device, id->inode, id->born);
}

static void write_effect(const struct changed_list *effect, struct buf *out)
{
	for (size_t i = 0; i < effect->count; i++) {
		const struct changed *c = &effect->at[i];

		buf_puts(out, "effect\n");
		for (size_t k = 0; k < c->target_count; k++)
			write_line(out, "target ", c->targets[k]);
		for (size_t k = 0; k < c->path_count; k++)
			write_line(out, "path ", c->paths[k]);
	}
}

/* What the step was worked out from, and where. */
static void write_origin(const struct journal *j, struct buf *out)
{
	char site[SITE_TEXT];

	site_print(&j->site, site);
	write_line(out, "place ", site);
	if (j->application)
		write_line(out, "application ", j->application);
	write_effect(&j->effect, out);
	if (j->commit)
		write_line(out, "commit ", j->commit);
	if (j->mark)
		write_line(out, "generator ", j->mark);
	if (j->rendered) {
		buf_puts(out, "rendered ");
		write_digest(out, &j->archive, '\n');
	}
	for (size_t i = 0; i < j->touched_count; i++) {
		buf_puts(out, "directory ");
		write_identity(out, &j->touched[i].id);
		write_text(out, j->touched[i].path);
	}
	for (size_t i = 0; i < j->input_count; i++) {
		buf_puts(out, "input ");
		write_digest(out, &j->inputs[i].digest, ' ');
		write_text(out, j->inputs[i].path);
	}
}

static void write_op(const struct op *op, struct buf *out)
{
	buf_puts(out, words[op->kind]);
	if (op->kind != OP_CREATE)
		write_digest(out, &op->before, ' ');
	if (op->kind != OP_REMOVE)
		write_digest(out, &op->after, ' ');
	if (op->kind == OP_CREATE)
		write_identity(out, &op->made);
	write_text(out, op->path);
}

/* About as much as the lines of files and directories need, so that the text is not copied as it grows. */
static size_t room_for_lines(const struct journal *j)
{
	enum { LINE = 24, IDENTITY = 3 * 21 }; /* words, numbers; names as they are */
	size_t size = 0;

	for (size_t i = 0; i < j->input_count; i++)
		size += LINE + DIGEST_TEXT + strlen(j->inputs[i].path);
	for (size_t i = 0; i < j->emptied_count; i++)
		size += LINE + strlen(j->emptied[i].path);
	for (size_t i = 0; i < j->op_count; i++)
		size += LINE + DIGEST_TEXT + strlen(j->ops[i].path) +
			(j->ops[i].kind == OP_REMOVE ? 0 : IDENTITY);
	return size;
}

void journal_write(const struct journal *j, struct buf *out)
{
	buf_room(out, room_for_lines(j));
	write_line(out, FIRST_LINE "step ", j->step);
	write_origin(j, out);
	for (size_t i = 0; i < j->made_count; i++)
		write_line(out, "make ", j->made[i]);
	for (size_t i = 0; i < j->emptied_count; i++) {
		const struct emptied *one = &j->emptied[i];

		buf_printf(out, "emptied %o %u %u ", (unsigned)one->access.mode & 0777,
			one->access.owner, one->access.group);
		write_text(out, one->path);
	}
	for (size_t i = 0; i < j->op_count; i++)
		write_op(&j->ops[i], out);
	const struct digest d = digest_of(buf_str(out));
	buf_puts(out, "end ");
	write_digest(out, &d, '\n');
}
