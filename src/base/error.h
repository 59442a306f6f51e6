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
 * For programs an error also has a code, what it is about, what is in the way, and the
 * commands that go on. All of these are added to an error that is set:
 *
 *	error_set(e, STATUS_REFUSED, "Target patch already exists at %s", path);
 *	error_about(e, (struct about){ .position = position, .file = path });
 *	return error_code(e, "target-exists");
 *
 * {0} is a valid start and means no error. The error owns its strings, which are
 * copies; error_free frees them. If there is no memory, they are left out.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* The exit statuses of the program, as promote(1) lists them. */
enum status {
	STATUS_DONE = 0,     /* done, or nothing to do */
	STATUS_SYSTEM = 1,   /* the system failed: input/output, the generator */
	STATUS_USAGE = 2,    /* the command line is wrong */
	STATUS_FILES = 3,    /* the fleet's files are wrong, or something named does not exist */
	STATUS_REFUSED = 4,  /* a rule refuses */
	STATUS_WAITS = 5,    /* waits for approval */
	STATUS_HELD = 6,     /* another run holds the lock */
	STATUS_BLOCKED = 7,  /* waits for something else than a person's approval: a hold */
	STATUS_DIFFERS = 10, /* values differ, and whoever asked wants to know; no error */
};

/* What an error, or one thing that is in the way, is about. NULL or 0: not known. */
struct about {
	const char *position;  /* in the fleet */
	const char *file;      /* path from the root */
	unsigned line, column; /* in the file, from 1 */
	const char *key;       /* path of a value in the file */
	const char *hint;      /* what to do about it */
};

struct blocker {
	struct about about; /* its strings are owned */
	char *text;         /* owned; one line */
};

struct error {
	enum status status;
	const char *code;         /* one of the codes that promote-json(5) lists; borrowed */
	char *text;               /* owned; one line without its end; NULL if there is no error */
	char *details;            /* owned; further lines, each with its end; or NULL */
	size_t length;            /* bytes of details, without the NUL after them */
	struct about about;       /* its strings are owned */
	struct blocker *blockers; /* owned */
	size_t blocker_count;
	char **commands; /* owned; see error_command */
	size_t command_count;
};

/*
 * All of these return -1, so that a caller can return what they return. The first three set an
 * error, with the general code of the status; the others add to one that is set.
 */
int error_set(struct error *e, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int error_setv(struct error *e, enum status status, const char *format, va_list ap)
	__attribute__((format(printf, 3, 0)));
/* status SYSTEM; adds ": " and the text of the errno value `code` */
int error_system(struct error *e, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* the text of an errno value, in English */
const char *error_reason(int code);

/* puts "TEXT: " before it */
int error_context(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* adds one line below it */
int error_detail(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* sets the code, which must be one of the error's status */
int error_code(struct error *e, const char *code);

/* adds what the error is about; what is known already stays: the first to say it knows best */
int error_about(struct error *e, struct about about);

/* the same, of a file as a whole */
int error_file(struct error *e, const char *path);

/* adds one thing that is in the way; for programs: people read the text and the details */
int error_blocker(struct error *e, struct about about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Adds a command that continues, as words with a line feed between them. If the first word begins
 * with '-', they are options to be added to the command as it was typed; else they are another
 * command of this program and its arguments; no words: the command as it was typed. An error may
 * have several commands: each of them will do. Other commands are told to a person, too, unless the
 * text or a detail names them, "promote recover".
 */
int error_command(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* moves another error, with its details, below this one; to its place if this is not set */
int error_add(struct error *e, struct error *other);

void error_free(struct error *e);

/*
 * Writes the n bytes of `text` into `out` with control bytes as \xNN, to print names that come from
 * files; returns the length of the whole result. Writes at most `size` bytes, the last of them NUL.
 */
size_t error_escape(char *out, size_t size, const char *text, size_t n);

#endif
