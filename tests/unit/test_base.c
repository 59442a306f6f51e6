/* SPDX-License-Identifier: Apache-2.0 */
/* The ground: arena, map, str and buf. */
#include "base/map.h"
#include "helper.h"

#include <string.h>

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct kit *k = *state;

	for (size_t size = 1; size < 300000; size = size * 3 + 1) {
		struct arena_mark mark = arena_mark(&k->mem);
		char *at = arena_alloc(&k->mem, 1, size);
		assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(at[i], 0);
		memset(at, 'x', size);
		arena_rewind(&k->mem, mark);
		assert_int_equal(*(char *)arena_alloc(&k->mem, 1, size), 0);
	}
}

static void arena_rewinds_across_chunks(void **state)
{
	struct kit *k = *state;
	struct arena_mark start = arena_mark(&k->mem);
	char *kept = arena_copy(&k->mem, "kept", 4);
	struct arena_mark mark = arena_mark(&k->mem);

	for (int i = 0; i < 5; i++)
		arena_alloc(&k->mem, 100000, 1);
	arena_rewind(&k->mem, mark);
	assert_string_equal(kept, "kept");
	assert_ptr_equal(k->mem.chunk, mark.chunk);
	assert_string_equal(arena_copy(&k->mem, "next", 4), "next");
	arena_rewind(&k->mem, start);
	assert_null(k->mem.chunk);
}

static void an_array_grows_one_by_one(void **state)
{
	struct kit *k = *state;
	struct item {
		size_t number, zero;
	} *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < 1000; i++) {
		struct item *item = ARENA_PUSH(&k->mem, list, count);
		assert_int_equal(item->number, 0);
		item->number = i;
		assert_int_equal(count, i + 1);
	}
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(list[i].number, i);
		assert_int_equal(list[i].zero, 0);
	}
	count = 64; /* lowered to a power of two, it grows again */
	*ARENA_PUSH(&k->mem, list, count) = (struct item){ .number = 7 };
	assert_int_equal(list[63].number, 63);
	assert_int_equal(list[64].number, 7);
}

static void a_map_finds_strings_and_pairs(void **state)
{
	struct kit *k = *state;
	struct map texts = { .mem = &k->mem }, pairs = { .mem = &k->mem };
	char one[] = "one", two[] = "two", empty[] = "empty";

	assert_null(map_get(&texts, STR("a")));
	*map_slot(&texts, STR("a")) = one;
	*map_slot(&texts, STR("a\0b")) = two;
	*map_slot(&texts, STR("")) = empty;
	assert_ptr_equal(map_get(&texts, STR("a")), one);
	assert_ptr_equal(map_get(&texts, STR("a\0b")), two);
	assert_ptr_equal(*map_slot(&texts, STR("")), empty);
	assert_null(map_get(&texts, STR("b")));
	for (uint32_t i = 0; i < 1000; i++)
		*map_slot_pair(&pairs, i, UINT32_MAX - i) = k;
	assert_ptr_equal(map_get_pair(&pairs, 999, UINT32_MAX - 999), k);
	assert_null(map_get_pair(&pairs, UINT32_MAX - 999, 999));
	assert_ptr_equal(*map_slot_pair(&pairs, 0, UINT32_MAX), k);
	assert_null(*map_slot_pair(&pairs, 1000, 0));
}

static void arena_copies_and_grows(void **state)
{
	struct kit *k = *state;
	int numbers[] = { 1, 2, 3 };
	int *grown = arena_grow(&k->mem, numbers, 3, 5, sizeof(int));
	char *copy = arena_copy(&k->mem, "a\0b", 3);

	assert_memory_equal(grown, ((int[]){ 1, 2, 3, 0, 0 }), 5 * sizeof(int));
	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(&k->mem, NULL, 0), "");
	assert_non_null(arena_grow(&k->mem, NULL, 0, 0, 8));
	assert_string_equal(arena_printf(&k->mem, "%s/%d", "a", 7), "a/7");
}

#if defined(__SANITIZE_ADDRESS__) /* gcc */
#define GUARDED
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define GUARDED
#endif
#endif

#ifdef GUARDED
#include <sanitizer/asan_interface.h>

/* Memory around a block of an arena must not be touched, or overruns would not be detected. */
static void arena_guards_its_blocks(void **state)
{
	struct kit *k = *state;
	char *first = arena_alloc(&k->mem, 1, 5);
	struct arena_mark mark = arena_mark(&k->mem);
	char *second = arena_printf(&k->mem, "%s", "second");

	assert_false(__asan_address_is_poisoned(first + 4));
	assert_true(__asan_address_is_poisoned(first + 5));
	assert_true(__asan_address_is_poisoned(second - 1));
	assert_false(__asan_address_is_poisoned(second + 6));
	assert_true(__asan_address_is_poisoned(second + 7));
	arena_rewind(&k->mem, mark);
	assert_true(__asan_address_is_poisoned(second));
	assert_false(__asan_address_is_poisoned(first));
}
#endif

static jmp_buf ran_out;

static void leave(void)
{
	longjmp(ran_out, 1);
}

static void arena_takes_overflow_for_out_of_memory(void **state)
{
	static const struct {
		size_t count, size;
	} rows[] = { { SIZE_MAX, 2 }, { SIZE_MAX, 1 }, { SIZE_MAX / 2 + 2, 1 },
		{ (size_t)1 << 33, (size_t)1 << 33 } };
	static volatile size_t caught;

	(void)state;
	caught = 0;
	for (volatile size_t i = 0; i < LENGTH(rows); i++) {
		struct arena mem = { 0 };
		arena_init(&mem, leave);
		if (setjmp(ran_out))
			caught++;
		else
			arena_alloc(&mem, rows[i].count, rows[i].size);
	}
	assert_int_equal(caught, LENGTH(rows));
}

static void str_compares_bytes(void **state)
{
	static const struct {
		struct str a, b;
		int order;
	} rows[] = {
		{ STR(""), STR(""), 0 },
		{ { NULL, 0 }, STR(""), 0 },
		{ STR(""), STR("a"), -1 },
		{ STR("a"), STR("ab"), -1 },
		{ STR("b"), STR("ab"), 1 },
		{ STR("a\0b"), STR("a\0b"), 0 },
		{ STR("a\0b"), STR("a\0c"), -1 },
		{ STR("\x7f"), STR("\x80"), -1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int order = str_compare(rows[i].a, rows[i].b);
		int back = str_compare(rows[i].b, rows[i].a);

		assert_int_equal((order > 0) - (order < 0), rows[i].order);
		assert_int_equal((back > 0) - (back < 0), -rows[i].order);
		assert_int_equal(str_equal(rows[i].a, rows[i].b), rows[i].order == 0);
		assert_int_equal(str_hash(rows[i].a) == str_hash(rows[i].b), rows[i].order == 0);
	}
	/* FNV-1a's published values */
	assert_true(str_hash(STR("")) == 0xcbf29ce484222325u);
	assert_true(str_hash(STR("a")) == 0xaf63dc4c8601ec8cu);
}

static void str_finds_what_was_meant(void **state)
{
	static const char *const names[] = { "name", "promotion", "environments", "sectors",
		"regions", "a" };
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{ "promotion", "promotion" },
		{ "promtion", "promotion" },   /* one left out */
		{ "prommotion", "promotion" }, /* one more */
		{ "pronotion", "promotion" },  /* another */
		{ "rpomotion", "promotion" },  /* a swap, which counts one */
		{ "rpomotino", "promotion" },  /* two swaps */
		{ "PROMOTION", "promotion" },  /* capitals do not count */
		{ "rpomotinos", NULL },        /* three */
		{ "promo", NULL },
		{ "nmae", "name" },
		{ "nam", "name" },
		{ "na", NULL }, /* of two letters none may be wrong */
		{ "emna", NULL },
		{ "sector", "sectors" },
		{ "region", "regions" },
		{ "secotrs", "sectors" },
		{ "a", "a" },
		{ "b", NULL },
		{ "", NULL },
	};
	static const char *const tie[] = { "abcx", "abcy" };
	char longest[300];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *meant = str_nearest(rows[i].typed, names, LENGTH(names));
		assert_string_equal(meant ? meant : "-", rows[i].meant ? rows[i].meant : "-");
	}
	assert_ptr_equal(str_nearest("abcz", tie, 2), tie[0]);
	assert_null(str_nearest("abc", NULL, 0));
	memset(longest, 'x', sizeof(longest));
	longest[256] = '\0';
	const char *one = longest + 1, *two = longest;
	assert_ptr_equal(str_nearest(one, &one, 1), one); /* 255 bytes are the most */
	assert_null(str_nearest(one, &two, 1));
	assert_null(str_nearest(two, &two, 1));
}

static void buf_collects(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };

	assert_str(buf_str(&b), "");
	buf_add(&b, (struct str){ NULL, 0 });
	assert_string_equal(b.at, "");
	buf_puts(&b, "ab");
	buf_putc(&b, '\0');
	buf_printf(&b, "%d%s", 12, "c");
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.at,
		"ab\0"
		"12c",
		7);
	for (int i = 0; i < 1000; i++) {
		buf_printf(&b, "%04d", i);
		assert_int_equal(b.at[b.len], '\0');
	}
	assert_int_equal(b.len, 4006);
	assert_string_equal(b.at + 4002, "0999");
	struct buf own = { .mem = &k->mem };
	buf_puts(&own, "xy");
	for (int i = 0; i < 10; i++)
		buf_add(&own, buf_str(&own));
	assert_int_equal(own.len, 2048);
	assert_string_equal(own.at + 2044, "xyxy");
}

/* Keys with a pattern: a hash by which they fell into few buckets would take minutes. */
static void a_map_holds_keys_of_any_pattern(void **state)
{
	enum { KEYS = 200 * 1000 };
	struct kit *k = *state;
	struct map low = { .mem = &k->mem }, high = low, texts = low;

	for (uint32_t i = 0; i < KEYS; i++) {
		uint64_t *wide = ARENA_NEW(&k->mem, uint64_t, 1);

		*wide = (uint64_t)i << 40;
		*map_slot_pair(&low, i, 0) = wide;
		*map_slot_pair(&high, 0, i << 12) = wide;
		*map_slot(&texts, (struct str){ (const char *)wide, sizeof(*wide) }) = wide;
	}
	for (uint32_t i = 0; i < KEYS; i++) {
		uint64_t *wide = map_get_pair(&low, i, 0);

		assert_true(wide && *wide == (uint64_t)i << 40);
		assert_ptr_equal(map_get_pair(&high, 0, i << 12), wide);
		assert_ptr_equal(
			map_get(&texts, (struct str){ (const char *)wide, sizeof(*wide) }), wide);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(arena_gives_zeroed_aligned_memory),
		KIT_TEST(arena_rewinds_across_chunks),
		KIT_TEST(arena_copies_and_grows),
		KIT_TEST(an_array_grows_one_by_one),
		KIT_TEST(a_map_finds_strings_and_pairs),
		KIT_TEST(a_map_holds_keys_of_any_pattern),
#ifdef GUARDED
		KIT_TEST(arena_guards_its_blocks),
#endif
		KIT_TEST(arena_takes_overflow_for_out_of_memory),
		KIT_TEST(str_compares_bytes),
		KIT_TEST(str_finds_what_was_meant),
		KIT_TEST(buf_collects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
