/* The MX hosts of a domain: RULES MX1, MX2, MX6 to MX8, MX10, MX11, MX13, from
 * packets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/facts.h"
#include "scanner/worker/domain/mx_set.h"
#include "tests/unit/answer_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define HOSTS 6

struct record { unsigned preference; const char *exchange; };
struct expected { unsigned preference, tier; const char *name; };

static const struct {
	const char	*rule;
	struct record	 records[HOSTS];
	struct expected	 hosts[HOSTS];
	int		 dot_preference;	/* -1: no dot */
} rows[] = {
	{ "MX1", { { 20, "b.example" }, { 10, "a.example" } },
	    { { 10, 1, "a.example" }, { 20, 2, "b.example" } }, -1 },
	{ "MX1: equal ones form a tier", { { 5, "d.example" },
	    { 5, "c.example" }, { 7, "a.example" }, { 7, "b.example" },
	    { 65535, "e.example" } },
	    { { 5, 1, "c.example" }, { 5, 1, "d.example" },
	    { 7, 2, "a.example" }, { 7, 2, "b.example" },
	    { 65535, 3, "e.example" } }, -1 },
	{ "preference 0", { { 0, "a.example" } }, { { 0, 1, "a.example" } },
	    -1 },
	{ "MX6", { { 0, "." } }, { { 0, 0, NULL } }, 0 },
	{ "MX7", { { 10, "." } }, { { 0, 0, NULL } }, 10 },
	{ "MX7: the lowest", { { 30, "." }, { 10, "." }, { 20, "." } },
	    { { 0, 0, NULL } }, 10 },
	{ "MX8", { { 0, "." }, { 10, "a.example" } },
	    { { 10, 1, "a.example" } }, 0 },
	{ "MX8", { { 10, "a.example" }, { 20, "." } },
	    { { 10, 1, "a.example" } }, 20 },
	{ "MX11", { { 20, "a.example" }, { 10, "a.example" },
	    { 30, "a.example" } }, { { 10, 1, "a.example" } }, -1 },
	{ "MX11: without case", { { 20, "A.example" }, { 10, "a.EXAMPLE" } },
	    { { 10, 1, "a.example" } }, -1 },
	{ "MX11: its tier", { { 30, "a.example" }, { 20, "b.example" },
	    { 10, "a.example" } },
	    { { 10, 1, "a.example" }, { 20, 2, "b.example" } }, -1 },
	{ "MX11: the higher is no tier", { { 10, "a.example" },
	    { 20, "a.example" }, { 30, "b.example" } },
	    { { 10, 1, "a.example" }, { 30, 2, "b.example" } }, -1 },
};

static void
read_set(struct mx_set *set, const struct buffer *packet)
{
	struct lookup lookup;

	*set = (struct mx_set){ 0 };
	assert_true(lookup_answered(&lookup, packet, "d.example", DNS_MX));
	mx_set_read(set, &lookup);
	/* The set has its own copies. */
	lookup_answered_fini(&lookup);
}

static void
sets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer packet = { 0 };
		struct mx_set set;
		size_t count = 0;

		answer_begin(&packet, "d.example", DNS_MX, 0);
		for (size_t j = 0; rows[i].records[j].exchange != NULL; j++)
			answer_mx(&packet, "d.example",
			    (uint16_t)rows[i].records[j].preference,
			    rows[i].records[j].exchange);
		read_set(&set, &packet);
		for (; rows[i].hosts[count].name != NULL; count++) {
			const struct expected *host = &rows[i].hosts[count];

			if (count >= set.count || strcmp(host->name,
			    set.hosts[count].name) != 0 ||
			    host->preference != set.hosts[count].preference ||
			    host->tier != set.hosts[count].tier)
				fail_msg("%s: host %zu", rows[i].rule, count);
			assert_int_equal(set.hosts[count].flags, 0);
		}
		if (set.count != count || set.found != count ||
		    set.has_dot != (rows[i].dot_preference >= 0) ||
		    (set.has_dot &&
		    set.dot_preference != rows[i].dot_preference))
			fail_msg("%s", rows[i].rule);
		mx_set_fini(&set);
		buffer_fini(&packet);
	}
}

/* Behind a CNAME (MX12), beside records that are no MX, one without a name. */
static void
other_records(void **state)
{
	struct buffer packet = { 0 };
	struct mx_set set;

	(void)state;
	answer_begin(&packet, "d.example", DNS_MX, 0);
	answer_cname(&packet, "d.example", "e.example");
	answer_mx(&packet, "d.example", 1, "not.example");
	answer_rrsig(&packet, "e.example", DNS_MX, 2);
	answer_record(&packet, DNS_ANSWER, "e.example", DNS_MX, 60, "\0\1", 2);
	answer_record(&packet, DNS_ANSWER, "e.example", DNS_MX, 60,
	    "\0\1\3mx", 5);
	answer_mx(&packet, "e.example", 7, "mx.example");
	read_set(&set, &packet);
	assert_int_equal(set.count, 1);
	assert_string_equal(set.hosts[0].name, "mx.example");
	assert_int_equal(set.hosts[0].preference, 7);
	mx_set_fini(&set);
	buffer_fini(&packet);
}

/* MX13: the best 100, by preference and then by name; the count of all. */
static void
many(void **state)
{
	static const struct { unsigned records, kept; } sizes[] = {
		{ 99, 99 }, { 100, 100 }, { 101, 100 }, { 400, 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct buffer packet = { 0 };
		struct mx_set set;
		char name[32];

		answer_begin(&packet, "d.example", DNS_MX, 0);
		/* Worst first, each twice. */
		for (unsigned j = 2 * sizes[i].records; j-- > 0;) {
			snprintf(name, sizeof name, "mx%03u.example", j / 2);
			answer_mx(&packet, "d.example", (uint16_t)j, name);
		}
		read_set(&set, &packet);
		assert_int_equal(set.count, sizes[i].kept);
		assert_int_equal(set.found, sizes[i].records);
		for (unsigned j = 0; j < sizes[i].kept; j++) {
			snprintf(name, sizeof name, "mx%03u.example", j);
			assert_string_equal(set.hosts[j].name, name);
			assert_int_equal(set.hosts[j].preference, 2 * j);
			assert_int_equal(set.hosts[j].tier, j + 1);
		}
		mx_set_fini(&set);
		buffer_fini(&packet);
	}
}

static void
implicit(void **state)
{
	struct mx_set set = { 0 };

	(void)state;
	mx_set_add_implicit(&set, "d.example");
	assert_int_equal(set.count, 1);
	assert_int_equal(set.found, 1);
	assert_string_equal(set.hosts[0].name, "d.example");
	assert_int_equal(set.hosts[0].preference, 0);
	assert_int_equal(set.hosts[0].tier, 1);
	assert_int_equal(set.hosts[0].flags, 1u << MX_FLAG_IMPLICIT);
	mx_set_fini(&set);
}

/* MX10, on names as they stand in a zone (master file form). */
static void
name_flags(void **state)
{
	enum { NONE = 0, IS_ADDRESS = 1u << MX_FLAG_IS_ADDRESS,
		IS_LOCALHOST = 1u << MX_FLAG_IS_LOCALHOST,
		IS_TLD = 1u << MX_FLAG_IS_TLD };
	static const struct { const char *name; unsigned flags; } names[] = {
		{ "mx.example", NONE }, { "localhost.example", NONE },
		{ "notlocalhost", IS_TLD }, { "mx.notlocalhost", NONE },
		{ "1.2.3.example", NONE }, { "1.2.3", NONE },
		{ "192.0.2.1.example", NONE }, { "192.0.2.256", NONE },
		{ "mail", IS_TLD }, { "xn--p1ai", IS_TLD },
		{ "localhost", IS_LOCALHOST }, { "mx.localhost", IS_LOCALHOST },
		{ "LocalHost", IS_LOCALHOST },
		{ "192.0.2.1", IS_ADDRESS }, { "[192.0.2.1]", IS_ADDRESS },
		{ "[IPv6:2001:db8::1]", IS_ADDRESS },
		{ "2001:db8::1", IS_ADDRESS },
		{ "::ffff:192.0.2.1", IS_ADDRESS },
		{ "2001:db8::g", IS_TLD },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct buffer packet = { 0 };
		struct mx_set set;

		answer_begin(&packet, "d.example", DNS_MX, 0);
		answer_mx(&packet, "d.example", 10, names[i].name);
		read_set(&set, &packet);
		assert_int_equal(set.count, 1);
		if (set.hosts[0].flags != names[i].flags ||
		    mx_name_flags(set.hosts[0].name) != names[i].flags)
			fail_msg("%s: flags %#x", names[i].name,
			    set.hosts[0].flags);
		mx_set_fini(&set);
		buffer_fini(&packet);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets), cmocka_unit_test(other_records),
		cmocka_unit_test(many), cmocka_unit_test(implicit),
		cmocka_unit_test(name_flags),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
