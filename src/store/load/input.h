/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.h - a file that a person names on the command line, which may be anywhere.
 */
#ifndef STORE_LOAD_INPUT_H
#define STORE_LOAD_INPUT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/*
 * All bytes of a file, of what comes out of a pipe, or for "-" of the standard input; links are
 * followed. Owned by mem, with a NUL behind them. FILES if there is no such file, or more than
 * `most` bytes; SYSTEM.
 */
int input_read(struct arena *mem, const char *path, size_t most, struct str *text, struct error *e);

#endif
