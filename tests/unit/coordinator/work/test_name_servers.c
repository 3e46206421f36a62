/* name_servers: the budget over all workers, and the names that wait (RULES
 * K9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/coordinator/work/name_servers.h"

#define SERVER "192.0.2.53"

static const struct options options = {
	.dns_rate = 500, .dns_prefix_rate = 2000, .workers = 2, .mta_sts = CHOICE_YES,
};

static struct name_servers *
open_servers(void)
{
	return name_servers_new(&options, NULL);
}

static double
rate_of(const struct name_servers *servers)
{
	size_t index = 0;
	const struct name_server *server = name_servers_next(servers, &index);

	return server == NULL ? (double)options.dns_rate
	    : name_server_rate(server);
}

/* Reports, one after the other, and the rate after each. */
static void
rates(void **state)
{
	static const struct {
		const char	*what;
		uint64_t	asked, lost;
		int64_t		now_ms;
		double		rate;
		bool		is_told;
	} rows[] = {
		{ "too few to be judged", 49, 49, 0, 500, false },
		{ "over one in twenty, with those before", 51, 1, 1000, 250,
		    true },
		{ "what was lost before is repeated yet", 1000, 1000, 3900,
		    250, false },
		{ "the count begins anew", 49, 40, 4000, 250, false },
		{ "half again", 1, 0, 4500, 125, true },
		{ "one in twenty is not over it", 200, 10, 7500, 125, false },
		{ "no loss, but not for long enough", 1000, 0, 8000, 125,
		    false },
		{ "no loss for ten minutes: it may grow", 100, 0, 605000,
		    187.5, true },
		{ "but not at once again", 100, 0, 609000, 187.5, false },
	};
	struct name_servers *servers = open_servers();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool told = name_servers_report(servers, i % 2, SERVER,
		    rows[i].asked, rows[i].lost, 0, rows[i].now_ms) != NULL;

		if (told != rows[i].is_told ||
		    rate_of(servers) != rows[i].rate)
			fail_msg("%s: %g, %s", rows[i].what, rate_of(servers),
			    told ? "told" : "not told");
	}
	name_servers_free(servers);
}

/* A server that is dead is asked a little all the same, and one whose loss is
 * over is asked fully again, some day. */
static void
bounds(void **state)
{
	struct name_servers *servers = open_servers();

	(void)state;
	for (int i = 0; i < 20; i++)
		name_servers_report(servers, 0, SERVER, 100, 100, 0,
		    i * 10000);
	assert_true(rate_of(servers) == 10);
	for (int64_t i = 1; i < 20; i++)
		name_servers_report(servers, 0, SERVER, 100, 0, 0,
		    i * 700000);
	assert_true(rate_of(servers) == 500);
	name_servers_free(servers);
}

/* One server does not answer for another. */
static void
apart(void **state)
{
	struct name_servers *servers = open_servers();
	const struct name_server *server;
	size_t index = 0;

	(void)state;
	assert_null(name_servers_report(servers, 0, "ns.good.com", 1000, 0, 0,
	    0));
	server = name_servers_report(servers, 0, SERVER, 1000, 900, 0, 0);
	assert_non_null(server);
	assert_string_equal(name_server_name(server), SERVER);
	assert_ptr_equal(name_servers_next(servers, &index), server);
	assert_null(name_servers_next(servers, &index));
	name_servers_free(servers);
}

static void
hold(struct name_servers *servers, const char *name, const char *server)
{
	struct buffer list = { 0 };
	struct domain_item item = {
		.name = name, .state = ITEM_HELD,
		.parent_ds_algorithms = "", .dns_operator = "",
	};

	wire_put_text(&list, server);
	wire_put_number(&list, 0, 1);
	item.servers = list.bytes;
	item.servers_length = list.length;
	name_servers_hold(servers, &item);
	buffer_fini(&list);
}

/* Names go out as their server has room at that worker, in their order, each
 * once; a full server does not delay the others. */
static void
releases(void **state)
{
	struct name_servers *servers = open_servers();
	struct buffer input = { 0 };
	struct wire wire;
	struct domain_item item;
	char name[32];
	uint32_t count;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof name, "d%d.com", i);
		hold(servers, name, "ns.slow.com");
	}
	hold(servers, "other.com", "ns.other.com");
	assert_int_equal(name_servers_held(servers), 5001);
	/* The worker says that as many wait as three seconds let go. */
	name_servers_report(servers, 0, "ns.slow.com", 0, 0, 251, 0);
	count = name_servers_release(servers, 0, 10000, 1000, &input);
	assert_int_equal(count, 1);
	/* Four seconds of its share of 250 a second, at three questions a name,
	 * and not again at once. */
	name_servers_report(servers, 0, "ns.slow.com", 0, 0, 0, 0);
	input.length = 0;
	count = name_servers_release(servers, 0, 10000, 1000, &input);
	assert_int_equal(count, 334);
	assert_int_equal(name_servers_release(servers, 0, 10000, 1500,
	    &input), 0);
	/* The other worker has its own share. */
	assert_int_equal(name_servers_release(servers, 1, 100, 1500, &input),
	    100);
	assert_int_equal(name_servers_held(servers), 5000 - 434);
	wire = (struct wire){ input.bytes, input.bytes + input.length, false };
	for (int i = 0; i < 434; i++) {
		assert_true(domain_item_get(&wire, &item));
		snprintf(name, sizeof name, "d%d.com", i);
		assert_string_equal(item.name, name);
	}
	assert_ptr_equal(wire.at, wire.end);
	buffer_fini(&input);
	name_servers_free(servers);
}

struct told {
	unsigned	count;
	double		share[2];
};

static const struct name_servers *told_by;

static void
on_tell(void *tag, unsigned worker, const struct name_server *server)
{
	struct told *told = tag;

	told->count++;
	told->share[worker] = name_server_share(told_by, server, worker);
}

/* The worker at which names wait gets more of the rate, and so more of the
 * waiting names. A restarted worker gets its rates again. */
static void
shares(void **state)
{
	struct name_servers *servers = open_servers();
	struct told told = { 0 };
	const struct name_server_teller teller = { on_tell, &told };
	struct buffer input = { 0 };
	char name[32];

	(void)state;
	told_by = servers;
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "d%d.com", i);
		hold(servers, name, SERVER);
	}
	name_servers_welcome(servers, 0, &teller);
	name_servers_look(servers, 0, &teller);
	assert_int_equal(told.count, 0);
	name_servers_report(servers, 1, SERVER, 0, 0, 10, 1000);
	name_servers_look(servers, 1000, &teller);
	assert_int_equal(told.count, 1);
	assert_true(told.share[0] == 50);
	/* Not sooner than a second later. */
	name_servers_look(servers, 1999, &teller);
	assert_int_equal(told.count, 1);
	name_servers_look(servers, 2000, &teller);
	assert_int_equal(told.count, 2);
	assert_true(told.share[1] == 450);
	/* Four seconds of 50 and of 450 a second, at three questions a name. */
	assert_int_equal(name_servers_release(servers, 0, 10000, 2000, &input),
	    67);
	assert_int_equal(name_servers_release(servers, 1, 10000, 2000, &input),
	    601);
	/* Another rate, with the same parts of it. */
	assert_non_null(name_servers_report(servers, 1, SERVER, 100, 100, 10,
	    3000));
	name_servers_welcome(servers, 0, &teller);
	assert_int_equal(told.count, 3);
	assert_true(told.share[0] == 25);
	/* Nothing waits at a worker that has just begun. */
	name_servers_welcome(servers, 1, &teller);
	assert_true(told.share[1] == 225);
	for (int64_t now = 4000; now < 20000; now += 1000)
		name_servers_look(servers, now, &teller);
	assert_true(told.share[0] == 125 && told.share[1] == 125);
	buffer_fini(&input);
	name_servers_free(servers);
}

/* The prefix of servers has a separate rate, which no loss changes. Names that
 * wait for it move its shares. */
static void
prefixes(void **state)
{
	static const char prefix[] = "192.0.2.0/24";
	struct name_servers *servers = open_servers();
	struct told told = { 0 };
	const struct name_server_teller teller = { on_tell, &told };
	size_t index = 0;

	(void)state;
	told_by = servers;
	assert_null(name_servers_report(servers, 0, prefix, 1000, 1000, 10,
	    1000));
	assert_null(name_servers_next(servers, &index));
	name_servers_look(servers, 1000, &teller);
	name_servers_look(servers, 2000, &teller);
	assert_int_equal(told.count, 2);
	assert_true(told.share[0] == 1800 && told.share[1] == 200);
	/* The twin: a server is halved. */
	assert_non_null(name_servers_report(servers, 0, SERVER, 1000, 1000, 0,
	    2000));
	name_servers_free(servers);
}

/* Names do not go out to a worker at which others wait for the prefix: they would
 * only come back. At the other worker none wait: the twin. */
static void
prefix_is_full(void **state)
{
	struct name_servers *servers = open_servers();
	struct buffer input = { 0 };
	char name[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "d%d.com", i);
		hold(servers, name, SERVER);
	}
	/* Three seconds of 1,000 questions, at three a name. */
	name_servers_report(servers, 0, "192.0.2.0/24", 0, 0, 1001, 0);
	name_servers_report(servers, 1, "192.0.2.0/24", 0, 0, 1000, 0);
	assert_int_equal(name_servers_release(servers, 0, 10000, 1000, &input),
	    1);
	assert_int_equal(name_servers_release(servers, 1, 10000, 1000, &input),
	    334);
	name_servers_report(servers, 0, "192.0.2.0/24", 0, 0, 0, 2000);
	assert_int_equal(name_servers_release(servers, 0, 10000, 2000, &input),
	    334);
	buffer_fini(&input);
	name_servers_free(servers);
}

/* MX hosts go out as names do, at two questions each, and beside them. */
static void
releases_hosts(void **state)
{
	static struct list links[1000];
	struct name_servers *servers = open_servers();
	struct busy_server busy[FIGURES_BUSY_MAX];
	struct buffer input = { 0 };
	struct list hosts;

	(void)state;
	list_init(&hosts);
	for (int i = 0; i < 1000; i++)
		name_servers_hold_host(servers, SERVER, &links[i]);
	hold(servers, "d.com", SERVER);
	assert_int_equal(name_servers_held(servers), 1);
	assert_int_equal(name_servers_held_hosts(servers), 1000);
	assert_int_equal(name_servers_busiest(servers, busy), 1);
	assert_int_equal(busy[0].waiting, 1001);
	/* Four seconds of a share of 250 a second. */
	assert_int_equal(name_servers_release_hosts(servers, 0, 10000, 1000,
	    &hosts), 501);
	assert_ptr_equal(hosts.next, &links[0]);
	assert_ptr_equal(hosts.previous, &links[500]);
	/* Not again at once, but by the other worker, and not in place of
	 * names. */
	assert_int_equal(name_servers_release_hosts(servers, 0, 10000, 1500,
	    &hosts), 0);
	assert_int_equal(name_servers_release_hosts(servers, 1, 100, 1500,
	    &hosts), 100);
	assert_int_equal(name_servers_release(servers, 0, 10000, 1500,
	    &input), 1);
	/* As many wait there as three seconds let go. */
	name_servers_report(servers, 0, SERVER, 0, 0, 376, 2000);
	assert_int_equal(name_servers_release_hosts(servers, 0, 10000, 2000,
	    &hosts), 0);
	name_servers_report(servers, 0, SERVER, 0, 0, 0, 3000);
	assert_true(name_servers_release_hosts(servers, 1, 10000, 3000,
	    &hosts) > 0);
	buffer_fini(&input);
	name_servers_free(servers);
}

/* RULES F36: the network was down, and the halvings of the last minute are
 * undone, but not those from before. The twin: without that message, the rate
 * stays low. */
static void
sets_back(void **state)
{
	static const struct {
		const char	*what;
		int64_t		halved_ms[3];	/* -1: not */
		int64_t		down_ms;	/* -1: never */
		double		rate;
	} rows[] = {
		{ "one halving", { 1000, -1, -1 }, 61000, 500 },
		{ "the twin", { 1000, -1, -1 }, -1, 250 },
		{ "too long ago", { 1000, -1, -1 }, 61001, 250 },
		{ "a series", { 1000, 30000, 70000 }, 71000, 500 },
		{ "the first by itself", { 1000, 70000, 80000 }, 81000, 250 },
		{ "never halved", { -1, -1, -1 }, 1000, 500 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct name_servers *servers = open_servers();

		name_servers_report(servers, 0, SERVER, 0, 0, 1, 0);
		for (int j = 0; j < 3 && rows[i].halved_ms[j] >= 0; j++)
			assert_non_null(name_servers_report(servers, 0, SERVER,
			    100, 100, 0, rows[i].halved_ms[j]));
		if (rows[i].down_ms >= 0)
			name_servers_set_back(servers, rows[i].down_ms);
		if (rate_of(servers) != rows[i].rate)
			fail_msg("%s: %g", rows[i].what, rate_of(servers));
		/* It is judged on, once. */
		name_servers_set_back(servers, 90000);
		assert_non_null(name_servers_report(servers, 0, SERVER, 100,
		    100, 0, 100000));
		assert_true(rate_of(servers) < rows[i].rate);
		name_servers_free(servers);
	}
}

/* Which servers need the longest time for what waits for them, here or at the
 * workers, at their rate of now. */
static void
busiest(void **state)
{
	struct name_servers *servers = open_servers();
	struct busy_server busy[FIGURES_BUSY_MAX];
	char name[32];

	(void)state;
	assert_int_equal(name_servers_busiest(servers, busy), 0);
	/* A thousand names at three questions: six seconds of 500 a second. */
	for (int i = 0; i < 900; i++) {
		snprintf(name, sizeof name, "d%d.com", i);
		hold(servers, name, SERVER);
	}
	name_servers_report(servers, 0, SERVER, 0, 0, 40, 0);
	name_servers_report(servers, 1, SERVER, 0, 0, 60, 0);
	name_servers_report(servers, 1, "192.0.2.0/24", 0, 0, 5000, 0);
	hold(servers, "other.com", "ns.other.com");
	assert_int_equal(name_servers_busiest(servers, busy), 3);
	assert_string_equal(busy[0].name, "192.0.2.0/24");
	assert_true(busy[0].waiting == 5000 && busy[0].seconds == 7.5);
	assert_string_equal(busy[1].name, SERVER);
	assert_true(busy[1].waiting == 1000 && busy[1].seconds == 6);
	assert_string_equal(busy[2].name, "ns.other.com");
	assert_true(busy[2].waiting == 1);
	/* At half the rate it takes twice as long. */
	name_servers_report(servers, 0, SERVER, 100, 100, 40, 1000);
	assert_int_equal(name_servers_busiest(servers, busy), 3);
	assert_string_equal(busy[0].name, SERVER);
	assert_true(busy[0].seconds == 12);
	/* Three at most, and nothing that a terminal would obey. */
	name_servers_report(servers, 0, "\033[2J", 0, 0, 4000, 1000);
	assert_int_equal(name_servers_busiest(servers, busy), 3);
	assert_string_equal(busy[0].name, "?[2J");
	/* Names of the plan count, once. */
	for (int i = 0; i < 2; i++) {
		name_servers_forget_planned(servers);
		name_servers_add_planned(servers, "ns.other.com", 3000);
		name_servers_add_planned(servers, "ns.other.com", 2999);
		name_servers_add_planned(servers, "ns.heavy.com", 5000);
	}
	assert_int_equal(name_servers_busiest(servers, busy), 3);
	assert_string_equal(busy[0].name, "ns.other.com");
	assert_true(busy[0].waiting == 6000 && busy[0].seconds == 36);
	assert_string_equal(busy[1].name, "ns.heavy.com");
	name_servers_forget_planned(servers);
	assert_int_equal(name_servers_busiest(servers, busy), 3);
	assert_string_equal(busy[0].name, "?[2J");
	name_servers_free(servers);
}

/* Names beyond the memory of the spill are in its file, and are read back. */
static void
spills(void **state)
{
	FILE *file = tmpfile();
	struct spill *spill = spill_new(dup(fileno(file)), 1000, 200);
	struct name_servers *servers = name_servers_new(&options, spill);
	struct buffer input = { 0 };
	char name[32];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "d%d.com", i);
		hold(servers, name, i % 2 == 0 ? "ns.a.com" : "ns.b.com");
	}
	assert_true(spill_memory(spill) < 2000);
	assert_int_equal(name_servers_held(servers), 2000);
	for (int second = 0; name_servers_held(servers) > 0; second++) {
		assert_true(second < 100);
		(void)name_servers_release(servers, 0, 1000, second * 1000,
		    &input);
	}
	assert_int_equal(spill_memory(spill), 0);
	assert_int_equal(spill_error(spill), 0);
	buffer_fini(&input);
	name_servers_free(servers);
	spill_free(spill);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates), cmocka_unit_test(bounds),
		cmocka_unit_test(apart), cmocka_unit_test(releases),
		cmocka_unit_test(spills), cmocka_unit_test(shares),
		cmocka_unit_test(prefixes), cmocka_unit_test(prefix_is_full),
		cmocka_unit_test(releases_hosts), cmocka_unit_test(sets_back),
		cmocka_unit_test(busiest),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
