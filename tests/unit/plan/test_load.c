/* load: how long the names of a plan take (RULES K9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/message/item.h"
#include "scanner/plan/load.h"

#define V4(last)	{ 4, { 192, 0, 2, last } }
#define V6(last)	{ 6, { 0x20, 1, 0xd, 0xb8, [15] = last } }

/* By number, from 1. */
static const struct {
	const char	*name;
	struct address	 addresses[3];
	unsigned	 address_count;
} hosts[] = {
	{ "one.example", { V4(1) }, 1 },
	{ "two.example", { V4(2) }, 1 },
	/* The first by another name. */
	{ "too.example", { V6(9), V4(1) }, 2 },
	{ "six.example", { V6(1) }, 1 },
	{ "bare.example", { { 0 } }, 0 },
	{ "void.example", { { 0 } }, 0 },
};
#define HOSTS (sizeof hosts / sizeof hosts[0])

struct set {
	uint32_t	names, hosts[4], signed_names;
};

static struct plan_servers *
read_plan(const struct set *sets, size_t count)
{
	struct buffer host_bytes = { 0 }, set_bytes = { 0 };
	struct plan_servers *servers;

	for (size_t i = 0; i < HOSTS; i++) {
		wire_put_number(&host_bytes, 0, 4);
		wire_put_text(&host_bytes, hosts[i].name);
		wire_put_number(&host_bytes, hosts[i].address_count, 1);
		for (unsigned j = 0; j < hosts[i].address_count; j++)
			address_put(&host_bytes, &hosts[i].addresses[j]);
	}
	for (size_t i = 0; i < count; i++) {
		unsigned of_set = 0;

		while (of_set < 4 && sets[i].hosts[of_set] != 0)
			of_set++;
		wire_put_number(&set_bytes, sets[i].names, 4);
		wire_put_number(&set_bytes, sets[i].signed_names, 4);
		wire_put_number(&set_bytes, of_set, 1);
		for (unsigned j = 0; j < of_set; j++)
			wire_put_number(&set_bytes, sets[i].hosts[j], 4);
	}
	servers = plan_servers_read(&host_bytes, &set_bytes);
	assert_non_null(servers);
	return servers;
}

/* With one question a name and 100 questions a second. */
static const struct options options = { .dns_rate = 100,
	.dns_prefix_rate = 400, .mta_sts = CHOICE_NO };

/* 6,000 names, and the time that they need. */
static void
set_seconds(void **state)
{
	static const struct {
		const char	*what;
		struct set	 set;
		double		 seconds;
	} rows[] = {
		{ "one host", { 6000, { 1 }, 0 }, 60 },
		{ "two hosts", { 6000, { 1, 2 }, 0 }, 30 },
		{ "two names of one address", { 6000, { 1, 3 }, 0 }, 60 },
		{ "two of three are one server", { 6000, { 1, 2, 3 }, 0 }, 40 },
		{ "another family is another server", { 6000, { 1, 4 }, 0 }, 30 },
		{ "without addresses each name is one",
		    { 6000, { 5, 6 }, 0 }, 30 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct plan_servers *servers = read_plan(&rows[i].set, 1);
		double seconds = plan_set_seconds(servers, 1, &options);
		/* As if its hosts had one address. */
		double most = plan_set_most_seconds(servers, 1, &options);

		if (seconds != rows[i].seconds)
			fail_msg("%s: %g s", rows[i].what, seconds);
		assert_true(plan_least_seconds(servers, 6000, &options) ==
		    seconds);
		assert_true(plan_set_seconds(servers, 2, &options) == 0);
		assert_true(most >= 60 && most < 61);
		assert_true(plan_set_most_seconds(servers, 2, &options) == 0);
		plan_servers_close(servers);
	}
}

/* With records of MTA-STS and TLSRPT a name takes three questions. */
static void
records(void **state)
{
	static const struct set set = { 6000, { 1 }, 0 };
	struct plan_servers *servers = read_plan(&set, 1);
	struct options with = options;

	(void)state;
	with.mta_sts = CHOICE_YES;
	assert_true(plan_set_seconds(servers, 1, &with) == 180);
	plan_servers_close(servers);
}

/* A name with DS takes one question more, with those records and without. */
static void
signed_names(void **state)
{
	static const struct set set = { 6000, { 1 }, 2000 },
	    twin = { 6000, { 1 }, 0 };
	struct plan_servers *some = read_plan(&set, 1);
	struct plan_servers *none = read_plan(&twin, 1);
	struct options with = options;

	(void)state;
	with.mta_sts = CHOICE_YES;
	assert_true(plan_set_seconds(some, 1, &options) == 80);
	assert_true(plan_least_seconds(some, 6000, &options) == 80);
	assert_true(plan_set_seconds(none, 1, &options) == 60);
	assert_true(plan_set_seconds(some, 1, &with) == 200);
	plan_servers_close(some);
	plan_servers_close(none);
}

/* All addresses of the first three hosts are in one /24. */
static void
prefixes(void **state)
{
	static const struct {
		const char	*what;
		struct set	 sets[2];
		uint64_t	 prefix_rate;
		double		 first, least;
	} rows[] = {
		{ "room enough", { { 6000, { 1, 2 }, 0 }, { 0, { 4 }, 0 } }, 200,
		    30, 30 },
		{ "the prefix is slower", { { 6000, { 1, 2 }, 0 }, { 0, { 4 }, 0 } },
		    120, 50, 50 },
		{ "half of them are elsewhere",
		    { { 6000, { 1, 2, 4, 5 }, 0 }, { 0, { 4 }, 0 } }, 120, 25, 25 },
		{ "sets that share it", { { 6000, { 1 }, 0 }, { 3000, { 2 }, 0 } },
		    100, 60, 90 },
		{ "no prefix is known", { { 6000, { 5 }, 0 }, { 0, { 4 }, 0 } }, 1,
		    60, 60 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct plan_servers *servers = read_plan(rows[i].sets, 2);
		struct options with = options;

		with.dns_prefix_rate = rows[i].prefix_rate;
		if (plan_set_seconds(servers, 1, &with) != rows[i].first ||
		    plan_least_seconds(servers, 0, &with) != rows[i].least)
			fail_msg("%s: %g s, %g s", rows[i].what,
			    plan_set_seconds(servers, 1, &with),
			    plan_least_seconds(servers, 0, &with));
		plan_servers_close(servers);
	}
}

/* Sets that share a server take their times one after the other. */
static void
least_seconds(void **state)
{
	static const struct {
		const char	*what;
		struct set	 sets[2];
		uint64_t	 names;
		double		 seconds;
	} rows[] = {
		{ "apart", { { 6000, { 1 }, 0 }, { 3000, { 2 }, 0 } }, 9000, 60 },
		{ "the same host", { { 6000, { 1 }, 0 }, { 3000, { 1, 2 }, 0 } },
		    9000, 75 },
		{ "the same address", { { 6000, { 1 }, 0 }, { 3000, { 3 }, 0 } },
		    9000, 90 },
		{ "the same name without address",
		    { { 6000, { 5 }, 0 }, { 3000, { 5 }, 0 } }, 9000, 90 },
		{ "this machine is slower", { { 60, { 1 }, 0 }, { 30, { 2 }, 0 } },
		    2000000, 100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct plan_servers *servers = read_plan(rows[i].sets, 2);
		double seconds = plan_least_seconds(servers, rows[i].names,
		    &options);

		if (seconds != rows[i].seconds)
			fail_msg("%s: %g s", rows[i].what, seconds);
		plan_servers_close(servers);
	}
}

/* The names are counted for the servers that are charged for them. */
static void
as_charged(void **state)
{
	static const struct set set = { 9000, { 1, 2, 3 }, 0 };
	struct plan_servers *servers = read_plan(&set, 1);
	struct buffer list = { 0 };
	char name[32], server[NAME_TEXT_MAX];
	unsigned of_first = 0;

	(void)state;
	assert_true(plan_set_put(servers, 1, &list));
	for (int i = 0; i < 9000; i++) {
		const struct domain_item item = {
			.name = name, .servers = list.bytes,
			.servers_length = list.length,
		};

		snprintf(name, sizeof name, "d%d.example", i);
		assert_true(servers_charged(domain_item_servers(&item),
		    item.name, server));
		of_first += strcmp(server, "192.0.2.1") == 0;
	}
	/* Two of three, within a twentieth. */
	assert_in_range(of_first, 5700, 6300);
	assert_true(plan_set_seconds(servers, 1, &options) == 60);
	buffer_fini(&list);
	plan_servers_close(servers);
}

static void
slow_sets(void **state)
{
	static const struct set sets[] = {
		{ 100, { 1 }, 0 }, { 700, { 1 }, 0 }, { 300, { 1 }, 0 },
		{ 700, { 1, 2 }, 0 }, { 600, { 1 }, 0 }, { 200, { 1 }, 0 },
		{ 900, { 1 }, 0 },
	};
	static const uint32_t order[] = { 7, 2, 5, 4, 3 };
	struct plan_servers *servers = read_plan(sets, 7);
	struct slow_set slow[PLAN_SLOW_SETS];

	(void)state;
	assert_int_equal(plan_slow_sets(servers, &options, slow), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(slow[i].number, order[i]);
	assert_true(slow[0].seconds == 9 && slow[3].seconds == 3.5);
	plan_servers_close(servers);
	servers = read_plan(sets, 2);
	assert_int_equal(plan_slow_sets(servers, &options, slow), 2);
	assert_int_equal(slow[0].number, 2);
	plan_servers_close(servers);
	servers = read_plan(sets, 0);
	assert_int_equal(plan_slow_sets(servers, &options, slow), 0);
	assert_true(plan_least_seconds(servers, 0, &options) == 0);
	plan_servers_close(servers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_seconds), cmocka_unit_test(records),
		cmocka_unit_test(signed_names),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(least_seconds), cmocka_unit_test(as_charged),
		cmocka_unit_test(slow_sets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
