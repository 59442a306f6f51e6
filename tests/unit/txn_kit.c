/* SPDX-License-Identifier: Apache-2.0 */
#include "txn_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fleet_put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

void fleet_has(const char *path, const char *text)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, f), strlen(text));
	assert_string_equal(got, text);
	fclose(f);
}

void fleet_lacks(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		fail_msg("%s is there", path);
}

int fleet_set_up(void **state)
{
	struct fleet_kit *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	arena_init(&f->k.mem, abort);
	strcpy(f->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(f->path) || chdir(f->path) < 0 || mkdir("config", 0755) < 0 ||
		mkdir("config/a", 0755) < 0)
		return -1;
	fleet_put("config/a/patch-x", "old");
	f->root = (struct root){ open(".", O_RDONLY | O_DIRECTORY), f->path };
	txn_begin(&f->t, &f->k.mem, &f->root, "step");
	*state = f;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int fleet_tear_down(void **state)
{
	struct fleet_kit *f = *state;
	int rc = f->k.e.text ? -1 : 0;

	close(f->root.fd);
	error_free(&f->k.e);
	arena_free(&f->k.mem);
	if (nftw(f->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS) < 0)
		rc = -1;
	free(f);
	return rc;
}

const struct file *fleet_file(struct fleet_kit *f, const char *path)
{
	struct file *file = ARENA_NEW(&f->k.mem, struct file, 1);

	assert_int_equal(tree_read(&f->k.mem, f->root.fd, path, 100, file, &f->k.e), 0);
	return file;
}

/* The error, with the details that follow it, a line each. */
void fleet_told(struct fleet_kit *f, enum status status, const char *text, const char *details)
{
	struct error *e = &f->k.e;

	assert_non_null(e->text);
	assert_string_equal(e->text, text);
	assert_string_equal(e->details ? e->details : "", details);
	assert_int_equal(e->status, status);
	error_free(e);
}

void fleet_stage(struct fleet_kit *f)
{
	if (txn_stage(&f->t, &f->k.e) < 0)
		fail_msg("%s", f->k.e.text);
}

void fleet_commit(struct fleet_kit *f)
{
	fleet_stage(f);
	if (txn_commit(&f->t, TXN_TENTATIVE, &f->k.e) < 0)
		fail_msg("%s", f->k.e.text);
}

void fleet_cannot_stage(struct fleet_kit *f, enum status status, const char *text)
{
	assert_int_equal(txn_stage(&f->t, &f->k.e), -1);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	fleet_told(f, status, text, "");
	fleet_lacks(".promote");
}

void fleet_cannot_commit(struct fleet_kit *f, enum status status, const char *text)
{
	assert_int_equal(txn_commit(&f->t, TXN_FINAL, &f->k.e), -1);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	fleet_told(f, status, text, "");
	fleet_lacks(".promote");
}

/* The step is undone for some reason, and that is done in full or not. */
void fleet_undo(struct fleet_kit *f, int rc, const char *details)
{
	error_set(&f->k.e, STATUS_SYSTEM, "why");
	assert_int_equal(txn_close(&f->t, &f->k.e), rc);
	fleet_told(f, STATUS_SYSTEM, rc == 0 ? "The step was undone: why" : "why", details);
}

void other_removes(void)
{
	unlink("config/a/patch-x");
}

void other_links(void)
{
	other_removes();
	assert_int_equal(symlink("other", "config/a/patch-x"), 0);
}

void other_makes_directory(void)
{
	other_removes();
	assert_int_equal(mkdir("config/a/patch-x", 0755), 0);
}

void other_writes(void)
{
	other_removes();
	fleet_put("config/a/patch-x", "other");
}

void fleet_remove(const char *path)
{
	assert_int_equal(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}
