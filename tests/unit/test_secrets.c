/* What is taken for a secret and what is not, and how little of it is shown. The examples are put together from
 * pieces, so that no scanner takes this file for a leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "findings/secrets.h"
#include "tests/unit/arena.h"

#define SOME_20 "aB3dE5gH7jK9mN1pQ4sT"
#define SOME_36 SOME_20 "6vW8yZ0bC2eF4hJ6"

struct secret_case {
	const char *text;
	const char *what;   /* null: there is none */
	const char *secret; /* the part that is the secret */
	enum certainty certainty;
};

static const struct secret_case cases[] = {
    {"key = 'AKIA"
     "IOSFODNN7ABCDEFG'",
     "an access key of AWS",
     "AKIA"
     "IOSFODNN7ABCDEFG",
     CERTAIN},
    {"xAKIA"
     "IOSFODNN7ABCDEFG",
     NULL, NULL, CERTAIN},
    {"t = 'ghp_" SOME_36 "'", "a token of GitHub", "ghp_" SOME_36, CERTAIN},
    {"t = 'ghp_" SOME_20 "'", NULL, NULL, CERTAIN},
    {"Authorization: glpat-" SOME_20, "a token of GitLab", "glpat-" SOME_20, CERTAIN},
    {"AIza"
     "SyA1234567890abcdefghijklmnopqrstuv",
     "a key of a Google API",
     "AIza"
     "SyA1234567890abcdefghijklmnopqrstuv",
     CERTAIN},
    {"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijABCDEFGHIJ", "a private key",
     "-----BEGIN RSA PRIVATE KEY-----", CERTAIN},
    {"-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijABCDEFGHIJ", NULL, NULL, CERTAIN},
    {"'postgres://ada:l0vel4ce@db.local/x'", "the password of a URL", "l0vel4ce", LIKELY},
    {"'postgres://ada:{pw}@db.local/x'", NULL, NULL, LIKELY},
    {"'https://user:password@host'", NULL, NULL, LIKELY},
    {"http://host:8080/a@b", NULL, NULL, LIKELY},
    {"DB_PASSWORD = 'k7#fLq92xx'", "what looks like a secret by its name", "k7#fLq92xx", LIKELY},
    {"password = 'your password'", NULL, NULL, LIKELY},
    {"password = 'xxxxxxxxxx'", NULL, NULL, LIKELY},
    {"password = getpass('Password: ')", NULL, NULL, LIKELY},
    {"password = os.environ['PASSWORD']", NULL, NULL, LIKELY},
    {"api_key = '<the key of your account>'", NULL, NULL, LIKELY},
};

#define STARS_36 "************************************"

static void test_forms(void **state)
{
	(void)state;
	struct secret_finder *finder = secret_finder_new(arena);
	assert_non_null(finder);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_of(cases[i].text);
		struct secret secret;
		bool is_found = secret_find(finder, text, 0, &secret);
		if (is_found != (cases[i].what != NULL))
			fail_msg("%s: %s", cases[i].text, is_found ? secret.what : "nothing was found");
		if (!is_found)
			continue;
		assert_string_equal(secret.what, cases[i].what);
		assert_int_equal(secret.certainty, cases[i].certainty);
		assert_true(slice_equal(slice_part(text, secret.start, secret.end), slice_of(cases[i].secret)));
	}
	secret_finder_free(finder);
}

static void test_secrets_are_found_one_after_the_other(void **state)
{
	(void)state;
	struct secret_finder *finder = secret_finder_new(arena);
	struct slice text = SLICE("glpat-" SOME_20 " ghp_" SOME_36);
	struct secret secret;
	assert_true(secret_find(finder, text, 0, &secret));
	assert_string_equal(secret.what, "a token of GitLab");
	assert_true(secret_find(finder, text, secret.end, &secret));
	assert_string_equal(secret.what, "a token of GitHub");
	assert_false(secret_find(finder, text, secret.end, &secret));
	secret_finder_free(finder);
}

static void test_little_is_shown(void **state)
{
	(void)state;
	assert_true(slice_equal(secret_hint(arena, SLICE("ghp_" SOME_36)), SLICE("ghp_… (40 characters)")));
	assert_true(slice_equal(secret_hint(arena, SLICE("l0vel4ce")), SLICE("… (8 characters)")));
	struct secret_finder *finder = secret_finder_new(arena);
	struct slice masked = secret_masked(finder, arena, SLICE("a = 'ghp_" SOME_36 "'; b = 'ghp_" SOME_36 "'"));
	assert_true(slice_equal(masked, SLICE("a = 'ghp_" STARS_36 "'; b = 'ghp_" STARS_36 "'")));
	assert_true(slice_equal(secret_masked(finder, arena, SLICE("a = 1")), SLICE("a = 1")));
	secret_finder_free(finder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_forms, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_secrets_are_found_one_after_the_other, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_little_is_shown, setup, teardown),
	};
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
