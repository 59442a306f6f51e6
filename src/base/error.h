/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.h - why a call failed, and the exit status for it.
 *
 *	if (tree_read(root, path, LIMIT, &text, e) < 0)
 *		return error_context(e, "cannot read the fleet");
 *
 * A call that can fail returns 0 or -1 (or a pointer or NULL) and takes a
 * `struct error *` last. The error is set once, by the call that finds it, and
 * printed once, by main. The text is one line: a byte that could start another
 * line or control a terminal is written as \xNN, so names from files can be
 * quoted as they are; if it is longer than any screen, it is cut off. Lists
 * follow it as details, one line each.
 *
 * {0} is a valid start and means no error. The error owns its strings;
 * error_free frees them.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* The exit statuses of the program, as promote(1) lists them. */
enum status {
	STATUS_DONE = 0,    /* done, or nothing to do */
	STATUS_SYSTEM = 1,  /* the system failed: input/output, the generator */
	STATUS_USAGE = 2,   /* the command line is wrong */
	STATUS_FILES = 3,   /* the fleet's files are wrong, or something named does not exist */
	STATUS_REFUSED = 4, /* a rule refuses */
	STATUS_WAITS = 5,   /* waits for approval */
	STATUS_HELD = 6,    /* another run holds the lock */
};

struct error {
	enum status status;
	char *text;    /* owned; one line without its end; NULL if there is no error */
	char *details; /* owned; further lines, each with its end; or NULL */
	size_t length; /* bytes of details, without the NUL after them */
};

/* These return -1, so that a caller can return what they return. */
int error_set(struct error *e, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int error_setv(struct error *e, enum status status, const char *format, va_list ap)
	__attribute__((format(printf, 3, 0)));
/* status SYSTEM; adds ": " and the text of the errno value `code` */
int error_system(struct error *e, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* puts "TEXT: " before an error that is set; returns -1 */
int error_context(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* adds one line below an error that is set; returns -1 */
int error_detail(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* moves another error, with its details, below one that is set, or to its place if none is; returns -1 */
int error_add(struct error *e, struct error *other);

void error_free(struct error *e);

/*
 * Writes the n bytes of `text` into `out` with control bytes as \xNN, to print names that come from
 * files; returns the length of the whole result. Writes at most `size` bytes, the last of them NUL.
 */
size_t error_escape(char *out, size_t size, const char *text, size_t n);

#endif
