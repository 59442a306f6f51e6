/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/quote.h"

#include "base/hidden.h"
#include "yaml/scalar.h"

size_t quote_hidden(struct str s, size_t i, uint32_t *code)
{
	if (((unsigned char)s.at[i] & 0xc0) == 0x80) /* within a character */
		return 0;
	const struct character c = character_at(s, i);
	*code = c.code;
	return c.hidden ? c.bytes : 0;
}

/* How many bytes from `i` on are ASCII that can be shown, without quotes and backslashes. */
static size_t plain_run(struct str s, size_t i)
{
	size_t n = i;

	while (n < s.len && s.at[n] >= ' ' && s.at[n] < 0x7f && s.at[n] != '"' && s.at[n] != '\\')
		n++;
	return n - i;
}

static bool all_shown(struct str s)
{
	uint32_t code;

	for (size_t i = plain_run(s, 0); i < s.len; i += 1 + plain_run(s, i + 1))
		if (quote_hidden(s, i, &code))
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
static void add_escape(struct buf *out, uint32_t code, bool json)
{
	static const char named[] = "\"\"\\\\\nn\tt\rr";

	for (const char *p = named; *p; p += 2)
		if ((unsigned char)*p == code) {
			buf_putc(out, '\\');
			buf_putc(out, p[1]);
			return;
		}
	buf_printf(out, json || code >= 0x80 ? "\\u%04X" : "\\x%02X", code);
}

/* One character; returns its bytes, or those of it that were added. */
static size_t add_character(struct buf *out, struct str s, size_t i, bool json)
{
	uint32_t code = 0;
	size_t n = quote_hidden(s, i, &code);

	if (n || s.at[i] == '"' || s.at[i] == '\\')
		add_escape(out, code, json);
	else
		buf_putc(out, s.at[i]);
	return n ? n : 1;
}

static void add_quoted(struct buf *out, struct str s, bool json)
{
	buf_putc(out, '"');
	for (size_t i = 0, n; i < s.len; i += n) {
		n = plain_run(s, i);
		if (n)
			buf_add(out, str_part(s, i, i + n));
		else
			n = add_character(out, s, i, json);
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
