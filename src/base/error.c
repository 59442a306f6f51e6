/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hidden.h"

static char no_memory[] = "out of memory";

/* Every code with its status. The first one of a status is its general one. */
static const struct {
	const char *name;
	enum status status;
} codes[] = {
	{ "io", STATUS_SYSTEM },
	{ "generator", STATUS_SYSTEM },
	{ "rendered-differs", STATUS_SYSTEM },
	{ "commit", STATUS_SYSTEM },
	{ "interrupted", STATUS_SYSTEM },
	{ "out-of-memory", STATUS_SYSTEM },
	{ "push", STATUS_SYSTEM },
	{ "pull-request", STATUS_SYSTEM },
	{ "usage", STATUS_USAGE },
	{ "bad-file", STATUS_FILES },
	{ "bad-config", STATUS_FILES },
	{ "broken-yaml", STATUS_FILES },
	{ "duplicate-key", STATUS_FILES },
	{ "not-found", STATUS_FILES },
	{ "no-values-file", STATUS_FILES },
	{ "not-trusted", STATUS_FILES },
	{ "sparse-checkout", STATUS_FILES },
	{ "unknown-revision", STATUS_FILES },
	{ "refused", STATUS_REFUSED },
	{ "gap", STATUS_REFUSED },
	{ "not-next", STATUS_REFUSED },
	{ "unexpected", STATUS_REFUSED },
	{ "copies-differ", STATUS_REFUSED },
	{ "target-exists", STATUS_REFUSED },
	{ "conflict", STATUS_REFUSED },
	{ "values-would-change", STATUS_REFUSED },
	{ "not-committed", STATUS_REFUSED },
	{ "uncommitted-changes", STATUS_REFUSED },
	{ "git-not-ready", STATUS_REFUSED },
	{ "not-pushed", STATUS_REFUSED },
	{ "no-remote", STATUS_REFUSED },
	{ "cannot-edit", STATUS_REFUSED },
	{ "no-effect", STATUS_REFUSED },
	{ "loses-mapping", STATUS_REFUSED },
	{ "name-needed", STATUS_REFUSED },
	{ "changed-meanwhile", STATUS_REFUSED },
	{ "unfinished-step", STATUS_REFUSED },
	{ "staging-not-own", STATUS_REFUSED },
	{ "gate", STATUS_WAITS },
	{ "not-confirmed", STATUS_WAITS },
	{ "lock-held", STATUS_HELD },
	{ "hold", STATUS_BLOCKED },
};

/* The constant string of a code; the status's general one if the code is NULL. */
static const char *find_code(enum status status, const char *name)
{
	size_t i = 0;

	while (codes[i].status != status || (name && strcmp(codes[i].name, name) != 0)) {
		i++;
		assert(i < sizeof(codes) / sizeof(*codes));
	}
	return codes[i].name;
}

enum { LONGEST_LINE = 8000 }; /* bytes; names in files may have any length */

size_t error_escape(char *out, size_t size, const char *text, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	struct character c;
	size_t len = 0;

	for (size_t i = 0; i < n; i += c.bytes) {
		c = character_at((struct str){ text, n }, i);
		for (size_t k = i; k < i + c.bytes; k++) {
			const unsigned char byte = (unsigned char)text[k];
			const char escaped[4] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };

			for (size_t j = 0; j < (c.hidden ? sizeof(escaped) : 1); j++, len++)
				if (len + 1 < size)
					out[len] = c.hidden ? escaped[j] : text[k];
		}
	}
	if (size)
		out[len < size ? len : size - 1] = '\0';
	return len;
}

/* The formatted string and ": REASON" if there is one, escaped; owned by the caller; or NULL. */
static char *format_line(const char *format, va_list ap, const char *reason)
{
	char *text = NULL, *line = NULL;

	if (vasprintf(&text, format, ap) < 0)
		return NULL;
	int n = asprintf(&line, "%s%s%s", text, reason ? ": " : "", reason ? reason : "");
	free(text);
	if (n < 0)
		return NULL;
	if (n > LONGEST_LINE) {
		size_t end = LONGEST_LINE - 3;

		while (end > LONGEST_LINE - 6 && ((unsigned char)line[end] & 0xc0) == 0x80)
			end--; /* not within a character */
		memcpy(line + end, "...", 4);
	}
	size_t size = error_escape(NULL, 0, line, strlen(line)) + 1;
	char *escaped = malloc(size);
	if (escaped)
		error_escape(escaped, size, line, strlen(line));
	free(line);
	return escaped;
}

static void replace_text(struct error *e, char *text)
{
	if (e->text != no_memory)
		free(e->text);
	e->text = text ? text : no_memory;
}

static int set(
	struct error *e, enum status status, const char *reason, const char *format, va_list ap)
{
	assert(!e->text && status != STATUS_DONE);
	replace_text(e, format_line(format, ap, reason));
	e->status = status;
	e->code = find_code(status, NULL);
	return -1;
}

int error_setv(struct error *e, enum status status, const char *format, va_list ap)
{
	return set(e, status, NULL, format, ap);
}

int error_set(struct error *e, enum status status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set(e, status, NULL, format, ap);
	va_end(ap);
	return -1;
}

const char *error_reason(int code)
{
#ifdef HAVE_STRERRORDESC_NP
	const char *reason = strerrordesc_np(code);
#else
	const char *reason = strerror(code);
#endif

	return reason ? reason : "unknown error";
}

int error_system(struct error *e, int code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set(e, STATUS_SYSTEM, error_reason(code), format, ap);
	va_end(ap);
	return -1;
}

int error_context(struct error *e, const char *format, ...)
{
	va_list ap;

	assert(e->text);
	va_start(ap, format);
	if (e->text != no_memory)
		replace_text(e, format_line(format, ap, e->text));
	va_end(ap);
	return -1;
}

/* If there is no memory for a line, it is left out. */
static void append_details(struct error *e, const char *lines, const char *end)
{
	size_t n = strlen(lines), m = strlen(end);
	char *details = realloc(e->details, e->length + n + m + 1);

	if (!details)
		return;
	memcpy(details + e->length, lines, n);
	memcpy(details + e->length + n, end, m + 1);
	e->details = details;
	e->length += n + m;
}

int error_detail(struct error *e, const char *format, ...)
{
	va_list ap;

	assert(e->text);
	va_start(ap, format);
	char *line = format_line(format, ap, NULL);
	va_end(ap);
	if (line)
		append_details(e, line, "\n");
	free(line);
	return -1;
}

int error_add(struct error *e, struct error *other)
{
	assert(other->text);
	if (!e->text) {
		*e = *other;
		*other = (struct error){ 0 };
		return -1;
	}
	error_detail(e, "  %s", other->text);
	if (other->details)
		append_details(e, other->details, "");
	error_free(other);
	return -1;
}

int error_code(struct error *e, const char *code)
{
	assert(e->text);
	e->code = find_code(e->status, code);
	return -1;
}

static void fill(const char **field, const char *text)
{
	if (!*field && text)
		*field = strdup(text);
}

static void fill_about(struct about *a, const struct about *from)
{
	/* a line belongs to its file */
	if (!a->file) {
		a->line = from->line;
		a->column = from->column;
	}
	fill(&a->position, from->position);
	fill(&a->file, from->file);
	fill(&a->key, from->key);
	fill(&a->hint, from->hint);
}

static void free_about(struct about *a)
{
	free((char *)a->position);
	free((char *)a->file);
	free((char *)a->key);
	free((char *)a->hint);
}

int error_about(struct error *e, struct about about)
{
	assert(e->text);
	fill_about(&e->about, &about);
	return -1;
}

int error_file(struct error *e, const char *path)
{
	return error_about(e, (struct about){ .file = path });
}

int error_blocker(struct error *e, struct about about, const char *format, ...)
{
	va_list ap;

	struct blocker *list = realloc(e->blockers, (e->blocker_count + 1) * sizeof(*list));

	assert(e->text);
	if (!list)
		return -1;
	e->blockers = list;
	va_start(ap, format);
	char *text = format_line(format, ap, NULL);
	va_end(ap);
	if (!text)
		return -1;
	list[e->blocker_count] = (struct blocker){ .text = text };
	fill_about(&list[e->blocker_count++].about, &about);
	return -1;
}

int error_command(struct error *e, const char *format, ...)
{
	va_list ap;
	char *command = NULL;
	char **list = realloc(e->commands, (e->command_count + 1) * sizeof(*list));

	assert(e->text);
	if (!list)
		return -1;
	e->commands = list;
	va_start(ap, format);
	if (vasprintf(&command, format, ap) >= 0)
		list[e->command_count++] = command;
	va_end(ap);
	return -1;
}

void error_free(struct error *e)
{
	replace_text(e, NULL);
	free(e->details);
	free_about(&e->about);
	for (size_t i = 0; i < e->blocker_count; i++) {
		free_about(&e->blockers[i].about);
		free(e->blockers[i].text);
	}
	free(e->blockers);
	for (size_t i = 0; i < e->command_count; i++)
		free(e->commands[i]);
	free(e->commands);
	*e = (struct error){ 0 };
}
