/* SPDX-License-Identifier: Apache-2.0 */
#include "core/keypath.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>

static int parse_quoted(struct buf *part, const char **text, struct error *e, const char *whole)
{
	const char *at = *text + 1;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1] == 'x' && isxdigit((unsigned char)at[2]) &&
			isxdigit((unsigned char)at[3])) {
			const char digits[] = { at[2], at[3], '\0' };
			buf_putc(part, (char)strtol(digits, NULL, 16));
			at += 3;
			continue;
		}
		if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		buf_putc(part, *at);
	}
	if (*at != '"' || (at[1] && at[1] != '.'))
		return error_set(e, STATUS_USAGE,
			"the path '%s': a quoted key must end with a quote and a dot or the path's end",
			whole);
	*text = at + 1;
	return 0;
}

int keypath_parse_quotes(struct arena *mem, const char *text, struct keypath *path,
	const bool **quoted, struct error *e)
{
	const char *whole = text;
	size_t room = 1;

	for (const char *c = text; *c; c++)
		room += *c == '.';
	struct keypath p = { .parts = ARENA_NEW(mem, struct str, room) };
	bool *marks = ARENA_NEW(mem, bool, room);
	for (;;) {
		struct buf part = { .mem = mem };

		marks[p.count] = *text == '"';
		if (*text == '"') {
			if (parse_quoted(&part, &text, e, whole) < 0)
				return -1;
		} else {
			size_t n = strcspn(text, ".");
			if (n == 0)
				return error_set(e, STATUS_USAGE,
					"the path '%s' has an empty part; write a key that is empty as \"\"",
					whole);
			buf_add(&part, (struct str){ text, n });
			text += n;
		}
		p.parts[p.count++] = buf_str(&part);
		if (!*text)
			break;
		text++;
	}
	*path = p;
	*quoted = marks;
	return 0;
}

int keypath_parse(struct arena *mem, const char *text, struct keypath *path, struct error *e)
{
	const bool *quoted = NULL;

	return keypath_parse_quotes(mem, text, path, &quoted, e);
}

struct keypath keypath_known(struct arena *mem, const char *text)
{
	struct error none = { 0 };
	struct keypath path = { 0 };
	int rc = text[0] ? keypath_parse(mem, text, &path, &none) : 0;

	assert(rc == 0);
	(void)rc;
	return path;
}

void keypath_add(struct buf *text, struct str part)
{
	/* what could steer a terminal takes more bytes when it is escaped */
	bool controls = error_escape(NULL, 0, part.at, part.len) != part.len;
	bool quote =
		controls || part.len == 0 || part.at[0] == '"' || memchr(part.at, '.', part.len);

	if (text->len)
		buf_putc(text, '.');
	if (!quote) {
		buf_add(text, part);
		return;
	}
	buf_putc(text, '"');
	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.at[i];

		if (controls && (c < 0x20 || c >= 0x7f)) {
			buf_printf(text, "\\x%02x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_putc(text, '\\');
		buf_putc(text, part.at[i]);
	}
	buf_putc(text, '"');
}

const char *keypath_text(struct arena *mem, const struct keypath *path)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < path->count; i++)
		keypath_add(&b, path->parts[i]);
	return b.at ? b.at : "";
}

/* The child of a node that a part names, or NULL. */
static const struct node *child(struct lookup *look, const struct node *n, struct str part)
{
	if (n->kind == NODE_MAP) {
		const struct pair *found = look ? lookup_get(look, n, part) : node_pair(n, part);

		return found ? found->value : NULL;
	}
	if (n->kind == NODE_LIST && part.len > 0 && part.len < 10) {
		size_t index = 0;

		for (size_t i = 0; i < part.len; i++) {
			if (part.at[i] < '0' || part.at[i] > '9')
				return NULL;
			index = index * 10 + (size_t)(part.at[i] - '0');
		}
		return index < n->list.count ? n->list.items[index] : NULL;
	}
	return NULL;
}

const struct node *keypath_follow_many(
	struct lookup *look, const struct node *root, const struct keypath *path, size_t *depth)
{
	const struct node *at = root;

	for (*depth = 0; *depth < path->count; (*depth)++) {
		const struct node *below = child(look, at, path->parts[*depth]);
		if (!below)
			break;
		at = below;
	}
	return at;
}

const struct node *keypath_follow(
	const struct node *root, const struct keypath *path, size_t *depth)
{
	return keypath_follow_many(NULL, root, path, depth);
}

const struct node *keypath_get(const struct node *root, const struct keypath *path)
{
	size_t depth = 0;
	const struct node *at = keypath_follow(root, path, &depth);

	return depth == path->count ? at : NULL;
}

void keypath_respell(struct arena *mem, const struct node *root, struct keypath *path)
{
	const struct node *at = root;

	for (size_t i = 0; at && i < path->count; i++) {
		const struct node *below = child(NULL, at, path->parts[i]);
		const struct node typed = { .kind = NODE_SCALAR, .value = path->parts[i] };

		if (!below) {
			path->parts[i] = key_text_in(mem, &typed);
			below = child(NULL, at, path->parts[i]);
		}
		if (!below)
			path->parts[i] = typed.value;
		at = below;
	}
}
