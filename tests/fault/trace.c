/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.c - what a program did to files, for powercut.py to do it again.
 *
 * A line for each call: its name, and if it succeeded and changed something,
 * the change. FILE is an inode's number and mode: renames do not change the number.
 * PLACE is DIRECTORY/NAME, a directory's number and a name in it. Of two functions
 * that do the same, such as pwrite, only one is listed.
 *
 *	create PLACE FILE            any open that may make a file; PLACE is - if it has no name
 *	write FILE OFFSET HEX
 *	ftruncate FILE SIZE
 *	fchmod FILE
 *	mkdirat PLACE FILE
 *	symlinkat PLACE FILE TARGET
 *	linkat FILE PLACE
 *	unlinkat PLACE
 *	renameat2 PLACE PLACE FLAGS
 *	fsync FILE
 *	syncfs
 *
 * Names with blanks are not supported.
 */
#undef _FILE_OFFSET_BITS /* it would give the functions below other names */

#include "fault.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int out = -1;
static FILE *line;
static char *text;
static size_t size;

void trace_open(const char *path)
{
	/* High up, so that the program's own descriptors are what they always are. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || (out = fcntl(fd, F_DUPFD_CLOEXEC, 900)) < 0)
		abort();
	close(fd);
	line = open_memstream(&text, &size);
}

void trace_close(void)
{
	if (out < 0)
		return;
	fclose(line);
	free(text);
	close(out);
	out = -1;
}

void trace_note(const char *format, ...)
{
	va_list ap;

	if (out < 0)
		return;
	va_start(ap, format);
	fputc(' ', line);
	vfprintf(line, format, ap);
	va_end(ap);
}

void trace_inode_at(int directory, const char *path)
{
	struct stat st;

	if (out < 0)
		return;
	if (fstatat(directory, path, &st, path[0] ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH) < 0)
		abort();
	trace_note("%lu %o", (unsigned long)st.st_ino, st.st_mode & 07777);
}

void trace_inode(int fd)
{
	trace_inode_at(fd, "");
}

void trace_place(int directory, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX] = ".";
	struct stat st;

	if (out < 0)
		return;
	if (slash)
		snprintf(parent, sizeof(parent), "%.*s/", (int)(slash - path), path);
	if (fstatat(directory, parent, &st, 0) < 0)
		abort();
	trace_note("%lu/%s", (unsigned long)st.st_ino, slash ? slash + 1 : path);
}

void trace_data(int fd, const void *data, size_t n, off_t at)
{
	const unsigned char *byte = data;

	if (out < 0)
		return;
	if (at < 0)
		at = lseek(fd, 0, SEEK_CUR) - (off_t)n;
	trace_inode(fd);
	trace_note("%ld ", (long)at);
	for (size_t i = 0; i < n; i++)
		fprintf(line, "%02x", byte[i]);
}

void trace_end(const char *name)
{
	if (out < 0)
		return;
	fputc('\n', line);
	fflush(line);
	if (dprintf(out, "%s%.*s", name, (int)size, text) < 0)
		abort();
	rewind(line);
}
