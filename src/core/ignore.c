/* SPDX-License-Identifier: Apache-2.0 */
#include "core/ignore.h"

#include <string.h>

#define MARK "promote:"
#define VERB "ignore"
#define GAPS " \t,"

struct file_ignores {
	const char *path, *type, *application;
	struct ignore_list ignores;
	bool *used;
	bool excused;
};

bool ignore_mentioned(struct str text)
{
	return text.len && memmem(text.at, text.len, MARK, sizeof(MARK) - 1);
}

/* What follows the marks in a comment, or NULL if it is another comment. */
static const char *codes_of(const char *comment)
{
	const char *at = comment + 1;

	at += strspn(at, " \t");
	if (strncmp(at, MARK, sizeof(MARK) - 1) != 0)
		return NULL;
	at += sizeof(MARK) - 1;
	at += strspn(at, " \t");
	if (strncmp(at, VERB, sizeof(VERB) - 1) != 0)
		return NULL;
	at += sizeof(VERB) - 1;
	return *at && !strchr(GAPS, *at) ? NULL : at;
}

struct ignore_list ignore_read(struct arena *mem, struct str text)
{
	struct ignore *list = NULL;
	struct ignore_list found = { 0 };
	struct comments comments;

	yaml_comments(mem, text, &comments);
	for (size_t i = 0; i < comments.count; i++) {
		const struct comment *c = &comments.list[i];
		const char *at = codes_of(arena_copy(mem, c->text.at, c->text.len));

		if (!at)
			continue;
		at += strspn(at, GAPS);
		do {
			const size_t n = strcspn(at, GAPS);

			*ARENA_PUSH(mem, list, found.count) = (struct ignore){
				.code = n ? arena_copy(mem, at, n) : NULL,
				.line = c->place.line,
				.column = c->place.column,
				.alone = c->alone,
				.top = c->top,
			};
			at += n;
			at += strspn(at, GAPS);
		} while (*at);
	}
	found.list = list;
	return found;
}

void ignores_add(struct ignores *x, const char *path, struct ignore_list list)
{
	struct arena *mem = x->mem;

	x->by_path.mem = mem;
	if (!list.count || map_get(&x->by_path, str_of(path)))
		return;
	struct ignore *copies = ARENA_NEW(mem, struct ignore, list.count);
	struct file_ignores *made = ARENA_NEW(mem, struct file_ignores, 1);
	*made = (struct file_ignores){
		.path = arena_copy(mem, path, strlen(path)),
		.type = x->type,
		.application = x->application,
		.ignores = { copies, list.count },
		.used = ARENA_NEW(mem, bool, list.count),
	};
	for (size_t i = 0; i < list.count; i++) {
		const char *code = list.list[i].code;

		copies[i] = list.list[i];
		copies[i].code = code ? arena_copy(mem, code, strlen(code)) : NULL;
	}
	*map_slot(&x->by_path, str_of(made->path)) = made;
	*ARENA_PUSH(mem, x->files, x->count) = made;
}

void ignores_excuse(struct ignores *x, const char *path)
{
	struct file_ignores *file = map_get(&x->by_path, str_of(path));

	if (file)
		file->excused = true;
}

static bool silences(const struct ignore *i, const struct finding *f)
{
	if (!i->code || strcmp(i->code, f->code) != 0)
		return false;
	if (!f->about.line)
		return i->top;
	return f->about.line == i->line + i->alone;
}

static bool is_silenced(const struct ignores *x, const struct finding *f)
{
	const struct file_ignores *file =
		f->about.file ? map_get(&x->by_path, str_of(f->about.file)) : NULL;
	bool silenced = false;

	for (size_t i = 0; file && i < file->ignores.count; i++)
		if (silences(&file->ignores.list[i], f))
			silenced = file->used[i] = true;
	return silenced;
}

/* The code that was most likely meant, or NULL. */
static const char *meant_code(struct arena *mem, const char *code)
{
	const char **names = NULL;
	size_t count = 0;

	for (const struct finding_code *c = finding_codes; c->code; c++)
		*ARENA_PUSH(mem, names, count) = c->code;
	return str_nearest(code, names, count);
}

static bool is_code(const char *code)
{
	const struct finding_code *c = finding_codes;

	while (c->code && strcmp(c->code, code) != 0)
		c++;
	return c->code;
}

static void add_unused(struct ignores *x, struct findings *f, const struct file_ignores *file,
	const struct ignore *i)
{
	const struct about about = { .file = file->path,
		.line = i->line,
		.column = i->column,
		.hint = "remove the code from the comment, or the comment" };
	struct buf text = { .mem = x->mem };

	if (!i->code) {
		buf_puts(&text, "the comment names no code to ignore");
	} else if (is_code(i->code)) {
		buf_printf(&text, "there is no finding %s here to ignore", i->code);
	} else {
		const char *meant = meant_code(x->mem, i->code);

		buf_printf(&text, "there is no code '%s'", i->code);
		if (meant)
			buf_printf(&text, "; did you mean %s?", meant);
	}
	f->type = file->type;
	f->application = file->application;
	finding_add(x->mem, f, "unused-ignore", about, text.at);
}

void ignores_apply(struct ignores *x, struct findings *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++)
		if (!is_silenced(x, &f->list[i]))
			f->list[kept++] = f->list[i];
	f->count = kept;
	for (size_t k = 0; k < x->count; k++) {
		const struct file_ignores *file = x->files[k];

		for (size_t i = 0; !file->excused && i < file->ignores.count; i++)
			if (!file->used[i])
				add_unused(x, f, file, &file->ignores.list[i]);
	}
}
