/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sparse.h - whether a sparse checkout of git has left files of config/ out.
 *
 * git is not run, since the configuration of a repository can have it run other programs: the
 * index is read.
 */
#ifndef STORE_LOAD_SPARSE_H
#define STORE_LOAD_SPARSE_H

#include "store/tree/tree.h"

/*
 * FILES, "sparse-checkout", with a path, if the index marks one of config/ as left out and it is
 * not there, or it is not there and a split index may mark it. An index that cannot be read,
 * or has another form, says nothing.
 */
int sparse_check(struct arena *mem, const struct root *root, struct error *e);

#endif
