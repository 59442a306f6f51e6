/* SPDX-License-Identifier: Apache-2.0 */
#include "report/committed.h"

#include "core/show.h"
#include "report/report.h"

void report_commit_message(const struct commit_text *t, struct buf *out)
{
	buf_printf(out, "%s\n\n", record_subject(out->mem, t->record));
	buf_add(out, t->body);
	if (t->body.len)
		buf_putc(out, '\n');
	record_write(t->record, out);
	if (t->signoff)
		show_printf(out, "Signed-off-by: %s\n", t->signoff);
}

struct str report_commit_subject(struct str message)
{
	const char *end = memchr(message.at, '\n', message.len);

	return str_part(message, 0, (size_t)(end - message.at));
}

/* What became of it. */
static const char *done(const struct committed *c)
{
	return c->was_there ? "Already" : c->remote ? "Pushed" : "Committed";
}

void report_committed_text(const struct committed *c, const struct look *look, struct buf *out)
{
	if (!c->name)
		return;
	buf_printf(out, "\n%s%s%s ", layout_tint(look, TINT_GREEN),
		look->symbols ? "\xe2\x9c\x93" : "ok", layout_plain(look, TINT_GREEN));
	buf_puts(out, done(c));
	if (c->branch)
		show_printf(out, " %s%s", c->was_there ? "on " : "to ", c->branch);
	if (c->remote)
		show_printf(out, " of %s", c->remote);
	buf_printf(out, ": %.*s\n", SHOW_COMMIT, c->name);
	if (c->pull_request)
		show_printf(out, "%s%s%s Pull request: %s\n", layout_tint(look, TINT_GREEN),
			look->symbols ? "\xe2\x9c\x93" : "ok", layout_plain(look, TINT_GREEN),
			c->pull_request);
}

void report_committed_markdown(const struct committed *c, struct buf *out)
{
	if (!c->name)
		return;
	buf_printf(out, "\n%s", done(c));
	if (c->branch) {
		buf_puts(out, c->was_there ? " on " : " to ");
		markdown_code(out, str_of(c->branch));
	}
	if (c->remote) {
		buf_puts(out, " of ");
		markdown_code(out, str_of(c->remote));
	}
	buf_puts(out, ": ");
	markdown_code(out, str_of(c->name));
	buf_putc(out, '\n');
	if (c->pull_request) {
		buf_puts(out, "\nPull request: ");
		markdown_code(out, str_of(c->pull_request));
		buf_putc(out, '\n');
	}
}

void json_set_committed(json_t *root, struct arena *mem, const struct committed *c)
{
	const struct {
		const char *key, *value;
	} rows[] = {
		{ "commit", c->name },
		{ "branch", c->branch },
		{ "remote", c->remote },
		{ "pullRequest", c->pull_request },
	};

	for (size_t i = 0; c->name && i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].value)
			json_object_set_new(root, rows[i].key, json_text(mem, rows[i].value));
}

void report_index_finding(struct arena *mem, const char *why, struct findings *f)
{
	finding_add(mem, f, "index-behind",
		(struct about){ .hint = "git reset -q removes the old files from it" },
		arena_printf(mem,
			"The commit is made, but %s (run 'git reset -q', or your next commit takes the step back)",
			why));
}

void report_committed_findings(
	struct arena *mem, const struct committed *c, bool whole, struct findings *f)
{
	struct buf others = { .mem = mem };

	if (c->other_count) {
		buf_puts(&others,
			"The generator has changed files that are not part of the commit: ");
		report_names(&others, c->others, c->other_count, whole);
		finding_add(mem, f, "uncommitted",
			(struct about){ .file = c->other_count == 1 ? c->others[0] : NULL },
			others.at);
	}
	if (c->not_forwarded)
		finding_add(mem, f, "branch-behind",
			(struct about){ .hint = "git pull --ff-only moves it" },
			arena_printf(mem,
				c->name ? "The step is pushed, but your branch %s is not moved to it: %s"
					: "Your branch %s is not moved to what the remote has: %s",
				c->branch, c->not_forwarded));
	if (c->behind)
		report_index_finding(mem, c->behind, f);
}
