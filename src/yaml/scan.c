/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/scan.h"

#include "yaml/error.h"
#include "yaml/read.h"

struct cursor {
	const unsigned char *at, *end;
	uint32_t line, column; /* of `at`, from 1 */
};

static int scan_error(const char *name, const struct cursor *c, const char *what, struct error *e)
{
	const struct doc doc = { .name = name };

	return yaml_error(e, &doc, (struct place){ c->line, c->column }, "%s", what);
}

/* The length of the UTF-8 character at `at` and its code point; 0 if it is invalid. */
static int decode(const unsigned char *at, const unsigned char *end, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int n = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	if (n == 0 || at[0] > 0xf4 || end - at < n)
		return 0;
	*code = n == 1 ? at[0] : at[0] & (0x7fu >> n);
	for (int i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
	return *code < least[n] || surrogate || *code > 0x10ffff ? 0 : n;
}

size_t scan_utf8(struct str text, size_t at)
{
	const unsigned char *start = (const unsigned char *)text.at;
	uint32_t code;

	return (size_t)decode(start + at, start + text.len, &code);
}

/* Why YAML text must not contain a character, or NULL. */
static const char *forbidden(uint32_t code)
{
	if (code == 0)
		return "NUL byte; YAML is text";
	if (code < 0x20 || (code <= 0x9f && code != 0x85))
		return "control character; write it as an escape in double quotes";
	if (code == 0x85 || code == 0x2028 || code == 0x2029)
		return "Unicode line break, which YAML readers disagree about; write it as an escape in double quotes";
	if (code == 0xfeff)
		return "byte order mark in the middle of the file; remove it";
	if (code == 0xfffe || code == 0xffff)
		return "not a character";
	return NULL;
}

static int scan_character(const char *name, struct cursor *c, struct error *e)
{
	uint32_t code = 0;
	int n = decode(c->at, c->end, &code);

	if (n == 0)
		return scan_error(name, c, "not valid UTF-8; save the file as UTF-8", e);
	const char *why = forbidden(code);
	if (why)
		return scan_error(name, c, why, e);
	c->at += n;
	c->column++;
	return 0;
}

/* at a line end: step over it */
static void step_over_line_end(struct cursor *c)
{
	c->at += c->at[0] == '\r' && c->at + 1 < c->end && c->at[1] == '\n' ? 2 : 1;
	c->line++;
	c->column = 1;
}

static int scan_head(
	const char *name, struct str text, struct cursor *c, struct scan *s, struct error *e)
{
	const unsigned char *t = c->at;

	if (text.len > YAML_BYTES) {
		error_set(e, STATUS_FILES, "%s: larger than %d MiB", name,
			YAML_BYTES / (1024 * 1024));
		return error_file(e, name);
	}
	if (text.len >= 2 && ((t[0] == 0xff && t[1] == 0xfe) || (t[0] == 0xfe && t[1] == 0xff)))
		return scan_error(name, c, "UTF-16 or UTF-32; save the file as UTF-8", e);
	s->bom = text.len >= 3 && memcmp(t, "\xef\xbb\xbf", 3) == 0;
	if (s->bom)
		c->at += 3;
	const unsigned char *newline = memchr(t, '\n', text.len);
	s->crlf = newline && newline > t && newline[-1] == '\r';
	return 0;
}

int yaml_scan(const char *name, struct str text, struct scan *s, struct error *e)
{
	const unsigned char *start = (const unsigned char *)text.at;
	struct cursor c = { .at = start, .end = start + text.len, .line = 1, .column = 1 };
	unsigned tags = 0;

	*s = (struct scan){ .ascii = true };
	if (scan_head(name, text, &c, s, e) < 0)
		return -1;
	while (c.at < c.end) {
		if (*c.at == '\n' || *c.at == '\r') {
			step_over_line_end(&c);
		} else if (*c.at == '\t' || (*c.at >= 0x20 && *c.at < 0x7f)) {
			if (*c.at == '%' && c.column == 1 && c.end - c.at > 4 &&
				memcmp(c.at, "%TAG", 4) == 0 && ++tags > YAML_TAGS)
				return scan_error(name, &c, "too many %TAG lines", e);
			c.at++;
			c.column++;
		} else {
			s->ascii = s->ascii && *c.at < 0x80;
			if (scan_character(name, &c, e) < 0)
				return -1;
		}
	}
	return 0;
}
