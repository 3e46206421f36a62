/* The TLSRPT record: RFC 8460 3, RULES P10. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/tlsrpt.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void
records(void **state)
{
	static const struct {
		const char *rule, *text, *rua;	/* NULL: invalid */
	} rows[] = {
		{ "RFC 8460 3.1, example 1",
		    "v=TLSRPTv1;rua=mailto:reports@example.com",
		    "mailto:reports@example.com" },
		{ "RFC 8460 3.1, example 2",
		    "v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt",
		    "https://reporting.example.com/v1/tlsrpt" },
		{ "two URIs", "v=TLSRPTv1; rua=mailto:a@b.c, \t https://d/;",
		    "mailto:a@b.c, \t https://d/" },
		{ "RFC 3986 3.1, schemes have no case",
		    "v=TLSRPTv1; rua=MailTo:a@b.c", "MailTo:a@b.c" },
		{ "= in a URI", "v=TLSRPTv1; rua=mailto:a@b.c?subject=x",
		    "mailto:a@b.c?subject=x" },
		{ "an extension", "v=TLSRPTv1; x=y; rua=mailto:a@b.c; z=1",
		    "mailto:a@b.c" },
		{ "encoded , and ;", "v=TLSRPTv1; rua=https://a/%2C%3B%21",
		    "https://a/%2C%3B%21" },
		{ "no rua", "v=TLSRPTv1; x=y", NULL },
		{ "nothing", "v=TLSRPTv1;", NULL },
		{ "empty rua", "v=TLSRPTv1; rua=", NULL },
		{ "http", "v=TLSRPTv1; rua=http://a/", NULL },
		{ "no scheme", "v=TLSRPTv1; rua=a@b.c", NULL },
		{ "a scheme alone", "v=TLSRPTv1; rua=mailto:", NULL },
		{ "one good, one not", "v=TLSRPTv1; rua=mailto:a@b,ftp://c/",
		    NULL },
		{ "a comma too many", "v=TLSRPTv1; rua=mailto:a@b,", NULL },
		{ "a space inside", "v=TLSRPTv1; rua=mailto:a b", NULL },
		{ "a space behind =", "v=TLSRPTv1; rua= mailto:a@b", NULL },
		{ "! is to be encoded", "v=TLSRPTv1; rua=mailto:a@b!10m", NULL },
		{ "8-bit", "v=TLSRPTv1; rua=mailto:\xc3\xa4@b", NULL },
		{ "bad field behind", "v=TLSRPTv1; rua=mailto:a@b; what", NULL },
		{ "bad extension", "v=TLSRPTv1; x=a b; rua=mailto:a@b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t length = strlen(rows[i].text), rua_length;
		const char *rua;
		bool good;

		assert_true(tlsrpt_is_record(rows[i].text, length));
		good = tlsrpt_read(rows[i].text, length, &rua, &rua_length);
		if (good != (rows[i].rua != NULL) || (good &&
		    (rua_length != strlen(rows[i].rua) ||
		    memcmp(rua, rows[i].rua, rua_length) != 0)))
			fail_msg("%s", rows[i].rule);
	}
}

/* RFC 8460 3: what does not begin with "v=TLSRPTv1;" is discarded. */
static void
other_records(void **state)
{
	static const char *const rows[] = {
		"", "v=TLSRPTv1", "v=TLSRPTv1 ; rua=mailto:a@b",
		"v=tlsrptv1; rua=mailto:a@b", "v=TLSRPTv2; rua=mailto:a@b",
		"v=STSv1; id=1", " v=TLSRPTv1; rua=mailto:a@b",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (tlsrpt_is_record(rows[i], strlen(rows[i])))
			fail_msg("%s", rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(other_records),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
