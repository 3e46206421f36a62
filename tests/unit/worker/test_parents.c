/* The zones above the names of lists (RULES L46): which of them may be asked,
 * and what is known of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scanner/worker/parents.h"
#include "scanner/worker/server_addresses.h"
#include "tests/unit/set_clock.h"
#include "tests/unit/worker/waiting_lane.h"
#include "tests/unit/zone_signer.h"

#define LOOK_MS	(600 * INT64_C(1000))
#define CLOSED_MS (60 * INT64_C(1000))

static struct parents *parents;
static struct zone_signer signer;

static int
set_up(void **state)
{
	(void)state;
	open_lane();
	worker.server_addresses = server_addresses_new(&worker);
	parents = parents_new(&worker);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	parents_free(parents);
	server_addresses_free(worker.server_addresses);
	/* All lookups went with them. */
	return list_is_empty(&asked_lookups) ? 0 : -1;
}

/* Answers about a zone ***************************************************** */

/* DNSKEY records: the signer's, or one that may not sign (L21). */
static void
answer_keys(const char *zone, enum dnssec dnssec, bool may_sign)
{
	struct rdata_list keys = { .count = 0 };
	struct buffer packet = { 0 };

	answer_begin(&packet, zone, DNS_DNSKEY, 0);
	rdata_add(&keys, signer.dnskey.bytes, signer.dnskey.length);
	if (!may_sign)
		keys.list[0].bytes[3] = 5;	/* RSA/SHA-1 */
	answer_set(&packet, DNS_ANSWER, zone, DNS_DNSKEY, 3600, &keys, NULL);
	answer_with_packet(zone, DNS_DNSKEY, LOOKUP_FOUND, dnssec, &packet);
}

static void
answer_servers(const char *zone, enum dnssec dnssec, const char *first,
    const char *second)
{
	struct rdata_list servers = { .count = 0 };
	struct buffer packet = { 0 };

	answer_begin(&packet, zone, DNS_NS, 0);
	rdata_add_name(&servers, first);
	if (second != NULL)
		rdata_add_name(&servers, second);
	answer_set(&packet, DNS_ANSWER, zone, DNS_NS, 3600, &servers, NULL);
	answer_with_packet(zone, DNS_NS, LOOKUP_FOUND, dnssec, &packet);
}

static void
answer_none(const char *zone, enum lookup_status status, enum dnssec dnssec)
{
	answer_with(zone, DNS_SOA, status, dnssec);
	answer_with(zone, DNS_DNSKEY, status, dnssec);
	answer_with(zone, DNS_NS, status, dnssec);
}

/* All is well, but for the addresses of ns.ZONE.test. */
static void
answer_apex(const char *zone, enum dnssec dnssec)
{
	char server[64];

	snprintf(server, sizeof server, "ns.%s.test", zone);
	answer_with(zone, DNS_SOA, LOOKUP_FOUND, dnssec);
	answer_servers(zone, dnssec, server, NULL);
	if (dnssec == DNSSEC_SECURE)
		answer_keys(zone, dnssec, true);
	else
		answer_with(zone, DNS_DNSKEY, LOOKUP_NODATA, dnssec);
}

static enum parent_state
state_of(const char *name)
{
	struct parent *parent = parents_of(parents, name);

	assert_non_null(parent);
	return parent_state(parent);
}

/* Opens the zone "example". */
static struct parent *
open_example(enum dnssec dnssec)
{
	struct parent *parent = parents_of(parents, "a.example");

	answer_apex("example", dnssec);
	assert_int_equal(parent_state(parent), PARENT_ASKED);
	answer_address("ns.example.test", 86400, "192.0.2.1");
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	return parent;
}

/* Which zones may be asked ************************************************ */

enum keys { NO_KEYS, KEYS, WEAK_KEYS };

static const struct {
	const char	*rule;
	enum lookup_status soa;
	enum dnssec	 soa_dnssec;
	enum keys	 keys;
	enum lookup_status dnskey;	/* of NO_KEYS */
	enum dnssec	 dnskey_dnssec;
	bool		 has_servers;
	enum dnssec	 ns_dnssec;
	bool		 is_open;
} rows[] = {
#define SECURE		DNSSEC_SECURE
#define INSECURE	DNSSEC_INSECURE
	{ "secure", LOOKUP_FOUND, SECURE, KEYS, 0, SECURE, true,
	    SECURE, true },
	{ "with keys that may not sign", LOOKUP_FOUND, SECURE,
	    WEAK_KEYS, 0, SECURE, true, SECURE, false },
	{ "with no keys", LOOKUP_FOUND, SECURE, NO_KEYS,
	    LOOKUP_NODATA, SECURE, true, SECURE, false },
	{ "with bogus keys", LOOKUP_FOUND, SECURE, NO_KEYS,
	    LOOKUP_BOGUS, DNSSEC_UNCHECKED, true, SECURE, false },
	{ "with insecure keys", LOOKUP_FOUND, SECURE, KEYS, 0,
	    INSECURE, true, SECURE, false },
	{ "without an answer about keys", LOOKUP_FOUND, SECURE,
	    NO_KEYS, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED, true, SECURE,
	    false },
	{ "with an insecure SOA", LOOKUP_FOUND, INSECURE, KEYS, 0,
	    SECURE, true, SECURE, false },
	{ "with a bogus SOA", LOOKUP_BOGUS, DNSSEC_UNCHECKED, KEYS, 0,
	    SECURE, true, SECURE, false },
	{ "with insecure NS", LOOKUP_FOUND, SECURE, KEYS, 0, SECURE,
	    true, INSECURE, false },
	{ "without NS", LOOKUP_FOUND, SECURE, KEYS, 0, SECURE, false,
	    SECURE, false },
	{ "insecure", LOOKUP_FOUND, INSECURE, NO_KEYS, LOOKUP_NODATA,
	    INSECURE, true, INSECURE, true },
	{ "insecure with keys", LOOKUP_FOUND, INSECURE, KEYS, 0,
	    INSECURE, true, INSECURE, true },
	{ "insecure with keys that may not sign", LOOKUP_FOUND,
	    INSECURE, WEAK_KEYS, 0, INSECURE, true, INSECURE, true },
	{ "insecure without an answer about keys", LOOKUP_FOUND,
	    INSECURE, NO_KEYS, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED, true,
	    INSECURE, false },
	{ "insecure without an answer about SOA", LOOKUP_SERVFAIL,
	    DNSSEC_UNCHECKED, NO_KEYS, LOOKUP_NODATA, INSECURE, true,
	    INSECURE, false },
	{ "insecure, and the name is none", LOOKUP_NXDOMAIN, INSECURE,
	    NO_KEYS, LOOKUP_NXDOMAIN, INSECURE, false, INSECURE,
	    false },
	{ "nobody has looked at signatures", LOOKUP_FOUND,
	    DNSSEC_UNCHECKED, KEYS, 0, DNSSEC_UNCHECKED, true,
	    DNSSEC_UNCHECKED, false },
};

static void
sound_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct parent *parent;
		char zone[32], name[64], server[64];

		snprintf(zone, sizeof zone, "zone%zu", i);
		snprintf(name, sizeof name, "a.%s", zone);
		snprintf(server, sizeof server, "ns.%s.test", zone);
		parent = parents_of(parents, name);
		assert_int_equal(parent_state(parent), PARENT_ASKED);
		if (rows[i].keys == NO_KEYS)
			answer_with(zone, DNS_DNSKEY, rows[i].dnskey,
			    rows[i].dnskey_dnssec);
		else
			answer_keys(zone, rows[i].dnskey_dnssec,
			    rows[i].keys == KEYS);
		if (rows[i].has_servers)
			answer_servers(zone, rows[i].ns_dnssec, server, NULL);
		else
			answer_with(zone, DNS_NS, LOOKUP_NODATA,
			    rows[i].ns_dnssec);
		assert_int_equal(parent_state(parent), PARENT_ASKED);
		answer_with(zone, DNS_SOA, rows[i].soa, rows[i].soa_dnssec);
		if (asked_about(server, DNS_A) != NULL)
			answer_address(server, 86400, "192.0.2.1");
		if (parent_state(parent) != (rows[i].is_open ? PARENT_OPEN
		    : PARENT_CLOSED))
			fail_msg("%s: %d", rows[i].rule,
			    (int)parent_state(parent));
	}
}

/* The name above is an alias: it is not the apex of a zone. */
static void
alias(void **state)
{
	struct lookup *lookup;

	(void)state;
	assert_int_equal(state_of("a.example"), PARENT_ASKED);
	answer_keys("example", DNSSEC_SECURE, true);
	answer_servers("example", DNSSEC_SECURE, "ns.test", NULL);
	lookup = asked_about("example", DNS_SOA);
	list_remove(&lookup->link);
	lookup_new_answer(lookup)->status = LOOKUP_FOUND;
	lookup->answer->dnssec = DNSSEC_SECURE;
	lookup->answer->has_cname = true;
	lookup_end(lookup);
	assert_int_equal(state_of("a.example"), PARENT_CLOSED);
	assert_null(asked_about("ns.test", DNS_A));
}

/* What is known *********************************************************** */

static void
view_of_secure(void **state)
{
	struct parent *parent = open_example(DNSSEC_SECURE);
	struct parent_view *view = parent_hold(parent);

	(void)state;
	assert_true(view->is_signed);
	assert_int_equal(view->keys.count, 1);
	assert_int_equal(view->keys.keys[0].tag, signer.tag);
	assert_memory_equal(view->apex, "\7example", 9);
	assert_string_equal(view->delegation.name, "example");
	assert_int_equal(view->delegation.ds_length, 0);
	parent_release(view);
	parent_release(NULL);
	/* Every name of the zone has it, and nothing more is asked. */
	assert_ptr_equal(parents_of(parents, "b.example"), parent);
	assert_true(list_is_empty(&asked_lookups));
}

static void
view_of_insecure(void **state)
{
	struct parent_view *view;

	(void)state;
	view = parent_hold(open_example(DNSSEC_INSECURE));
	assert_false(view->is_signed);
	assert_int_equal(view->keys.count, 0);
	parent_release(view);
}

/* All servers are waited for, and those without an address stay without. */
static void
servers(void **state)
{
	struct parent *parent = parents_of(parents, "a.example");
	struct delegation_walk walk;
	struct parent_view *view;
	struct address address;

	(void)state;
	answer_with("example", DNS_SOA, LOOKUP_FOUND, DNSSEC_INSECURE);
	answer_with("example", DNS_DNSKEY, LOOKUP_NODATA, DNSSEC_INSECURE);
	answer_servers("example", DNSSEC_INSECURE, "ns1.test", "ns2.test");
	answer_address("ns1.test", 600, "192.0.2.1");
	assert_int_equal(parent_state(parent), PARENT_ASKED);
	answer_with("ns2.test", DNS_A, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	answer_with("ns2.test", DNS_AAAA, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	view = parent_hold(parent);
	delegation_open(&view->delegation, &walk);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(delegation_next(&walk));
		assert_int_equal(walk.glue,
		    strcmp(walk.server, "ns1.test") == 0 ? 1 : 0);
		if (delegation_next_glue(&walk, &address))
			assert_int_equal(address.bytes[3], 1);
	}
	assert_false(delegation_next(&walk));
	assert_false(walk.wire.failed);
	parent_release(view);
}

/* No server of the zone has an address: it cannot be asked. */
static void
no_server(void **state)
{
	struct parent *parent = parents_of(parents, "a.example");

	(void)state;
	answer_apex("example", DNSSEC_SECURE);
	answer_with("ns.example.test", DNS_A, LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_ASKED);
	answer_with("ns.example.test", DNS_AAAA, LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_CLOSED);
}

/* Looking again *********************************************************** */

/* Every ten minutes while names come; until the answer what was known counts,
 * and who holds it keeps it. */
static void
looks_again(void **state)
{
	struct parent *parent = open_example(DNSSEC_SECURE);
	struct parent_view *view = parent_hold(parent), *second;
	unsigned asked = asked_ever;

	(void)state;
	set_monotonic_ms += LOOK_MS - 1;
	assert_int_equal(state_of("b.example"), PARENT_OPEN);
	assert_int_equal(asked_ever, asked);
	set_monotonic_ms++;
	/* No name comes. */
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	assert_int_equal(asked_ever, asked);
	assert_int_equal(state_of("b.example"), PARENT_OPEN);
	assert_int_equal(asked_ever, asked + 3);
	assert_int_equal(state_of("c.example"), PARENT_OPEN);
	assert_int_equal(asked_ever, asked + 3);
	second = parent_hold(parent);
	assert_ptr_equal(second, view);
	parent_release(second);
	/* The zone is insecure now. */
	answer_apex("example", DNSSEC_INSECURE);
	second = parent_hold(parent);
	assert_ptr_not_equal(second, view);
	assert_false(second->is_signed);
	assert_true(view->is_signed);
	assert_int_equal(view->keys.keys[0].tag, signer.tag);
	assert_string_equal(view->delegation.name, "example");
	assert_true(view->delegation.length > 0);
	parent_release(view);
	parent_release(second);
}

/* An answer that is bogus or missing closes the zone until the next look, which
 * comes sooner. */
static void
closes_and_opens(void **state)
{
	struct parent *parent = open_example(DNSSEC_SECURE);

	(void)state;
	set_monotonic_ms += LOOK_MS;
	assert_int_equal(state_of("b.example"), PARENT_OPEN);
	answer_none("example", LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_int_equal(parent_state(parent), PARENT_CLOSED);
	set_monotonic_ms += CLOSED_MS - 1;
	assert_int_equal(state_of("b.example"), PARENT_CLOSED);
	set_monotonic_ms++;
	assert_int_equal(state_of("b.example"), PARENT_ASKED);
	answer_apex("example", DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_OPEN);
}

/* Empty non-terminals ****************************************************** */

static void
empty_non_terminal(void **state)
{
	struct parent *parent = parents_of(parents, "a.city.example");
	struct parent_view *view;

	(void)state;
	answer_none("city.example", LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_ASKED);
	answer_apex("example", DNSSEC_SECURE);
	answer_address("ns.example.test", 86400, "192.0.2.1");
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	view = parent_hold(parent);
	assert_string_equal(view->delegation.name, "example");
	parent_release(view);
	/* The same zone is not asked about twice. */
	assert_int_equal(state_of("b.example"), PARENT_OPEN);
	assert_true(list_is_empty(&asked_lookups));
}

/* There is no zone around a top-level name but the root, which delegates no
 * names of lists. */
static void
top_level(void **state)
{
	struct parent *parent = parents_of(parents, "a.example");

	(void)state;
	answer_none("example", LOOKUP_NODATA, DNSSEC_INSECURE);
	assert_int_equal(parent_state(parent), PARENT_CLOSED);
	assert_null(parents_of(parents, "example"));
}

/* While it is looked at again, what was known counts; and the zone around is
 * looked at as often. Then there is a zone in its place. */
static void
empty_non_terminal_again(void **state)
{
	struct parent *parent = parents_of(parents, "a.city.example");
	struct parent_view *view;

	(void)state;
	set_monotonic_ms += 1000;
	answer_none("city.example", LOOKUP_NODATA, DNSSEC_SECURE);
	answer_apex("example", DNSSEC_SECURE);
	answer_address("ns.example.test", 86400, "192.0.2.1");
	set_monotonic_ms += LOOK_MS - 1000;
	assert_ptr_equal(parents_of(parents, "b.city.example"), parent);
	assert_non_null(asked_about("city.example", DNS_SOA));
	assert_null(asked_about("example", DNS_SOA));
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	answer_none("city.example", LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	set_monotonic_ms += 1000;
	assert_ptr_equal(parents_of(parents, "c.city.example"), parent);
	assert_non_null(asked_about("example", DNS_SOA));
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	answer_apex("example", DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_OPEN);

	set_monotonic_ms += LOOK_MS;
	assert_int_equal(state_of("a.city.example"), PARENT_OPEN);
	answer_apex("city.example", DNSSEC_INSECURE);
	answer_address("ns.city.example.test", 86400, "192.0.2.2");
	assert_int_equal(parent_state(parent), PARENT_OPEN);
	view = parent_hold(parent);
	assert_string_equal(view->delegation.name, "city.example");
	parent_release(view);

	set_monotonic_ms += LOOK_MS;
	assert_int_equal(state_of("a.city.example"), PARENT_OPEN);
	answer_none("city.example", LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_int_equal(parent_state(parent), PARENT_CLOSED);
}

/* Waiting ***************************************************************** */

struct waiter {
	struct parent_wait wait;
	unsigned	 done;
	struct waiter	*cancels;	/* when it is done */
	bool		 awaits;	/* the same, once more */
	struct parent	*parent;
};

static void
on_done(struct parent_wait *wait)
{
	struct waiter *waiter = list_entry(wait, struct waiter, wait);

	waiter->done++;
	if (waiter->cancels != NULL)
		parent_wait_cancel(&waiter->cancels->wait);
	if (waiter->awaits && parent_state(waiter->parent) == PARENT_ASKED)
		parent_await(waiter->parent, &waiter->wait);
}

static void
await(struct waiter *waiter, struct parent *parent)
{
	waiter->wait.done = on_done;
	waiter->parent = parent;
	assert_int_equal(parent_state(parent), PARENT_ASKED);
	parent_await(parent, &waiter->wait);
}

static void
waits(void **state)
{
	struct waiter waiters[5] = { { .done = 0 } };

	(void)state;
	/* One that does not wait. */
	parent_wait_cancel(&waiters[0].wait);
	for (unsigned i = 0; i < 5; i++)
		await(&waiters[i], parents_of(parents, i == 4 ? "a.test"
		    : "a.example"));
	parent_wait_cancel(&waiters[1].wait);
	waiters[2].cancels = &waiters[3];
	answer_apex("example", DNSSEC_SECURE);
	assert_int_equal(waiters[0].done, 0);
	answer_address("ns.example.test", 600, "192.0.2.1");
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(waiters[i].done, i == 0 || i == 2);
		parent_wait_cancel(&waiters[i].wait);
	}
	answer_none("test", LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_int_equal(waiters[4].done, 0);
}

/* First for the name that is none, then for the zone around it. */
static void
waits_for_the_zone_around(void **state)
{
	struct parent *parent = parents_of(parents, "a.city.example");
	struct waiter waiter = { .awaits = true }, late = { .done = 0 };

	(void)state;
	await(&waiter, parent);
	answer_none("city.example", LOOKUP_NODATA, DNSSEC_INSECURE);
	assert_int_equal(waiter.done, 1);
	await(&late, parent);
	answer_apex("example", DNSSEC_INSECURE);
	answer_address("ns.example.test", 600, "192.0.2.1");
	assert_int_equal(waiter.done, 2);
	assert_int_equal(late.done, 1);
	assert_int_equal(parent_state(parent), PARENT_OPEN);
}

/* Many zones ************************************************************** */

#define MANY	20000

/* The worker goes while all of them are asked. */
static void
many_zones(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		char name[32];

		snprintf(name, sizeof name, "a.zone%u", i);
		assert_int_equal(state_of(name), PARENT_ASKED);
	}
	assert_null(parents_of(parents, "a.example"));
	assert_int_equal(state_of("b.zone0"), PARENT_ASKED);
	assert_int_equal(asked_ever, 3 * MANY);
}

/* No more room for the zone around an empty non-terminal. */
static void
no_zone_around(void **state)
{
	struct parent *parent = parents_of(parents, "a.city.example");

	(void)state;
	for (unsigned i = 1; i < MANY; i++) {
		char name[32];

		snprintf(name, sizeof name, "a.zone%u", i);
		assert_int_equal(state_of(name), PARENT_ASKED);
	}
	answer_none("city.example", LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(parent_state(parent), PARENT_CLOSED);
}

/* At most 32 name servers of a zone. */
static void
many_servers(void **state)
{
	struct parent *parent = parents_of(parents, "a.example");
	struct rdata_list servers = { .count = 0 };
	struct buffer packet = { 0 };
	unsigned asked;

	(void)state;
	answer_begin(&packet, "example", DNS_NS, 0);
	for (unsigned i = 0; i < 40; i++) {
		char server[32];

		snprintf(server, sizeof server, "ns%u.test", i);
		rdata_add_name(&servers, server);
	}
	answer_set(&packet, DNS_ANSWER, "example", DNS_NS, 3600, &servers,
	    NULL);
	answer_with("example", DNS_SOA, LOOKUP_FOUND, DNSSEC_INSECURE);
	answer_with("example", DNS_DNSKEY, LOOKUP_NODATA, DNSSEC_INSECURE);
	asked = asked_ever;
	answer_with_packet("example", DNS_NS, LOOKUP_FOUND, DNSSEC_INSECURE,
	    &packet);
	assert_int_equal(asked_ever, asked + 2 * 32);
	for (unsigned i = 0; i < 32; i++) {
		char server[32];

		assert_int_equal(parent_state(parent), PARENT_ASKED);
		snprintf(server, sizeof server, "ns%u.test", i);
		answer_address(server, 600, "192.0.2.1");
	}
	assert_int_equal(parent_state(parent), PARENT_OPEN);
}

static int
make_signer(void **state)
{
	(void)state;
	zone_signer_make(&signer, 13, 0, 257, 3);
	return 0;
}

static int
free_signer(void **state)
{
	(void)state;
	zone_signer_fini(&signer);
	return 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sound_or_not), TEST(alias), TEST(view_of_secure),
		TEST(view_of_insecure), TEST(servers), TEST(no_server),
		TEST(looks_again), TEST(closes_and_opens),
		TEST(empty_non_terminal), TEST(top_level),
		TEST(empty_non_terminal_again), TEST(waits),
		TEST(waits_for_the_zone_around), TEST(many_zones),
		TEST(no_zone_around), TEST(many_servers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	parents_free(NULL);
	return cmocka_run_group_tests(tests, make_signer, free_signer);
}
