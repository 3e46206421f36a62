/* schedule: which names of an address have a session of their own (RULES K5
 * to K7: many names, one server), driven by servers that the tests make up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/clock.h"
#include "scanner/coordinator/probing/schedule.h"

#define SNI_PER_ADDRESS	8
#define MAX_PER_ADDRESS	20

/* What a made-up server shows to a name. */
struct shown {
	enum outcome	outcome;
	enum phase	phase;
	uint8_t		chain;		/* 0: none */
};

typedef struct shown server(const char *sni, uint8_t attempt,
    unsigned sessions);

struct world {
	struct options		options;
	struct registry		registry;
	struct opt_out		opt_out;
	struct schedule		schedule;
	unsigned		sessions[ATTEMPTS_MAX + 1];
};

static void
open_world(struct world *world)
{
	*world = (struct world){
		.options = {
			.probes = 1000, .attempts = 2, .per_address = 1,
			.per_prefix = 2, .retry_after_ms = 1000,
			.sni_per_address = SNI_PER_ADDRESS,
			.max_per_address = MAX_PER_ADDRESS,
		},
	};
	registry_init(&world->registry);
	world->schedule = (struct schedule){
		.options = &world->options, .registry = &world->registry,
		.pace = pace_new(&world->options), .opt_out = &world->opt_out,
	};
}

static void
close_world(struct world *world)
{
	registry_fini(&world->registry);
	pace_free(world->schedule.pace);
}

static void
add_host(struct world *world, const char *name, enum tlsa_status tlsa,
    enum address_class class)
{
	struct address address = { 0 };
	struct host *host = registry_host(&world->registry, name);

	assert_true(address_from_text("192.0.2.1", 9, &address));
	host->phase = HOST_KNOWN;
	host->tlsa_status = tlsa;
	host->tlsa_base = host_has_secure_tlsa(host) ? host->name : "";
	schedule_host(&world->schedule, host, &address, &class, 1);
}

static void
add_hosts(struct world *world, unsigned count)
{
	char name[32];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof name, "mx.customer%u.com", i);
		add_host(world, name, TLSA_STATUS_ABSENT, CLASS_PUBLIC);
	}
}

/* Sessions take place until none is left to be had, however late. */
static void
run(struct world *world, server *show)
{
	int64_t now = 1, wake;
	struct target *target;

	for (;;) {
		struct attempt *result;
		struct shown shown;

		target = pace_next(world->schedule.pace, now, &wake);
		if (target == NULL && wake == INT64_MAX)
			return;
		if (target == NULL) {
			now = wake;
			continue;
		}
		result = &target->attempts[target->attempt - 1];
		shown = show(target->sni, target->attempt,
		    world->sessions[target->attempt]++);
		*result = (struct attempt){
			.state = ATTEMPT_DONE, .basis = BASIS_OWN,
			.outcome = shown.outcome, .phase = shown.phase,
			.tls_class = outcome_tls_class(shown.outcome),
			.measured_at = now, .has_chain = shown.chain != 0,
			.sni = target->sni,
		};
		memset(result->chain_id, shown.chain,
		    sizeof result->chain_id);
		pace_release(world->schedule.pace, target, false);
		schedule_ended(&world->schedule, target, target->attempt);
	}
}

struct counts {
	unsigned own, shared, none, open;
};

static struct counts
count(const struct world *world, uint8_t attempt)
{
	struct counts counts = { 0 };
	const char *key;
	void *value;

	for (size_t index = 0; map_next(world->registry.targets,
	    &index, &key, &value);) {
		const struct attempt *result =
		    &((struct target *)value)->attempts[attempt - 1];

		if (result->state != ATTEMPT_DONE)
			counts.open++;
		else if (result->basis == BASIS_OWN)
			counts.own++;
		else if (result->basis == BASIS_SHARED)
			counts.shared++;
		else
			counts.none++;
	}
	return counts;
}

/* Servers **************************************************************** */

static const struct shown tls = { OUTCOME_TLS_ESTABLISHED, PHASE_DONE, 1 };

static struct shown
one_chain(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return tls;
}

static struct shown
chain_by_name(const char *sni, uint8_t attempt, unsigned sessions)
{
	struct shown shown = tls;

	(void)attempt;
	(void)sessions;
	shown.chain = (uint8_t)(1 + sni[strlen(sni) - 5] % 10);
	return shown;
}

static struct shown
refuses(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return (struct shown){ OUTCOME_CONNECT_REFUSED, PHASE_CONNECT, 0 };
}

static struct shown
no_starttls(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return (struct shown){ OUTCOME_STARTTLS_ABSENT, PHASE_EHLO, 0 };
}

static struct shown
refuses_starttls(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return (struct shown){ OUTCOME_STARTTLS_REFUSED, PHASE_STARTTLS, 0 };
}

/* Another program answers at first. */
static struct shown
decoy(const char *sni, uint8_t attempt, unsigned sessions)
{
	return attempt == 1 ? no_starttls(sni, attempt, sessions) : tls;
}

/* Only the first session reaches a server without STARTTLS. */
static struct shown
farm(const char *sni, uint8_t attempt, unsigned sessions)
{
	return attempt == 1 && sessions == 0
	    ? no_starttls(sni, attempt, sessions) : tls;
}

static struct shown
no_handshake(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return (struct shown){ OUTCOME_HANDSHAKE_FAILED, PHASE_HANDSHAKE, 0 };
}

/* The first session of each attempt ends otherwise than all others. */
static struct shown
slow_start(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	if (sessions == 0)
		return (struct shown){ OUTCOME_TIMEOUT, PHASE_GREETING, 0 };
	return tls;
}

/* Silent at first, answers at the second attempt. */
static struct shown
wakes_up(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)sessions;
	if (attempt == 1)
		return (struct shown){ OUTCOME_TIMEOUT, PHASE_GREETING, 0 };
	return tls;
}

/* Every session ends in another way than the one before. */
static struct shown
fickle(const char *sni, uint8_t attempt, unsigned sessions)
{
	static const struct shown ways[] = {
		{ OUTCOME_TIMEOUT, PHASE_GREETING, 0 },
		{ OUTCOME_REJECTED, PHASE_GREETING, 0 },
	};

	(void)sni;
	(void)attempt;
	return ways[sessions % 2];
}

static struct shown
local_fault(const char *sni, uint8_t attempt, unsigned sessions)
{
	(void)sni;
	(void)attempt;
	(void)sessions;
	return (struct shown){ OUTCOME_LOCAL_ERROR, PHASE_CONNECT, 0 };
}

/* Tests ****************************************************************** */

static void
many_names(void **state)
{
	static const struct {
		const char	*what;
		unsigned	names;
		server		*show;
		/* own, shared, none, open (of attempt 2: not wanted) */
		struct counts	first, second;
	} rows[] = {
		{ "one chain for all: eight are asked", 100, one_chain,
		    { 8, 92, 0, 0 }, { 0, 0, 0, 100 } },
		{ "fewer names than that: all are asked", 5, one_chain,
		    { 5, 0, 0, 0 }, { 0, 0, 0, 5 } },
		{ "as many: all are asked", 8, one_chain,
		    { 8, 0, 0, 0 }, { 0, 0, 0, 8 } },
		{ "chains differ: to the limit, then paced out", 100,
		    chain_by_name, { 20, 0, 80, 0 }, { 0, 0, 0, 100 } },
		{ "chains differ below the limit", 15, chain_by_name,
		    { 15, 0, 0, 0 }, { 0, 0, 0, 15 } },
		{ "refused: two names, at each attempt", 100, refuses,
		    { 2, 98, 0, 0 }, { 2, 98, 0, 0 } },
		{ "one name at a dead address", 1, refuses,
		    { 1, 0, 0, 0 }, { 1, 0, 0, 0 } },
		/* RULES 9: one session without STARTTLS may have met a decoy. */
		{ "no STARTTLS: two names, at each attempt", 100,
		    no_starttls, { 2, 98, 0, 0 }, { 2, 98, 0, 0 } },
		{ "no STARTTLS at one name", 1, no_starttls,
		    { 1, 0, 0, 0 }, { 1, 0, 0, 0 } },
		{ "STARTTLS refused: that settles it", 100, refuses_starttls,
		    { 2, 98, 0, 0 }, { 0, 0, 0, 100 } },
		{ "a decoy at first: the second attempt has TLS", 100, decoy,
		    { 2, 98, 0, 0 }, { 8, 92, 0, 0 } },
		{ "one server of a farm: its name alone is asked again", 5,
		    farm, { 5, 0, 0, 0 }, { 1, 0, 0, 4 } },
		{ "the handshake may depend on the name: eight", 100,
		    no_handshake, { 8, 92, 0, 0 }, { 0, 0, 0, 100 } },
		/* The one that timed out has its second attempt. */
		{ "one bad session does not hide the chain", 100, slow_start,
		    { 8, 92, 0, 0 }, { 1, 0, 0, 99 } },
		{ "silent, then awake: shared for each attempt", 100, wakes_up,
		    { 2, 98, 0, 0 }, { 8, 92, 0, 0 } },
		{ "facts that never agree: each for itself", 100, fickle,
		    { 20, 0, 80, 0 }, { 20, 0, 0, 80 } },
		{ "our own fault says nothing of the server", 100, local_fault,
		    { 20, 0, 80, 0 }, { 20, 0, 0, 80 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;
		struct counts first, second;

		open_world(&world);
		add_hosts(&world, rows[i].names);
		run(&world, rows[i].show);
		first = count(&world, 1);
		second = count(&world, 2);
		if (memcmp(&first, &rows[i].first, sizeof first) != 0 ||
		    memcmp(&second, &rows[i].second, sizeof second) != 0)
			fail_msg("%s: own %u shared %u none %u open %u, then "
			    "%u %u %u %u", rows[i].what, first.own,
			    first.shared, first.none, first.open, second.own,
			    second.shared, second.none, second.open);
		assert_int_equal(world.sessions[1], first.own);
		assert_int_equal(world.sessions[2], second.own);
		close_world(&world);
	}
}

/* Names that come when all is decided take the facts without a session. */
static void
late_names(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	add_hosts(&world, 10);
	run(&world, one_chain);
	add_hosts(&world, 40);
	run(&world, one_chain);
	assert_int_equal(world.sessions[1], 8);
	assert_int_equal(count(&world, 1).shared, 32);
	close_world(&world);
}

/* K7: a host with secure TLSA is probed itself, whatever the others show and
 * however many they are. */
static void
secure_tlsa(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	add_hosts(&world, 100);
	run(&world, chain_by_name);
	assert_int_equal(world.sessions[1], MAX_PER_ADDRESS);
	add_host(&world, "mx.dane.com", TLSA_STATUS_USABLE, CLASS_PUBLIC);
	run(&world, chain_by_name);
	assert_int_equal(world.sessions[1], MAX_PER_ADDRESS + 1);
	add_host(&world, "mx.plain.com", TLSA_STATUS_ABSENT, CLASS_PUBLIC);
	run(&world, chain_by_name);
	assert_int_equal(world.sessions[1], MAX_PER_ADDRESS + 1);
	close_world(&world);
}

/* A host whose TLSA base is a name that has taken another's facts has that name
 * probed, and is not judged before. */
static void
secure_tlsa_at_shared_name(void **state)
{
	struct world world;
	struct address address = { 0 };
	enum address_class class = CLASS_PUBLIC;
	struct host *host;
	struct target *target;
	bool is_new;

	(void)state;
	open_world(&world);
	add_hosts(&world, 100);
	run(&world, one_chain);
	assert_true(address_from_text("192.0.2.1", 9, &address));
	host = registry_host(&world.registry, "mx.alias.com");
	host->tlsa_status = TLSA_STATUS_USABLE;
	host->tlsa_base = "mx.customer99.com";
	schedule_host(&world.schedule, host, &address, &class, 1);
	target = registry_target(&world.registry, registry_peer(
	    &world.registry, &address), "mx.customer99.com",
	    &is_new);
	assert_false(is_new);
	assert_int_equal(target->attempts[0].state, ATTEMPT_WAITING);
	run(&world, one_chain);
	/* Its own name, and its base. */
	assert_int_equal(world.sessions[1], SNI_PER_ADDRESS + 2);
	assert_int_equal(target->attempts[0].basis, BASIS_OWN);
	close_world(&world);
}

/* N6: the TLSA base domain is the server name for DANE, that of the MX host for
 * all else; where they differ there are two probes, and only where DANE is done
 * at all. */
static void
second_names(void **state)
{
	static const struct {
		const char		*base;
		enum tlsa_status	 tlsa;
		enum address_class	 class;
		unsigned		 sessions;
		const char		*names;	/* of the targets, in any order */
	} rows[] = {
#define MX "mx.a.com"
		{ MX, TLSA_STATUS_USABLE, CLASS_PUBLIC, 1, MX },
		{ "b.net", TLSA_STATUS_USABLE, CLASS_PUBLIC, 2, MX " b.net" },
		{ "b.net", TLSA_STATUS_UNUSABLE_ONLY, CLASS_PUBLIC, 2,
		    MX " b.net" },
		{ "b.net", TLSA_STATUS_ABSENT, CLASS_PUBLIC, 1, MX },
		{ "b.net", TLSA_STATUS_INSECURE, CLASS_PUBLIC, 1, MX },
		{ "b.net", TLSA_STATUS_BOGUS, CLASS_PUBLIC, 1, MX },
		{ "b.net", TLSA_STATUS_TIMEOUT, CLASS_PUBLIC, 1, MX },
		{ "b.net", TLSA_STATUS_USABLE, CLASS_SPECIAL, 0, MX },
		{ "b.net", TLSA_STATUS_USABLE, CLASS_NO_ROUTE, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;
		struct address address = { 0 };
		struct host *host;
		size_t index = 0, length = 0;
		const char *key;
		void *value;

		open_world(&world);
		assert_true(address_from_text("192.0.2.1", 9, &address));
		host = registry_host(&world.registry, MX);
		host->phase = HOST_KNOWN;
		host->tlsa_status = rows[i].tlsa;
		host->tlsa_base = rows[i].base;
		schedule_host(&world.schedule, host, &address,
		    &rows[i].class, 1);
		run(&world, one_chain);
		assert_int_equal(world.sessions[1], rows[i].sessions);
		while (map_next(world.registry.targets, &index,
		    &key, &value)) {
			const struct target *target = value;

			if (strstr(rows[i].names, target->sni) == NULL)
				fail_msg("row %zu: %s", i, target->sni);
			length += strlen(target->sni) + 1;
			/* The host is judged by what each of them shows. */
			assert_int_equal(target->host_count, 1);
		}
		assert_int_equal(length == 0 ? 0 : length - 1,
		    strlen(rows[i].names));
		close_world(&world);
	}
#undef MX
}

/* Nothing is sent to an address that may not be contacted; its hosts have their
 * row all the same. */
static void
barred(void **state)
{
	static const struct {
		enum address_class	class;
		enum outcome		reason;
	} rows[] = {
		{ CLASS_SPECIAL, OUTCOME_SPECIAL_ADDRESS },
		{ CLASS_OPTED_OUT, OUTCOME_OPTED_OUT },
		{ CLASS_NOT_ALLOWED, OUTCOME_NOT_ALLOWED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;
		const char *key;
		void *value;
		size_t index = 0;

		open_world(&world);
		add_host(&world, "mx.a.com", TLSA_STATUS_ABSENT,
		    rows[i].class);
		run(&world, one_chain);
		assert_int_equal(world.sessions[1], 0);
		assert_true(map_next(world.registry.targets, &index,
		    &key, &value));
		assert_int_equal(((struct target *)value)->attempts[0].outcome,
		    rows[i].reason);
		assert_false(list_is_empty(&world.registry.judge));
		close_world(&world);
	}
}

/* An address without a route is not a peer. */
static void
no_route(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	add_host(&world, "mx.a.com", TLSA_STATUS_ABSENT, CLASS_NO_ROUTE);
	assert_int_equal(map_count(world.registry.targets), 0);
	close_world(&world);
}

static void
opted_out(void **state)
{
	static const struct {
		const char	*list;
		bool		is_opted_out;
	} rows[] = {
		{ "192.0.2.0/24\n", true }, { "192.0.2.2\n", false },
		{ "a.com\n", true }, { "mx.a.com\n", true },
		{ "com. # all of it\n", true }, { "b.com\n", false },
		{ "x.a.com\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world;
		size_t index = 0;
		struct entry_fault fault;
		const char *key;
		void *value;

		open_world(&world);
		add_host(&world, "mx.a.com", TLSA_STATUS_ABSENT, CLASS_PUBLIC);
		assert_true(opt_out_read(&world.opt_out,
		    rows[i].list, strlen(rows[i].list), &fault));
		assert_true(map_next(world.registry.targets, &index,
		    &key, &value));
		assert_int_equal(schedule_is_opted_out(&world.schedule,
		    value), rows[i].is_opted_out);
		opt_out_fini(&world.opt_out);
		close_world(&world);
	}
}

/* --attempts 1: nothing is looked at twice. */
static void
one_attempt(void **state)
{
	static server *const servers[] = { no_starttls, refuses, wakes_up };

	(void)state;
	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
		struct world world;

		open_world(&world);
		world.options.attempts = 1;
		add_hosts(&world, 10);
		run(&world, servers[i]);
		assert_int_equal(count(&world, 1).open, 0);
		assert_int_equal(count(&world, 2).open, 10);
		assert_int_equal(world.sessions[2], 0);
		close_world(&world);
	}
}

/* --max-per-address is less than two attempts need: names without a second
 * session keep the result of the first one. */
static void
few_per_address(void **state)
{
	struct world world;
	struct counts second;

	(void)state;
	open_world(&world);
	world.options.sni_per_address = world.options.max_per_address = 1;
	add_hosts(&world, 3);
	run(&world, no_starttls);
	second = count(&world, 2);
	assert_int_equal(world.sessions[1], 1);
	assert_int_equal(world.sessions[2], 1);
	assert_int_equal(second.own, 1);
	assert_int_equal(second.shared, 2);
	close_world(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_names),
		cmocka_unit_test(late_names),
		cmocka_unit_test(secure_tlsa),
		cmocka_unit_test(secure_tlsa_at_shared_name),
		cmocka_unit_test(second_names),
		cmocka_unit_test(barred),
		cmocka_unit_test(no_route),
		cmocka_unit_test(opted_out),
		cmocka_unit_test(one_attempt),
		cmocka_unit_test(few_per_address),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
