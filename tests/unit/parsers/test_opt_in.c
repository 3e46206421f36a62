/* opt_in: whose owners ask to be enforced (RULES C8). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/opt_in.h"

static void
reading(void **state)
{
	static const struct {
		const char	*what, *text;
		size_t		 bad_line;	/* 0: none */
		const char	*has, *has_not;
	} rows[] = {
		{ "nothing", "", 0, NULL, "example.com" },
		{ "comments and blanks", "# a.com\n\n  \t\r\n#b", 0, NULL,
		    "a.com" },
		{ "itself alone", "example.com\n", 0, "example.com",
		    "www.example.com" },
		{ "not what is above it", "www.example.com", 0,
		    "www.example.com", "example.com" },
		{ "CRLF, comment behind", "a.com\r\nb.com # why", 0, "b.com",
		    "why" },
		{ "final dot, upper case", "A.Com.\n", 0, "a.com", "A.Com." },
		{ "U-label", "b\303\274cher.example\n", 0,
		    "xn--bcher-kva.example", "bcher.example" },
		{ "the same twice", "a.com\na.com\n", 0, "a.com", "com" },
		{ "two words", "a.com b.com\n", 1, NULL, NULL },
		{ "empty label", "# x\n\na..b\n", 3, NULL, NULL },
		{ "the root takes no mail", "a.com\n.\n", 2, NULL, NULL },
		{ "a control byte", "a.com\nb\001.com\n", 2, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct opt_in opt_in = { 0 };
		struct entry_fault fault = { 0 };
		bool good = opt_in_read(&opt_in, rows[i].text,
		    strlen(rows[i].text), &fault);

		if (good != (rows[i].bad_line == 0) ||
		    (!good && fault.line != rows[i].bad_line))
			fail_msg("%s: line %zu", rows[i].what, fault.line);
		if ((rows[i].has != NULL && !opt_in_has(&opt_in,
		    rows[i].has)) || (rows[i].has_not != NULL &&
		    opt_in_has(&opt_in, rows[i].has_not)))
			fail_msg("%s", rows[i].what);
		opt_in_fini(&opt_in);
	}
}

/* Consent is not widened by a guess: an entry that is not a single domain is
 * refused, with what to write instead. Each has a twin that is taken. */
static void
refused(void **state)
{
	static const struct { const char *line, *why, *twin; } rows[] = {
		{ "*.a.example", "a single domain", "x.a.example" },
		{ ".a.example", "a single domain", "a.example." },
		{ "@a.example", "a mailbox", "a.example" },
		{ "post@a.example", "a mailbox", "post.a.example" },
		{ "mailto:post@a.example", "a mailbox", "a.example" },
		{ "192.0.2.9", "an address", "192.0.2.9.example" },
		{ "192.0.2.0/24", "an address", "24.example" },
		{ "[192.0.2.9]", "an address", "a.example" },
		{ "2001:db8::1", "an address", "db8.example" },
		{ "192.0.2.8-192.0.2.9", "a number", "192.0.2.8-9.example" },
		{ "a.example,b.example", "one domain per line", "a.example" },
		{ "a.example b.example", "one domain per line", "a.example" },
		{ "a.example:25", "write a.example", "a.example" },
		{ "https://a.example/", "write a.example", "a.example" },
		{ "example", "final dot", "example." },
		{ "a\\.b.example", "letters, digits", "a.b.example" },
		{ "a b", "one domain per line", "a.b" },
		{ "\377\376a", "UTF-16", "\357\273\277a.b" },
		{ "a.b # c\rc.d", "carriage return", "a.b # c\r" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct opt_in opt_in = { 0 };
		struct entry_fault fault = { 0 };

		if (opt_in_read(&opt_in, rows[i].line, strlen(rows[i].line),
		    &fault))
			fail_msg("%s: taken", rows[i].line);
		if (fault.line != 1 || strstr(fault.why, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].line, fault.why);
		opt_in_fini(&opt_in);
		if (!opt_in_read(&opt_in, rows[i].twin, strlen(rows[i].twin),
		    &fault))
			fail_msg("%s: %s", rows[i].twin, fault.why);
		opt_in_fini(&opt_in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading), cmocka_unit_test(refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
