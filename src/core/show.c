/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/hidden.h"
#include "yaml/scalar.h"

enum { LONGEST = 60 }; /* characters of a value that is not shown whole */

static void add_scalar(struct buf *out, const struct node *n, bool inside)
{
	enum scalar_type type = scalar_type(n);
	struct node plain = *n;

	/* "80" is not 80: what would be taken for something else without quotes has them */
	plain.style = SCALAR_PLAIN;
	bool quote = type == TYPE_STRING && n->style != SCALAR_PLAIN &&
		(inside || scalar_type(&plain) != TYPE_STRING);

	if (type == TYPE_NULL)
		buf_puts(out, "null");
	else if (quote)
		buf_printf(out, "\"%.*s\"", (int)n->value.len, n->value.at);
	else
		buf_add(out, n->value);
}

static void add_value(struct buf *out, const struct node *n, bool inside)
{
	switch (n->kind) {
	case NODE_SCALAR:
		add_scalar(out, n, inside);
		break;
	case NODE_LIST:
		buf_putc(out, '[');
		for (size_t i = 0; i < n->list.count; i++) {
			buf_puts(out, i ? ", " : "");
			add_value(out, n->list.items[i], true);
		}
		buf_putc(out, ']');
		break;
	case NODE_MAP:
		buf_putc(out, '{');
		for (size_t i = 0; i < n->map.count; i++) {
			buf_puts(out, i ? ", " : "");
			add_scalar(out, n->map.pairs[i].key, false);
			buf_puts(out, ": ");
			add_value(out, n->map.pairs[i].value, true);
		}
		buf_putc(out, '}');
		break;
	case NODE_ALIAS:
		assert(0 && "an expanded tree has none");
	}
}

const char *show_commit(struct arena *mem, const char *name)
{
	return arena_printf(mem, "%.*s", SHOW_COMMIT, name);
}

const char *show_text(struct arena *mem, const char *text)
{
	const size_t n = strlen(text), size = error_escape(NULL, 0, text, n);

	if (size == n)
		return text;
	char *escaped = arena_alloc(mem, size + 1, 1);
	error_escape(escaped, size + 1, text, n);
	return escaped;
}

void show_escaped(struct buf *out, struct str text)
{
	const size_t plain = character_plain(text);

	buf_add(out, str_part(text, 0, plain));
	if (plain == text.len)
		return;
	text = str_part(text, plain, text.len);
	size_t size = error_escape(NULL, 0, text.at, text.len) + 1;
	char *escaped = arena_alloc(out->mem, size, 1);

	error_escape(escaped, size, text.at, text.len);
	buf_puts(out, escaped);
}

void show_printf(struct buf *out, const char *format, ...)
{
	struct buf line = { .mem = out->mem };
	const size_t before = strspn(format, "\n");
	size_t after = 0;
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&line, format, ap);
	va_end(ap);
	for (size_t n = strlen(format); n > before && format[n - 1] == '\n'; n--)
		after++;
	buf_add(out, (struct str){ line.at, before });
	show_escaped(out, (struct str){ line.at + before, line.len - before - after });
	buf_add(out, (struct str){ line.at + line.len - after, after });
}

void show_value(struct buf *out, const struct node *n, bool whole)
{
	struct buf b = { .mem = out->mem };

	if (!n) {
		buf_puts(out, "(unset)");
		return;
	}
	add_value(&b, n, false);
	size_t len = b.len;
	if (!whole && len > LONGEST) {
		len = LONGEST;
		while (((unsigned char)b.at[len] & 0xc0) == 0x80) /* not within a character */
			len--;
	}
	show_escaped(out, (struct str){ b.at, len });
	if (len < b.len)
		buf_puts(out, "...");
}
