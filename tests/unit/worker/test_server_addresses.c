/* The addresses of name servers in other zones (RULES L48): asked for once, and
 * kept for a while. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parsers/address_wire.h"
#include "scanner/worker/server_addresses.h"
#include "tests/unit/set_clock.h"
#include "tests/unit/worker/waiting_lane.h"

#define HOST	"ns.host.test"

static struct server_addresses *addresses;

static int
set_up(void **state)
{
	(void)state;
	open_lane();
	addresses = server_addresses_new(&worker);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	server_addresses_free(addresses);
	/* Its lookups went with it. */
	return list_is_empty(&asked_lookups) ? 0 : -1;
}

static enum server_state
look(const char *host)
{
	struct buffer glue = { 0 };
	enum server_state server = server_addresses_look(addresses, host,
	    &glue);

	assert_int_equal(glue.length > 0, server == SERVER_KNOWN);
	buffer_fini(&glue);
	return server;
}

/* Its glue has these addresses, in any order of the families. */
static void
assert_known(const char *host, const char *expected)
{
	char text[512] = "", address_text[ADDRESS_TEXT_MAX];
	struct buffer glue = { 0 };
	struct address address;
	struct wire wire;
	uint64_t count;

	assert_int_equal(server_addresses_look(addresses, host, &glue),
	    SERVER_KNOWN);
	wire = (struct wire){ glue.bytes, glue.bytes + glue.length, false };
	for (count = wire_number(&wire, 1); count > 0; count--) {
		assert_true(address_get(&wire, &address));
		address_to_text(&address, address_text);
		if (text[0] != '\0')
			strcat(text, " ");
		strcat(text, address_text);
	}
	assert_false(wire.failed);
	assert_ptr_equal(wire.at, wire.end);
	assert_string_equal(text, expected);
	buffer_fini(&glue);
}

static void
asks_once(void **state)
{
	(void)state;
	assert_int_equal(look(HOST), SERVER_ASKED);
	assert_int_equal(look(HOST), SERVER_ASKED);
	assert_int_equal(asked_ever, 2);
	assert_non_null(asked_about(HOST, DNS_A));
	assert_non_null(asked_about(HOST, DNS_AAAA));
	answer_addresses(HOST, 600, (const char *const[]){ "2001:db8::1",
	    NULL });
	assert_int_equal(look(HOST), SERVER_ASKED);
	answer_addresses(HOST, 600, (const char *const[]){ "192.0.2.1",
	    "192.0.2.2", NULL });
	assert_known(HOST, "2001:db8::1 192.0.2.1 192.0.2.2");
	assert_int_equal(asked_ever, 2);
	/* Another host is another question. */
	assert_int_equal(look("ns2.host.test"), SERVER_ASKED);
	assert_int_equal(asked_ever, 4);
}

/* One family is enough; an alias is no name server (RFC 2181 10.3). */
static void
answers(void **state)
{
	static const struct {
		enum lookup_status ipv6;
		enum lookup_status ipv4;
	} none[] = {
		{ LOOKUP_NODATA, LOOKUP_NODATA },
		{ LOOKUP_NXDOMAIN, LOOKUP_NXDOMAIN },
		{ LOOKUP_TIMEOUT, LOOKUP_SERVFAIL },
		{ LOOKUP_BOGUS, LOOKUP_BOGUS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		char host[32];

		snprintf(host, sizeof host, "ns%zu.host.test", i);
		assert_int_equal(look(host), SERVER_ASKED);
		answer_with(host, DNS_AAAA, none[i].ipv6, DNSSEC_UNCHECKED);
		answer_with(host, DNS_A, none[i].ipv4, DNSSEC_UNCHECKED);
		assert_int_equal(look(host), SERVER_UNKNOWN);
	}
	look("a.test");
	answer_with("a.test", DNS_AAAA, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	answer_addresses("a.test", 600, (const char *const[]){ "192.0.2.1",
	    NULL });
	assert_known("a.test", "192.0.2.1");
	look("b.test");
	answer_address("b.test", 600, "2001:db8::1");
	assert_known("b.test", "2001:db8::1");
}

static void
aliases(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		const char *host = twin ? "twin.test" : "alias.test";
		struct buffer packet = { 0 };
		struct lookup *lookup;

		look(host);
		answer_with(host, DNS_AAAA, LOOKUP_NODATA, DNSSEC_INSECURE);
		lookup = asked_about(host, DNS_A);
		answer_begin(&packet, host, DNS_A, 0);
		answer_record(&packet, DNS_ANSWER, host, DNS_A, 600,
		    "\300\0\2\1", 4);
		list_remove(&lookup->link);
		lookup_new_answer(lookup)->status = LOOKUP_FOUND;
		lookup->answer->has_cname = !twin;
		lookup->answer->ttl = 600;
		lookup->answer->packet_length = packet.length;
		lookup->answer->packet = packet.bytes;
		lookup_end(lookup);
		assert_int_equal(look(host), twin ? SERVER_KNOWN
						  : SERVER_UNKNOWN);
	}
}

/* L48: for their TTL, but for at least five minutes and at most an hour. */
static void
keeps(void **state)
{
	static const struct { uint32_t ipv4, ipv6; int64_t kept_s; } rows[] = {
		{ 600, 600, 600 }, { 600, 900, 600 }, { 900, 600, 600 },
		{ 60, 86400, 300 }, { 300, 300, 300 }, { 0, 0, 300 },
		{ 86400, 86400, 3600 }, { 3600, 7200, 3600 },
		{ 3599, 7200, 3599 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char host[32];

		snprintf(host, sizeof host, "ns%zu.host.test", i);
		look(host);
		answer_addresses(host, rows[i].ipv4,
		    (const char *const[]){ "192.0.2.1", NULL });
		answer_addresses(host, rows[i].ipv6,
		    (const char *const[]){ "2001:db8::1", NULL });
		set_monotonic_ms += rows[i].kept_s * 1000 - 1;
		if (look(host) != SERVER_KNOWN)
			fail_msg("row %zu: is not kept", i);
		set_monotonic_ms++;
		if (look(host) != SERVER_ASKED)
			fail_msg("row %zu: is kept", i);
		/* The old addresses do not count any more. */
		answer_address(host, 600, "192.0.2.9");
		assert_known(host, "192.0.2.9");
	}
}

/* So is what is not known. The TTL of a denial does not count. */
static void
keeps_nothing(void **state)
{
	(void)state;
	look(HOST);
	answer_with(HOST, DNS_A, LOOKUP_NODATA, DNSSEC_INSECURE);
	answer_with(HOST, DNS_AAAA, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	set_monotonic_ms += 300 * 1000 - 1;
	assert_int_equal(look(HOST), SERVER_UNKNOWN);
	assert_int_equal(asked_ever, 2);
	set_monotonic_ms++;
	assert_int_equal(look(HOST), SERVER_ASKED);
	assert_int_equal(asked_ever, 4);
}

/* An answer that takes long is kept from its end on. */
static void
slow(void **state)
{
	(void)state;
	look(HOST);
	set_monotonic_ms += 1000 * 1000;
	assert_int_equal(look(HOST), SERVER_ASKED);
	assert_int_equal(asked_ever, 2);
	answer_address(HOST, 600, "192.0.2.1");
	set_monotonic_ms += 600 * 1000 - 1;
	assert_int_equal(look(HOST), SERVER_KNOWN);
}

static void
many_addresses(void **state)
{
	(void)state;
	look(HOST);
	answer_addresses(HOST, 600, (const char *const[]){ "192.0.2.1",
	    "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6",
	    "192.0.2.7", "192.0.2.8", "192.0.2.9", NULL });
	answer_addresses(HOST, 600, (const char *const[]){ "2001:db8::1",
	    NULL });
	assert_known(HOST, "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 "
	    "192.0.2.6 192.0.2.7 192.0.2.8");
}

/* A name that no question can be about. */
static void
no_name(void **state)
{
	(void)state;
	assert_int_equal(look("a..b"), SERVER_UNKNOWN);
	assert_int_equal(asked_ever, 0);
}

/* Waiting ***************************************************************** */

struct waiter {
	struct server_wait wait;
	unsigned	 done;
	struct waiter	*cancels;	/* when it is done */
	bool		 looks;		/* the same */
};

static void
on_done(struct server_wait *wait)
{
	struct waiter *waiter = list_entry(wait, struct waiter, wait);

	waiter->done++;
	if (waiter->cancels != NULL)
		server_wait_cancel(&waiter->cancels->wait);
	if (waiter->looks)
		assert_int_equal(look(HOST), SERVER_KNOWN);
}

static void
await(struct waiter *waiter, const char *host)
{
	waiter->wait.done = on_done;
	assert_int_equal(look(host), SERVER_ASKED);
	server_addresses_await(addresses, host, &waiter->wait);
}

static void
waits(void **state)
{
	struct waiter waiters[5] = { { .done = 0 } };

	(void)state;
	/* One that does not wait. */
	server_wait_cancel(&waiters[0].wait);
	for (unsigned i = 0; i < 5; i++)
		await(&waiters[i], i == 4 ? "ns2.host.test" : HOST);
	server_wait_cancel(&waiters[1].wait);
	waiters[0].looks = true;
	waiters[2].cancels = &waiters[3];
	answer_with(HOST, DNS_AAAA, LOOKUP_NODATA, DNSSEC_INSECURE);
	assert_int_equal(waiters[0].done, 0);
	answer_addresses(HOST, 600, (const char *const[]){ "192.0.2.1",
	    NULL });
	assert_int_equal(waiters[0].done, 1);
	assert_int_equal(waiters[1].done, 0);
	assert_int_equal(waiters[2].done, 1);
	assert_int_equal(waiters[3].done, 0);
	assert_int_equal(waiters[4].done, 0);
	/* Once more, and after it was done. */
	for (unsigned i = 0; i < 5; i++)
		server_wait_cancel(&waiters[i].wait);
	answer_address("ns2.host.test", 600, "192.0.2.1");
	assert_int_equal(waiters[4].done, 0);
}

static struct waiter *freed;

static void
on_last(struct server_wait *wait)
{
	struct waiter *waiter = list_entry(wait, struct waiter, wait);

	assert_ptr_equal(waiter, freed);
	server_wait_cancel(&waiter->wait);
	free(waiter);
	freed = NULL;
}

/* A wait may be freed when it is done. */
static void
frees_itself(void **state)
{
	(void)state;
	freed = calloc(1, sizeof *freed);
	assert_non_null(freed);
	await(freed, HOST);
	freed->wait.done = on_last;
	answer_with(HOST, DNS_AAAA, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	answer_with(HOST, DNS_A, LOOKUP_TIMEOUT, DNSSEC_UNCHECKED);
	assert_null(freed);
}

#define MANY	50000

/* More hosts than are kept: all are forgotten but those that somebody waits
 * for. */
static void
forgets(void **state)
{
	struct waiter waiter = { .done = 0 };

	(void)state;
	await(&waiter, HOST);
	for (unsigned i = 1; i < MANY; i++) {
		char host[32];

		snprintf(host, sizeof host, "ns%u.test", i);
		look(host);
		answer_with(host, DNS_A, LOOKUP_NODATA, DNSSEC_INSECURE);
		answer_with(host, DNS_AAAA, LOOKUP_NODATA, DNSSEC_INSECURE);
	}
	assert_int_equal(look("ns1.test"), SERVER_UNKNOWN);
	assert_int_equal(look("ns0.test"), SERVER_ASKED);
	assert_int_equal(look("ns1.test"), SERVER_ASKED);
	assert_int_equal(look(HOST), SERVER_ASKED);
	answer_address(HOST, 600, "192.0.2.1");
	assert_int_equal(waiter.done, 1);
	assert_known(HOST, "192.0.2.1");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asks_once), TEST(answers), TEST(aliases), TEST(keeps),
		TEST(keeps_nothing), TEST(slow), TEST(many_addresses),
		TEST(no_name), TEST(waits), TEST(frees_itself),
		TEST(forgets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	server_addresses_free(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
