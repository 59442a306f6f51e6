/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.h - what is at the other end: how to write to it, and how to ask.
 *
 * What is written for a person is broken into lines that fit (report/layout.h), if a terminal is
 * there.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/options.h"
#include "report/report.h"

/*
 * How to write to a descriptor: colour by --color, NO_COLOR, CLICOLOR_FORCE,
 * TERM and whether it is a terminal, in this order; symbols by the locale.
 */
struct look terminal_look(int fd, const struct options *o);

/* Whether questions can be asked: --no-input was not given, and input and errors are a terminal. */
bool terminal_can_ask(const struct options *o);

/*
 * Writes the question to standard error and reads one line, without its end; NULL at the end of
 * input, or at a signal, if signals are held. What was typed before is no answer. Owned by the run.
 */
const char *terminal_ask(const struct options *o, const char *question);

/* Writes text for a person to standard error. */
void terminal_tell(const struct options *o, struct str text);

/* Writes the error with its details to standard error, with "ERROR: " before it. */
void terminal_tell_error(const struct options *o, const struct error *error);

/* Writes the findings to standard error, a line each, with "WARNING: " before it. */
void terminal_warn(const struct options *o, struct findings findings);

/* Says on standard error which run is being waited for; `options` are struct options. */
void terminal_tell_wait(const void *options, const char *holder);

/*
 * Shows from now on how much was read, if errors are a terminal that can show it and the run is not
 * a quiet one (progress.h). Returns whether it does: terminal_read() is then to be called after
 * each directory or file. What this header writes clears the line first; for anything else that is
 * written to the terminal, call terminal_clear().
 */
bool terminal_progress(const struct options *o);
void terminal_read(bool directory);
void terminal_clear(void);

/* Writes text to standard output, as it is. SYSTEM if not all of it could be written. */
int terminal_print(struct str text, struct error *e);

/* The same of text for a person. */
int terminal_print_lines(const struct options *o, struct str text, struct error *e);

/* The one or the other, as the format of --output is for programs or for a person. */
int terminal_print_result(const struct options *o, struct str text, struct error *e);

#endif
