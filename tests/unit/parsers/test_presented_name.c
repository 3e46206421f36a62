/* RULES 5 (N1 to N5, N7) and U5's rule for the CN, from the texts of a row of
 * `certificates`. The bytes themselves: test_reference_name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parsers/presented_name.h"

static void
rows(void **state)
{
	static const struct {
		const char	*rule, *san, *common_name, *name;
		bool		 matches;
	} table[] = {
		{ "exact", "dns:a.example.com", NULL, "a.example.com", true },
		{ "other", "dns:a.example.com", NULL, "b.example.com", false },
		{ "second", "dns:b.example.com dns:a.example.com", NULL,
		    "a.example.com", true },
		{ "N1", "dns:*.example.com", NULL, "a.example.com", true },
		{ "N1 none", "dns:*.example.com", NULL, "example.com", false },
		{ "N1 two", "dns:*.example.com", NULL, "a.b.example.com", false },
		{ "N2", "dns:f*.example.com", NULL, "foo.example.com", false },
		{ "N2 *.com", "dns:*.com", NULL, "example.com", false },
		{ "N3", "dns:A.Example.COM.", NULL, "a.example.com", true },
		{ "N3 longer", "dns:a.example.com", NULL, "a.example.co", false },
		{ "N4", "ip:192.0.2.1", NULL, "192.0.2.1", false },
		{ "N5", "dns:a.example.com\\x00", NULL, "a.example.com", false },
		{ "N5 inside", "dns:a.example.com\\x00.evil.example", NULL,
		    "a.example.com", false },
		{ "N5 other entry", "dns:\\x00 dns:a.example.com", NULL,
		    "a.example.com", true },
		{ "escaped", "dns:\\x61.example.com", NULL, "a.example.com", true },
		{ "a space", "dns:x\\x20dns:a.example.com", NULL,
		    "a.example.com", false },
		{ "half an escape", "dns:a.example.com\\x0", NULL,
		    "a.example.com", false },
		{ "\\DDD", "dns:a\\x5c032.example.com", NULL,
		    "a\\032.example.com", false },
		{ "empty", "", NULL, "a.example.com", false },
		{ "N7", "", NULL, "a.example.com", false },
		{ "CN", "", "a.example.com", "a.example.com", true },
		{ "CN, wildcard", "", "*.example.com", "a.example.com", true },
		{ "CN, dNSName", "dns:b.example.com", "a.example.com",
		    "a.example.com", false },
		{ "CN, no dNSName", "ip:192.0.2.1", "a.example.com",
		    "a.example.com", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (presented_names_match(table[i].san, table[i].common_name,
		    table[i].name) != table[i].matches)
			fail_msg("%s", table[i].rule);
}

/* Longer than any name: nothing is written beyond the bound. */
static void
bounded(void **state)
{
	char san[4096] = "dns:";

	(void)state;
	for (size_t i = 4; i < sizeof san - 1; i++)
		san[i] = 'a';
	san[sizeof san - 1] = '\0';
	assert_false(presented_names_match(san, NULL, "a"));
	assert_false(presented_names_match("", san, "a"));
}

/* RULES 10, "Suffix depth", and N2, N5 of what stands before the suffix. */
static void
below_a_suffix(void **state)
{
	static const struct {
		const char	*rule, *san;
		bool		 one_label, any_depth;
	} table[] = {
		{ "one label", "dns:mx.example.com", true, true },
		{ "case, dot", "dns:MX.Example.COM.", true, true },
		{ "a wildcard", "dns:*.example.com", true, true },
		{ "an underscore", "dns:m_x.example.com", true, true },
		{ "two labels", "dns:a.mx.example.com", false, true },
		{ "a wildcard below", "dns:*.mx.example.com", false, true },
		{ "itself", "dns:example.com", false, false },
		{ "no label", "dns:.example.com", false, false },
		{ "an empty label", "dns:a..example.com", false, false },
		{ "first is empty", "dns:.a.example.com", false, false },
		{ "another", "dns:mx.example.net", false, false },
		{ "no dot", "dns:mxexample.com", false, false },
		{ "second", "dns:example.net dns:mx.example.com", true, true },
		{ "N2", "dns:m*.example.com", false, false },
		{ "N2 inside", "dns:a.*.example.com", false, false },
		{ "N4", "ip:192.0.2.1", false, false },
		{ "no dNSName", "ip:mx.example.com", false, false },
		{ "N5", "dns:m\\x00x.example.com", false, false },
		{ "escaped", "dns:\\x6dx.example.com", true, true },
		{ "empty", "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (presented_names_below(table[i].san, ".example.com",
		    SUFFIX_ONE_LABEL) != table[i].one_label ||
		    presented_names_below(table[i].san, ".example.com",
		    SUFFIX_ANY_DEPTH) != table[i].any_depth)
			fail_msg("%s: %s", table[i].rule, table[i].san);
	/* N2: "*.com" is not a name, whatever a list has. */
	assert_false(presented_names_below("dns:*.com", ".com",
	    SUFFIX_ONE_LABEL));
	assert_true(presented_names_below("dns:example.com", ".com",
	    SUFFIX_ONE_LABEL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(below_a_suffix), cmocka_unit_test(bounded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
