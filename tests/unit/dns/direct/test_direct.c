/* The direct lane with scripted name servers, in a separate network namespace,
 * which no packet leaves. Servers and lane share a loop. The tests count
 * packets and lookups, never seconds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/ds_wire.h"
#include "tests/unit/direct_world.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define SERVERS_MAX	8
#define HELD_MAX	8

struct server;

/* How a server reacts to a question. */
typedef void behaviour(struct server *, uint8_t *question, size_t length,
    const struct sockaddr_in6 *from);

struct held {
	uint8_t		 bytes[512];
	size_t		 length;
	struct sockaddr_in6 from;
};

struct server {
	struct world	*world;
	int		 descriptor;
	ev_io		 readable;
	struct address	 address;
	behaviour	*behave;
	unsigned	 asked;
	uint16_t	 port;		/* of the last question */
	bool		 had_edns;	/* the last question */
	struct held	 held[HELD_MAX];
	unsigned	 held_count;
};

struct world {
	struct direct_world direct;
	struct server	 servers[SERVERS_MAX];
	unsigned	 count;
	int		 forger;	/* a socket at another address */
};

static socklen_t
socket_name(struct sockaddr_in6 *name, const struct address *address,
    uint16_t port)
{
	struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};

	memset(name, 0, sizeof *name);
	name->sin6_family = AF_INET6;
	name->sin6_port = htons(port);
	memcpy(&name->sin6_addr, address->bytes, 16);
	if (address->family == 6)
		return sizeof *name;
	memcpy(&v4.sin_addr, address->bytes, 4);
	memcpy(name, &v4, sizeof v4);
	return sizeof v4;
}

static int
bound_socket(const struct address *address, uint16_t port)
{
	struct sockaddr_in6 name;
	socklen_t length = socket_name(&name, address, port);
	int bytes = 1 << 20, descriptor = socket(name.sin6_family,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(descriptor >= 0);
	assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes,
	    sizeof bytes), 0);
	assert_int_equal(bind(descriptor, (struct sockaddr *)&name, length),
	    0);
	return descriptor;
}

static void
send_from(int descriptor, const void *bytes, size_t length,
    const struct sockaddr_in6 *to)
{
	assert_int_equal(sendto(descriptor, bytes, length, 0,
	    (const struct sockaddr *)to, to->sin6_family == AF_INET
	    ? sizeof(struct sockaddr_in) : sizeof *to), (ssize_t)length);
}

/* Where the question section ends. */
static size_t
question_end(const uint8_t *packet)
{
	return 12 + name_wire_length(packet + 12, NAME_WIRE_MAX) + 4;
}

/* The response with these flags, in place; with an MX record if asked for. */
static size_t
make_response(uint8_t *packet, unsigned flags, bool has_record)
{
	static const uint8_t record[] =
	    "\300\14\0\17\0\1\0\0\0\74\0\7\0\12\2mx\300\14";
	size_t end = question_end(packet);

	packet[2] = (uint8_t)(flags >> 8);
	packet[3] = (uint8_t)flags;
	packet[7] = has_record;
	packet[11] = 0;
	if (!has_record)
		return end;
	memcpy(packet + end, record, sizeof record - 1);
	return end + sizeof record - 1;
}

static void
answers(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	length = make_response(packet, 0x8400, true);
	send_from(server->descriptor, packet, length, from);
}

static void
is_silent(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)server;
	(void)packet;
	(void)length;
	(void)from;
}

static void
loses_the_first(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	if (server->asked > 1)
		answers(server, packet, length, from);
}

static void
duplicates(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	answers(server, packet, length, from);
	answers(server, packet, length, from);
}

static void
fails(struct server *server, uint8_t *packet, const struct sockaddr_in6 *from,
    unsigned flags, bool has_record)
{
	size_t length = make_response(packet, flags, has_record);

	send_from(server->descriptor, packet, length, from);
}

static void
refuses(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	fails(server, packet, from, 0x8005, false);
}

static void
says_servfail(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	fails(server, packet, from, 0x8002, false);
}

static void
is_lame(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	fails(server, packet, from, 0x8000, true);
}

static void
truncates(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	fails(server, packet, from, 0x8600, false);
}

static void
dislikes_edns(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	if (server->had_edns)
		fails(server, packet, from, 0x8001, false);
	else
		answers(server, packet, length, from);
}

static void
dislikes_everything(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	fails(server, packet, from, 0x8001, false);
}

static void
lowers(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	for (size_t i = 12; i < question_end(packet) - 4; i++)
		packet[i] = (uint8_t)tolower(packet[i]);
	answers(server, packet, length, from);
}

/* A stranger, at port 53 of another address. */
static void
another_answers(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	length = make_response(packet, 0x8400, true);
	send_from(server->world->forger, packet, length, from);
}

static void
another_port_answers(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	int descriptor = bound_socket(&server->address, 54);

	length = make_response(packet, 0x8400, true);
	send_from(descriptor, packet, length, from);
	close(descriptor);
}

/* `count` responses with another id, or to another name; then the right one. */
static void
guess(struct server *server, uint8_t *packet, const struct sockaddr_in6 *from,
    size_t at, unsigned count)
{
	size_t length = make_response(packet, 0x8400, true);

	for (unsigned i = 1; i <= count; i++) {
		packet[at] ^= (uint8_t)i;
		send_from(server->descriptor, packet, length, from);
		packet[at] ^= (uint8_t)i;
	}
	send_from(server->descriptor, packet, length, from);
}

static void
guesses_two_ids(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	guess(server, packet, from, 1, 2);
}

static void
guesses_three_ids(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	guess(server, packet, from, 1, 3);
}

static void
guesses_two_names(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	guess(server, packet, from, 13, 2);
}

static void
guesses_three_names(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	(void)length;
	guess(server, packet, from, 13, 3);
}

/* Answers once it has eight questions, the last one first. */
static void
answers_backwards(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	struct held *held = &server->held[server->held_count++];

	held->length = length;
	held->from = *from;
	memcpy(held->bytes, packet, length);
	if (server->held_count < HELD_MAX)
		return;
	while (server->held_count > 0) {
		held = &server->held[--server->held_count];
		answers(server, held->bytes, held->length, &held->from);
	}
}

static void
on_question(struct ev_loop *ev, ev_io *watcher, int revents)
{
	struct server *server = watcher->data;
	struct sockaddr_in6 from;
	uint8_t packet[1024];
	ssize_t length;

	(void)ev;
	(void)revents;
	for (;;) {
		socklen_t name_length = sizeof from;

		memset(&from, 0, sizeof from);
		length = recvfrom(server->descriptor, packet, 512, 0,
		    (struct sockaddr *)&from, &name_length);
		if (length < 0)
			return;
		assert_true(length > 12);
		/* RFC 1035 4.1.1: a query without RD. */
		assert_int_equal(packet[2] | packet[3], 0);
		server->asked++;
		server->port = ntohs(from.sin6_port);
		server->had_edns = packet[11] == 1;
		assert_int_equal(question_end(packet) +
		    (server->had_edns ? 11 : 0), length);
		server->behave(server, packet, (size_t)length, &from);
	}
}

static struct server *
add_server(struct world *world, const char *address, behaviour *behave)
{
	struct server *server = &world->servers[world->count++];

	assert_in_range(world->count, 1, SERVERS_MAX);
	*server = (struct server){ .world = world, .behave = behave };
	assert_true(address_from_text(address, strlen(address),
	    &server->address));
	server->descriptor = bound_socket(&server->address, 53);
	ev_io_init(&server->readable, on_question, server->descriptor,
	    EV_READ);
	server->readable.data = server;
	ev_io_start(world->direct.ev, &server->readable);
	return server;
}

static void
open_world(struct world *world, const struct direct_options *options)
{
	const struct address forger = { 4, { 127, 0, 9, 9 } };

	*world = (struct world){ .count = 0 };
	direct_world_open(&world->direct, options);
	world->forger = bound_socket(&forger, 53);
}

static void
close_world(struct world *world)
{
	for (unsigned i = 0; i < world->count; i++) {
		ev_io_stop(world->direct.ev, &world->servers[i].readable);
		close(world->servers[i].descriptor);
	}
	close(world->forger);
	direct_world_close(&world->direct);
}

static const struct direct_options ordinary = { .window = 1000 };

/* Two servers, what each does, how often each is asked, and how it ends. */
static const struct {
	const char	*rule;
	behaviour	*first, *second;	/* NULL: there is none */
	unsigned	 asked[2];
	enum answer_verdict verdict;
	enum lookup_status status;
	enum oddity	 oddity;
} rows[] = {
	{ "answers", answers, answers, { 1, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "silence, then the other", is_silent, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "silence of both", is_silent, is_silent, { 1, 1 },
	    VERDICT_SERVERS_FAILED, LOOKUP_TIMEOUT, 0 },
	{ "silence of the only one", is_silent, NULL, { 2, 0 },
	    VERDICT_SERVERS_FAILED, LOOKUP_TIMEOUT, 0 },
	{ "loss at the only one", loses_the_first, NULL, { 2, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "a duplicate", duplicates, answers, { 1, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "REFUSED, then the other", refuses, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "SERVFAIL, then the other", says_servfail, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "lame, then the other", is_lame, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "REFUSED and lame", refuses, is_lame, { 1, 1 },
	    VERDICT_SERVERS_FAILED, LOOKUP_SERVFAIL, 0 },
	{ "REFUSED and silence, which is asked twice", refuses, is_silent,
	    { 1, 2 }, VERDICT_SERVERS_FAILED, LOOKUP_SERVFAIL, 0 },
	{ "no EDNS", dislikes_edns, answers, { 2, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "FORMERR without EDNS too", dislikes_everything, answers, { 2, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "truncated", truncates, answers, { 1, 0 },
	    VERDICT_ODD, LOOKUP_SERVFAIL, ODDITY_TRUNCATED },
	{ "lower-cased", lowers, answers, { 1, 0 },
	    VERDICT_ODD, LOOKUP_SERVFAIL, ODDITY_CASE },
	{ "another address answers", another_answers, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "another port answers", another_port_answers, answers, { 1, 1 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "two wrong ids", guesses_two_ids, answers, { 1, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "three wrong ids", guesses_three_ids, answers, { 1, 0 },
	    VERDICT_ODD, LOOKUP_SERVFAIL, ODDITY_MISMATCH },
	{ "two wrong names", guesses_two_names, answers, { 1, 0 },
	    VERDICT_ANSWERED, LOOKUP_FOUND, 0 },
	{ "three wrong names", guesses_three_names, answers, { 1, 0 },
	    VERDICT_ODD, LOOKUP_SERVFAIL, ODDITY_MISMATCH },
};

static void
one_by_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asker asker = { .name = "a.example" };
		const struct answer *answer = &asker.answer;
		struct server *first, *second = NULL;
		struct world world;

		open_world(&world, &ordinary);
		first = add_server(&world, "127.0.0.1", rows[i].first);
		asker_add_server(&asker, &first->address);
		if (rows[i].second != NULL) {
			second = add_server(&world, "127.0.0.2",
			    rows[i].second);
			asker_add_server(&asker, &second->address);
		}
		asker_ask(&asker, &world.direct);
		direct_world_run(&world.direct);
		if (answer->verdict != rows[i].verdict ||
		    answer->status != rows[i].status ||
		    answer->oddity != rows[i].oddity ||
		    first->asked != rows[i].asked[0] ||
		    (second != NULL && second->asked != rows[i].asked[1]))
			fail_msg("%s: verdict %d, status %d, oddity %d, "
			    "asked %u and %u", rows[i].rule, answer->verdict,
			    answer->status, answer->oddity, first->asked,
			    second != NULL ? second->asked : 0);
		if (rows[i].verdict == VERDICT_ANSWERED)
			assert_found(&asker);
		else
			assert_int_equal(answer->dnssec, DNSSEC_UNCHECKED);
		close_world(&world);
		asker_fini(&asker);
	}
}

/* IPv6 alone; IPv4 that may not be asked, and IPv6. */
static void
both_families(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct asker asker = { .name = "a.example" };
		struct server *v4, *v6;
		struct world world;

		open_world(&world, &ordinary);
		v4 = add_server(&world, "127.0.0.1", answers);
		v6 = add_server(&world, "::1", answers);
		if (i == 1) {
			world.direct.forbidden = v4->address;
			asker_add_server(&asker, &v4->address);
		}
		asker_add_server(&asker, &v6->address);
		asker_ask(&asker, &world.direct);
		direct_world_run(&world.direct);
		assert_found(&asker);
		assert_int_equal(v4->asked, 0);
		assert_int_equal(v6->asked, 1);
		close_world(&world);
		asker_fini(&asker);
	}
}

/* Without an address that may be asked there is no packet; nor for a name that
 * is not below the delegated name, nor to an address without a route. */
static void
nobody_to_ask(void **state)
{
	enum { NO_GLUE, FORBIDDEN, OTHER_NAME, NO_ROUTE, CASES };
	const struct address elsewhere = { 4, { 192, 0, 2, 1 } };

	(void)state;
	for (unsigned i = 0; i < CASES; i++) {
		struct asker asker = { .name = "a.example" };
		struct direct_counts counts;
		struct server *server;
		struct world world;

		open_world(&world, &ordinary);
		server = add_server(&world, "127.0.0.1", answers);
		if (i == FORBIDDEN)
			world.direct.forbidden = server->address;
		asker_add_server(&asker, i == NO_GLUE ? NULL : i == NO_ROUTE
		    ? &elsewhere : &server->address);
		asker_ask(&asker, &world.direct);
		if (i == OTHER_NAME)
			asker.delegation.name = "b.example";
		direct_world_run(&world.direct);
		assert_int_equal(asker.answer.verdict, VERDICT_ODD);
		assert_int_equal(asker.answer.oddity, ODDITY_NO_SERVER);
		assert_int_equal(server->asked, 0);
		direct_count(world.direct.direct, &counts);
		assert_int_equal(counts.questions, 0);
		assert_int_equal(counts.in_flight, 0);
		close_world(&world);
		asker_fini(&asker);
	}
}

/* An address without a route does not count as a silent server; if another
 * server answers, it does not matter. */
static void
cut_off(void **state)
{
	const struct address elsewhere = { 4, { 192, 0, 2, 1 } };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct asker asker = { .name = "a.example" };
		struct world world;

		open_world(&world, &ordinary);
		add_server(&world, "127.0.0.1", i == 0 ? answers : is_silent);
		asker_add_server(&asker, &elsewhere);
		asker_add_server(&asker, &world.servers[0].address);
		asker_ask(&asker, &world.direct);
		direct_world_run(&world.direct);
		if (i == 0)
			assert_found(&asker);
		else
			assert_int_equal(asker.answer.verdict,
			    VERDICT_ODD);
		assert_int_equal(asker.answer.oddity, i == 0
		    ? ODDITY_NONE : ODDITY_OURS);
		close_world(&world);
		asker_fini(&asker);
	}
}

#define MANY	2000

/* The first server of a tenth of the lookups is silent. A window of 500, and
 * servers that answer in another order than they were asked. */
static void
many(void **state)
{
	const struct direct_options options = { .window = 500 };
	struct asker *askers = calloc(MANY, sizeof *askers);
	struct server *good, *silent;
	struct direct_counts counts;
	struct world world;

	(void)state;
	assert_non_null(askers);
	open_world(&world, &options);
	good = add_server(&world, "127.0.0.1", answers);
	silent = add_server(&world, "127.0.0.2", is_silent);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(askers[i].name, sizeof askers[i].name,
		    "domain-%u.example", i);
		if (i % 10 == 0)
			asker_add_server(&askers[i], &silent->address);
		asker_add_server(&askers[i], &good->address);
		asker_ask(&askers[i], &world.direct);
	}
	direct_world_run(&world.direct);
	for (unsigned i = 0; i < MANY; i++) {
		assert_found(&askers[i]);
		asker_fini(&askers[i]);
	}
	assert_int_equal(good->asked, MANY);
	assert_int_equal(silent->asked, MANY / 10);
	direct_count(world.direct.direct, &counts);
	assert_int_equal(counts.lookups, MANY);
	assert_int_equal(counts.questions, MANY + MANY / 10);
	assert_int_equal(counts.timed_out, MANY / 10);
	assert_int_equal(counts.unmatched, 0);
	assert_int_equal(counts.in_flight, 0);
	assert_int_equal(counts.waiting, 0);
	close_world(&world);
	free(askers);
}

/* The server waits for eight questions and answers them in reverse order. In
 * flight are as many as the window says: with fewer there would be no answer,
 * and with more they would not come out even. */
static void
window(void **state)
{
	const struct direct_options options = { .window = 8, .sockets = 4 };
	struct asker askers[40] = { 0 };
	struct server *server;
	struct world world;

	(void)state;
	open_world(&world, &options);
	server = add_server(&world, "127.0.0.1", answers_backwards);
	for (unsigned i = 0; i < COUNT(askers); i++) {
		snprintf(askers[i].name, sizeof askers[i].name,
		    "domain-%u.example", i);
		asker_add_server(&askers[i], &server->address);
		asker_ask(&askers[i], &world.direct);
	}
	direct_world_run(&world.direct);
	assert_int_equal(server->asked, COUNT(askers));
	for (unsigned i = 0; i < COUNT(askers); i++) {
		assert_found(&askers[i]);
		asker_fini(&askers[i]);
	}
	close_world(&world);
}

static void
ask_with_small_buffer(unsigned count)
{
	const struct direct_options options = {
		.window = 14, .sockets = 1, .receive_bytes = 4096,
	};
	struct asker *askers = calloc(count, sizeof *askers);
	struct direct_counts counts;
	struct server *server;
	struct world world;

	assert_non_null(askers);
	open_world(&world, &options);
	server = add_server(&world, "127.0.0.1", answers);
	for (unsigned i = 0; i < count; i++) {
		snprintf(askers[i].name, sizeof askers[i].name,
		    "domain-%u.example", i);
		asker_add_server(&askers[i], &server->address);
		asker_ask(&askers[i], &world.direct);
	}
	direct_world_run(&world.direct);
	for (unsigned i = 0; i < count; i++) {
		assert_found(&askers[i]);
		asker_fini(&askers[i]);
	}
	direct_count(world.direct.direct, &counts);
	assert_true(counts.lost > 0 && counts.drops > 0);
	assert_int_equal(counts.timed_out, 0);
	assert_int_equal(counts.questions, count + counts.lost);
	close_world(&world);
	free(askers);
}

/* A receive buffer that has room for more than half of the responses, but not
 * for all: what the kernel drops is asked again, and no server is blamed. */
static void
overflow(void **state)
{
	(void)state;
	ask_with_small_buffer(60);
}

/* The last packet is dropped, so no later packet reports it. */
static void
overflow_at_the_end(void **state)
{
	(void)state;
	ask_with_small_buffer(14);
}

/* A buffer that has room for few of the responses: a lookup that loses too many
 * ends, and that is no failure of the server either. */
static void
overflow_again_and_again(void **state)
{
	const struct direct_options options = {
		.window = 14, .sockets = 1, .receive_bytes = 1,
	};
	struct asker askers[60] = { 0 };
	struct direct_counts counts;
	unsigned odd = 0;
	struct world world;

	(void)state;
	open_world(&world, &options);
	add_server(&world, "127.0.0.1", answers);
	for (unsigned i = 0; i < COUNT(askers); i++) {
		snprintf(askers[i].name, sizeof askers[i].name,
		    "domain-%u.example", i);
		asker_add_server(&askers[i], &world.servers[0].address);
		asker_ask(&askers[i], &world.direct);
	}
	direct_world_run(&world.direct);
	for (unsigned i = 0; i < COUNT(askers); i++) {
		if (askers[i].answer.verdict == VERDICT_ODD) {
			assert_int_equal(askers[i].answer.oddity,
			    ODDITY_OURS);
			odd++;
		} else {
			assert_found(&askers[i]);
		}
		asker_fini(&askers[i]);
	}
	direct_count(world.direct.direct, &counts);
	assert_int_equal(counts.timed_out, 0);
	assert_in_range(odd, 1, COUNT(askers) - 1);
	close_world(&world);
}

/* A port is not the same for long. */
static void
ports(void **state)
{
	const struct direct_options options = { .window = 1, .sockets = 1 };
	uint16_t port[2];
	struct world world;

	(void)state;
	open_world(&world, &options);
	add_server(&world, "127.0.0.1", answers);
	for (unsigned i = 0; i < 2; i++) {
		struct asker asker = { .name = "a.example" };

		asker_add_server(&asker, &world.servers[0].address);
		asker_ask(&asker, &world.direct);
		direct_world_run(&world.direct);
		assert_found(&asker);
		port[i] = world.servers[0].port;
		assert_in_range(port[i], 1024, UINT16_MAX);
		asker_fini(&asker);
		if (i == 0)
			sleep(5);
		ev_now_update(world.direct.ev);
	}
	assert_int_not_equal(port[0], port[1]);
	close_world(&world);
}

/* While it waits, is in flight, or is answered and not delivered. The lane may
 * go with lookups in flight. */
static void
cancelled(void **state)
{
	const struct direct_options options = { .window = 2, .sockets = 2 };
	struct asker askers[6] = { 0 };
	struct direct_counts counts;
	struct world world;

	(void)state;
	open_world(&world, &options);
	add_server(&world, "127.0.0.1", is_silent);
	for (unsigned i = 0; i < COUNT(askers); i++) {
		snprintf(askers[i].name, sizeof askers[i].name,
		    "domain-%u.example", i);
		asker_add_server(&askers[i], &world.servers[0].address);
		asker_ask(&askers[i], &world.direct);
	}
	lookup_cancel(&askers[0].lookup);
	while (world.servers[0].asked < 2)
		ev_run(world.direct.ev, EVRUN_ONCE);
	lookup_cancel(&askers[1].lookup);
	lookup_cancel(&askers[5].lookup);
	while (world.servers[0].asked < 3)
		ev_run(world.direct.ev, EVRUN_ONCE);
	direct_count(world.direct.direct, &counts);
	/* Beside a late one more than the window are in flight. */
	assert_int_equal(counts.in_flight, 2 + counts.late);
	assert_int_equal(counts.in_flight + counts.waiting, 3);
	close_world(&world);
	for (unsigned i = 0; i < COUNT(askers); i++) {
		assert_int_equal(askers[i].done, 0);
		assert_false(lookup_is_busy(&askers[i].lookup));
		asker_fini(&askers[i]);
	}
}

/* How the silent server of the first lookups is waited for: for an answer, for
 * the keys of two zones or of one, or until the lookups are cancelled. */
enum silence { SILENT, SILENT_ABOUT_KEYS, SILENT_ABOUT_SAME_KEYS, CANCELLED,
	SILENCES };

static void
ask_late(struct world *world, struct asker *asker, enum silence silence,
    const struct buffer *ds)
{
	asker_add_server(asker, &world->servers[0].address);
	if (silence == SILENT_ABOUT_KEYS || silence == SILENT_ABOUT_SAME_KEYS) {
		asker->delegation.ds = ds->bytes;
		asker->delegation.ds_length = ds->length;
	}
	asker_ask(asker, &world->direct);
}

static void
assert_late(const struct world *world, unsigned count)
{
	struct direct_counts counts;

	direct_count(world->direct.direct, &counts);
	assert_int_equal(counts.in_flight, count);
	assert_int_equal(counts.late, count);
}

/* Two lookups of a silent server, and a third one of another. */
static void
ask_past_the_late(enum silence silence, const struct buffer *ds)
{
	const struct direct_options options = { .window = 1 };
	struct asker askers[2] = { { .name = "a.example" }, {
		.name = "b.example" } }, third = { .name = "c.example" };
	struct world world;

	if (silence == SILENT_ABOUT_SAME_KEYS)
		askers[1] = askers[0];
	open_world(&world, &options);
	add_server(&world, "127.0.0.1", is_silent);
	add_server(&world, "127.0.0.2", answers);
	for (unsigned i = 0; i < 2; i++)
		ask_late(&world, &askers[i], silence, ds);
	asker_add_server(&third, &world.servers[1].address);
	asker_ask(&third, &world.direct);
	while (third.done == 0)
		ev_run(world.direct.ev, EVRUN_ONCE);
	assert_found(&third);
	assert_int_equal(askers[0].done + askers[1].done, 0);
	assert_late(&world, 2);
	for (unsigned i = 0; i < 2 && silence == CANCELLED; i++) {
		lookup_cancel(&askers[i].lookup);
		world.direct.left--;
	}
	direct_world_run(&world.direct);
	for (unsigned i = 0; i < 2 && silence != CANCELLED; i++)
		assert_int_equal(askers[i].answer.verdict,
		    VERDICT_SERVERS_FAILED);
	assert_late(&world, 0);
	close_world(&world);
	asker_fini(&askers[0]);
	asker_fini(&askers[1]);
	asker_fini(&third);
}

/* A lookup that waits long for its server takes no room in the window: another
 * one, which comes later, is answered before. */
static void
late(void **state)
{
	const struct ds_record record = {
		.tag = 1, .algorithm = 13, .digest_type = 2,
		.digest = (const uint8_t *)"0123456789abcdef0123456789abcdef",
		.digest_length = 32,
	};
	struct buffer ds = { 0 };

	(void)state;
	ds_put(&ds, &record);
	for (enum silence silence = SILENT; silence < SILENCES; silence++)
		ask_past_the_late(silence, &ds);
	buffer_fini(&ds);
}

/* NS of the name of the question, in the authority section. */
static void
refers(struct server *server, uint8_t *packet, size_t length,
    const struct sockaddr_in6 *from)
{
	static const uint8_t record[] =
	    "\300\14\0\2\0\1\0\0\0\74\0\5\2ns\300\14";

	length = make_response(packet, 0x8000, false);
	packet[9] = 1;
	memcpy(packet + length, record, sizeof record - 1);
	send_from(server->descriptor, packet, length + sizeof record - 1,
	    from);
}

struct referral_asker {
	struct lookup	 lookup;
	struct ev_loop	*ev;
	unsigned	 done;
	size_t		 length;	/* of the response */
	enum answer_verdict verdict;
	enum oddity	 oddity;
};

static void
on_referral(struct lookup *lookup)
{
	struct referral_asker *asker = list_entry(lookup,
	    struct referral_asker, lookup);

	asker->done++;
	asker->length = lookup->answer->packet_length;
	asker->verdict = lookup->answer->verdict;
	asker->oddity = lookup->answer->oddity;
	ev_break(asker->ev, EVBREAK_ALL);
}

/* RULES L47: the lane for referrals asks the servers of the parent zone, and
 * believes a referral and nothing else. The twins: the lane for answers, and a
 * server that answers. */
static void
referral_lane(void **state)
{
	static const struct {
		bool		 is_for_referral;
		behaviour	*behave;
		enum oddity	 oddity;
	} cases[] = {
		{ true, refers, ODDITY_NONE },
		{ false, refers, ODDITY_REFERRAL },
		{ true, answers, ODDITY_OTHER_ZONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct referral_asker asker = { .done = 0 };
		struct asker parent = { .name = "example" };
		struct direct_counts counts;
		struct world world;

		open_world(&world, &ordinary);
		add_server(&world, "127.0.0.1", cases[i].behave);
		asker_add_server(&parent, &world.servers[0].address);
		parent.delegation.name = parent.name;
		parent.delegation.servers = parent.servers.bytes;
		parent.delegation.length = parent.servers.length;
		asker.ev = world.direct.ev;
		for (unsigned cancel = 0; cancel < 2; cancel++) {
			lookup_start(&asker.lookup, cases[i].is_for_referral
			    ? direct_referral_lane(world.direct.direct)
			    : direct_lane(world.direct.direct),
			    &parent.delegation,
			    (const uint8_t *)"\1a\7example", DNS_NS,
			    on_referral);
			if (cancel)
				lookup_cancel(&asker.lookup);
			else
				ev_run(world.direct.ev, 0);
		}
		assert_int_equal(asker.done, 1);
		assert_int_equal(asker.oddity, cases[i].oddity);
		assert_int_equal(asker.verdict, cases[i].oddity == ODDITY_NONE
		    ? VERDICT_ANSWERED : VERDICT_ODD);
		assert_int_equal(asker.length > 0,
		    cases[i].oddity == ODDITY_NONE);
		direct_count(world.direct.direct, &counts);
		assert_int_equal(counts.in_flight, 0);
		assert_int_equal(counts.waiting, 0);
		close_world(&world);
		asker_fini(&parent);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(both_families),
		cmocka_unit_test(nobody_to_ask),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(many),
		cmocka_unit_test(window),
		cmocka_unit_test(overflow),
		cmocka_unit_test(overflow_at_the_end),
		cmocka_unit_test(overflow_again_and_again),
		cmocka_unit_test(ports),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(late),
		cmocka_unit_test(referral_lane),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
