/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_step.c - the least that a step in a large fleet can cost.
 *
 *	floor_step [--once] ROOT SECTORS REGIONS
 *
 * ROOT is a fleet as fleet.h makes it, SCATTERED, with environments of SECTORS sectors of REGIONS
 * regions. Makes the looks, reads, writes, syncs and removals of a step of the patch, and leaves
 * the same tree:
 *
 *	reads config.yaml
 *	lists every directory of the application, reads every file in it, and notes what they are
 *	looks at each of them again before it changes anything (not with --once)
 *	writes the files that the step writes, and syncs them
 *	removes the files and directories that it removes, and syncs that
 *
 * It parses and compares nothing, and if it is stopped half way nobody can tell. What promote
 * does besides is in docs/performance.md.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet.h"

#define COPY FLEET_PATCH ".yaml"

enum { PATH_LENGTH = 4096 };

struct place {
	const char *name;
	struct place *children, *next;
	bool copy; /* it has one */
};

static bool once;

static char text[1 << 24]; /* what is read and not used, and at last the patch */
static size_t length;

static void *take(size_t size)
{
	static char *block;
	static size_t left;

	size = (size + 15) & ~(size_t)15;
	if (size > left) {
		left = size > 1 << 20 ? size : 1 << 20;
		if (!(block = malloc(left)))
			err(1, "malloc");
	}
	left -= size;
	void *taken = block;
	block += size;
	return taken;
}

static void read_file(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct stat st;

	if (n < 0 || (!once && fstat(fd, &st) < 0))
		err(1, "%s", name);
	length = (size_t)n;
	close(fd);
}

static void read_place(int at, struct place *p);

static void read_entry(int directory, const struct dirent64 *d, struct place *p)
{
	if (d->d_name[0] == '.')
		return;
	if (d->d_type == DT_REG) {
		read_file(directory, d->d_name);
		p->copy = p->copy || strcmp(d->d_name, COPY) == 0;
		return;
	}
	size_t size = strlen(d->d_name) + 1;
	struct place *child = take(sizeof(*child));
	*child = (struct place){ .name = memcpy(take(size), d->d_name, size), .next = p->children };
	p->children = child;
	read_place(directory, child);
}

static void read_place(int at, struct place *p)
{
	_Alignas(struct dirent64) char entries[1 << 15];
	int directory = openat(at, p->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (directory < 0 || (!once && fstat(directory, &st) < 0))
		err(1, "%s", p->name);
	while ((n = getdents64(directory, entries, sizeof(entries))) > 0)
		for (char *e = entries; e < entries + n;
			e += ((struct dirent64 *)(void *)e)->d_reclen)
			read_entry(directory, (const struct dirent64 *)(void *)e, p);
	if (n < 0)
		err(1, "%s", p->name);
	close(directory);
}

/* path = a, a slash, b */
static void join(char *path, const char *a, const char *b)
{
	if (snprintf(path, PATH_LENGTH, "%s/%s", a, b) >= PATH_LENGTH)
		errx(1, "%s: the path is too long", a);
}

static void look(int application, const char *path)
{
	struct stat st;

	if (fstatat(application, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		err(1, "%s", path);
}

/* At each directory, and at the copy in it if there is one. */
static void look_again(int application, const char *place, const struct place *p)
{
	char path[PATH_LENGTH], copy[PATH_LENGTH];

	for (const struct place *c = p->children; c; c = c->next) {
		join(path, place, c->name);
		look(application, path);
		if (c->copy) {
			join(copy, path, COPY);
			look(application, copy);
		}
		look_again(application, path, c);
	}
}

static unsigned children_of(const struct place *p, bool (*is)(const struct place *))
{
	unsigned n = 0;

	for (const struct place *c = p->children; c; c = c->next)
		n += is(c);
	return n;
}

static unsigned sectors, regions;

static bool has_copy(const struct place *p)
{
	return p->copy;
}

static bool sector_is_full(const struct place *p)
{
	return children_of(p, has_copy) == regions;
}

static bool environment_is_full(const struct place *p)
{
	return children_of(p, sector_is_full) == sectors;
}

static void write_copy(int application, const char *place)
{
	char path[PATH_LENGTH];

	join(path, place, COPY);
	int fd = openat(application, path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, text, length) != (ssize_t)length || close(fd) < 0)
		err(1, "%s", path);
}

static void remove_one(int application, const char *path, int flags)
{
	if (unlinkat(application, path, flags) < 0)
		err(1, "%s", path);
}

static void remove_below(int application, const char *place, const struct place *p)
{
	char path[PATH_LENGTH], copy[PATH_LENGTH];

	for (const struct place *c = p->children; c; c = c->next) {
		join(path, place, c->name);
		remove_below(application, path, c);
		if (c->copy) {
			join(copy, path, COPY);
			remove_one(application, copy, 0);
		}
		remove_one(application, path, AT_REMOVEDIR);
	}
}

/* The next region of the sector that is not full. */
static void enter(int application, const char *sector, const struct place *p)
{
	char name[32], path[PATH_LENGTH];

	snprintf(name, sizeof(name), "region-%u", children_of(p, has_copy) + 1);
	join(path, sector, name);
	if (mkdirat(application, path, 0777) < 0)
		err(1, "%s", path);
	write_copy(application, path);
}

/* Writes the copies that come, or removes those that go: of the environment, or of its sectors. */
static void consolidate(int application, const struct place *environment, bool writing)
{
	char path[PATH_LENGTH];

	if (environment_is_full(environment)) {
		writing ? write_copy(application, environment->name)
			: remove_below(application, environment->name, environment);
		return;
	}
	for (const struct place *s = environment->children; s; s = s->next) {
		join(path, environment->name, s->name);
		if (!sector_is_full(s) && writing)
			enter(application, path, s);
		else if (sector_is_full(s))
			writing ? write_copy(application, path)
				: remove_below(application, path, s);
	}
}

static void sync_all(int application)
{
	if (syncfs(application) < 0)
		err(1, "syncfs");
}

int main(int argc, char **argv)
{
	struct place top = { .name = FLEET_DIRECTORY };

	if (argc == 5 && strcmp(argv[1], "--once") == 0) {
		once = true;
		argc--;
		argv++;
	}
	if (argc != 4 || !(sectors = (unsigned)strtoul(argv[2], NULL, 10)) ||
		!(regions = (unsigned)strtoul(argv[3], NULL, 10)))
		errx(2, "usage: floor_step [--once] ROOT SECTORS REGIONS");
	if (chdir(argv[1]) < 0)
		err(1, "%s", argv[1]);
	read_file(AT_FDCWD, "config/config.yaml");
	read_place(AT_FDCWD, &top);
	read_file(AT_FDCWD, FLEET_DIRECTORY "/environment-1/sector-1/region-1/" COPY);
	int application = open(FLEET_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (application < 0)
		err(1, FLEET_DIRECTORY);
	if (!once)
		look_again(application, ".", &top);
	for (const struct place *p = top.children; p; p = p->next)
		consolidate(application, p, true);
	sync_all(application);
	for (const struct place *p = top.children; p; p = p->next)
		consolidate(application, p, false);
	sync_all(application);
	return 0;
}
