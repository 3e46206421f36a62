/* The records of MTA-STS and TLSRPT in a packet: RULES P1, P10, RFC 2181 5. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "scanner/worker/domain/txt_record.h"
#include "tests/unit/answer_builder.h"

#define OWNER "_mta-sts.example"
#define VALID "\016v=STSv1; id=1;"

/* Reads an answer with RDATA (character strings, each after its length) that
 * ends with NULL, and compares the text. */
static enum txt_status
read_rdata(const char *const *rdata, const char *wanted)
{
	struct buffer packet = { 0 }, text = { 0 };
	struct lookup lookup;
	enum txt_status status;

	answer_begin(&packet, OWNER, DNS_TXT, 0);
	for (; *rdata != NULL; rdata++)
		answer_record(&packet, DNS_ANSWER, OWNER, DNS_TXT, 60, *rdata,
		    strlen(*rdata));
	assert_true(lookup_answered(&lookup, &packet, OWNER, DNS_TXT));
	status = txt_record_read(TXT_MTA_STS, &lookup, &text);
	assert_string_equal(buffer_text(&text), wanted);
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
	buffer_fini(&text);
	return status;
}

/* P1 */
static void
test_two_records(void **state)
{
	(void)state;
	assert_int_equal(read_rdata((const char *const[]){ VALID, NULL },
	    "v=STSv1; id=1;"), TXT_FOUND);
	assert_int_equal(read_rdata((const char *const[]){ VALID,
	    "\016v=STSv1; id=2;", NULL }, ""), TXT_MULTIPLE);
	/* It has the same text, but is another record. */
	assert_int_equal(read_rdata((const char *const[]){ VALID,
	    "\010v=STSv1;\006 id=1;", NULL }, ""), TXT_MULTIPLE);
}

/* RFC 2181 5: a set does not have the same record twice. */
static void
test_same_record_twice(void **state)
{
	(void)state;
	assert_int_equal(read_rdata((const char *const[]){ VALID, VALID,
	    "\013v=spf1 -all", VALID, NULL }, "v=STSv1; id=1;"), TXT_FOUND);
	assert_int_equal(read_rdata((const char *const[]){ VALID, VALID,
	    "\016v=STSv1; id=2;", NULL }, ""), TXT_MULTIPLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_records),
		cmocka_unit_test(test_same_record_twice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
