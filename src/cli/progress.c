/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <string.h>

enum { FIRST = 1000, AGAIN = 100 }; /* milliseconds */

void progress_start(struct progress *p)
{
	p->next = p->now() + FIRST;
	p->directories = p->files = 0;
	p->shown = false;
}

/* "1,234 files"; returns the end */
static char *add_count(char *at, size_t n, const char *one, const char *many)
{
	char digits[3 * sizeof(n)];
	int len = snprintf(digits, sizeof(digits), "%zu", n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at++ = ' ';
	return stpcpy(at, n == 1 ? one : many);
}

void progress_read(struct progress *p, bool directory)
{
	const uint64_t now = p->now();
	char text[128], *end = stpcpy(text, "reading: ");

	p->directories += directory;
	p->files += !directory;
	if (now < p->next)
		return;
	p->next = now + AGAIN;
	/* the cursor needs a column, too: in the last one it may begin another line */
	const size_t columns = p->columns();
	const char *const short_end = end = add_count(end, p->files, "file", "files");
	end = add_count(stpcpy(end, " in "), p->directories, "directory", "directories");
	if ((size_t)(end - text) >= columns)
		text[short_end - text] = '\0';
	if (strlen(text) >= columns) {
		progress_clear(p);
		return;
	}
	fprintf(p->out, "\r%s\x1b[K", text);
	p->shown = true;
}

void progress_clear(struct progress *p)
{
	if (p->shown && p->columns())
		fputs("\r\x1b[K", p->out);
	p->shown = false;
}
