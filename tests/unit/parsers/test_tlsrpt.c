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
		    "mailto:a@b.c,https://d/" },
		{ "RFC 3986 3.1, schemes have no case",
		    "v=TLSRPTv1; rua=MailTo:a@b.c", "MailTo:a@b.c" },
		{ "= in a URI", "v=TLSRPTv1; rua=mailto:a@b.c?subject=x",
		    "mailto:a@b.c?subject=x" },
		{ "an extension", "v=TLSRPTv1; x=y; rua=mailto:a@b.c; z=1",
		    "mailto:a@b.c" },
		{ "encoded , and ;", "v=TLSRPTv1; rua=https://a/%2C%3B%21",
		    "https://a/%2C%3B%21" },
		{ "blanks before the ;", "v=TLSRPTv1 \t; rua=mailto:a@b ;",
		    "mailto:a@b" },
		{ "an unknown scheme beside", "v=TLSRPTv1; rua=mailto:a@b,ftp://c/",
		    "mailto:a@b,ftp://c/" },
		{ "an unknown scheme before", "v=TLSRPTv1; rua=x+y-1.z:c,https://d/",
		    "x+y-1.z:c,https://d/" },
		{ "a second rua", "v=TLSRPTv1; rua=mailto:a@b; x=y; rua=https://c/",
		    "mailto:a@b,https://c/" },
		{ "the known scheme in the second", "v=TLSRPTv1; rua=ftp://c/; "
		    "rua=mailto:a@b", "ftp://c/,mailto:a@b" },
		{ "no rua", "v=TLSRPTv1; x=y", NULL },
		{ "nothing", "v=TLSRPTv1;", NULL },
		{ "empty rua", "v=TLSRPTv1; rua=", NULL },
		{ "http", "v=TLSRPTv1; rua=http://a/", NULL },
		{ "no scheme", "v=TLSRPTv1; rua=a@b.c", NULL },
		{ "a scheme alone", "v=TLSRPTv1; rua=mailto:", NULL },
		{ "one without a scheme", "v=TLSRPTv1; rua=mailto:a@b,c@d",
		    NULL },
		{ "a scheme begins with a letter",
		    "v=TLSRPTv1; rua=mailto:a@b,1a:c", NULL },
		{ "a second rua that is none",
		    "v=TLSRPTv1; rua=mailto:a@b; rua=", NULL },
		{ "no known scheme", "v=TLSRPTv1; rua=ftp://c/; rua=gopher://d/",
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
		size_t length = strlen(rows[i].text);
		struct buffer rua = { 0 };
		bool good;

		assert_true(tlsrpt_is_record(rows[i].text, length));
		good = tlsrpt_read(rows[i].text, length, &rua);
		if (good != (rows[i].rua != NULL) ||
		    strcmp(buffer_text(&rua), good ? rows[i].rua : "") != 0)
			fail_msg("%s: %s", rows[i].rule, buffer_text(&rua));
		buffer_fini(&rua);
	}
}

/* RFC 8460 3: what does not begin with "v=TLSRPTv1" and a delimiter (*WSP ";"
 * *WSP) is discarded. */
static void
other_records(void **state)
{
	static const char *const rows[] = {
		"", "v=TLSRPTv1", "v=TLSRPTv1 ", "v=TLSRPTv1 rua=mailto:a@b;",
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
