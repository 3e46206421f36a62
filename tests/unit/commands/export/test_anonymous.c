/* What counts as an address in a text, and what remains of run.json. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "scanner/commands/export/anonymous.h"

static void
texts(void **state)
{
	static const struct {
		const char	*text;
		bool		 holds;
	} table[] = {
		{ "", false },
		{ "192.0.2.1", true }, { "192.0.2", false },
		{ "192.0.2.256", false },
		{ "dns:mx.example.com", false },
		{ "dns:mx.example.com ip:192.0.2.1", true },
		{ "ip:2001:db8::1", true }, { "dns:2001.db8.example", false },
		{ "no answer from 192.0.2.1.", true },
		{ "[192.0.2.1]:25", true }, { "mailto:a@[192.0.2.1]", true },
		{ "192.0.2.1:25", true }, { "192.0.2.0/24", true },
		{ "2001:db8::/32", true }, { "2001:db8::53 timed out", true },
		{ "::ffff:192.0.2.1", true },
		{ "CN=192.0.2.1,O=Example", true },
		/* OIDs, times and fingerprints. */
		{ "1.3.6.1.4.1.311.60.2.1.3=DE", false },
		{ "1.2.840.113549.1.1.11", false },
		{ "2026-11-24T03:00:00.000Z", false }, { "03:00:00", false },
		{ "aa:bb:cc:dd:ee:ff", false }, { "a :: b", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (holds_address(table[i].text) != table[i].holds)
			fail_msg("%s", table[i].text);
}

static const char *
text_at(const json_t *run, const char *object, const char *name)
{
	return json_string_value(json_object_get(json_object_get(run, object),
	    name));
}

static void
run_file(void **state)
{
	struct anonymous anonymous;
	json_t *run = json_pack("{s:s, s:{s:s}, s:{s:s, s:b}, s:{s:s, s:s, s:s,"
	    " s:b}, s:[s, s], s:{s:i}, s:[{s:{s:s}, s:{s:i}}]}",
	    "state", "sealed",
	    "program", "zlib", "1.2.11.1",
	    "vantage", "machine", "scanner", "ipv4", 1,
	    "options", "ehlo", "scan.example.org", "forward", "192.0.2.53",
	    "contact", "https://scan.example.org/", "probing", 1,
	    "list", "2001:db8::1", "name", "name_servers", "192.0.2.54", 7,
	    "stages", "vantage", "machine", "node-7", "name_servers",
	    "192.0.2.55", 7);
	const json_t *servers;
	char *text;

	(void)state;
	assert_non_null(run);
	anonymous_init(&anonymous);
	anonymous_run(&anonymous, run);
	anonymous_fini(&anonymous);
	assert_string_equal(json_string_value(json_object_get(run, "state")),
	    "sealed");
	assert_true(json_is_true(json_object_get(run, "anonymous")));
	assert_string_equal(text_at(run, "program", "zlib"), "1.2.11.1");
	assert_string_equal(text_at(run, "vantage", "machine"), "");
	assert_true(json_is_true(json_object_get(json_object_get(run,
	    "vantage"), "ipv4")));
	assert_string_equal(text_at(run, "options", "ehlo"), "");
	assert_string_equal(text_at(run, "options", "forward"), "");
	assert_string_equal(text_at(run, "options", "contact"),
	    "https://scan.example.org/");
	assert_true(json_is_true(json_object_get(json_object_get(run,
	    "options"), "probing")));
	servers = json_object_get(run, "name_servers");
	assert_int_equal(json_object_size(servers), 1);
	text = json_dumps(run, 0);
	assert_null(strstr(text, "192.0.2."));
	assert_null(strstr(text, "2001:db8"));
	assert_null(strstr(text, "node-7"));
	assert_non_null(strstr(text, "\"name\""));
	free(text);
	json_decref(run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts), cmocka_unit_test(run_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
