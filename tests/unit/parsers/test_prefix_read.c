/* What people write for addresses, prefixes and ranges of addresses. The lines of
 * test_opt_out.c have the hints; here is what is read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/prefix_read.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static void
prefixes(void **state)
{
	/* A NULL is to be refused. */
	static const struct { const char *text, *canonical; } rows[] = {
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "2001:DB8::/32", "2001:db8::/32" },
		{ "192.0.2.1", "192.0.2.1/32" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "[192.0.2.1]", "192.0.2.1/32" },
		{ "[2001:db8::1]", "2001:db8::1/128" },
		{ "[IPv6:2001:db8::1]", "2001:db8::1/128" },
		{ "[IPv6:192.0.2.1]", NULL }, { "[192.0.2.1/32]", NULL },
		{ "[192.0.2.1]/32", NULL }, { "[192.0.2.1]x", NULL },
		{ "[192.0.2.1", NULL }, { "192.0.2.1]", NULL },
		{ "[]", NULL }, { "[IPv6:]", NULL }, { "[", NULL },
		{ "", NULL }, { "/", NULL }, { "192.0.2.1/24", NULL },
		{ "a.example", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char why[PREFIX_WHY_MAX] = "", text[ADDRESS_TEXT_MAX + 4];
		struct prefix prefix;
		bool good = prefix_read(rows[i].text, strlen(rows[i].text),
		    &prefix, why);

		if (good != (rows[i].canonical != NULL) ||
		    good != (why[0] == '\0'))
			fail_msg("%s: %s", rows[i].text, why);
		if (!good)
			continue;
		prefix_to_text(&prefix, text);
		assert_string_equal(text, rows[i].canonical);
	}
}

/* RFC 4632: the fewest prefixes, in their order. */
static void
covers(void **state)
{
	static const struct { const char *range, *prefixes; } rows[] = {
		{ "192.0.2.0-192.0.2.255", "192.0.2.0/24 " },
		{ "192.0.2.9-192.0.2.9", "192.0.2.9/32 " },
		{ "192.0.2.8-192.0.2.9", "192.0.2.8/31 " },
		{ "192.0.2.7-192.0.2.8", "192.0.2.7/32 192.0.2.8/32 " },
		{ "192.0.2.1-192.0.2.6", "192.0.2.1/32 192.0.2.2/31 "
		    "192.0.2.4/31 192.0.2.6/32 " },
		{ "10.0.0.0-10.2.255.255", "10.0.0.0/15 10.2.0.0/16 " },
		{ "0.0.0.0-255.255.255.255", "0.0.0.0/0 " },
		{ "255.255.255.255-255.255.255.255", "255.255.255.255/32 " },
		{ "127.255.255.255-128.0.0.0",
		    "127.255.255.255/32 128.0.0.0/32 " },
		{ "2001:db8::-2001:db8:0:ffff:ffff:ffff:ffff:ffff",
		    "2001:db8::/48 " },
		{ "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0 " },
		{ "2001:db8::ffff - 2001:db8::1:1",
		    "2001:db8::ffff/128 2001:db8::1:0/127 " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char why[PREFIX_WHY_MAX] = "", text[512] = "";
		struct prefix_set set = { 0 };

		if (!range_is_meant(rows[i].range, strlen(rows[i].range)) ||
		    !range_read(rows[i].range, strlen(rows[i].range), &set,
		    why))
			fail_msg("%s: %s", rows[i].range, why);
		for (size_t j = 0; j < set.count; j++) {
			prefix_to_text(&set.prefixes[j], text + strlen(text));
			strcat(text, " ");
		}
		if (strcmp(text, rows[i].prefixes) != 0)
			fail_msg("%s: %s", rows[i].range, text);
		prefix_set_fini(&set);
	}
}

/* Every range in 192.0.2.0/27: exactly its addresses, once each, and no two
 * prefixes that are one. */
static void
all_small_ranges(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 32; first++)
		for (unsigned last = first; last < 32; last++) {
			char text[64], why[PREFIX_WHY_MAX];
			struct prefix_set set = { 0 };
			struct address at = { .family = 4,
				.bytes = { 192, 0, 2, 0 } };

			snprintf(text, sizeof text, "192.0.2.%u-192.0.2.%u",
			    first, last);
			assert_true(range_read(text, strlen(text), &set, why));
			for (unsigned i = 0; i < 256; i++) {
				unsigned held = 0;

				at.bytes[3] = (uint8_t)i;
				for (size_t j = 0; j < set.count; j++)
					held += prefix_contains(
					    &set.prefixes[j], &at);
				if (held != (i >= first && i <= last))
					fail_msg("%s: %u", text, i);
			}
			for (size_t j = 1; j < set.count; j++) {
				const struct prefix *one = &set.prefixes[j - 1];
				struct prefix both = prefix_of(&one->base,
				    one->length - 1);

				if (one->length == set.prefixes[j].length &&
				    prefix_contains(&both,
				    &set.prefixes[j].base))
					fail_msg("%s: not the fewest", text);
			}
			prefix_set_fini(&set);
		}
}

static void
meant(void **state)
{
	static const struct { const char *text; bool prefix, range; } rows[] = {
		{ "192.0.2.9", true, false }, { "192.0.2", true, false },
		{ "10/8", true, false }, { "192.0.2.9:25", true, false },
		{ "192.0.2.*", true, false }, { "[x", true, false },
		{ "2001:db8::1", true, false }, { "::", true, false },
		{ "a.example:25", false, false }, { "163.com", false, false },
		{ "https://a.example:443/", false, false },
		{ "192.0.2.8-192.0.2.9", false, true },
		{ "192.0.2.8-9", false, true }, { "192.0.2.8-", false, true },
		{ "2001:db8::1 - 2001:db8::2", true, true },
		{ "192.0.2.9-static.a.example", false, false },
		{ "192.0.2.9-10.example", false, false },
		{ "4-7.example", false, false }, { "", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (prefix_is_meant(rows[i].text, strlen(rows[i].text)) !=
		    rows[i].prefix || range_is_meant(rows[i].text,
		    strlen(rows[i].text)) != rows[i].range)
			fail_msg("%s", rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes),
		cmocka_unit_test(covers),
		cmocka_unit_test(all_small_ranges),
		cmocka_unit_test(meant),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
