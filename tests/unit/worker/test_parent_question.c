/* Who has a name from a list, as the servers of its parent zone say (RULES L46
 * to L48). The parent zone is "example", which is secure unless a test says
 * otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parsers/ds_wire.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/direct_internal.h"
#include "scanner/message/servers.h"
#include "scanner/worker/parent_question.h"
#include "scanner/worker/parents.h"
#include "scanner/worker/server_addresses.h"
#include "tests/unit/set_clock.h"
#include "tests/unit/worker/waiting_lane.h"
#include "tests/unit/zone_signer.h"

#define NAME	"d.example"

static struct zone_signer signer;
static const struct signing sound = { .signer = &signer, .name = "example" };
static struct suffix_list *suffixes;
static struct direct direct;
/* The lookup of the lane for referrals that waits. */
static struct lookup *referral;
static unsigned referrals;

static void
take_referral(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	assert_null(referral);
	referral = lookup;
	referrals++;
}

static void
drop_referral(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	assert_ptr_equal(referral, lookup);
	referral = NULL;
}

static int
set_up(void **state)
{
	(void)state;
	open_lane();
	direct.referral_lane = (struct lane){
		.kind = LANE_DIRECT, .ask = take_referral,
		.cancel = drop_referral,
	};
	referral = NULL;
	referrals = 0;
	set_wall_ms = SIGNER_NOW * 1000;
	worker.direct = &direct;
	worker.suffixes = suffixes;
	worker.server_addresses = server_addresses_new(&worker);
	worker.parents = parents_new(&worker);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	parents_free(worker.parents);
	server_addresses_free(worker.server_addresses);
	return list_is_empty(&asked_lookups) && referral == NULL ? 0 : -1;
}

/* The parent zone ********************************************************* */

static void
answer_apex(enum dnssec dnssec)
{
	struct rdata_list keys = { .count = 0 }, servers = { .count = 0 };
	struct buffer packet = { 0 };

	answer_with("example", DNS_SOA, LOOKUP_FOUND, dnssec);
	answer_begin(&packet, "example", DNS_DNSKEY, 0);
	rdata_add(&keys, signer.dnskey.bytes, signer.dnskey.length);
	answer_set(&packet, DNS_ANSWER, "example", DNS_DNSKEY, 3600, &keys,
	    NULL);
	answer_with_packet("example", DNS_DNSKEY, LOOKUP_FOUND, dnssec,
	    &packet);
	answer_begin(&packet, "example", DNS_NS, 0);
	rdata_add_name(&servers, "ns1.test");
	rdata_add_name(&servers, "ns2.test");
	rdata_add_name(&servers, "ns3.test");
	answer_set(&packet, DNS_ANSWER, "example", DNS_NS, 3600, &servers,
	    NULL);
	answer_with_packet("example", DNS_NS, LOOKUP_FOUND, dnssec, &packet);
}

static void
open_parent(enum dnssec dnssec)
{
	answer_apex(dnssec);
	answer_address("ns1.test", 86400, "192.0.2.1");
	answer_address("ns2.test", 86400, "192.0.2.2");
	answer_address("ns3.test", 86400, "192.0.2.3");
}

/* Referrals *************************************************************** */

static struct buffer packet;

static void
begin_referral(void)
{
	answer_begin(&packet, NAME, DNS_NS, 0);
}

static void
put_server(const char *server)
{
	struct rdata_list rdata = { .count = 0 };

	rdata_add_name(&rdata, server);
	answer_set(&packet, DNS_AUTHORITY, NAME, DNS_NS, 3600, &rdata, NULL);
}

static void
put_ds(const struct signing *signing)
{
	static const uint8_t record[4 + 32] = { 1, 2, 13, 2 };
	struct rdata_list rdata = { .count = 0 };

	rdata_add(&rdata, record, sizeof record);
	answer_set(&packet, DNS_AUTHORITY, NAME, DNS_DS, 7200, &rdata,
	    signing);
}

static void
put_denial(const struct signing *signing)
{
	static const uint16_t cut[] = { DNS_NS, DNS_RRSIG, DNS_NSEC, 0 };
	struct rdata_list rdata = { .count = 0 };

	rdata_add_nsec(&rdata, "e.example", cut);
	answer_set(&packet, DNS_AUTHORITY, NAME, DNS_NSEC, 3600, &rdata,
	    signing);
}

static void
put_glue(const char *server)
{
	answer_record(&packet, DNS_ADDITIONAL, server, DNS_A, 3600,
	    "\300\0\2\144", 4);
}

static void
end_referral(enum answer_verdict verdict)
{
	struct lookup *lookup = referral;
	struct answer *answer;

	assert_non_null(lookup);
	referral = NULL;
	answer = lookup_new_answer(lookup);
	answer->verdict = verdict;
	if (verdict == VERDICT_ANSWERED) {
		answer->status = LOOKUP_NODATA;
		answer->packet = xmemdup(packet.bytes, packet.length);
		answer->packet_length = packet.length;
	} else {
		answer->status = LOOKUP_SERVFAIL;
	}
	buffer_fini(&packet);
	lookup_end(lookup);
}

/* Name servers without glue, which the parent need not know. */
static void
refer_to(unsigned count)
{
	begin_referral();
	for (unsigned i = 1; i <= count; i++) {
		char server[32];

		snprintf(server, sizeof server, "ns%u.host.test", i);
		put_server(server);
	}
	put_denial(&sound);
	end_referral(VERDICT_ANSWERED);
}

static void
answer_none(const char *server)
{
	answer_with(server, DNS_A, LOOKUP_NODATA, DNSSEC_INSECURE);
	answer_with(server, DNS_AAAA, LOOKUP_NODATA, DNSSEC_INSECURE);
}

/* Askers ****************************************************************** */

struct asker {
	struct parent_question *question;
	unsigned	 done;
	bool		 frees;		/* its question, when it is done */
	struct asker	*other;		/* whose question it frees then */
};

static void
on_done(void *tag)
{
	struct asker *asker = tag;

	asker->done++;
	if (asker->frees) {
		parent_question_free(asker->question);
		asker->question = NULL;
	}
	if (asker->other != NULL) {
		parent_question_free(asker->other->question);
		asker->other->question = NULL;
	}
}

static bool
ask(struct asker *asker, const char *name)
{
	asker->question = parent_question_new(&worker, name, on_done, asker);
	assert_int_equal(asker->done, 0);
	return asker->question != NULL;
}

static void
asker_fini(struct asker *asker)
{
	parent_question_free(asker->question);
	asker->question = NULL;
}

/* The servers as "name address address, name"; NULL: there is no delegation.
 * Returns how many bytes of DS there are. */
static size_t
assert_delegation(const struct asker *asker, const char *expected)
{
	char text[1024] = "", address_text[ADDRESS_TEXT_MAX];
	struct item_servers servers = { 0 };
	struct item_ds ds = { 0 };
	struct delegation delegation = { 0 };
	struct delegation_walk walk;
	struct address address;

	assert_int_equal(asker->done, 1);
	if (!parent_question_has_delegation(asker->question, &servers, &ds)) {
		assert_null(expected);
		return 0;
	}
	assert_non_null(expected);
	delegation.servers = servers.bytes;
	delegation.length = servers.length;
	delegation_open(&delegation, &walk);
	while (delegation_next(&walk)) {
		if (text[0] != '\0')
			strcat(text, ", ");
		strcat(text, walk.server);
		while (delegation_next_glue(&walk, &address)) {
			address_to_text(&address, address_text);
			strcat(text, " ");
			strcat(text, address_text);
		}
	}
	assert_false(walk.wire.failed);
	assert_string_equal(text, expected);
	assert_int_equal(ds.signatures_length, 0);
	return ds.length;
}

/* Whose parent is asked *************************************************** */

static void
whose_parent(void **state)
{
	static const struct { const char *name; bool is_asked; } rows[] = {
		{ NAME, true },
		{ "example", false },		/* a public suffix */
		{ "mx.d.example", false },	/* below a registrable domain */
		{ "a.co.uk", true },
		{ "co.uk", false },
		{ "a\\046b.example", false },	/* the list says nothing */
	};
	struct parents *parents = worker.parents;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct asker asker = { .done = 0 };
		unsigned before = asked_ever;

		if (ask(&asker, rows[i].name) != rows[i].is_asked)
			fail_msg("%s", rows[i].name);
		assert_int_equal(asked_ever - before,
		    rows[i].is_asked ? 3 : 0);
		asker_fini(&asker);
	}
	parent_question_free(NULL);
	/* The options do not allow it. */
	worker.parents = NULL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct asker asker = { .done = 0 };

		assert_false(ask(&asker, rows[i].name));
	}
	worker.parents = parents;
}

/* L46: the zone may not be asked: who waited is told, and who comes then does
 * not wait. */
static void
closed(void **state)
{
	struct asker first = { .done = 0 }, second = { .done = 0 };

	(void)state;
	assert_true(ask(&first, NAME));
	answer_with("example", DNS_SOA, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	answer_with("example", DNS_DNSKEY, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_int_equal(first.done, 0);
	answer_with("example", DNS_NS, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_delegation(&first, NULL);
	assert_false(ask(&second, "e.example"));
	assert_int_equal(referrals, 0);
	asker_fini(&first);
}

/* All labels but the first are an empty non-terminal. */
static void
zone_around(void **state)
{
	struct asker asker = { .done = 0 };
	struct buffer name = { 0 };

	(void)state;
	assert_true(ask(&asker, "a.co.uk"));
	answer_with("co.uk", DNS_SOA, LOOKUP_NODATA, DNSSEC_SECURE);
	answer_with("co.uk", DNS_DNSKEY, LOOKUP_NODATA, DNSSEC_SECURE);
	answer_with("co.uk", DNS_NS, LOOKUP_NODATA, DNSSEC_SECURE);
	assert_int_equal(asker.done, 0);
	answer_with("uk", DNS_SOA, LOOKUP_FOUND, DNSSEC_INSECURE);
	answer_with("uk", DNS_DNSKEY, LOOKUP_NODATA, DNSSEC_INSECURE);
	answer_begin(&packet, "uk", DNS_NS, 0);
	answer_name(&name, "ns.uk");
	answer_record(&packet, DNS_ANSWER, "uk", DNS_NS, 3600, name.bytes,
	    name.length);
	answer_with_packet("uk", DNS_NS, LOOKUP_FOUND, DNSSEC_INSECURE,
	    &packet);
	answer_address("ns.uk", 600, "192.0.2.1");
	assert_non_null(referral);
	assert_string_equal(referral->delegation->name, "uk");
	answer_begin(&packet, "a.co.uk", DNS_NS, 0);
	answer_record(&packet, DNS_AUTHORITY, "a.co.uk", DNS_NS, 3600,
	    name.bytes, name.length);
	put_glue("ns.uk");
	end_referral(VERDICT_ANSWERED);
	assert_int_equal(assert_delegation(&asker, "ns.uk 192.0.2.100"), 0);
	asker_fini(&asker);
	buffer_fini(&name);
}

/* L47: NS of the name, at the server that the hash of the name chooses. */
static void
question(void **state)
{
	unsigned chosen[3] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 30; i++) {
		struct asker asker = { .done = 0 };
		struct item_servers servers;
		struct buffer wire = { 0 };
		char name[32];
		unsigned first;

		snprintf(name, sizeof name, "d%u.example", i);
		assert_true(ask(&asker, name));
		if (i == 0)
			open_parent(DNSSEC_SECURE);
		assert_non_null(referral);
		assert_int_equal(referral->type, DNS_NS);
		answer_name(&wire, name);
		assert_memory_equal(referral->name, wire.bytes, wire.length);
		assert_string_equal(referral->delegation->name, "example");
		assert_int_equal(referral->delegation->ds_length, 0);
		servers = (struct item_servers){
			referral->delegation->servers,
			referral->delegation->length,
		};
		assert_true(servers_index(servers, name, &first));
		assert_int_equal(referral->delegation->first, first);
		chosen[first]++;
		buffer_fini(&wire);
		asker_fini(&asker);
		/* It went with its question. */
		assert_null(referral);
	}
	/* Names are spread over the servers. */
	assert_true(chosen[0] > 0 && chosen[1] > 0 && chosen[2] > 0);
}

/* What the referral says ************************************************** */

static void
begin(struct asker *asker, enum dnssec dnssec)
{
	assert_true(ask(asker, NAME));
	open_parent(dnssec);
	assert_int_equal(asker->done, 0);
}

static void
signed_delegation(void **state)
{
	struct asker asker = { .done = 0 };
	struct item_servers servers;
	struct ds_record record;
	struct item_ds ds;
	struct wire wire;

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	begin_referral();
	put_server("ns.d.example");
	put_ds(&sound);
	put_glue("ns.d.example");
	end_referral(VERDICT_ANSWERED);
	assert_true(assert_delegation(&asker, "ns.d.example 192.0.2.100") > 0);
	assert_true(parent_question_has_delegation(asker.question, &servers,
	    &ds));
	assert_int_equal(ds.ttl, 3600);		/* that of the signature */
	wire = (struct wire){ ds.records, ds.records + ds.length, false };
	assert_true(ds_get(&wire, &record));
	assert_int_equal(record.tag, 0x102);
	assert_ptr_equal(wire.at, wire.end);
	asker_fini(&asker);
}

/* L47: the twins of a name without DS. */
static void
unsigned_delegation(void **state)
{
	static const struct {
		enum dnssec	 parent;
		enum { NOTHING, DENIAL, UNSIGNED_DENIAL, DS, UNSIGNED_DS }
				 says;
		bool		 has_delegation;
	} rows[] = {
		{ DNSSEC_SECURE, DENIAL, true },
		{ DNSSEC_SECURE, UNSIGNED_DENIAL, false },
		{ DNSSEC_SECURE, NOTHING, false },
		{ DNSSEC_SECURE, UNSIGNED_DS, false },
		{ DNSSEC_INSECURE, NOTHING, true },
		{ DNSSEC_INSECURE, DS, true },
		{ DNSSEC_INSECURE, UNSIGNED_DS, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct asker asker = { .done = 0 };

		assert_int_equal(tear_down(state), 0);
		set_up(state);
		begin(&asker, rows[i].parent);
		begin_referral();
		put_server("ns.d.example");
		if (rows[i].says == DENIAL || rows[i].says == UNSIGNED_DENIAL)
			put_denial(rows[i].says == DENIAL ? &sound : NULL);
		if (rows[i].says == DS || rows[i].says == UNSIGNED_DS)
			put_ds(rows[i].says == DS ? &sound : NULL);
		put_glue("ns.d.example");
		end_referral(VERDICT_ANSWERED);
		assert_int_equal(assert_delegation(&asker,
		    rows[i].has_delegation ? "ns.d.example 192.0.2.100"
					   : NULL), 0);
		asker_fini(&asker);
	}
}

/* A signature holds a day: the wall clock counts. */
static void
expired(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct asker asker = { .done = 0 };

		assert_true(ask(&asker, NAME));
		if (!twin)
			open_parent(DNSSEC_SECURE);
		begin_referral();
		put_server("ns.d.example");
		put_denial(&sound);
		put_glue("ns.d.example");
		set_wall_ms = (SIGNER_NOW + SIGNER_DAY + twin) * 1000;
		end_referral(VERDICT_ANSWERED);
		assert_delegation(&asker, twin ? NULL
		    : "ns.d.example 192.0.2.100");
		asker_fini(&asker);
	}
}

/* Any other response, and silence. */
static void
no_referral(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct asker asker = { .done = 0 };

		assert_true(ask(&asker, NAME));
		if (i == 0)
			open_parent(DNSSEC_SECURE);
		end_referral(i == 0 ? VERDICT_ODD : VERDICT_SERVERS_FAILED);
		assert_delegation(&asker, NULL);
		/* Nobody is asked for addresses. */
		assert_true(list_is_empty(&asked_lookups));
		asker_fini(&asker);
	}
}

/* Addresses of name servers ************************************************ */

/* L48: one server with an address is enough. */
static void
one_is_enough(void **state)
{
	struct asker asker = { .done = 0 };

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	refer_to(3);
	assert_int_equal(asker.done, 0);
	answer_none("ns1.host.test");
	assert_int_equal(asker.done, 0);
	answer_address("ns3.host.test", 600, "192.0.2.9");
	assert_delegation(&asker, "ns1.host.test, ns2.host.test, "
	    "ns3.host.test 192.0.2.9");
	/* What comes later is for the next name. */
	answer_address("ns2.host.test", 600, "192.0.2.8");
	assert_delegation(&asker, "ns1.host.test, ns2.host.test, "
	    "ns3.host.test 192.0.2.9");
	asker_fini(&asker);

	asker.done = 0;
	assert_true(ask(&asker, NAME));
	refer_to(3);
	assert_delegation(&asker, "ns1.host.test, ns2.host.test 192.0.2.8, "
	    "ns3.host.test 192.0.2.9");
	asker_fini(&asker);
}

/* Where one server has glue, nobody asks for the addresses of others. */
static void
waits_for_nobody(void **state)
{
	struct asker asker = { .done = 0 };

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	begin_referral();
	put_server("ns.host.test");
	put_server("ns.d.example");
	put_denial(&sound);
	put_glue("ns.d.example");
	end_referral(VERDICT_ANSWERED);
	assert_null(asked_about("ns.host.test", DNS_A));
	assert_delegation(&asker, "ns.host.test, ns.d.example 192.0.2.100");
	asker_fini(&asker);
}

static void
no_address(void **state)
{
	struct asker asker = { .done = 0 };

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	refer_to(2);
	answer_none("ns2.host.test");
	assert_int_equal(asker.done, 0);
	answer_none("ns1.host.test");
	assert_delegation(&asker, NULL);
	asker_fini(&asker);
	/* It is known by now. */
	asker.done = 0;
	assert_true(ask(&asker, NAME));
	refer_to(2);
	assert_delegation(&asker, NULL);
	asker_fini(&asker);
}

/* Whoever has the delegation cannot have us ask for any number of hosts. */
static void
many_servers(void **state)
{
	struct asker asker = { .done = 0 };

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	refer_to(6);
	assert_null(asked_about("ns5.host.test", DNS_A));
	for (unsigned i = 1; i <= 4; i++) {
		char server[32];

		assert_int_equal(asker.done, 0);
		snprintf(server, sizeof server, "ns%u.host.test", i);
		answer_none(server);
	}
	assert_delegation(&asker, NULL);
	asker_fini(&asker);
}

/* Ends ******************************************************************** */

enum step { AT_PARENT, AT_PARENT_SERVERS, AT_REFERRAL, AT_SERVERS, STEPS };

/* Goes on to this step. */
static void
go_to(enum step step)
{
	if (step >= AT_PARENT_SERVERS)
		answer_apex(DNSSEC_SECURE);
	if (step >= AT_REFERRAL) {
		answer_address("ns1.test", 86400, "192.0.2.1");
		answer_address("ns2.test", 86400, "192.0.2.2");
		answer_address("ns3.test", 86400, "192.0.2.3");
	}
	if (step >= AT_SERVERS)
		refer_to(2);
}

/* The question may be freed at any time; done() does not run any more. */
static void
freed_while_it_waits(void **state)
{
	(void)state;
	for (enum step step = AT_PARENT; step < STEPS; step++) {
		struct asker asker = { .done = 0 };

		assert_int_equal(tear_down(state), 0);
		set_up(state);
		assert_true(ask(&asker, NAME));
		go_to(step);
		assert_int_equal(asker.done, 0);
		asker_fini(&asker);
		assert_null(referral);
		if (step == AT_PARENT)
			answer_apex(DNSSEC_SECURE);
		if (step <= AT_PARENT_SERVERS) {
			answer_address("ns1.test", 86400, "192.0.2.1");
			answer_none("ns2.test");
			answer_none("ns3.test");
		}
		if (step == AT_SERVERS) {
			answer_none("ns1.host.test");
			answer_address("ns2.host.test", 600, "192.0.2.9");
		}
		assert_int_equal(asker.done, 0);
		assert_null(referral);
	}
}

/* It may be freed by its own done(), and by that of another one which waits for
 * the same. */
static void
freed_when_it_is_done(void **state)
{
	(void)state;
	for (enum step step = AT_PARENT; step < STEPS; step++) {
		struct asker first = { .frees = true };

		assert_int_equal(tear_down(state), 0);
		set_up(state);
		assert_true(ask(&first, NAME));
		if (step == AT_PARENT) {
			answer_with("example", DNS_SOA, LOOKUP_BOGUS, 0);
			answer_with("example", DNS_DNSKEY, LOOKUP_BOGUS, 0);
			answer_with("example", DNS_NS, LOOKUP_BOGUS, 0);
		} else if (step == AT_PARENT_SERVERS) {
			answer_apex(DNSSEC_SECURE);
			answer_none("ns1.test");
			answer_none("ns2.test");
			answer_none("ns3.test");
		} else {
			go_to(step);
			if (step == AT_REFERRAL) {
				end_referral(VERDICT_ODD);
			} else {
				answer_none("ns1.host.test");
				answer_none("ns2.host.test");
			}
		}
		assert_int_equal(first.done, 1);
		assert_null(first.question);
	}
}

static void
frees_another(void **state)
{
	struct asker second = { .done = 0 };
	struct asker first = { .frees = true, .other = &second };

	(void)state;
	assert_true(ask(&first, NAME));
	assert_true(ask(&second, "e.example"));
	answer_with("example", DNS_SOA, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	answer_with("example", DNS_DNSKEY, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	answer_with("example", DNS_NS, LOOKUP_BOGUS, DNSSEC_UNCHECKED);
	assert_int_equal(first.done, 1);
	assert_int_equal(second.done, 0);
	assert_null(second.question);
}

static void
frees_another_at_a_server(void **state)
{
	struct asker second = { .done = 0 };
	struct asker first = { .frees = true, .other = &second };

	(void)state;
	begin(&first, DNSSEC_SECURE);
	refer_to(2);
	assert_true(ask(&second, NAME));
	refer_to(2);
	answer_address("ns1.host.test", 600, "192.0.2.9");
	assert_int_equal(first.done, 1);
	assert_int_equal(second.done, 0);
	assert_null(second.question);
	answer_none("ns2.host.test");
	assert_int_equal(second.done, 0);
}

/* The zone is looked at again while its server is asked: the referral is judged
 * with the keys of the time when it was asked for. */
static void
looked_at_meanwhile(void **state)
{
	struct asker asker = { .done = 0 }, other = { .done = 0 };

	(void)state;
	begin(&asker, DNSSEC_SECURE);
	set_monotonic_ms += 600 * 1000;
	(void)parents_of(worker.parents, "e.example");
	answer_apex(DNSSEC_INSECURE);
	begin_referral();
	put_server("ns.d.example");
	put_glue("ns.d.example");
	end_referral(VERDICT_ANSWERED);
	/* It has no DS, and no proof of that. */
	assert_delegation(&asker, NULL);
	asker_fini(&asker);
	assert_true(ask(&other, NAME));
	begin_referral();
	put_server("ns.d.example");
	put_glue("ns.d.example");
	end_referral(VERDICT_ANSWERED);
	assert_delegation(&other, "ns.d.example 192.0.2.100");
	asker_fini(&other);
}

static int
open_all(void **state)
{
	(void)state;
	zone_signer_make(&signer, 13, 0, 257, 3);
	suffixes = suffix_list_open();
	return suffixes != NULL ? 0 : -1;
}

static int
close_all(void **state)
{
	(void)state;
	zone_signer_fini(&signer);
	suffix_list_free(suffixes);
	return 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whose_parent), TEST(closed), TEST(zone_around),
		TEST(question), TEST(signed_delegation),
		TEST(unsigned_delegation), TEST(expired), TEST(no_referral),
		TEST(one_is_enough), TEST(waits_for_nobody),
		TEST(no_address), TEST(many_servers),
		TEST(freed_while_it_waits), TEST(freed_when_it_is_done),
		TEST(frees_another), TEST(frees_another_at_a_server),
		TEST(looked_at_meanwhile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_all, close_all);
}
