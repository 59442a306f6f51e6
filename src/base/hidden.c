/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hidden.h"

/* In the order of their codes. */
static bool is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0, 0x1f },
		{ 0x7f, 0x9f },
		{ 0x00ad, 0x00ad },
		{ 0x034f, 0x034f },
		{ 0x061c, 0x061c }, /* direction */
		{ 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },
		{ 0x180e, 0x180e },
		{ 0x200b, 0x200b }, /* the two joiners after it have a use in words and emoji */
		{ 0x200e, 0x200f }, /* direction */
		{ 0x2028, 0x2029 }, /* line breaks to some readers */
		{ 0x202a, 0x202e }, /* direction */
		{ 0x2060, 0x206f }, /* 2066 to 2069: direction */
		{ 0x3164, 0x3164 },
		{ 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },
		{ 0xfffe, 0xffff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (code <= ranges[i].last)
			return code >= ranges[i].first;
	return false;
}

/* How many bytes begin with this one; 0 if none do. */
static size_t length_of(unsigned char first)
{
	return first < 0x80    ? 1
		: first < 0xc2 ? 0
		: first < 0xe0 ? 2
		: first < 0xf0 ? 3
		: first < 0xf5 ? 4
			       : 0;
}

/* The character that begins at s.at[i]: its bytes, or 0 if it is malformed. */
static size_t decode(struct str s, size_t i, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *at = (const unsigned char *)s.at + i;
	const size_t n = length_of(at[0]);

	if (n == 0 || n > s.len - i)
		return 0;
	*code = n == 1 ? at[0] : at[0] & (0x7fU >> n);
	for (size_t k = 1; k < n; k++) {
		if ((at[k] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[k] & 0x3f);
	}
	const bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
	return *code < least[n] || surrogate || *code > 0x10ffff ? 0 : n;
}

struct character character_at(struct str s, size_t i)
{
	struct character c = { 0 };

	c.bytes = decode(s, i, &c.code);
	c.hidden = c.bytes == 0 || is_hidden(c.code);
	if (c.bytes == 0)
		c = (struct character){ 1, (unsigned char)s.at[i], true };
	return c;
}

bool character_any_hidden(struct str s)
{
	struct character c = { 0 };

	for (size_t i = 0; i < s.len && !c.hidden; i += c.bytes)
		c = character_at(s, i);
	return c.hidden;
}

size_t character_plain(struct str s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= ' ' && s.at[n] <= '~')
		n++;
	return n;
}

size_t character_cut(struct str s)
{
	for (size_t n = 1; n <= s.len && n < 4; n++) {
		const unsigned char byte = (unsigned char)s.at[s.len - n];

		if ((byte & 0xc0) != 0x80)
			return length_of(byte) > n ? n : 0;
	}
	return 0;
}
