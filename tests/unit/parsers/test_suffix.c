/* The registrable domain, by rules of the list that have been there since 2007
 * and by its default rule "*"; names in the text form of parsers/name.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <libpsl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "parsers/suffix.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void
registrable(void **state)
{
	static const struct { const char *rule, *name, *domain; } rows[] = {
		{ "com", "example.com", "example.com" },
		{ "com, a host", "mx1.mail.example.com", "example.com" },
		{ "a suffix itself", "com", NULL },
		{ "co.uk", "mx.example.co.uk", "example.co.uk" },
		{ "co.uk itself", "co.uk", NULL },
		{ "uk", "example.uk", "example.uk" },
		{ "*.ck", "mx.example.co.ck", "example.co.ck" },
		{ "*.ck, a suffix", "any.ck", NULL },
		{ "!www.ck", "mx.www.ck", "www.ck" },
		{ "A-label, a rule written as U-label (公司.cn)",
		    "mx.example.xn--55qx5d.cn", "example.xn--55qx5d.cn" },
		{ "A-label, the suffix itself", "xn--55qx5d.cn", NULL },
		{ "default rule", "mx.example.nosuchtld", "example.nosuchtld" },
		{ "default rule, a suffix", "nosuchtld", NULL },
		{ "underscore", "_25._tcp.mx.example.com", "example.com" },
		{ "the root", ".", NULL },
		{ "an address", "198.18.9.9", NULL },
		{ "a label of digits", "198.18.9.9.nosuchtld", "9.nosuchtld" },
		{ "escape", "a\\046b.example.com", NULL },
		{ "escape in front", "\\042.example.com", NULL },
	};
	struct suffix_list *list = suffix_list_open();

	(void)state;
	assert_non_null(list);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *name = rows[i].name;
		const char *domain = suffix_registrable(list, name);

		if (rows[i].domain == NULL) {
			if (domain != NULL)
				fail_msg("%s: %s", rows[i].rule, domain);
			continue;
		}
		if (domain == NULL || strcmp(domain, rows[i].domain) != 0)
			fail_msg("%s: %s", rows[i].rule,
			    domain != NULL ? domain : "none");
		/* Inside the name that was given. */
		assert_ptr_equal(domain, name + strlen(name) - strlen(domain));
	}
	suffix_list_free(list);
}

/* libpsl says the same, whatever was looked up before. */
static void
as_libpsl(void **state)
{
	static const char *const suffixes[] = {
		"com", "uk", "co.uk", "ck", "www.ck", "jp", "kobe.jp",
		"city.kobe.jp", "a.kobe.jp", "name", "his.name",
		"forgot.his.name", "github.io", "compute.amazonaws.com",
		"nosuchtld", "xn--55qx5d.cn", "cn",
	};
	static const char *const labels[] = {
		"", "a.", "b.a.", "b.", "a.b.c.d.e.f.g.h.i.",
		"a-label-that-is-longer-than-what-is-kept-of-a-name.and."
		"another-one.",
	};
	const psl_ctx_t *psl = psl_latest(NULL);
	struct suffix_list *list = suffix_list_open();

	(void)state;
	assert_non_null(psl);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(suffixes) * COUNT(labels); i++) {
			char name[256];

			snprintf(name, sizeof name, "%s%s",
			    labels[i % COUNT(labels)],
			    suffixes[i / COUNT(labels)]);
			assert_ptr_equal(suffix_registrable(list, name),
			    psl_registrable_domain(psl, name));
		}
	suffix_list_free(list);
	psl_free((psl_ctx_t *)(uintptr_t)psl);
}

/* run.json wants to know which list it was: a date, and none before the list
 * was. */
static void
version(void **state)
{
	struct suffix_list *list = suffix_list_open();
	const char *text = suffix_list_version(list);
	int year = 0;

	(void)state;
	assert_int_equal(strlen(text), strlen("2023-02-09"));
	assert_int_equal(text[4], '-');
	assert_int_equal(text[7], '-');
	for (int i = 0; i < 4; i++)
		year = year * 10 + text[i] - '0';
	assert_in_range(year, 2007, 2100);
	suffix_list_free(list);
	suffix_list_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registrable), cmocka_unit_test(as_libpsl),
		cmocka_unit_test(version),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
