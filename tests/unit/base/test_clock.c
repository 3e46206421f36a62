/* Times as RFC 3339 text with milliseconds in UTC; the Gregorian calendar. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "scanner/base/clock.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* The seconds are those of `date -u -d TEXT +%s`. */
static void
texts(void **state)
{
	static const struct { int64_t ms; const char *text; } rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ 999, "1970-01-01T00:00:00.999Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ -1000, "1969-12-31T23:59:59.000Z" },
		{ -1001, "1969-12-31T23:59:58.999Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 1795489200000, "2026-11-24T03:00:00.000Z" },
		/* Past what 32 bits of seconds hold. */
		{ 2147483648000, "2038-01-19T03:14:08.000Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
		/* The four digits of RFC 3339, and no fifth. */
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
		{ 253402300800000, "" },
		{ -62167219200000, "0000-01-01T00:00:00.000Z" },
		{ -62167219200001, "" },
		{ INT64_MAX, "" },
		{ INT64_MIN, "" },
	};
	char text[CLOCK_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		clock_text(rows[i].ms, text);
		assert_string_equal(text, rows[i].text);
	}
}

/* UTC, whatever the time zone of the machine. */
static void
zone(void **state)
{
	char text[CLOCK_TEXT_MAX];

	(void)state;
	setenv("TZ", "Asia/Kathmandu", 1);
	tzset();
	clock_text(1795489200000, text);
	assert_string_equal(text, "2026-11-24T03:00:00.000Z");
	unsetenv("TZ");
	tzset();
}

static void
never_backwards(void **state)
{
	int64_t last = clock_ms();

	(void)state;
	/* 2026-01-01: milliseconds, not seconds. */
	assert_true(last > 1767225600000);
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_ms();

		assert_true(now >= last);
		last = now;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts), cmocka_unit_test(zone),
		cmocka_unit_test(never_backwards),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
