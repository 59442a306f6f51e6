/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kernel.h - calls of the kernel that not every C library has a function for.
 *
 * meson.build finds out which are missing: musl lacks renameat2 and, in older versions, statx.
 */
#ifndef STORE_TREE_KERNEL_H
#define STORE_TREE_KERNEL_H

#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef HAVE_RENAMEAT2
#include <linux/fs.h>

static inline int renameat2(int from, const char *old, int to, const char *name, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from, old, to, name, flags);
}
#endif

#ifndef HAVE_STATX
#include <linux/stat.h>

static inline int statx(int dir, const char *path, int flags, unsigned mask, struct statx *x)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, x);
}
#endif

#endif
