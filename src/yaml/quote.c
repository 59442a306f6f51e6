/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/quote.h"

#include "yaml/scalar.h"

/*
 * The length of a character that must not appear unescaped, and its code point; else 0. These are
 * C1 controls, NEL, LS, PS, a byte order mark and noncharacters. The text is UTF-8.
 */
static size_t hidden(const unsigned char *at, size_t left, uint32_t *code)
{
	if (left >= 2 && at[0] == 0xc2 && at[1] < 0xa0) {
		*code = at[1];
		return 2;
	}
	if (left < 3 || at[0] < 0xe2)
		return 0;
	*code = (uint32_t)(at[0] & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
	bool hide = at[0] < 0xf0 &&
		(*code == 0x2028 || *code == 0x2029 || *code == 0xfeff || *code >= 0xfffe);
	return hide ? 3 : 0;
}

static bool all_shown(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.at;
	uint32_t code;

	for (size_t i = 0; i < s.len; i++)
		if (at[i] < 0x20 || at[i] == 0x7f || hidden(at + i, s.len - i, &code))
			return false;
	return true;
}

bool quote_plain_fits(struct str s, bool flow)
{
	const struct node plain = { .kind = NODE_SCALAR, .style = SCALAR_PLAIN, .value = s };

	if (scalar_type(&plain) != TYPE_STRING || !all_shown(s))
		return false;
	if (strchr("-?:,[]{}#&*!|>'\"%@` .", s.at[0]) || s.at[s.len - 1] == ' ' ||
		s.at[s.len - 1] == ':')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (flow && strchr(",[]{}:?", s.at[i]))
			return false;
		if (i && s.at[i] == ' ' && s.at[i - 1] == ':')
			return false;
		if (i && s.at[i] == '#' && s.at[i - 1] == ' ')
			return false;
	}
	return true;
}

bool quote_single_fits(struct str s)
{
	return all_shown(s);
}

void quote_single(struct buf *out, struct str s)
{
	buf_putc(out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\'')
			buf_putc(out, '\'');
		buf_putc(out, s.at[i]);
	}
	buf_putc(out, '\'');
}

/* json: with escapes that JSON has, too */
static void add_escape(struct buf *out, unsigned char c, bool json)
{
	static const char named[] = "\"\"\\\\\nn\tt\rr";

	for (const char *p = named; *p; p += 2)
		if ((unsigned char)*p == c) {
			buf_putc(out, '\\');
			buf_putc(out, p[1]);
			return;
		}
	buf_printf(out, json ? "\\u%04X" : "\\x%02X", c);
}

static void add_quoted(struct buf *out, struct str s, bool json)
{
	const unsigned char *at = (const unsigned char *)s.at;

	buf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		uint32_t code = 0;
		size_t n = hidden(at + i, s.len - i, &code);
		if (n) {
			buf_printf(out, "\\u%04X", code);
			i += n - 1;
		} else if (at[i] < 0x20 || at[i] == 0x7f || at[i] == '"' || at[i] == '\\') {
			add_escape(out, at[i], json);
		} else {
			buf_putc(out, s.at[i]);
		}
	}
	buf_putc(out, '"');
}

void quote_double(struct buf *out, struct str s)
{
	add_quoted(out, s, false);
}

void quote_json(struct buf *out, struct str s)
{
	add_quoted(out, s, true);
}

void quote_string(struct buf *out, struct str s, bool flow)
{
	if (quote_plain_fits(s, flow))
		buf_add(out, s);
	else
		quote_double(out, s);
}
