/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256: the examples of FIPS 180-4, every length around a block, and any way to cut a text. */
#include "helper.h"

#include "base/digest.h"

static void is_sha256(void **state)
{
	static const struct {
		struct str text;
		size_t times;
		const char *digest;
	} rows[] = {
		{ STR(""), 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ STR("abc"), 1,
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), 1,
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ STR("a"), 1000000,
			"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	};
	char text[DIGEST_TEXT];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct digesting s;

		digest_begin(&s);
		for (size_t n = 0; n < rows[i].times; n++)
			digest_add(&s, rows[i].text);
		const struct digest d = digest_end(&s);
		digest_print(&d, text);
		assert_string_equal(text, rows[i].digest);
	}
}

/* The digest of the digests of all texts "", "a", "aa", ... of up to 299 bytes, by another program. */
static void every_length(void **state)
{
	char bytes[300], text[DIGEST_TEXT];
	struct digesting all;

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	digest_begin(&all);
	for (size_t n = 0; n < sizeof(bytes); n++) {
		const struct digest whole = digest_of((struct str){ bytes, n });

		for (size_t cut = 0; cut <= n; cut += 7) {
			struct digesting s;

			digest_begin(&s);
			digest_add(&s, (struct str){ bytes, cut });
			digest_add(&s, (struct str){ bytes, n - cut });
			const struct digest parts = digest_end(&s);
			assert_true(digest_equal(&parts, &whole));
		}
		digest_add(&all, (struct str){ (const char *)whole.at, sizeof(whole.at) });
	}
	const struct digest d = digest_end(&all);
	digest_print(&d, text);
	assert_string_equal(
		text, "80e953e3b006c4bab43fd5d792f8bd29c122f6cf1497318365fe66bf2d61398d");
}

static void is_read_as_printed(void **state)
{
	const struct digest d = digest_of(STR("x"));
	struct digest read = { { 0 } };
	char text[DIGEST_TEXT + 1];

	(void)state;
	digest_print(&d, text);
	assert_true(digest_read(str_of(text), &read));
	assert_true(digest_equal(&d, &read));
	assert_false(digest_read((struct str){ text, DIGEST_TEXT - 2 }, &read));
	for (const char *wrong = "gA \n/:`"; *wrong; wrong++) {
		text[5] = *wrong;
		assert_false(digest_read(str_of(text), &read));
	}
	text[5] = '\0';
	assert_false(digest_read((struct str){ text, DIGEST_TEXT - 1 }, &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_sha256),
		cmocka_unit_test(every_length),
		cmocka_unit_test(is_read_as_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
