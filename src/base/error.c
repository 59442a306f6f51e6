/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char no_memory[] = "out of memory";

/* Every code with its status. The first one of a status is its general one. */
static const struct code {
	const char *name;
	enum status status;
} codes[] = {
	{ "io", STATUS_SYSTEM },
	{ "generator", STATUS_SYSTEM },
	{ "rendered-differs", STATUS_SYSTEM },
	{ "interrupted", STATUS_SYSTEM },
	{ "usage", STATUS_USAGE },
	{ "bad-file", STATUS_FILES },
	{ "bad-config", STATUS_FILES },
	{ "broken-yaml", STATUS_FILES },
	{ "duplicate-key", STATUS_FILES },
	{ "not-found", STATUS_FILES },
	{ "refused", STATUS_REFUSED },
	{ "gap", STATUS_REFUSED },
	{ "copies-differ", STATUS_REFUSED },
	{ "target-exists", STATUS_REFUSED },
	{ "conflict", STATUS_REFUSED },
	{ "values-would-change", STATUS_REFUSED },
	{ "cannot-edit", STATUS_REFUSED },
	{ "changed-meanwhile", STATUS_REFUSED },
	{ "unfinished-step", STATUS_REFUSED },
	{ "gate", STATUS_WAITS },
	{ "not-confirmed", STATUS_WAITS },
	{ "lock-held", STATUS_HELD },
};

/* The row of a code; the first one of the status if the code is NULL. */
static const struct code *find_code(enum status status, const char *name)
{
	size_t i = 0;

	while (codes[i].status != status || (name && strcmp(codes[i].name, name) != 0)) {
		i++;
		assert(i < sizeof(codes) / sizeof(*codes));
	}
	return &codes[i];
}

enum { LONGEST_LINE = 8000 }; /* bytes; names in files may have any length */

/* C0 controls, DEL, and C1 controls in UTF-8 (c2 80 to c2 9f) control terminals. */
static size_t control_bytes(const char *text, size_t n)
{
	unsigned char c = (unsigned char)text[0];

	if (c < 0x20 || c == 0x7f)
		return 1;
	if (c == 0xc2 && n > 1) {
		unsigned char d = (unsigned char)text[1];
		return d >= 0x80 && d <= 0x9f ? 2 : 0;
	}
	return 0;
}

size_t error_escape(char *out, size_t size, const char *text, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	size_t len = 0;

	for (size_t i = 0; i < n;) {
		size_t controls = control_bytes(text + i, n - i);
		size_t plain = controls ? 0 : 1;

		for (size_t k = 0; k < controls + plain; k++, i++) {
			unsigned char c = (unsigned char)text[i];
			const char piece[4] = { '\\', 'x', hex[c >> 4], hex[c & 15] };
			const char *from = plain ? text + i : piece;

			for (size_t j = 0; j < (plain ? 1 : sizeof(piece)); j++, len++)
				if (len + 1 < size)
					out[len] = from[j];
		}
	}
	if (size)
		out[len < size ? len : size - 1] = '\0';
	return len;
}

/* The formatted string and ": REASON" if there is one, escaped; owned by the caller; or NULL. */
static char *format_line(const char *format, va_list ap, const char *reason)
{
	va_list again;
	char *line = NULL;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return NULL;
	size_t size = (size_t)n + (reason ? strlen(reason) + 2 : 0) + 1;
	char *raw = malloc(size + 4);
	if (!raw)
		return NULL;
	vsnprintf(raw, (size_t)n + 1, format, ap);
	if (reason)
		snprintf(raw + n, size - (size_t)n, ": %s", reason);
	if (size > LONGEST_LINE)
		memcpy(raw + LONGEST_LINE, "...", 4);
	size = error_escape(NULL, 0, raw, strlen(raw)) + 1;
	line = malloc(size);
	if (line)
		error_escape(line, size, raw, strlen(raw));
	free(raw);
	return line;
}

static void replace_text(struct error *e, char *text)
{
	if (e->text != no_memory)
		free(e->text);
	e->text = text ? text : no_memory;
}

int error_setv(struct error *e, enum status status, const char *format, va_list ap)
{
	assert(!e->text && status != STATUS_DONE);
	replace_text(e, format_line(format, ap, NULL));
	e->status = status;
	e->code = find_code(status, NULL)->name;
	return -1;
}

int error_set(struct error *e, enum status status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	error_setv(e, status, format, ap);
	va_end(ap);
	return -1;
}

int error_system(struct error *e, int code, const char *format, ...)
{
	const char *reason = strerrordesc_np(code);
	va_list ap;

	assert(!e->text);
	va_start(ap, format);
	replace_text(e, format_line(format, ap, reason ? reason : "unknown error"));
	va_end(ap);
	e->status = STATUS_SYSTEM;
	e->code = find_code(STATUS_SYSTEM, NULL)->name;
	return -1;
}

int error_context(struct error *e, const char *format, ...)
{
	va_list ap;

	assert(e->text);
	if (e->text == no_memory)
		return -1;
	va_start(ap, format);
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
	e->code = find_code(e->status, code)->name;
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

	assert(e->text);
	va_start(ap, format);
	char *text = format_line(format, ap, NULL);
	va_end(ap);
	struct blocker *list =
		realloc(e->blockers, (e->blocker_count + 1) * sizeof(struct blocker));
	if (list)
		e->blockers = list;
	if (!text || !list) {
		free(text);
		return -1;
	}
	list[e->blocker_count] = (struct blocker){ .text = text };
	fill_about(&list[e->blocker_count++].about, &about);
	return -1;
}

int error_command(struct error *e, const char *format, ...)
{
	va_list ap;
	char *command = NULL;

	assert(e->text);
	va_start(ap, format);
	int n = vasprintf(&command, format, ap);
	va_end(ap);
	if (n < 0)
		return -1;
	char **list = realloc(e->commands, (e->command_count + 1) * sizeof(char *));
	if (list) {
		e->commands = list;
		list[e->command_count++] = command;
	} else {
		free(command);
	}
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
