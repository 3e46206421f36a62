/* opt_out: lists of who asked to be left out, and whom they hold (RULES
 * K11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parsers/opt_out.h"

static void
reading(void **state)
{
	static const struct {
		const char	*what, *text;
		size_t		entries, bad_line;	/* 0: none */
	} rows[] = {
		{ "nothing", "", 0, 0 },
		{ "comments and blanks", "# a\n\n  \t\r\n#b", 0, 0 },
		{ "one of each", "example.com\n192.0.2.1\n192.0.2.0/24\n"
		    "2001:db8::/32\n", 4, 0 },
		{ "no last newline, CRLF, comment behind",
		    "a.com\r\nb.com # why", 2, 0 },
		{ "final dot, upper case", "A.com.\n", 1, 0 },
		{ "U-label", "b\303\274cher.example\n", 1, 0 },
		{ "the same twice", "a.com\na.com\n", 2, 0 },
		{ "two words", "a.com b.com\n", 0, 1 },
		{ "bits behind the prefix", "a.com\n192.0.2.1/24\n", 1, 2 },
		{ "prefix too long", "192.0.2.0/33\n", 0, 1 },
		{ "the root would be everybody", ".\n", 0, 1 },
		{ "empty label", "# x\n\na..b\n", 0, 3 },
		{ "a name with a slash", "a.com/24\n", 0, 1 },
		{ "a URL", "https://a.com/\n", 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct opt_out opt_out = { 0 };
		size_t line;
		bool good = opt_out_read(&opt_out, rows[i].text,
		    strlen(rows[i].text), &line);

		if (good != (rows[i].bad_line == 0) ||
		    (!good && line != rows[i].bad_line) ||
		    opt_out.count != rows[i].entries)
			fail_msg("%s: %s, line %zu, %zu entries",
			    rows[i].what, good ? "good" : "bad", line,
			    opt_out.count);
		opt_out_fini(&opt_out);
	}
}

static void
holding(void **state)
{
	static const char text[] = "example.com\nmx.example.net\nxn--bcher-kva"
	    ".example\n192.0.2.128/25\n198.51.100.7\n2001:db8:1::/48\n"
	    "a\\.b.org\n";
	static const struct { const char *name; bool is_held; } names[] = {
		{ "example.com", true }, { "mx.example.com", true },
		{ "a.b.c.example.com", true }, { "example.com.org", false },
		{ "badexample.com", false }, { "com", false },
		{ "mx.example.net", true }, { "example.net", false },
		{ "xn--bcher-kva.example", true }, { ".", false },
		/* A dot inside a label parts nothing. */
		{ "a\\046b.org", true }, { "x.a\\046b.org", true },
		{ "a.b.org", false }, { "x\\046example.com", false },
	};
	static const struct { const char *text; bool is_held; } places[] = {
		{ "192.0.2.128", true }, { "192.0.2.127", false },
		{ "192.0.2.255", true }, { "198.51.100.7", true },
		{ "198.51.100.8", false }, { "2001:db8:1:ffff::1", true },
		{ "2001:db8:2::1", false },
	};
	struct opt_out opt_out = { 0 };
	size_t line;

	(void)state;
	assert_true(opt_out_read(&opt_out, text, sizeof text - 1, &line));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (opt_out_has_name(&opt_out, names[i].name) !=
		    names[i].is_held)
			fail_msg("%s", names[i].name);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct address address;

		assert_true(address_from_text(places[i].text,
		    strlen(places[i].text), &address));
		if (opt_out_has_address(&opt_out, &address) !=
		    places[i].is_held)
			fail_msg("%s", places[i].text);
	}
	opt_out_fini(&opt_out);
}

/* A list of nobody holds nobody, and is legal to ask. */
static void
empty(void **state)
{
	struct opt_out opt_out = { 0 };
	struct address address = { .family = 4 };

	(void)state;
	assert_true(opt_out_is_empty(&opt_out));
	assert_false(opt_out_has_name(&opt_out, "example.com"));
	assert_false(opt_out_has_address(&opt_out, &address));
	opt_out_fini(&opt_out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(holding),
		cmocka_unit_test(empty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
