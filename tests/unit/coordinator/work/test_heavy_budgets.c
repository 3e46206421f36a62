/* The budgets of the servers of heavy sets, over all shards (RULES K15). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "scanner/base/wire.h"
#include "scanner/coordinator/work/heavy_budgets.h"
#include "scanner/message/item.h"

/* All shards together have what a run has, and the owner has most of it. */
static void
sums(void **state)
{
	static const struct { uint64_t share, shards; double own, others; }
	rows[] = {
		{ 500, 1, 500, 125 },
		{ 166, 3, 414, 42 },
		{ 33, 3, 81, 9 },
		{ 5, 100, 302, 2 },
		{ 1, 500, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double own = heavy_budget(rows[i].share, rows[i].shards, true);
		double others = heavy_budget(rows[i].share, rows[i].shards,
		    false);

		assert_true(own == rows[i].own && others == rows[i].others);
		assert_true(own + others * (double)(rows[i].shards - 1) ==
		    (double)(rows[i].share * rows[i].shards));
	}
}

static void
put_host(struct buffer *hosts, const char *name, const char *address)
{
	struct address parsed;

	wire_put_number(hosts, 10, 4);
	wire_put_text(hosts, name);
	wire_put_number(hosts, address != NULL, 1);
	if (address == NULL)
		return;
	assert_true(address_from_text(address, strlen(address), &parsed));
	address_put(hosts, &parsed);
}

static void
put_set(struct buffer *sets, uint32_t one, uint32_t two)
{
	wire_put_number(sets, 10, 4);
	wire_put_number(sets, 0, 4);	/* with DS */
	wire_put_number(sets, 2, 1);
	wire_put_number(sets, one, 4);
	wire_put_number(sets, two, 4);
}

/* Sets 1 and 2 are heavy; both have host 2. Set 3 is not. */
static struct plan_servers *
servers_of_plan(void)
{
	struct buffer hosts = { 0 }, sets = { 0 };

	put_host(&hosts, "ns1.example", "192.0.2.1");
	put_host(&hosts, "ns2.example", NULL);
	put_host(&hosts, "ns3.example", "2001:db8::3");
	put_host(&hosts, "ns4.example", "198.51.100.4");
	put_set(&sets, 1, 2);
	put_set(&sets, 2, 3);
	put_set(&sets, 3 + 1, 3 + 1);
	return plan_servers_read(&hosts, &sets);
}

/* The rate of a server: the share of the one worker. */
static double
rate_of(const struct options *options, const struct plan *plan,
    const char *name)
{
	struct name_servers *servers = name_servers_new(options, NULL);
	const struct name_server *server;
	double rate;

	heavy_budgets_set(servers, plan, options);
	/* So many losses halve its rate, and so it is told. A prefix is never
	 * halved. */
	server = name_servers_report(servers, 0, name, 100, 100, 0, 1);
	rate = server == NULL ? -1 : 2 * name_server_rate(server);
	name_servers_free(servers);
	return rate;
}

static void
of_plan(void **state)
{
	static const struct {
		const char *name;
		double of_first, of_second, of_third;
	} rows[] = {
		{ "192.0.2.1", 250, 25, 25 },
		/* 100 x 3 - 25 x 2; the set that comes first has it. */
		{ "ns2.example", 250, 25, 25 },
		{ "2001:db8::3", 25, 250, 25 },
		{ "198.51.100.4", 100, 100, 100 },
		{ "192.0.2.2", 100, 100, 100 },
	};
	struct chunk chunks[] = {
		{ .items = 9 }, { .items = 9, .set_id = 1 },
		{ .items = 9, .set_id = 1 }, { .items = 9, .set_id = 2 },
	};
	struct plan plan = {
		.chunks = chunks, .chunk_count = 4,
		.servers = servers_of_plan(),
	};

	(void)state;
	assert_non_null(plan.servers);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (uint64_t shard = 1; shard <= 3; shard++) {
			const struct options options = {
				.dns_rate = 100, .dns_prefix_rate = 400,
				.workers = 1, .mta_sts = CHOICE_YES,
				.stage = STAGE_DOMAINS,
				.shard = { shard, 3 },
			};
			double rate = rate_of(&options, &plan, rows[i].name);
			double wanted = shard == 1 ? rows[i].of_first
			    : shard == 2 ? rows[i].of_second
			    : rows[i].of_third;

			if (rate != wanted)
				fail_msg("%s in shard %d: %g", rows[i].name,
				    (int)shard, rate);
		}
	plan_servers_close(plan.servers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums), cmocka_unit_test(of_plan),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
