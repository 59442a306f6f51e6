/* SPDX-License-Identifier: Apache-2.0 */
/*
 * step.c - how long a dry run and a step take in fleets of growing size.
 *
 *	step PROMOTE [LARGEST]
 *
 * Runs the program PROMOTE in fleets of up to LARGEST targets, made below
 * $TMPDIR, and prints a table. README.md says how to read it.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fleet.h"

static const unsigned real_sectors[] = { 2, 1, 2, 1, 1, 2 }, even_sectors[] = { 10 };

static const struct size {
	struct shape shape;
	unsigned runs; /* odd, for the median */
} sizes[] = {
	{ { 3, 2, real_sectors, 6 }, 51 },
	{ { 3, 100, even_sectors, 1 }, 15 },
	{ { 3, 1000, even_sectors, 1 }, 7 },
	{ { 3, 10000, even_sectors, 1 }, 3 },
};

enum { MOST_RUNS = 51 };

struct cost {
	double wall, cpu; /* milliseconds */
	double peak;      /* MiB */
};

static double milliseconds(double seconds, double nanoseconds)
{
	return seconds * 1e3 + nanoseconds / 1e6;
}

static double since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return milliseconds(
		(double)(now.tv_sec - start->tv_sec), (double)(now.tv_nsec - start->tv_nsec));
}

static _Noreturn void become(const char *program, const char *root, bool dry)
{
	const char *const argv[] = { program, "-C", root, "--no-input", FLEET_TYPE,
		FLEET_APPLICATION, FLEET_PATCH, dry ? "--dry-run" : NULL, NULL };
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
		execv(program, (char *const *)(const void *)argv);
	warn("%s", program);
	_exit(127);
}

static struct cost run_once(const char *program, const char *root, bool dry)
{
	struct timespec start;
	struct rusage use;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	pid_t pid = fork();
	if (pid == 0)
		become(program, root, dry);
	if (pid < 0 || wait4(pid, &status, 0, &use) < 0)
		err(1, "%s", program);
	double wall = since(&start);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fleet_drop(root);
		errx(1, "%s failed", program);
	}
	return (struct cost){
		.wall = wall,
		.cpu = milliseconds((double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec),
			1e3 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec)),
		.peak = (double)use.ru_maxrss / 1024,
	};
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double median(double *values, unsigned n)
{
	qsort(values, n, sizeof(*values), by_value);
	return values[n / 2];
}

static const char *const placement_names[] = { "scattered", "consolidated", "layered" };

/* Each step finds the fleet as it was made; a dry run leaves it so. */
static void measure(const char *program, const char *root, const struct size *size,
	enum placement placement, bool dry)
{
	double wall[MOST_RUNS] = { 0 }, cpu[MOST_RUNS] = { 0 }, peak[MOST_RUNS] = { 0 };
	size_t targets = fleet_targets(&size->shape), copies = 0;

	for (unsigned i = 0; i < size->runs; i++) {
		if (i == 0 || !dry)
			copies = fleet_place(root, &size->shape, placement);
		struct cost c = run_once(program, root, dry);
		wall[i] = c.wall;
		cpu[i] = c.cpu;
		peak[i] = c.peak;
	}
	double time = median(wall, size->runs);
	printf("%9zu  %-12s  %7zu  %-7s  %4u  %10.2f  %10.2f  %9.2f  %8.1f\n", targets,
		placement_names[placement], copies, dry ? "dry run" : "step", size->runs, time,
		median(cpu, size->runs), 1e3 * time / (double)targets, median(peak, size->runs));
	fflush(stdout);
}

static void measure_size(const char *program, const char *directory, const struct size *size)
{
	char root[4096];

	snprintf(root, sizeof(root), "%s/promote-bench-XXXXXX", directory);
	if (!mkdtemp(root))
		err(1, "%s", root);
	fleet_config(root, &size->shape);
	for (int p = SCATTERED; p <= LAYERED; p++) {
		measure(program, root, size, (enum placement)p, true);
		measure(program, root, size, (enum placement)p, false);
	}
	fleet_drop(root);
}

int main(int argc, char **argv)
{
	const char *directory = getenv("TMPDIR");
	size_t largest = argc > 2 ? strtoul(argv[2], NULL, 10) : 300000;

	if (argc < 2 || argc > 3 || largest == 0)
		errx(2, "usage: step PROMOTE [LARGEST]");
	printf("%9s  %-12s  %7s  %-7s  %4s  %10s  %10s  %9s  %8s\n", "targets", "placement",
		"copies", "job", "runs", "wall ms", "cpu ms", "us/target", "peak MiB");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (fleet_targets(&sizes[i].shape) <= largest)
			measure_size(
				argv[1], directory && *directory ? directory : "/tmp", &sizes[i]);
	return 0;
}
