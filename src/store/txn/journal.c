/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/journal.h"

#include <string.h>

#include "base/map.h"
#include "store/render/mark.h"
#include "store/tree/pathname.h"

#define FIRST_LINE  "promote journal 2\n"
#define EFFECT_LINE "effect\n"

/* The first words of the lines of operations. */
static const char *const words[] = {
	[OP_CREATE] = "create ",
	[OP_REPLACE] = "replace ",
	[OP_REMOVE] = "remove ",
};

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

/* A number of at most `digits` digits and the byte after it. */
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

static int take_identity(struct reader *r, struct identity *id)
{
	enum { DIGITS = 20 };

	return take_number(r, 10, DIGITS, ' ', &id->device) < 0 ||
			take_number(r, 10, DIGITS, ' ', &id->inode) < 0
		? -1
		: take_number(r, 10, DIGITS, ' ', &id->born);
}

/* A digest and the byte after it. */
static int take_digest(struct reader *r, char end, struct digest *d)
{
	const struct str rest = { r->at, (size_t)(r->end - r->at) };

	if (!digest_read(rest, d) || rest.len < DIGEST_TEXT || rest.at[DIGEST_TEXT - 1] != end)
		return refuse_line(r, "a digest is expected");
	r->at += DIGEST_TEXT;
	return 0;
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

	if (take_number(r, 8, 3, ' ', &mode) < 0 || take_number(r, 10, 10, ' ', &owner) < 0 ||
		take_number(r, 10, 10, ' ', &group) < 0 || take_path(r, &path) < 0)
		return -1;
	*ARENA_PUSH(r->mem, j->emptied, j->emptied_count) =
		(struct emptied){ path, { (mode_t)mode, (uid_t)owner, (gid_t)group } };
	return 0;
}

static int read_op(struct reader *r, enum op_kind kind, struct journal *j)
{
	struct op op = { .kind = kind };

	if ((kind != OP_CREATE && take_digest(r, ' ', &op.before) < 0) ||
		(kind != OP_REMOVE && take_digest(r, ' ', &op.after) < 0) ||
		(kind == OP_CREATE && take_identity(r, &op.made) < 0) || take_path(r, &op.path) < 0)
		return -1;
	void **slot = map_slot(&r->paths, str_of(op.path));
	if (*slot)
		return refuse_line(r, "a duplicate path");
	*slot = r;
	*ARENA_PUSH(r->mem, j->ops, j->op_count) = op;
	return 0;
}

static int read_site(struct reader *r, struct journal *j)
{
	const char *text = NULL;

	if (take_text(r, &text) < 0)
		return -1;
	return site_read(str_of(text), &j->site) ? 0 : refuse_line(r, "a place is expected");
}

static int read_touched(struct reader *r, struct journal *j)
{
	struct touched t = { 0 };

	if (take_identity(r, &t.id) < 0 || take_path(r, &t.path) < 0)
		return -1;
	*ARENA_PUSH(r->mem, j->touched, j->touched_count) = t;
	return 0;
}

static int read_input(struct reader *r, struct journal *j)
{
	struct input in = { 0 };

	if (take_digest(r, ' ', &in.digest) < 0 || take_text(r, &in.path) < 0)
		return -1;
	if (!pathname_is_below(in.path, "config") && strcmp(in.path, JOURNAL_HEAD) != 0)
		return refuse_line(r, "a path that does not stay below config/");
	*ARENA_PUSH(r->mem, j->inputs, j->input_count) = in;
	return 0;
}

static int read_rendered(struct reader *r, struct journal *j)
{
	j->rendered = true;
	return take_digest(r, '\n', &j->archive);
}

static int read_mark(struct reader *r, struct journal *j)
{
	if (take_text(r, &j->mark) < 0)
		return -1;
	return mark_is(j->mark) ? 0 : refuse_line(r, "a mark is expected");
}

static int read_commit(struct reader *r, struct journal *j)
{
	if (take_text(r, &j->commit) < 0)
		return -1;
	return j->commit[0] && !j->commit[strspn(j->commit, "0123456789abcdef")]
		? 0
		: refuse_line(r, "the name of a commit is expected");
}

static int read_made(struct reader *r, struct journal *j)
{
	const char *path = NULL;

	if (take_path(r, &path) < 0)
		return -1;
	*ARENA_PUSH(r->mem, j->made, j->made_count) = path;
	return 0;
}

static int read_application(struct reader *r, struct journal *j)
{
	return take_path(r, &j->application);
}

/* A name that belongs to the effect before it. */
static int take_name(struct reader *r, const struct journal *j, const char **name)
{
	return j->effect.count ? take_text(r, name)
			       : refuse_line(r, "the word 'effect' is expected");
}

static int read_target(struct reader *r, struct journal *j)
{
	const char *name = NULL;

	if (take_name(r, j, &name) < 0)
		return -1;
	struct changed *c = &j->effect.at[j->effect.count - 1];
	*ARENA_PUSH(r->mem, c->targets, c->target_count) = name;
	return 0;
}

static int read_changed_path(struct reader *r, struct journal *j)
{
	const char *name = NULL;

	if (take_name(r, j, &name) < 0)
		return -1;
	struct changed *c = &j->effect.at[j->effect.count - 1];
	*ARENA_PUSH(r->mem, c->paths, c->path_count) = name;
	return 0;
}

static int read_effect(struct reader *r, struct journal *j)
{
	*ARENA_PUSH(r->mem, j->effect.at, j->effect.count) = (struct changed){ 0 };
	return 0;
}

/* All lines between the first and the last, but for operations, by their first words. */
static const struct {
	const char *word;
	int (*read)(struct reader *r, struct journal *j);
} lines[] = {
	{ "place ", read_site },
	{ "application ", read_application },
	{ EFFECT_LINE, read_effect },
	{ "target ", read_target },
	{ "path ", read_changed_path },
	{ "commit ", read_commit },
	{ "generator ", read_mark },
	{ "rendered ", read_rendered },
	{ "directory ", read_touched },
	{ "input ", read_input },
	{ "make ", read_made },
	{ "emptied ", read_emptied },
};

static int read_line(struct reader *r, struct journal *j)
{
	for (size_t kind = 0; kind < sizeof(words) / sizeof(*words); kind++)
		if (take_start(r, words[kind]))
			return read_op(r, (enum op_kind)kind, j);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (take_start(r, lines[i].word))
			return lines[i].read(r, j);
	return refuse_line(r, "an unknown word");
}

int journal_read(
	struct arena *mem, const char *shown, struct str text, struct journal *j, struct error *e)
{
	struct reader r = { mem, shown, text.at, text.at + text.len, 1, { .mem = mem }, e };
	struct journal read = { 0 };
	struct digest digest = { { 0 } };

	if (!take_start(&r, FIRST_LINE))
		return refuse_line(&r, "its first line is not 'promote journal 2'");
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
	if (take_digest(&r, '\n', &digest) < 0)
		return -1;
	const struct digest right =
		digest_of((struct str){ text.at, (size_t)(before_end - text.at) });
	if (r.at != r.end || !digest_equal(&digest, &right))
		return refuse_line(&r, "its end does not match the lines before it");
	*j = read;
	return 0;
}
