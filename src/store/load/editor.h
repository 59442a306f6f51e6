/* SPDX-License-Identifier: Apache-2.0 */
/*
 * editor.h - a text that a person changes in an editor of theirs.
 *
 *	if (editor_open(mem, "/tmp", "patch.yaml", text, &ed, e) < 0)
 *		return -1;
 *	if (editor_run(mem, &ed, "vi", e) < 0 || editor_read(mem, &ed, LIMIT, &text, e) < 0)
 *		... ed.path has what the person wrote: say so, or remove it ...
 *	editor_remove(mem, &ed);
 *
 * The file is in a directory of its own that nobody else can read. It stays until editor_remove(),
 * whatever happens.
 */
#ifndef STORE_LOAD_EDITOR_H
#define STORE_LOAD_EDITOR_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Owned by the arena. */
struct editing {
	const char *dir, *path;
};

/* Makes the file, in a new directory below `above`. SYSTEM. */
int editor_open(struct arena *mem, const char *above, const char *name, struct str text,
	struct editing *ed, struct error *e);

/*
 * Runs the command with the file's path behind it, as git runs an editor: by sh, with our input and
 * our terminal. If standard output is no terminal, the editor writes to standard error, so that
 * results stay what they are. SIGINT and SIGQUIT are the editor's meanwhile. SYSTEM if it
 * fails.
 */
int editor_run(struct arena *mem, const struct editing *ed, const char *command, struct error *e);

/* What is in the file now, whoever put it there; nothing if there is none. As input_read(). */
int editor_read(struct arena *mem, const struct editing *ed, size_t most, struct str *text,
	struct error *e);

/* Replaces the file's text: all of it, or nothing. SYSTEM. */
int editor_write(struct arena *mem, const struct editing *ed, struct str text, struct error *e);

/*
 * Whether there are other files beside the text: saved under another name, or for recovery by an
 * editor that was ended. Backups, whose names end in ~, do not count.
 */
bool editor_left_others(struct arena *mem, const struct editing *ed);

/* Removes the directory with all that the editor has left in it, as far as that can be done. */
void editor_remove(struct arena *mem, const struct editing *ed);

#endif
