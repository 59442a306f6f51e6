/* SPDX-License-Identifier: Apache-2.0 */
#include "core/instant.h"

enum { DAY = 24 * 60 * 60, LAST_YEAR = 9999 };

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_in_month(int64_t year, int64_t month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from the start of the year 0000 to that of `year`. */
static int64_t days_before_year(int64_t year)
{
	const int64_t last = year - 1;

	/* the year 0000 is a leap year */
	return year ? 366 + last * 365 + last / 4 - last / 100 + last / 400 : 0;
}

static int64_t days_before_1970(void)
{
	return days_before_year(1970);
}

/* Whether a text has the digits and signs of the pattern, in which 0 is any digit. */
static bool fits(struct str text, const char *pattern)
{
	if (text.len != strlen(pattern))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const bool digit = text.at[i] >= '0' && text.at[i] <= '9';

		if (pattern[i] == '0' ? !digit : text.at[i] != pattern[i])
			return false;
	}
	return true;
}

static int64_t number(struct str text, size_t from, size_t to)
{
	int64_t n = 0;

	for (size_t i = from; i < to; i++)
		n = n * 10 + (text.at[i] - '0');
	return n;
}

/* What is wrong with a text that is not of the one form. */
static const char *describe(struct str text)
{
	static const char date[] = "0000-00-00";
	const size_t n = sizeof(date) - 1;

	if (text.len < n || !fits(str_part(text, 0, n), date))
		return "is not a time such as 2026-11-30T18:00:00Z";
	if (text.len == n)
		return "is a day without a time; write it as 2026-11-30T18:00:00Z";
	if (text.len > n + 9 && strchr("+-", text.at[n + 9]) &&
		fits(str_part(text, n + 1, n + 9), "00:00:00"))
		return "is not in UTC; write it as 2026-11-30T18:00:00Z";
	return "is not written as 2026-11-30T18:00:00Z, with seconds and in UTC";
}

const char *instant_read(struct str text, int64_t *at)
{
	if (!fits(text, "0000-00-00T00:00:00Z"))
		return describe(text);
	const int64_t year = number(text, 0, 4), month = number(text, 5, 7);
	const int64_t day = number(text, 8, 10), hour = number(text, 11, 13);
	const int64_t minute = number(text, 14, 16), second = number(text, 17, 19);
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return "is a day that the calendar does not have";
	if (hour > 23 || minute > 59 || second > 59)
		return "is a time that the clock does not have";
	int64_t days = days_before_year(year) - days_before_1970() + day - 1;
	for (int64_t m = 1; m < month; m++)
		days += days_in_month(year, m);
	*at = days * DAY + (hour * 60 + minute) * 60 + second;
	return NULL;
}

const char *instant_text(struct arena *mem, int64_t at)
{
	const int64_t first = -days_before_1970() * DAY;
	const int64_t last = (days_before_year(LAST_YEAR + 1) - days_before_1970()) * DAY - 1;
	const int64_t in = at < first ? first : at > last ? last : at;
	int64_t days = (in - first) / DAY, seconds = (in - first) % DAY, month = 1;
	/* never too late, and a few years too early at most */
	int64_t year = days / 366;

	while (days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	for (; days >= days_in_month(year, month); month++)
		days -= days_in_month(year, month);
	return arena_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month,
		(int)days + 1, (int)(seconds / 3600), (int)(seconds / 60 % 60),
		(int)(seconds % 60));
}
