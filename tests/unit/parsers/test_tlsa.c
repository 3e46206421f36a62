/* TLSA RDATA: RFC 6698 2.1, RFC 7672 3.1, RULES U1 and U2. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/tlsa.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void
faults(void **state)
{
	static const struct {
		const char *rule;
		uint8_t usage, selector, matching_type;
		size_t length;
		const char *fault;		/* NULL: usable */
	} rows[] = {
		{ "U1 3 1 1", 3, 1, 1, 32, NULL },
		{ "U1 3 0 1", 3, 0, 1, 32, NULL },
		{ "U1 2 0 1", 2, 0, 1, 32, NULL },
		{ "U1 2 1 2", 2, 1, 2, 64, NULL },
		{ "U1 3 1 2", 3, 1, 2, 64, NULL },
		{ "U1 2 0 0", 2, 0, 0, 900, NULL },
		{ "U1 3 1 0, one byte", 3, 1, 0, 1, NULL },
		{ "U1 3 1 1 with 20 bytes", 3, 1, 1, 20, "length" },
		{ "U1 3 1 1 with 31", 3, 1, 1, 31, "length" },
		{ "U1 3 1 1 with 33", 3, 1, 1, 33, "length" },
		{ "U1 3 1 1 with SHA-512", 3, 1, 1, 64, "length" },
		{ "U1 3 1 2 with SHA-256", 3, 1, 2, 32, "length" },
		{ "U1 3 1 2 with 65", 3, 1, 2, 65, "length" },
		{ "U1 3 1 1 with none", 3, 1, 1, 0, "length" },
		{ "U1 2 0 0 with none", 2, 0, 0, 0, "length" },
		{ "U2 PKIX-TA", 0, 1, 1, 32, "usage" },
		{ "U2 PKIX-EE", 1, 1, 1, 32, "usage" },
		{ "U1 usage 4", 4, 1, 1, 32, "usage" },
		{ "U1 PrivCert", 255, 1, 1, 32, "usage" },
		{ "U1 selector 2", 3, 2, 1, 32, "selector" },
		{ "U1 PrivSel", 3, 255, 1, 32, "selector" },
		{ "U1 matching type 3", 3, 1, 3, 32, "matching_type" },
		{ "U1 PrivMatch", 2, 1, 255, 64, "matching_type" },
		{ "usage first", 1, 2, 3, 0, "usage" },
		{ "then the selector", 3, 2, 3, 0, "selector" },
		{ "then the matching type", 3, 1, 3, 0, "matching_type" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t rdata[1024] = { rows[i].usage, rows[i].selector,
			rows[i].matching_type };
		const char *fault;
		struct tlsa tlsa;

		assert_true(tlsa_from_rdata(rdata, 3 + rows[i].length, &tlsa));
		assert_int_equal(tlsa.usage, rows[i].usage);
		assert_int_equal(tlsa.selector, rows[i].selector);
		assert_int_equal(tlsa.matching_type, rows[i].matching_type);
		assert_int_equal(tlsa.length, rows[i].length);
		assert_ptr_equal(tlsa.bytes, rdata + 3);
		fault = tlsa_fault_text(tlsa_fault(&tlsa));
		if (rows[i].fault == NULL ? fault != NULL : fault == NULL ||
		    strcmp(fault, rows[i].fault) != 0)
			fail_msg("%s: %s", rows[i].rule,
			    fault != NULL ? fault : "usable");
	}
	assert_string_equal(tlsa_fault_text(TLSA_UNDECODABLE), "undecodable");
}

/* RFC 6698 2.1: three bytes come before the data. */
static void
too_short(void **state)
{
	static const uint8_t rdata[3] = { 3, 1, 1 };
	struct tlsa tlsa;

	(void)state;
	for (size_t length = 0; length < 3; length++)
		assert_false(tlsa_from_rdata(rdata, length, &tlsa));
	assert_true(tlsa_from_rdata(rdata, 3, &tlsa));
}

/* Each row stands before the next (RFC 4034 6.3). */
static void
canonical_order(void **state)
{
	static const struct { const char *rdata; size_t length; } rows[] = {
		{ "\0\0\0", 3 }, { "\2\1\1\377", 4 }, { "\3\0\1\377", 4 },
		{ "\3\1\0\377\377", 5 }, { "\3\1\1", 3 }, { "\3\1\1\0", 4 },
		{ "\3\1\1\0\0", 5 }, { "\3\1\1\1", 4 }, { "\3\1\1\177\377", 5 },
		{ "\3\1\1\200", 4 }, { "\3\1\2\0", 4 }, { "\3\200\0", 3 },
		{ "\200\0\0", 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(rows); j++) {
			struct tlsa a, b;
			int order;

			assert_true(tlsa_from_rdata((const uint8_t *)
			    rows[i].rdata, rows[i].length, &a));
			assert_true(tlsa_from_rdata((const uint8_t *)
			    rows[j].rdata, rows[j].length, &b));
			order = tlsa_compare(&a, &b);
			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%zu and %zu: %d", i, j, order);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults),
		cmocka_unit_test(too_short),
		cmocka_unit_test(canonical_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
