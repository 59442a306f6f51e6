/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 text under the tag !!binary. */
#include "yaml/resolve.h"

static int base64_value(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(alphabet, c) : NULL;

	return found ? (int)(found - alphabet) : -1;
}

bool binary_decode(struct buf *out, struct str text)
{
	unsigned bits = 0, count = 0, padding = 0;

	for (size_t i = 0; i < text.len; i++) {
		int value = base64_value(text.at[i]);
		if (text.at[i] == '\n' || text.at[i] == '\r')
			continue;
		if (text.at[i] == '=' && count % 4 >= 2) {
			padding++;
			count++;
			continue;
		}
		if (value < 0 || padding)
			return false;
		bits = bits << 6 | (unsigned)value;
		if (count++ % 4 && out)
			buf_putc(out, (char)(bits >> (6 - 2 * ((count - 1) % 4))));
	}
	return count % 4 == 0;
}
