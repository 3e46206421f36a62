/* known_flaws (scanner/dns/recursive/known_flaws.h). The versions are those of
 * the records of the CVEs, and of the release notes of Unbound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "scanner/dns/recursive/known_flaws.h"

static int
has(const char *version, const char *cve)
{
	const char *flaw;

	for (size_t i = 0; (flaw = known_flaw(version, i)) != NULL; i++)
		if (strcmp(flaw, cve) == 0)
			return 1;
	return 0;
}

/* Each with the last version that has the flaw, and the first one without it. */
static void
each_ends(void **state)
{
	static const struct { const char *cve, *last, *mended; } rows[] = {
		{ "CVE-2022-30698", "1.16.1", "1.16.2" },
		{ "CVE-2022-30699", "1.16.1", "1.16.2" },
		{ "CVE-2022-3204", "1.16.2", "1.16.3" },
		{ "CVE-2023-50387", "1.19.0", "1.19.1" },
		{ "CVE-2023-50868", "1.19.0", "1.19.1" },
		{ "CVE-2024-8508", "1.21.0", "1.21.1" },
		{ "CVE-2025-11411", "1.24.1", "1.24.2" },
		{ "CVE-2026-33278", "1.25.0", "1.25.1" },
		{ "CVE-2026-42959", "1.25.0", "1.25.1" },
		{ "CVE-2026-42960", "1.25.0", "1.25.1" },
		{ "CVE-2026-81634", "1.26.0", "1.26.1" },
		{ "CVE-2026-81642", "1.26.0", "1.26.1" },
		{ "CVE-2026-96405", "1.26.1", "1.26.2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(has(rows[i].last, rows[i].cve));
		assert_false(has(rows[i].mended, rows[i].cve));
	}
}

/* A flaw that a mended one brought in. */
static void
one_begins(void **state)
{
	(void)state;
	assert_false(has("1.19.0", "CVE-2026-33278"));
	assert_true(has("1.19.1", "CVE-2026-33278"));
	assert_false(has("1.17.1", "CVE-2026-33278"));
}

/* Numbers are compared, not letters. */
static void
numbers(void **state)
{
	(void)state;
	assert_true(has("1.9.6", "CVE-2023-50387"));
	assert_false(has("1.100.0", "CVE-2023-50387"));
	assert_null(known_flaw("2.0.0", 0));
	assert_null(known_flaw("1.26.2", 0));
	assert_true(has("1.24.0rc1", "CVE-2025-11411"));
}

static void
no_version(void **state)
{
	(void)state;
	assert_null(known_flaw("", 0));
	assert_null(known_flaw("1.17", 0));
	assert_null(known_flaw("unknown", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ends),
		cmocka_unit_test(one_begins),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_version),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
