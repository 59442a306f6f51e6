/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - makes one call of a program fail, without a change of the program.
 *
 *	LD_PRELOAD=fault.so FAULT_TRACE=FILE promote ...
 *	LD_PRELOAD=fault.so FAULT_AT=17 FAULT_DO=EIO promote ...
 *
 * fault.so is between a program and those functions of the C library that
 * touch files. It counts their calls, from 1, and can make one of them fail:
 *
 * FAULT_TRACE=FILE  writes a line for each call, as described in trace.c
 * FAULT_AT=N        the call that fails; with
 * FAULT_DO=EIO      (or any other name of an errno value) it is not made and
 *                   fails so; a close is made nevertheless, as on Linux
 * FAULT_DO=SHORT    a read or write does half of what it was asked for
 * FAULT_DO=KILL     SIGKILL comes before the call is made
 * FAULT_DO=AFTER    SIGKILL comes when the call has been made
 * FAULT_DO=TORN     SIGKILL comes when half of a write has been made
 * FAULT_DO=TERM     SIGTERM comes before the call is made, which continues if that is held back
 * FAULT_EACH=NAME:EINVAL  every call of this function fails so, as if the file
 *                   system or the kernel did not have it; except for the one of FAULT_AT
 * FAULT_PROGRAM=NAME  only a program of this name is affected: others, such as a shell
 *                   that becomes that program, make their calls undisturbed
 *
 * A program that exits while a descriptor is open that it has opened says so,
 * and ends with the status LEFT_OPEN.
 *
 * What a program does with its standard descriptors, pipes and other things
 * that are not files does not count. Its children run undisturbed. So does what
 * runs before its main: a runtime that a compiler has added may open files of
 * its own there.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

enum fate {
	ALOOF, /* this call does not count */
	MADE,
	FAILED, /* not to be made; errno is set */
	HALVED,
};

/* Counts a call of this name that is about to be made. */
enum fate fault_begin(const char *name);

/* The call was made, if it was; what is noted of it is written to the trace. */
void fault_end(enum fate fate, const char *name);

/* Whether the descriptor is a file or a directory, and none of the standard ones. */
bool fault_is_file(int fd);

enum { LEFT_OPEN = 98 };

/* Called when main begins; and whether a descriptor that has been opened since then is open. */
void left_open_start(void);
bool left_open(void);

/* Opens the trace for appending; closed at the end, nothing of it is taken for the program's. */
void trace_open(const char *path);
void trace_close(void);

/* Adds to the line of the call that is being made; nothing if there is no trace. */
void trace_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void trace_place(int directory, const char *path); /* a name's place: DIRECTORY'S INODE/NAME */
void trace_inode(int fd);
void trace_inode_at(int directory, const char *path);
void trace_data(int fd, const void *data, size_t size, off_t at); /* at -1: as write(2) did */

/* Writes the line: the call's name and the notes. */
void trace_end(const char *name);

#endif
