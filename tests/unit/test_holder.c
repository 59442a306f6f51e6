/* Who holds a lock, read from texts like those of /proc. */
#include "helper.h"

#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store/holder.h"

#define HELD(pid, device, inode) "1: FLOCK  ADVISORY  WRITE " #pid " " device ":" #inode " 0 EOF\n"
#define READ(pid, device, inode) "2: FLOCK  ADVISORY  READ " #pid " " device ":" #inode " 0 EOF\n"
#define WAITS(pid, device, inode)                                                                  \
	"2: -> FLOCK  ADVISORY  WRITE " #pid " " device ":" #inode " 0 EOF\n"

static void finds_the_holders(void **state)
{
	const dev_t disk = makedev(0xfe, 0x10), without = makedev(0, 0x1b);
	const struct {
		const char *locks;
		dev_t device;
		pid_t first;
		size_t count;
	} rows[] = {
		{ "", disk, 0, 0 },
		{ HELD(4711, "fe:10", 12), disk, 4711, 1 },
		/* other inodes, devices and kinds of locks */
		{ HELD(4711, "fe:10", 120), disk, 0, 0 },
		{ HELD(4711, "fe:11", 12), disk, 0, 0 },
		{ HELD(4711, "10:fe", 12), disk, 0, 0 },
		{ "1: POSIX  ADVISORY  WRITE 4711 fe:10:12 0 EOF\n", disk, 0, 0 },
		{ "1: OFDLCK ADVISORY  WRITE -1 fe:10:12 0 EOF\n", disk, 0, 0 },
		{ "1: LEASE  ACTIVE    WRITE 4711 fe:10:12 0 EOF\n", disk, 0, 0 },
		/* one that waits is no holder */
		{ HELD(1, "fe:10", 12) WAITS(2, "fe:10", 12), disk, 1, 1 },
		{ WAITS(2, "fe:10", 12), disk, 0, 0 },
		/* several that read; others between them */
		{ READ(5, "fe:10", 12) HELD(6, "fe:11", 12) READ(7, "fe:10", 12), disk, 5, 2 },
		/* another number for the device, where it may be one */
		{ HELD(4711, "00:2a", 12), without, 4711, 1 },
		{ READ(5, "00:2a", 12) READ(7, "00:2a", 12), without, 5, 2 },
		{ HELD(5, "00:2a", 12) HELD(7, "00:2b", 12), without, 0, 0 },
		{ HELD(5, "00:2a", 12) HELD(7, "00:1b", 12), without, 7, 1 },
		/* damaged, and not from this system */
		{ "\n1:\n1: FLOCK\n1: FLOCK  ADVISORY  WRITE 4711\n", disk, 0, 0 },
		{ "no such file\n" HELD(4711, "fe:10", 12), disk, 4711, 1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char text[512];
		pid_t first = -1;

		memcpy(text, rows[i].locks, strlen(rows[i].locks) + 1);
		FILE *f = fmemopen(text, strlen(text) + 1, "r");
		assert_non_null(f);
		size_t count = holder_find(f, rows[i].device, 12, &first);
		fclose(f);
		if (count != rows[i].count || first != rows[i].first)
			fail_msg("row %zu: %zu, the first is %d", i, count, (int)first);
	}
}

static void reads_when_it_started(void **state)
{
	const struct {
		const char *stat;
		unsigned long long start;
	} rows[] = {
		{ "29086 (cat) R 29039 29039 22556 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 "
		  "1182623 3133440 362\n",
			1182623 },
		{ "7 (a) S (b) 1) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99 20\n", 99 },
		{ "7 (cat) R 1 2 3\n", 0 },
		{ "7 (cat)", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(holder_start(rows[i].stat), rows[i].start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(finds_the_holders),
		KIT_TEST(reads_when_it_started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
