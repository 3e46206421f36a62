/* Questions of the direct lane about a delegation with DS (RULES L28, L35,
 * L36): the keys of its zone are asked for first, once for all that need them,
 * and an answer of the lane is either secure or odd. The name servers are in
 * this process, in a network namespace of its own; the zone is that of
 * signed_zone.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/ds_wire.h"
#include "tests/unit/direct_world.h"
#include "tests/unit/signed_zone.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define MANY	20
#define ZONE	"d.example"
#define OTHER_TAG 57301		/* a key of the zone that no DS is about */

/* What a name server does with the question for the keys. */
enum keys_behaviour { KEYS_GOOD, KEYS_SILENT, KEYS_REFUSED, KEYS_FORMERR,
	KEYS_TRUNCATED, KEYS_FORGED, KEYS_ABSENT };
/* And with the others. */
enum behaviour { GOOD, FORGED, UNSIGNED, REFUSED };

struct server {
	int		 descriptor;
	ev_io		 readable;
	enum keys_behaviour keys;
	enum behaviour	 others;
	unsigned	 keys_asked, others_asked;
};

struct world {
	struct direct_world direct;
	struct server	 servers[2];
};

static struct address
address_of(unsigned server)
{
	return (struct address){ 4, { 127, 0, 0, (uint8_t)(server + 1) } };
}

/* Responses *************************************************************** */

struct response {
	uint8_t		 bytes[1500];
	size_t		 length;
};

/* Adds a set, without its signature (the last record) if it is to be UNSIGNED;
 * a FORGED one differs in its last bit, which is of the signature. */
static void
add_set(struct response *response, unsigned section, const uint8_t *set,
    size_t length, unsigned records, enum behaviour behaviour)
{
	size_t signature = 0;

	/* Owner, type, class, TTL, length. */
	for (unsigned i = 0; i + 1 < records; i++) {
		signature += name_wire_length(set + signature, NAME_WIRE_MAX);
		signature += 10u + set[signature + 9];
	}
	if (behaviour == UNSIGNED) {
		length = signature;
		records--;
	}
	memcpy(response->bytes + response->length, set, length);
	response->length += length;
	if (behaviour == FORGED)
		response->bytes[response->length - 1] ^= 1;
	response->bytes[7 + 2 * section] =
	    (uint8_t)(response->bytes[7 + 2 * section] + records);
}

static void
begin(struct response *response, const uint8_t *question, unsigned flags)
{
	response->length = 12 + name_wire_length(question + 12,
	    NAME_WIRE_MAX) + 4;
	memcpy(response->bytes, question, response->length);
	response->bytes[2] = (uint8_t)(flags >> 8);
	response->bytes[3] = (uint8_t)flags;
	response->bytes[11] = 0;
}

static void
deny(struct response *response, enum behaviour behaviour)
{
	add_set(response, DNS_AUTHORITY, signed_soa, sizeof signed_soa, 2,
	    behaviour);
	add_set(response, DNS_AUTHORITY, signed_nsec, sizeof signed_nsec, 2,
	    behaviour);
}

/* False: there is none. */
static bool
give_keys(const struct server *server, struct response *response,
    const uint8_t *question)
{
	static const unsigned flags[] = {
		[KEYS_REFUSED] = 0x8005, [KEYS_FORMERR] = 0x8001,
		[KEYS_TRUNCATED] = 0x8600,
	};

	if (server->keys == KEYS_SILENT)
		return false;
	begin(response, question, server->keys < COUNT(flags) &&
	    flags[server->keys] != 0 ? flags[server->keys] : 0x8400);
	if (server->keys == KEYS_GOOD || server->keys == KEYS_FORGED)
		add_set(response, DNS_ANSWER, signed_keys, sizeof signed_keys,
		    3, server->keys == KEYS_FORGED ? FORGED : GOOD);
	else if (server->keys == KEYS_ABSENT)
		deny(response, GOOD);
	return true;
}

/* The zone has MX, and an address of `mx`. */
static void
give(const struct server *server, struct response *response,
    const uint8_t *question, uint16_t type)
{
	size_t labels = name_labels(question + 12);

	begin(response, question, server->others == REFUSED ? 0x8005 : 0x8400);
	if (server->others == REFUSED)
		return;
	if (type == DNS_MX) {
		add_set(response, DNS_ANSWER, signed_mx, sizeof signed_mx, 2,
		    server->others);
	} else if (type == DNS_A && labels == 3) {
		add_set(response, DNS_ANSWER, signed_address,
		    sizeof signed_address, 2, server->others);
	} else {
		if (labels > 2)
			response->bytes[3] = 3;	/* NXDOMAIN */
		deny(response, server->others);
	}
}

static void
on_question(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct server *server = watcher->data;
	struct sockaddr_in from;
	uint8_t question[512];

	(void)ev;
	(void)revents;
	for (;;) {
		socklen_t size = sizeof from;
		struct response response = { .length = 0 };
		ssize_t length = recvfrom(server->descriptor, question,
		    sizeof question, 0, (struct sockaddr *)&from, &size);
		size_t end;
		uint16_t type;

		if (length < 0)
			return;
		/* RFC 3225: EDNS with DO, always. */
		assert_int_equal(question[11], 1);
		assert_int_equal(question[length - 4] & 0x80, 0x80);
		end = 12 + name_wire_length(question + 12, NAME_WIRE_MAX);
		type = (uint16_t)(question[end] << 8 | question[end + 1]);
		server->keys_asked += type == DNS_DNSKEY;
		server->others_asked += type != DNS_DNSKEY;
		if (type != DNS_DNSKEY)
			give(server, &response, question, type);
		else if (!give_keys(server, &response, question))
			continue;
		assert_int_equal(sendto(server->descriptor, response.bytes,
		    response.length, 0, (struct sockaddr *)&from, size),
		    (ssize_t)response.length);
	}
}

/* The world *************************************************************** */

static void
open_world(struct world *world, unsigned window)
{
	const struct direct_options options = { .window = window };

	memset(world, 0, sizeof *world);
	direct_world_open(&world->direct, &options);
	for (unsigned i = 0; i < COUNT(world->servers); i++) {
		struct server *server = &world->servers[i];
		struct sockaddr_in name = {
			.sin_family = AF_INET, .sin_port = htons(53),
		};
		struct address address = address_of(i);

		memcpy(&name.sin_addr, address.bytes, 4);
		server->descriptor = socket(AF_INET, SOCK_DGRAM |
		    SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		assert_int_equal(bind(server->descriptor,
		    (struct sockaddr *)&name, sizeof name), 0);
		ev_io_init(&server->readable, on_question, server->descriptor,
		    EV_READ);
		server->readable.data = server;
		ev_io_start(world->direct.ev, &server->readable);
	}
}

static void
close_world(struct world *world)
{
	for (unsigned i = 0; i < COUNT(world->servers); i++) {
		ev_io_stop(world->direct.ev, &world->servers[i].readable);
		close(world->servers[i].descriptor);
	}
	direct_world_close(&world->direct);
}

static struct buffer
ds_of(uint16_t tag, const uint8_t *digest)
{
	struct buffer ds = { 0 };
	const struct ds_record record = {
		.tag = tag, .algorithm = 13, .digest_type = 2,
		.digest = digest, .digest_length = 32,
	};

	ds_put(&ds, &record);
	return ds;
}

static void
delegate(struct asker *asker, const struct buffer *ds)
{
	*asker = (struct asker){ .name = ZONE };
	for (unsigned i = 0; i < 2; i++) {
		struct address address = address_of(i);

		asker_add_server(asker, &address);
	}
	asker->delegation.ds = ds->bytes;
	asker->delegation.ds_length = ds->length;
	asker->delegation.ds_ttl = 3600;
}

static unsigned
packets_of(const struct asker *asker)
{
	const struct answer *answer = &asker->answer;
	unsigned count = 0;

	for (unsigned i = 0; i < answer->asked_count; i++)
		count += answer->asked[i].questions;
	return count;
}

static void
is_secure(const struct asker *asker)
{
	const struct answer *answer = &asker->answer;

	assert_int_equal(asker->done, 1);
	assert_int_equal(answer->verdict, VERDICT_ANSWERED);
	assert_int_equal(answer->dnssec, DNSSEC_SECURE);
	assert_int_equal(answer->status, LOOKUP_FOUND);
	assert_int_equal(answer->count, 1);
	assert_int_equal(asker->records, 1);
	assert_int_equal(answer->ttl, SIGNED_ZONE_TTL);
	assert_true(answer->has_signature);
	assert_false(answer->is_wildcard);
}

/* Tests ******************************************************************* */

/* Keys, then MX: each packet is reported to the lookup that needed it. */
static void
secure(void **state)
{
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);
	struct asker asker;
	struct world world;

	(void)state;
	open_world(&world, 10);
	delegate(&asker, &ds);
	asker_ask(&asker, &world.direct);
	direct_world_run(&world.direct);
	is_secure(&asker);
	assert_int_equal(world.servers[0].keys_asked, 1);
	assert_int_equal(world.servers[0].others_asked, 1);
	assert_int_equal(world.servers[1].keys_asked, 0);
	assert_int_equal(world.servers[1].others_asked, 0);
	assert_int_equal(packets_of(&asker), 2);
	asker_fini(&asker);
	close_world(&world);
	buffer_fini(&ds);
}

/* The twin of `secure`: without DS signatures are odd. */
static void
without_ds(void **state)
{
	struct buffer none = { 0 };
	struct asker asker;
	struct world world;

	(void)state;
	open_world(&world, 10);
	delegate(&asker, &none);
	asker_ask(&asker, &world.direct);
	direct_world_run(&world.direct);
	assert_int_equal(asker.answer.verdict, VERDICT_ODD);
	assert_int_equal(asker.answer.oddity, ODDITY_SIGNED);
	assert_int_equal(world.servers[0].keys_asked, 0);
	asker_fini(&asker);
	close_world(&world);
}

/* Many at once, and one later, with one question for the keys. The window does
 * not keep that question back, even if it has room for one. */
static void
keys_are_shared(void **state)
{
	static const unsigned windows[] = { 1, 2, MANY * 2 };
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);

	(void)state;
	for (size_t i = 0; i < COUNT(windows); i++) {
		struct asker askers[MANY + 1];
		struct direct_counts counts;
		struct world world;
		unsigned packets = 0;

		open_world(&world, windows[i]);
		for (unsigned k = 0; k <= MANY; k++) {
			delegate(&askers[k], &ds);
			if (k < MANY)
				asker_ask(&askers[k], &world.direct);
		}
		direct_world_run(&world.direct);
		asker_ask(&askers[MANY], &world.direct);
		direct_world_run(&world.direct);
		for (unsigned k = 0; k <= MANY; k++) {
			is_secure(&askers[k]);
			packets += packets_of(&askers[k]);
			asker_fini(&askers[k]);
		}
		assert_int_equal(world.servers[0].keys_asked, 1);
		assert_int_equal(world.servers[0].others_asked, MANY + 1);
		assert_int_equal(packets, MANY + 2);
		direct_count(world.direct.direct, &counts);
		assert_int_equal(counts.in_flight, 0);
		assert_int_equal(counts.waiting, 0);
		assert_int_equal(counts.questions, packets);
		close_world(&world);
	}
	buffer_fini(&ds);
}

/* Keys that another DS vouches for do not help: digest and tag are compared
 * each time. */
static void
another_ds(void **state)
{
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);
	uint8_t digest[sizeof signed_digest];
	struct buffer others[2];
	struct asker good;
	struct world world;

	(void)state;
	memcpy(digest, signed_digest, sizeof digest);
	digest[31] ^= 1;
	others[0] = ds_of(SIGNED_KEY_TAG, digest);
	others[1] = ds_of(OTHER_TAG, signed_digest);
	open_world(&world, 10);
	delegate(&good, &ds);
	asker_ask(&good, &world.direct);
	direct_world_run(&world.direct);
	is_secure(&good);
	for (size_t i = 0; i < COUNT(others); i++) {
		struct asker asker;

		delegate(&asker, &others[i]);
		asker_ask(&asker, &world.direct);
		direct_world_run(&world.direct);
		assert_int_equal(asker.answer.verdict, VERDICT_ODD);
		assert_int_equal(asker.answer.oddity,
		    ODDITY_DS_MISMATCH);
		asker_fini(&asker);
		buffer_fini(&others[i]);
	}
	assert_int_equal(world.servers[0].keys_asked, 3);
	assert_int_equal(world.servers[0].others_asked, 1);
	asker_fini(&good);
	close_world(&world);
	buffer_fini(&ds);
}

/* If the keys cannot be obtained, all lookups that wait for them end, and
 * nothing else is asked. For later lookups they are asked for again. */
static void
keys_decide(void **state)
{
	static const struct {
		enum keys_behaviour first, second;
		enum answer_verdict verdict;
		enum lookup_status status;
		enum oddity	 oddity;
		unsigned	 asked;		/* packets */
	} rows[] = {
		{ KEYS_SILENT, KEYS_GOOD, VERDICT_ANSWERED, LOOKUP_FOUND,
		  ODDITY_NONE, 2 },
		{ KEYS_REFUSED, KEYS_GOOD, VERDICT_ANSWERED, LOOKUP_FOUND,
		  ODDITY_NONE, 2 },
		/* Without EDNS there would be no signatures. */
		{ KEYS_FORMERR, KEYS_GOOD, VERDICT_ANSWERED, LOOKUP_FOUND,
		  ODDITY_NONE, 2 },
		{ KEYS_REFUSED, KEYS_REFUSED, VERDICT_SERVERS_FAILED,
		  LOOKUP_SERVFAIL, ODDITY_NONE, 2 },
		{ KEYS_FORMERR, KEYS_FORMERR, VERDICT_SERVERS_FAILED,
		  LOOKUP_SERVFAIL, ODDITY_NONE, 2 },
		{ KEYS_SILENT, KEYS_SILENT, VERDICT_SERVERS_FAILED,
		  LOOKUP_TIMEOUT, ODDITY_NONE, 2 },
		{ KEYS_TRUNCATED, KEYS_GOOD, VERDICT_ODD, LOOKUP_SERVFAIL,
		  ODDITY_TRUNCATED, 1 },
		{ KEYS_FORGED, KEYS_GOOD, VERDICT_ODD, LOOKUP_SERVFAIL,
		  ODDITY_UNPROVEN, 1 },
		{ KEYS_ABSENT, KEYS_GOOD, VERDICT_ODD, LOOKUP_SERVFAIL,
		  ODDITY_UNPROVEN, 1 },
	};
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asker askers[3], later;
		struct world world;
		unsigned packets = 0;

		open_world(&world, 10);
		world.servers[0].keys = rows[i].first;
		world.servers[1].keys = rows[i].second;
		for (unsigned k = 0; k < 3; k++) {
			delegate(&askers[k], &ds);
			asker_ask(&askers[k], &world.direct);
		}
		direct_world_run(&world.direct);
		for (unsigned k = 0; k < 3; k++) {
			const struct answer *answer =
			    &askers[k].answer;

			if (answer->verdict != rows[i].verdict ||
			    answer->status != rows[i].status ||
			    answer->oddity != rows[i].oddity)
				fail_msg("row %zu: %d %d %d", i,
				    answer->verdict, answer->status,
				    answer->oddity);
			assert_int_equal(askers[k].done, 1);
			packets += packets_of(&askers[k]);
			asker_fini(&askers[k]);
		}
		assert_int_equal(world.servers[0].keys_asked +
		    world.servers[1].keys_asked, rows[i].asked);
		assert_int_equal(world.servers[0].others_asked +
		    world.servers[1].others_asked,
		    rows[i].verdict == VERDICT_ANSWERED ? 3 : 0);
		assert_int_equal(packets, rows[i].asked +
		    (rows[i].verdict == VERDICT_ANSWERED ? 3 : 0));
		world.servers[0].keys = KEYS_GOOD;
		world.servers[0].keys_asked = 0;
		delegate(&later, &ds);
		asker_ask(&later, &world.direct);
		direct_world_run(&world.direct);
		is_secure(&later);
		assert_int_equal(world.servers[0].keys_asked,
		    rows[i].verdict != VERDICT_ANSWERED);
		asker_fini(&later);
		close_world(&world);
	}
	buffer_fini(&ds);
}

/* What each response is worth. */
static void
answers(void **state)
{
	static const struct {
		const char	*name;
		uint16_t	 type;
		enum behaviour	 behaviour;
		enum answer_verdict verdict;
		enum lookup_status status;
		enum dnssec	 dnssec;
		enum oddity	 oddity;
	} rows[] = {
		{ ZONE, DNS_MX, GOOD, VERDICT_ANSWERED, LOOKUP_FOUND,
		  DNSSEC_SECURE, ODDITY_NONE },
		{ ZONE, DNS_MX, FORGED, VERDICT_ODD, LOOKUP_FOUND,
		  DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, UNSIGNED, VERDICT_ODD, LOOKUP_FOUND,
		  DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		{ ZONE, DNS_MX, REFUSED, VERDICT_SERVERS_FAILED,
		  LOOKUP_SERVFAIL, DNSSEC_UNCHECKED, ODDITY_NONE },
		{ "mx." ZONE, DNS_A, GOOD, VERDICT_ANSWERED, LOOKUP_FOUND,
		  DNSSEC_SECURE, ODDITY_NONE },
		{ "mx." ZONE, DNS_A, FORGED, VERDICT_ODD, LOOKUP_FOUND,
		  DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		/* The NSEC record of the apex. */
		{ ZONE, DNS_A, GOOD, VERDICT_ANSWERED, LOOKUP_NODATA,
		  DNSSEC_SECURE, ODDITY_NONE },
		{ ZONE, DNS_A, FORGED, VERDICT_ODD, LOOKUP_NODATA,
		  DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		{ ZONE, DNS_A, UNSIGNED, VERDICT_ODD, LOOKUP_NODATA,
		  DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		/* A record of MTA-STS or TLSRPT may be absent without a proof,
		 * but not without signatures. */
		{ "_mta-sts." ZONE, DNS_TXT, GOOD, VERDICT_ANSWERED,
		  LOOKUP_NXDOMAIN, DNSSEC_UNCHECKED, ODDITY_NONE },
		{ "_mta-sts." ZONE, DNS_TXT, FORGED, VERDICT_ANSWERED,
		  LOOKUP_NXDOMAIN, DNSSEC_UNCHECKED, ODDITY_NONE },
		{ "_mta-sts." ZONE, DNS_TXT, UNSIGNED, VERDICT_ODD,
		  LOOKUP_NXDOMAIN, DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
		{ "_mta-sts." ZONE, DNS_AAAA, FORGED, VERDICT_ODD,
		  LOOKUP_NXDOMAIN, DNSSEC_UNCHECKED, ODDITY_UNPROVEN },
	};
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);
	struct world world;

	(void)state;
	open_world(&world, 10);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct answer *answer;
		struct asker asker;

		delegate(&asker, &ds);
		answer = &asker.answer;
		world.servers[0].others = world.servers[1].others =
		    rows[i].behaviour;
		asker_ask_about(&asker, &world.direct, rows[i].name,
		    rows[i].type);
		direct_world_run(&world.direct);
		if (answer->verdict != rows[i].verdict ||
		    answer->status != rows[i].status ||
		    answer->dnssec != rows[i].dnssec ||
		    answer->oddity != rows[i].oddity)
			fail_msg("row %zu: verdict %d, status %d, dnssec %d, "
			    "oddity %d", i, answer->verdict, answer->status,
			    answer->dnssec, answer->oddity);
		asker_fini(&asker);
	}
	assert_int_equal(world.servers[0].keys_asked, 1);
	close_world(&world);
	buffer_fini(&ds);
}

static void
stop(struct ev_loop *ev, ev_timer *timer, int revents)
{
	(void)timer;
	(void)revents;
	ev_break(ev, EVBREAK_ALL);
}

/* Lookups end while they wait for keys, the question for the keys goes on; then
 * the lane ends with both. */
static void
ends_early(void **state)
{
	struct buffer ds = ds_of(SIGNED_KEY_TAG, signed_digest);
	struct asker askers[3];
	struct world world;
	ev_timer timer;

	(void)state;
	open_world(&world, 10);
	world.servers[0].keys = world.servers[1].keys = KEYS_SILENT;
	for (unsigned k = 0; k < 3; k++) {
		delegate(&askers[k], &ds);
		asker_ask(&askers[k], &world.direct);
	}
	ev_timer_init(&timer, stop, .1, 0);
	ev_timer_start(world.direct.ev, &timer);
	ev_run(world.direct.ev, 0);
	lookup_cancel(&askers[0].lookup);
	lookup_cancel(&askers[1].lookup);
	assert_int_equal(world.servers[0].keys_asked, 1);
	for (unsigned k = 0; k < 3; k++) {
		assert_int_equal(askers[k].done, 0);
		/* The servers' names are the asker's own. */
		if (k < 2)
			asker_fini(&askers[k]);
	}
	close_world(&world);
	assert_int_equal(askers[2].done, 0);
	asker_fini(&askers[2]);
	buffer_fini(&ds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secure),
		cmocka_unit_test(without_ds),
		cmocka_unit_test(keys_are_shared),
		cmocka_unit_test(another_ds),
		cmocka_unit_test(keys_decide),
		cmocka_unit_test(answers),
		cmocka_unit_test(ends_early),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
