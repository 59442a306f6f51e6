/* SPDX-License-Identifier: Apache-2.0 */
/* Times as texts: every form that is refused, and the calendar beside that of the C library. */
#include "helper.h"

#include <stdio.h>
#include <time.h>

#include "core/instant.h"
#include "fleet_text.h"

static void texts(void **state)
{
	static const char form[] =
		"is not written as 2026-11-30T18:00:00Z, with seconds and in UTC";
	static const char none[] = "is not a time such as 2026-11-30T18:00:00Z";
	static const char zone[] = "is not in UTC; write it as 2026-11-30T18:00:00Z";
	static const char day[] = "is a day that the calendar does not have";
	static const char hour[] = "is a time that the clock does not have";
	static const struct {
		const char *text, *problem;
		int64_t at;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", NULL, 0 },
		{ "1969-12-31T23:59:59Z", NULL, -1 },
		{ "2026-11-30T18:00:00Z", NULL, 1796061600 },
		{ "2024-02-29T23:59:59Z", NULL, 1709251199 },
		{ "2000-02-29T00:00:00Z", NULL, 951782400 },
		{ "0000-01-01T00:00:00Z", NULL, -62167219200 },
		{ "9999-12-31T23:59:59Z", NULL, 253402300799 },
		{ "2026-11-31T00:00:00Z", day, 0 },
		{ "2026-02-29T00:00:00Z", day, 0 },
		{ "1900-02-29T00:00:00Z", day, 0 },
		{ "2026-00-10T00:00:00Z", day, 0 },
		{ "2026-13-10T00:00:00Z", day, 0 },
		{ "2026-10-00T00:00:00Z", day, 0 },
		{ "2026-11-30T24:00:00Z", hour, 0 },
		{ "2026-11-30T23:60:00Z", hour, 0 },
		{ "2026-06-30T23:59:60Z", hour, 0 },
		{ "2026-11-30T18:00:00+02:00", zone, 0 },
		{ "2026-11-30T18:00:00-00:00", zone, 0 },
		{ "2026-11-30T18:00:00+00:00", zone, 0 },
		{ "2026-11-30t18:00:00z", form, 0 },
		{ "2026-11-30T18:00:00z", form, 0 },
		{ "2026-11-30T18:00:00", form, 0 },
		{ "2026-11-30T18:00Z", form, 0 },
		{ "2026-11-30 18:00:00Z", form, 0 },
		{ "2026-11-30T18:00:00.5Z", form, 0 },
		{ "2026-11-30T18:00:00Z ", form, 0 },
		{ "2026-11-30T18:00+02:00", form, 0 },
		{ "2026-11-30T1x:00:00+02:00", form, 0 },
		{ "2026-11-30", "is a day without a time; write it as 2026-11-30T18:00:00Z", 0 },
		{ "", none, 0 },
		{ "tomorrow", none, 0 },
		{ " 2026-11-30T18:00:00Z", none, 0 },
		{ "26-11-30T18:00:00Z", none, 0 },
		{ "+2026-11-30T18:00:00Z", none, 0 },
		{ "12026-11-30T18:00:00Z", none, 0 },
		{ "-001-11-30T18:00:00Z", none, 0 },
		{ "1796061600", none, 0 },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		int64_t at = 42;
		const char *problem = instant_read(str_of(rows[i].text), &at);

		expect_text(rows[i].text, "problem", rows[i].problem ? rows[i].problem : "none",
			problem ? problem : "none");
		assert_int_equal(at, problem ? 42 : rows[i].at);
		if (!problem)
			assert_string_equal(instant_text(&k->mem, at), rows[i].text);
	}
}

static void a_nul_ends_no_time(void **state)
{
	int64_t at = 0;

	(void)state;
	assert_non_null(instant_read(STR("2026-11-30T18:00:00Z\0"), &at));
}

/* A day of each month of ten thousand years: the day and the second move. */
static void days(void **state)
{
	struct kit *k = *state;
	const int64_t first = -62167219200, last = 253402300799;
	const struct arena_mark mark = arena_mark(&k->mem);

	for (int64_t at = first; at <= last; at += 31 * 24 * 60 * 60 + 7) {
		const time_t t = (time_t)at;
		int64_t back = 0;
		struct tm tm;
		char want[40];

		assert_non_null(gmtime_r(&t, &tm));
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		assert_string_equal(instant_text(&k->mem, at), want);
		assert_null(instant_read(str_of(want), &back));
		assert_int_equal(back, at);
		arena_rewind(&k->mem, mark);
	}
}

static void beyond_the_years(void **state)
{
	struct kit *k = *state;

	assert_string_equal(instant_text(&k->mem, INT64_MIN), "0000-01-01T00:00:00Z");
	assert_string_equal(instant_text(&k->mem, INT64_MAX), "9999-12-31T23:59:59Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(texts),
		KIT_TEST(a_nul_ends_no_time),
		KIT_TEST(days),
		KIT_TEST(beyond_the_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
