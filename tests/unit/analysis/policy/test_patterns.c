/* `mxs` of policy lists against names, and made of them: RULES 10, C10; N1, N5. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "analysis/policy/patterns.h"

#define COUNT(array)	(sizeof (array) / sizeof (array)[0])
#define ITEMS_MAX	8

static void
covering(void **state)
{
	static const struct {
		const char	*pattern, *host;
		bool		 one_label, any_depth;
	} rows[] = {
		{ "mx.example.com", "mx.example.com", true, true },
		{ "mx.example.com", "a.mx.example.com", false, false },
		{ "mx.example.com", "mx.example.net", false, false },
		{ ".example.com", "mx.example.com", true, true },
		{ ".example.com", "a.mx.example.com", false, true },
		{ ".example.com", "example.com", false, false },
		{ ".example.com", "mxexample.com", false, false },
		{ ".example.com", ".example.com", false, false },
		{ ".com", "example.com", true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (policy_pattern_covers(rows[i].pattern, rows[i].host,
		    SUFFIX_ONE_LABEL) != rows[i].one_label ||
		    policy_pattern_covers(rows[i].pattern, rows[i].host,
		    SUFFIX_ANY_DEPTH) != rows[i].any_depth)
			fail_msg("%s: %s", rows[i].pattern, rows[i].host);
}

/* san_text of `certificates` (docs/schema.md). */
static void
matching(void **state)
{
	static const struct {
		const char	*pattern, *san;
		bool		 one_label, any_depth;
	} rows[] = {
		{ "mx.example.com", "dns:mx.example.com", true, true },
		{ "mx.example.com", "dns:MX.Example.Com.", true, true },
		{ "mx.example.com", "dns:*.example.com", true, true },
		{ "a.mx.example.com", "dns:*.example.com", false, false },
		{ "mx.example.com", "dns:other.example.com ip:192.0.2.1 "
		    "dns:mx.example.com", true, true },
		{ "mx.example.com", "", false, false },
		{ "192.0.2.1", "ip:192.0.2.1", false, false },
		{ ".example.com", "dns:mx.example.com", true, true },
		{ ".example.com", "dns:MX.EXAMPLE.COM.", true, true },
		{ ".example.com", "dns:*.example.com", true, true },
		{ ".example.com", "dns:a.mx.example.com", false, true },
		{ ".example.com", "dns:*.mx.example.com", false, true },
		{ ".example.com", "dns:example.com", false, false },
		{ ".example.com", "dns:mxexample.com", false, false },
		{ ".example.com", "ip:mx.example.com", false, false },
		{ ".example.com", "dns:mx\\x00.example.com", false, false },
		{ ".example.com", "dns:a.org dns:mx.example.com", true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *item = rows[i].pattern;
		const struct policy_patterns patterns = { &item, 1 };

		if (policy_patterns_match(&patterns, rows[i].san,
		    SUFFIX_ONE_LABEL) != rows[i].one_label ||
		    policy_patterns_match(&patterns, rows[i].san,
		    SUFFIX_ANY_DEPTH) != rows[i].any_depth)
			fail_msg("%s: %s", rows[i].pattern, rows[i].san);
	}
}

static void
shapes(void **state)
{
	static const struct {
		const char	*what, *names[ITEMS_MAX], *shaped[ITEMS_MAX];
	} rows[] = {
		{ "none", { 0 }, { 0 } },
		{ "sorted and distinct", { "b.example.com", "a.example.com",
		    "b.example.com" }, { "a.example.com", "b.example.com" } },
		{ "three siblings", { "mx3.example.com", "mx1.example.com",
		    "mx2.example.com" }, { ".example.com" } },
		{ "two siblings and a cousin", { "mx1.example.com",
		    "mx2.example.com", "a.mx.example.com" },
		    { "a.mx.example.com", "mx1.example.com",
		    "mx2.example.com" } },
		{ "one that stands twice is one", { "mx1.example.com",
		    "mx2.example.com", "mx2.example.com" },
		    { "mx1.example.com", "mx2.example.com" } },
		{ "below a registrable domain", { "alt1.mx.example.com",
		    "alt2.mx.example.com", "alt3.mx.example.com",
		    "mx.example.com" }, { ".mx.example.com",
		    "mx.example.com" } },
		{ "below a public suffix", { "a.co.uk", "b.co.uk", "c.co.uk" },
		    { "a.co.uk", "b.co.uk", "c.co.uk" } },
		{ "below a top level domain", { "a.com", "b.com", "c.com" },
		    { "a.com", "b.com", "c.com" } },
		{ "two families", { "a.example.com", "b.example.com",
		    "c.example.com", "a.example.net", "b.example.net",
		    "c.example.net" }, { ".example.com", ".example.net" } },
	};
	struct suffix_list *suffixes = suffix_list_open();

	(void)state;
	assert_non_null(suffixes);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *items[ITEMS_MAX] = { 0 };
		struct policy_patterns patterns = { items, 0 };
		size_t wanted = 0;

		while (rows[i].names[patterns.count] != NULL) {
			items[patterns.count] = rows[i].names[patterns.count];
			patterns.count++;
		}
		policy_patterns_shape(&patterns, suffixes);
		for (; rows[i].shaped[wanted] != NULL; wanted++)
			if (wanted >= patterns.count || strcmp(items[wanted],
			    rows[i].shaped[wanted]) != 0)
				fail_msg("%s: no %s", rows[i].what,
				    rows[i].shaped[wanted]);
		if (patterns.count != wanted)
			fail_msg("%s: %zu", rows[i].what, patterns.count);
	}
	suffix_list_free(suffixes);
}

static void
overbroad(void **state)
{
	static const struct { const char *pattern; bool is_overbroad; } rows[] = {
		{ ".com", true }, { ".co.uk", true }, { ".example.com", false },
		{ ".mx.example.co.uk", false }, { "example.com", false },
		{ "co.uk", false },
	};
	struct suffix_list *suffixes = suffix_list_open();

	(void)state;
	assert_non_null(suffixes);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (policy_pattern_is_overbroad(rows[i].pattern, suffixes) !=
		    rows[i].is_overbroad)
			fail_msg("%s", rows[i].pattern);
	suffix_list_free(suffixes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covering), cmocka_unit_test(matching),
		cmocka_unit_test(shapes), cmocka_unit_test(overbroad),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
