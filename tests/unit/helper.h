/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper.h - what the unit tests share: cmocka, an arena and an error for each
 * test, and assertions on whole texts.
 *
 *	static void names(void **state)
 *	{
 *		struct kit *k = *state;
 *		assert_int_equal(yaml_read(&k->mem, ..., &k->e), -1);
 *		assert_error(k, STATUS_FILES, "f.yaml:1:1: ...");
 *	}
 *
 *	KIT_TEST(names) in the table of tests
 */
#ifndef HELPER_H
#define HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/node.h"

struct kit {
	struct arena mem;
	struct error e;
};

int kit_setup(void **state);
int kit_teardown(void **state); /* fails if an error was set and not checked */

#define KIT_TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)
#define LENGTH(array)  (sizeof(array) / sizeof((array)[0]))

/* the error's status and whole text, and no details; the error is freed */
void assert_error(struct kit *k, enum status status, const char *text);
/* the whole of s, which holds no NUL byte */
void assert_str(struct str s, const char *expected);

/* the document in `text`; the test fails with the error's text if there is none */
struct doc kit_read(struct kit *k, struct str text);

#endif
