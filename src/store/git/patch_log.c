/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/patch_log.h"

#include <stdlib.h>

#include "store/git/git.h"
#include "store/load/names.h"

/* What git has printed with NULs behind each field. */
struct fields {
	struct str rest;
};

/* The next field; "" if there is none. */
static const char *next_field(struct fields *f)
{
	const char *field = f->rest.at;
	/* untested: git has printed less than it was asked for */
	const char *end = f->rest.len ? memchr(field, '\0', f->rest.len) : NULL;

	/* untested: the same */
	if (!end) {
		f->rest.len = 0;
		return "";
	}
	f->rest = str_part(f->rest, (size_t)(end - field) + 1, f->rest.len);
	return field;
}

/* Takes the first word off a field. */
static const char *take_word(struct arena *mem, const char **text)
{
	const size_t n = strcspn(*text, " ");
	const char *word = arena_copy(mem, *text, n);

	*text += n + strspn(*text + n, " ");
	return word;
}

/* The first character of what follows, without what git puts between a commit and its files; or 0. */
static char next_kind(struct fields *f)
{
	while (f->rest.len && (!*f->rest.at || *f->rest.at == '\n'))
		f->rest = str_part(f->rest, 1, f->rest.len);
	return f->rest.len ? *f->rest.at : '\0';
}

/* Adds a path to a pattern, each character as itself. */
static void add_literal(struct buf *out, const char *path)
{
	for (; *path; path++) {
		if (strchr("*?[\\", *path))
			buf_putc(out, '\\');
		buf_putc(out, *path);
	}
}

/* The copies of a patch, wherever they are. */
static const char *copies_of(struct arena *mem, const struct subject *s)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, ":(glob)");
	add_literal(&out, paths_application(mem, s));
	buf_puts(&out, "/**/");
	add_literal(&out, s->patch);
	buf_puts(&out, ".yaml");
	return out.at;
}

/* ":100644 100644 OBJECT OBJECT M" and then the path */
static void read_file(struct fields *f, struct arena *mem, struct logged *c)
{
	const char *text = next_field(f);

	take_word(mem, &text);
	take_word(mem, &text);
	struct logged_file *file = ARENA_PUSH(mem, c->files, c->file_count);
	file->before = take_word(mem, &text);
	file->object = take_word(mem, &text);
	file->status = *text;
	file->path = next_field(f);
}

static void read_files(struct fields *f, struct arena *mem, struct logged *c)
{
	while (next_kind(f) == ':')
		read_file(f, mem, c);
}

/* As read_log() asks for them. */
static void read_commit(struct fields *f, struct arena *mem, struct logged *c)
{
	c->object = next_field(f);
	for (const char *text = next_field(f); *text;)
		*ARENA_PUSH(mem, c->parents, c->parent_count) = take_word(mem, &text);
	c->author = next_field(f);
	c->email = next_field(f);
	c->committer = next_field(f);
	c->at = strtoll(next_field(f), NULL, 10);
	c->message = str_of(next_field(f));
	read_files(f, mem, c);
}

/* How git is to walk the commits. */
static const char *const simplified[] = { "--dense", "--max-parents=-1" };
static const char *const without_merges[] = { "--full-history", "--no-merges" };

/* What is logged of a patch, as pathspecs. */
struct paths {
	const char *config, *base, *copies;
};

static struct paths paths_of(struct arena *mem, const struct subject *s)
{
	return (struct paths){ ":(literal)" PATHS_CONFIG,
		arena_printf(mem, ":(literal)%s", paths_base(mem, s)), copies_of(mem, s) };
}

/*
 * Of a merge that is the same as none of its parents the log has no files: with them, git would not
 * leave out the other sides of merges.
 */
static bool read_merge(
	struct arena *mem, const struct root *root, const struct paths *p, struct logged *c)
{
	const char *const words[] = { "diff-tree", "-r", "-z", "--raw", "--no-abbrev",
		"--no-renames", "--no-ext-diff", "--relative", "-O/dev/null",
		arena_printf(mem, "%s^1", c->object), c->object, "--", p->config, p->base,
		p->copies, NULL };
	struct fields f = { { 0 } };

	const bool told = git_run(mem, root, GIT_QUIET, words, &f.rest);
	read_files(&f, mem, c);
	return told;
}

static bool read_log(struct arena *mem, const struct root *root, const char *rev,
	const char *const *walk, struct patch_log *log)
{
	const struct paths p = paths_of(mem, &log->subject);
	const char *const words[] = { "log", "-z", "--parents", "--topo-order", walk[0], walk[1],
		"--raw", "--root", "--no-abbrev", "--no-renames", "--no-color", "--no-ext-diff",
		"--no-decorate", "--no-notes", "--no-mailmap", "--no-show-signature",
		"--diff-merges=off", "--relative", "-O/dev/null", "--encoding=UTF-8",
		"--format=%H%x00%P%x00%an%x00%ae%x00%cn%x00%ct%x00%B%x00", "--end-of-options", rev,
		"--", p.config, p.base, p.copies, NULL };
	struct fields f = { { 0 } };

	log->commits = NULL;
	log->count = 0;
	/* untested: git fails, or has more to tell than fits */
	if (!git_run(mem, root, GIT_QUIET, words, &f.rest))
		return false;
	while (next_kind(&f)) {
		struct logged *c = ARENA_PUSH(mem, log->commits, log->count);

		read_commit(&f, mem, c);
		/* untested: git fails in the middle */
		if (!c->file_count && !read_merge(mem, root, &p, c))
			return false;
	}
	return true;
}

static bool has_copies(struct arena *mem, const struct patch_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		for (size_t k = 0; k < log->commits[i].file_count; k++)
			if (history_copy_at(mem, &log->subject, log->commits[i].files[k].path))
				return true;
	return false;
}

/* Without merges the order of the log is the line. */
static void make_line(struct patch_log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		struct logged *c = &log->commits[i];

		c->parents = i + 1 < log->count ? &log->commits[i + 1].object : NULL;
		c->parent_count = c->parents != NULL;
	}
}

int patch_log_read(struct arena *mem, const struct root *root, const char *rev,
	const struct subject *subject, struct patch_log *log, struct error *e)
{
	struct patch_log read = { .subject = *subject };
	bool told = read_log(mem, root, rev, simplified, &read);

	/* untested: git fails */
	if (told && !has_copies(mem, &read)) {
		told = read_log(mem, root, rev, without_merges, &read);
		make_line(&read);
	}
	/* untested: git fails */
	if (!told)
		return error_set(e, STATUS_SYSTEM,
			"git does not tell the history of %s, or there is more of it than %d MiB",
			paths_application(mem, subject), 8);
	*log = read;
	return 0;
}

/* Renames -------------------------------------------------------------------------------------- */

/* The patch that a path from ROOT is a copy of. */
static bool read_copy(struct arena *mem, const char *path, struct subject *s)
{
	static const char config[] = "config/";
	const char *last = strrchr(path, '/'), *app, *below, *problem = NULL;

	/* untested: a file "config" has become a copy */
	if (strncmp(path, config, sizeof(config) - 1) != 0)
		return false;
	const char *type = path + sizeof(config) - 1;
	if (!(app = strchr(type, '/')) || !(below = strchr(app + 1, '/')) || below == last ||
		!names_is_patch(last + 1))
		return false;
	s->type = arena_copy(mem, type, (size_t)(app - type));
	s->application = arena_copy(mem, app + 1, (size_t)(below - app - 1));
	s->patch = paths_patch_name(mem, last + 1, &problem);
	return s->patch != NULL;
}

static bool same_subject(const struct subject *a, const struct subject *b)
{
	return strcmp(a->type, b->type) == 0 && strcmp(a->application, b->application) == 0 &&
		strcmp(a->patch, b->patch) == 0;
}

bool patch_log_renamed(struct arena *mem, const struct root *root, const char *commit,
	const struct subject *subject, struct subject *old)
{
	const char *const words[] = { "diff-tree", "-r", "-z", "-M100%", "--name-status",
		"--no-ext-diff", "--relative", "-O/dev/null", "--end-of-options",
		arena_printf(mem, "%s^1", commit), commit, "--", ":(literal)config", NULL };
	struct fields f = { { 0 } };
	bool found = false;

	/* the first commit has no parent */
	if (!git_run(mem, root, GIT_QUIET, words, &f.rest))
		return false;
	while (f.rest.len) {
		const char *status = next_field(&f), *path = next_field(&f);
		const char *to = *status == 'R' ? next_field(&f) : path;
		struct subject was;

		if (!history_copy_at(mem, subject, to))
			continue;
		if (*status != 'R' || !read_copy(mem, path, &was) ||
			(found && !same_subject(&was, old)))
			return false;
		*old = was;
		found = true;
	}
	return found;
}
