/* SPDX-License-Identifier: Apache-2.0 */
#include "core/keypath.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>

/* Steps over a key in quotes. False if they do not close. */
static bool read_quoted(struct buf *part, const char **text)
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
	*text = at + (*at == '"');
	return *at == '"';
}

static int refuse_quote(const char *whole, struct error *e)
{
	return error_set(e, STATUS_USAGE,
		"the path '%s': a quoted key must end with a quote and a dot or the path's end",
		whole);
}

static int refuse_empty(const char *whole, struct error *e)
{
	return error_set(e, STATUS_USAGE,
		"the path '%s' has an empty part; write a key that is empty as \"\"", whole);
}

/* list[-1] would be a new key, and is meant for an item. */
static int refuse_bracket(const char *whole, struct str part, struct error *e)
{
	return error_set(e, STATUS_USAGE,
		"the path '%s': what is in brackets is an item's index, counted from 0, or - for one more; write a key such as \"%.*s\" in quotes",
		whole, (int)part.len, part.at);
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
			if (!read_quoted(&part, &text) || (*text && *text != '.'))
				return refuse_quote(whole, e);
		} else {
			size_t n = strcspn(text, ".");
			if (n == 0)
				return refuse_empty(whole, e);
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

/* The length of "[12]" or "[-]" at the start of a text; 0 if it does not begin so. */
static size_t bracket(const char *text)
{
	const size_t n = text[0] == '[' ? strspn(text + 1, "0123456789") : 0;

	if (n)
		return text[1 + n] == ']' ? n + 2 : 0;
	return strncmp(text, "[-]", 3) == 0 ? 3 : 0;
}

/* The length of all such brackets up to `end`; 0 if anything else is there, too. */
static size_t brackets(const char *text, const char *end)
{
	const char *at = text;

	for (size_t n; at < end && (n = bracket(at)) > 0;)
		at += n;
	return at == end ? (size_t)(end - text) : 0;
}

struct assigning {
	struct arena *mem;
	struct keypath path;
	enum part_kind *kinds;
	size_t kind_count;
};

static void add_part(struct assigning *a, struct str part, enum part_kind kind)
{
	*ARENA_PUSH(a->mem, a->path.parts, a->path.count) = part;
	*ARENA_PUSH(a->mem, a->kinds, a->kind_count) = kind;
}

/* A key with its brackets. */
static int read_part(struct assigning *a, const char **text, const char *whole, struct error *e)
{
	const char *at = *text, *end = at;
	struct buf key = { .mem = a->mem };

	if (*at == '"') {
		if (!read_quoted(&key, &end))
			return refuse_quote(whole, e);
		add_part(a, buf_str(&key), PART_KEY);
		at = end;
		end += strcspn(end, ".=");
		if (end > at && !brackets(at, end))
			return refuse_quote(whole, e);
	} else {
		end += strcspn(at, ".=");
		const char *open = memchr(at, '[', (size_t)(end - at));
		while (open && !brackets(open, end))
			open = memchr(open + 1, '[', (size_t)(end - open - 1));
		const struct str part = { at, (size_t)((open ? open : end) - at) };
		if (part.len == 0)
			return refuse_empty(whole, e);
		if (part.at[part.len - 1] == ']' && memchr(part.at, '[', part.len))
			return refuse_bracket(whole, part, e);
		add_part(a, part, PART_ANY);
		at += part.len;
	}
	for (size_t n; at < end; at += n) {
		n = bracket(at);
		add_part(a, (struct str){ at + 1, n - 2 }, at[1] == '-' ? PART_APPEND : PART_INDEX);
	}
	*text = end;
	return 0;
}

int keypath_parse_assignment(struct arena *mem, const char *text, struct keypath *path,
	const enum part_kind **kinds, const char **rest, struct error *e)
{
	struct assigning a = { .mem = mem };
	const char *at = text;

	for (;; at++) {
		if (read_part(&a, &at, text, e) < 0)
			return -1;
		if (*at != '.')
			break;
	}
	if (*at != '=')
		return error_set(e, STATUS_USAGE, "'%s' has no equals sign after the path", text);
	*path = a.path;
	*kinds = a.kinds;
	*rest = at + 1;
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
	bool quote = controls || part.len == 0 || part.at[0] == '"' ||
		memchr(part.at, '.', part.len) || memchr(part.at, '=', part.len) ||
		part.at[part.len - 1] == ']';

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
