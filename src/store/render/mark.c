/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/mark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

const char *mark_new(struct arena *mem, struct error *e)
{
	unsigned char bytes[MARK_LENGTH / 2] = { 0 };
	char *text = ARENA_NEW(mem, char, MARK_LENGTH + 1);

	/* so few bytes are given whole, and at once when the system has started */
	/* untested: a system without this call */
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
		error_system(e, errno, "cannot get random bytes");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

bool mark_is(const char *text)
{
	return strlen(text) == MARK_LENGTH && strspn(text, "0123456789abcdef") == MARK_LENGTH;
}
