/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_fleet.c - one of the fleets that bench.py measures.
 *
 *	make_fleet KIND ROOT [SECTORS]
 *
 * KIND is small (the shape of a real fleet: 9 targets), scattered, consolidated, layered or flight
 * (fleet.h), the latter four of 3 environments with SECTORS sectors of 10 regions each. ROOT is made
 * if it is not there; else only its application is made anew. Prints the number of copies.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet.h"

static const unsigned real_sectors[] = { 2, 1, 2, 1, 1, 2 }, even_sectors[] = { 10 };

static const struct {
	const char *name;
	enum placement placement;
} kinds[] = {
	{ "small", CONSOLIDATED },
	{ "scattered", SCATTERED },
	{ "consolidated", CONSOLIDATED },
	{ "layered", LAYERED },
	{ "flight", FLIGHT },
};

static void make(const char *root, const struct shape *shape, enum placement placement)
{
	char config[4096];

	snprintf(config, sizeof(config), "%s/config/config.yaml", root);
	if (access(config, F_OK) < 0) {
		if (mkdir(root, 0777) < 0 && access(root, W_OK) < 0)
			err(1, "%s", root);
		fleet_config(root, shape);
	}
	printf("%zu\n", fleet_place(root, shape, placement));
}

int main(int argc, char **argv)
{
	struct shape shape = { 3, argc == 4 ? (unsigned)strtoul(argv[3], NULL, 10) : 0,
		even_sectors, 1 };

	if (argc == 3)
		shape = (struct shape){ 3, 2, real_sectors, 6 };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && argc >= 3; i++)
		if (strcmp(argv[1], kinds[i].name) == 0 && (i == 0) == (argc == 3) &&
			shape.sectors) {
			make(argv[2], &shape, kinds[i].placement);
			return 0;
		}
	errx(2, "usage: make_fleet small ROOT | make_fleet KIND ROOT SECTORS");
}
