/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/range.h"

#include <string.h>

#include "store/git/git.h"

static const char *or_head(struct arena *mem, const char *at, size_t n)
{
	return n ? arena_copy(mem, at, n) : "HEAD";
}

bool range_read(struct arena *mem, const char *word, struct range *range)
{
	const char *dots = strstr(word, "..");

	if (!dots)
		return false;
	const size_t n = (size_t)(dots - word), width = dots[2] == '.' ? 3 : 2;
	*range = (struct range){ or_head(mem, word, n),
		or_head(mem, dots + width, strlen(dots + width)), width == 3 };
	return true;
}

int range_find_common(
	struct arena *mem, const struct root *root, struct range *range, struct error *e)
{
	const char *const words[] = { "merge-base", "--end-of-options", range->from, range->to,
		NULL };
	const char *common = git_ask(mem, root, words);

	if (!common) {
		error_set(e, STATUS_FILES,
			"%s...%s: git knows no commit that the two have in common; in a shallow clone, git fetch --unshallow brings what came before",
			range->from, range->to);
		return error_code(e, "unknown-revision");
	}
	range->from = common;
	return 0;
}
