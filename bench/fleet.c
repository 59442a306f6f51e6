/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char values[] = "applications:\n"
			     "  application:\n"
			     "    source:\n"
			     "      repoURL: https://charts.example.com\n"
			     "      targetRevision: v1.1\n"
			     "    replicas: 1\n";

static const char patch[] = "metadata:\n"
			    "  description: a new chart\n"
			    "applications:\n"
			    "  application:\n"
			    "    source:\n"
			    "      targetRevision: v1.2\n";

static unsigned regions_of(const struct shape *s, unsigned environment, unsigned sector)
{
	return s->regions[(environment * s->sectors + sector) % s->turns];
}

static size_t environment_targets(const struct shape *s, unsigned environment)
{
	size_t n = 0;

	for (unsigned i = 0; i < s->sectors; i++)
		n += regions_of(s, environment, i);
	return n;
}

size_t fleet_targets(const struct shape *s)
{
	size_t n = 0;

	for (unsigned i = 0; i < s->environments; i++)
		n += environment_targets(s, i);
	return n;
}

static int open_directory(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static int make_directory(int at, const char *path)
{
	if (mkdirat(at, path, 0777) < 0 && errno != EEXIST)
		err(1, "%s", path);
	return open_directory(at, path);
}

static void write_file(int directory, const char *name, const char *text)
{
	size_t size = strlen(text);
	int fd = openat(directory, name, O_CREAT | O_EXCL | O_WRONLY, 0666);

	if (fd < 0 || write(fd, text, size) != (ssize_t)size || close(fd) < 0)
		err(1, "%s", name);
}

static void write_copy(int directory)
{
	write_file(directory, FLEET_PATCH ".yaml", patch);
}

/* No two sectors are alike, so that none is proven for another. */
static void write_override(int directory, const char *key, unsigned environment, unsigned sector)
{
	char text[128];

	snprintf(text, sizeof(text), "applications:\n  application:\n    %s: %u\n", key,
		environment * 100000 + sector);
	write_file(directory, "override.yaml", text);
}

/* Three other patches; the fourth is the one that takes the step. */
static void write_others(int directory, unsigned environment, unsigned sector, unsigned sectors)
{
	char name[32], text[128];

	for (unsigned i = 2; i <= 4; i++) {
		if (environment * sectors + sector >= sectors * i / 2)
			continue; /* this one has not come so far */
		snprintf(name, sizeof(name), "patch-%03u.yaml", i);
		snprintf(text, sizeof(text), "applications:\n  application:\n    setting-%u: on\n",
			i);
		write_file(directory, name, text);
	}
}

static void write_sequence(FILE *out, const struct shape *s)
{
	fputs("dimensions: [environments, sectors, regions]\n"
	      "cluster_types:\n"
	      "  - name: " FLEET_TYPE "\n"
	      "sequence:\n"
	      "  environments:\n",
		out);
	for (unsigned e = 0; e < s->environments; e++) {
		fprintf(out, "    - name: environment-%u\n      sectors:\n", e + 1);
		for (unsigned i = 0; i < s->sectors; i++) {
			fprintf(out, "        - name: sector-%u\n          regions:\n", i + 1);
			for (unsigned r = 0; r < regions_of(s, e, i); r++)
				fprintf(out, "            - name: region-%u\n", r + 1);
		}
	}
}

void fleet_config(const char *root, const struct shape *s)
{
	int top = open_directory(AT_FDCWD, root), config = make_directory(top, "config");
	int fd = openat(config, "config.yaml", O_CREAT | O_EXCL | O_WRONLY, 0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		err(1, "config.yaml");
	write_sequence(out, s);
	if (fclose(out) != 0)
		err(1, "config.yaml");
	close(make_directory(config, FLEET_TYPE));
	close(config);
	close(top);
}

struct placing {
	const struct shape *s;
	enum placement placement;
	size_t left, copies; /* targets to place, and files that were written */
};

/* Whether a position is covered by one copy of its own. */
static bool place_whole(struct placing *p, int directory, size_t targets)
{
	if (p->placement == SCATTERED || targets > p->left || targets == 0)
		return false;
	write_copy(directory);
	p->left -= targets;
	p->copies++;
	return true;
}

static void place_sector(struct placing *p, int directory, unsigned regions)
{
	char name[32];

	if (place_whole(p, directory, regions))
		return;
	for (unsigned i = 0; i < regions && p->left > 0; i++, p->left--, p->copies++) {
		snprintf(name, sizeof(name), "region-%u", i + 1);
		int region = make_directory(directory, name);
		write_copy(region);
		close(region);
	}
}

/* Whether all sectors are made, with layers of their own. */
static bool has_layers(enum placement placement)
{
	return placement == LAYERED || placement == FLIGHT;
}

static void write_layers(const struct placing *p, int sector, unsigned environment, unsigned i)
{
	write_override(sector, "replicas", environment, i);
	if (p->placement != FLIGHT)
		return;
	write_others(sector, environment, i, p->s->sectors);
	int region = make_directory(sector, "region-1");
	write_override(region, "replicas", environment, 10000 + i);
	close(region);
}

static void place_environment(struct placing *p, int directory, unsigned environment)
{
	char name[32];

	if (!has_layers(p->placement) &&
		place_whole(p, directory, environment_targets(p->s, environment)))
		return;
	for (unsigned i = 0; i < p->s->sectors && (p->left > 0 || has_layers(p->placement)); i++) {
		snprintf(name, sizeof(name), "sector-%u", i + 1);
		int sector = make_directory(directory, name);
		if (has_layers(p->placement))
			write_layers(p, sector, environment, i);
		place_sector(p, sector, regions_of(p->s, environment, i));
		close(sector);
	}
}

/* Half of the targets, and one more if that would end with a sector. */
static size_t half(const struct shape *s)
{
	size_t n = fleet_targets(s) / 2, sum = 0;

	for (unsigned i = 0; sum < n; i++)
		sum += s->regions[i % s->turns];
	return sum == n ? n + 1 : n;
}

size_t fleet_place(const char *root, const struct shape *s, enum placement placement)
{
	struct placing p = { .s = s, .placement = placement, .left = half(s) };
	char path[4096], name[32];

	snprintf(path, sizeof(path), "%s/" FLEET_DIRECTORY, root);
	fleet_drop(path);
	int application = make_directory(AT_FDCWD, path);
	write_file(application, "values.yaml", values);
	for (unsigned i = 0; i < s->environments && (p.left > 0 || has_layers(placement)); i++) {
		snprintf(name, sizeof(name), "environment-%u", i + 1);
		int environment = make_directory(application, name);
		place_environment(&p, environment, i);
		close(environment);
	}
	if (syncfs(application) < 0)
		err(1, "%s", path);
	close(application);
	return p.copies;
}

static int drop_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fleet_drop(const char *root)
{
	if (nftw(root, drop_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		err(1, "%s", root);
}
