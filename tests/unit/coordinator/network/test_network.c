/* When a run pauses because of its own network, continues, and gives up (RULES
 * F24 to F27, F30, F32). No name server may be asked here, so no packet is
 * sent; the tests say what name servers would answer. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/network/network_internal.h"

#define START	1000000
#define MAIL	(1u << FACE_MAIL_SERVERS)

/* What the network has asked for. */
struct heard {
	unsigned	looks, downs, ups, fewer;
	size_t		count;		/* servers of the latest look */
	bool		ends_workers;
	int		status;		/* -1: it has not given up */
};

static struct world {
	struct options	options;
	struct opt_out	opt_out;
	struct ev_loop	*ev;
	struct heard	heard;
	struct network	*network;
} world;

static void
on_look(void *tag, const struct reach_server *servers, size_t count)
{
	(void)tag;
	(void)servers;
	world.heard.looks++;
	world.heard.count = count;
}

static void
on_down(void *tag, bool ends_workers)
{
	(void)tag;
	world.heard.downs++;
	world.heard.ends_workers = ends_workers;
}

static void
on_up(void *tag)
{
	(void)tag;
	world.heard.ups++;
}

static void
on_give_up(void *tag, int status)
{
	(void)tag;
	world.heard.status = status;
}

static void
on_fewer(void *tag, int error)
{
	(void)tag;
	assert_int_equal(error, EMFILE);
	world.heard.fewer++;
}

static void
on_settled(void *tag)
{
	(void)tag;
}

static int
begin(void **state)
{
	const struct network_events events = {
		NULL, on_look, on_down, on_up, on_give_up, on_fewer,
		on_settled,
	};

	(void)state;
	world = (struct world){
		.options = {
			.only_allowed_networks = true, .port = 25,
			.grace_network_ms = 600000,
		},
		.ev = ev_loop_new(EVFLAG_AUTO), .heard = { .status = -1 },
	};
	world.network = network_new(&world.options, world.ev, &world.opt_out,
	    &events);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	network_free(world.network);
	ev_loop_destroy(world.ev);
	return 0;
}

/* Sessions with an address in each of these networks, which all end alike. */
static void
sessions(unsigned first, unsigned count, enum reach_result result,
    int64_t now_ms)
{
	struct face_counts counts = { { 0 }, { 0 } };

	for (unsigned i = first; i < first + count; i++) {
		struct address address = { .family = 4, .bytes = {
			10, (uint8_t)(i >> 8), (uint8_t)i, 1,
		} };

		network_note_session(world.network, &address, "mx.example",
		    result, 0);
	}
	*(result == REACH_ANSWERED ? &counts.good[FACE_MAIL_SERVERS]
	    : &counts.bad[FACE_MAIL_SERVERS]) = count;
	network_note(world.network, &counts, now_ms);
	network_look(world.network, now_ms);
}

static void
looked(bool is_possible, bool answered, int64_t now_ms)
{
	const struct look_result result = {
		.is_possible = is_possible, .answered = answered,
	};

	network_looked(world.network, &result, now_ms);
}

static bool
name_servers_are_asked(void)
{
	return world.network->proof.is_busy;
}

/* So many of three name servers answer. */
static void
name_servers_answer(size_t count)
{
	struct dns_proof *proof = &world.network->proof;

	dns_proof_cancel(proof);
	proof->count = 3;
	for (size_t i = 0; i < proof->count; i++)
		proof->targets[i] = (struct dns_proof_target){
			.address.family = 4, .answered = i < count,
		};
	network_on_proof(proof);
}

static void
a_few_dead_servers_are_findings(void **state)
{
	(void)state;
	sessions(0, 99, REACH_SILENT, START);
	assert_true(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_ASKED);
	name_servers_answer(3);
	assert_int_equal(world.heard.looks, 0);
	assert_int_equal(world.heard.downs, 0);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_WORKS);
	/* The twin: name servers do not answer either. */
	(void)end(state);
	(void)begin(state);
	sessions(0, 99, REACH_SILENT, START);
	name_servers_answer(0);
	assert_int_equal(world.heard.downs, 1);
	assert_true(world.heard.ends_workers);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_DOWN);
}

/* One or two servers that answered before may have died. */
static void
with_few_known_servers_name_servers_decide(void **state)
{
	static const struct { size_t answers; enum network_state state; }
	    cases[] = {
		{ 3, NETWORK_WORKS }, { 0, NETWORK_DOWN },
	};
	int64_t later = START + 60000;

	for (unsigned known = 1; known <= 2; known++)
		for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
			sessions(0, known, REACH_ANSWERED, START);
			assert_false(name_servers_are_asked());
			sessions(10, 5, REACH_SILENT, later);
			assert_true(name_servers_are_asked());
			assert_int_equal(network_state(world.network, MAIL,
			    later), NETWORK_ASKED);
			name_servers_answer(cases[i].answers);
			assert_int_equal(network_state(world.network, MAIL,
			    later), cases[i].state);
			assert_int_equal(world.heard.looks, 0);
			assert_int_equal(world.heard.status, -1);
			(void)end(state);
			(void)begin(state);
		}
	/* The twin: most sessions succeed, so nothing is suspect. */
	sessions(0, 2, REACH_ANSWERED, START);
	sessions(10, 1, REACH_SILENT, START);
	assert_false(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_WORKS);
}

static void
name_servers_are_asked_once_a_minute(void **state)
{
	(void)state;
	sessions(0, 5, REACH_SILENT, START);
	name_servers_answer(3);
	sessions(5, 5, REACH_SILENT, START + 59999);
	assert_false(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, START + 59999),
	    NETWORK_WORKS);
	sessions(10, 5, REACH_SILENT, START + 60000);
	assert_true(name_servers_are_asked());
}

static void
names_fail(int64_t now_ms)
{
	const struct face_counts counts = { .bad[FACE_NAME_SERVERS] = 5 };

	network_note(world.network, &counts, now_ms);
	network_look(world.network, now_ms);
}

/* A proof that one face asked for does not speak for what fails later on
 * another (RULES F24). */
static void
each_face_has_its_own_proof(void **state)
{
	const unsigned names = 1u << FACE_NAME_SERVERS;
	int64_t now = clock_ms();	/* which the proof reads, too */

	sessions(0, 5, REACH_SILENT, now);
	name_servers_answer(3);
	names_fail(now + 1000);
	assert_true(name_servers_are_asked());
	assert_int_equal(network_state(world.network, names, now + 1000),
	    NETWORK_ASKED);
	(void)end(state);
	(void)begin(state);
	names_fail(now);
	name_servers_answer(3);
	sessions(0, 5, REACH_SILENT, now + 1000);
	assert_true(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, now + 1000),
	    NETWORK_ASKED);
	/* The twin: the same face. */
	(void)end(state);
	(void)begin(state);
	names_fail(now);
	name_servers_answer(3);
	names_fail(now + 1000);
	assert_false(name_servers_are_asked());
	assert_int_equal(network_state(world.network, names, now + 1000),
	    NETWORK_WORKS);
}

static void
other_faces_do_not_wait_for_sessions(void **state)
{
	(void)state;
	sessions(0, 5, REACH_SILENT, START);
	assert_int_equal(network_state(world.network, 1u <<
	    FACE_NAME_SERVERS | 1u << FACE_WEB_SERVERS, START),
	    NETWORK_WORKS);
}

/* It is unknown which name servers the resolver asks. */
static void
with_a_resolver_of_its_own_nobody_is_asked(void **state)
{
	(void)state;
	world.network->root_count = 0;
	sessions(0, 99, REACH_SILENT, START);
	assert_false(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_WORKS);
}

/* That no canary can be asked about a suspect identity says nothing about
 * sessions that fail. */
static void
a_missing_canary_ends_nothing(void **state)
{
	(void)state;
	sessions(0, 5, REACH_SILENT, START);
	looked(false, false, START);
	assert_int_equal(world.heard.status, -1);
	name_servers_answer(3);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_WORKS);
}

static void
nothing_ever_answered_so_the_canary_is_asked(void **state)
{
	(void)state;
	sessions(0, 100, REACH_SILENT, START);
	assert_int_equal(world.heard.looks, 1);
	assert_int_equal(world.heard.count, 0);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_ASKED);
	looked(true, true, START + 1000);
	assert_int_equal(network_state(world.network, MAIL, START + 1000),
	    NETWORK_WORKS);
	assert_int_equal(world.heard.downs, 0);
}

static void
the_canary_fails_twice_and_the_run_pauses(void **state)
{
	(void)state;
	sessions(0, 100, REACH_SILENT, START);
	looked(true, false, START + 1000);
	assert_int_equal(world.heard.downs, 0);
	network_look(world.network, START + 4999);
	assert_int_equal(world.heard.looks, 1);
	network_look(world.network, START + 5000);
	assert_int_equal(world.heard.looks, 2);
	looked(true, false, START + 6000);
	assert_int_equal(world.heard.downs, 1);
	assert_false(world.heard.ends_workers);
	assert_int_equal(network_state(world.network, MAIL, START + 6000),
	    NETWORK_DOWN);
	/* It answers again. */
	network_look(world.network, START + 60000);
	assert_int_equal(world.heard.looks, 3);
	looked(true, true, START + 61000);
	assert_int_equal(world.heard.ups, 1);
	assert_false(network_is_down(world.network));
	assert_int_equal(network_paused_ms(world.network, START + 99000),
	    55000);
}

static void
after_the_grace_the_run_gives_up(void **state)
{
	(void)state;
	sessions(0, 100, REACH_SILENT, START);
	looked(true, false, START);
	network_look(world.network, START + 5000);
	looked(true, false, START + 5000);
	network_look(world.network, START + 604999);
	assert_int_equal(world.heard.status, -1);
	network_look(world.network, START + 605000);
	assert_int_equal(world.heard.status, EXIT_VANTAGE);
	assert_int_equal(network_paused_ms(world.network, START + 605000),
	    600000);
}

static void
without_a_canary_the_run_gives_up(void **state)
{
	(void)state;
	sessions(0, 100, REACH_SILENT, START);
	looked(false, false, START);
	assert_int_equal(world.heard.status, EXIT_VANTAGE);
	assert_int_equal(world.heard.ups, 0);
	/* It has not paused before it ends. */
	assert_int_equal(network_paused_ms(world.network, START), 0);
}

static void
the_word_none_goes_on(void **state)
{
	(void)state;
	world.options.canary = "none";
	sessions(0, 150, REACH_SILENT, START);
	name_servers_answer(3);
	assert_int_equal(world.heard.looks, 0);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_WORKS);
}

static void
servers_that_answered_are_asked_again(void **state)
{
	int64_t later = START + 60000;

	(void)state;
	sessions(0, 3, REACH_ANSWERED, START);
	sessions(10, 5, REACH_SILENT, later);
	assert_int_equal(world.heard.looks, 1);
	assert_int_equal(world.heard.count, 3);
	assert_false(name_servers_are_asked());
	/* The twin: two prove nothing. */
	(void)end(state);
	(void)begin(state);
	sessions(0, 2, REACH_ANSWERED, START);
	sessions(10, 5, REACH_SILENT, later);
	assert_int_equal(world.heard.looks, 0);
	assert_true(name_servers_are_asked());
}

/* Two servers have answered, then a hundred networks are silent. */
static int64_t
a_hundred_silent_after_two(void)
{
	int64_t later = START + 60000;

	sessions(0, 2, REACH_ANSWERED, START);
	sessions(10, 100, REACH_SILENT, later);
	return later;
}

/* The two are asked first, and do not answer. */
static int64_t
the_two_are_silent(void)
{
	int64_t later = a_hundred_silent_after_two();

	assert_int_equal(world.heard.looks, 1);
	assert_int_equal(world.heard.count, 2);
	assert_int_equal(network_state(world.network, MAIL, later),
	    NETWORK_ASKED);
	looked(true, false, later + 1000);
	assert_int_equal(world.heard.downs, 0);
	network_look(world.network, later + 5000);
	assert_int_equal(world.heard.looks, 2);
	assert_int_equal(world.heard.count, 0);
	return later + 6000;
}

static void
one_of_the_two_answers_so_the_others_are_dead(void **state)
{
	int64_t later = a_hundred_silent_after_two();

	(void)state;
	looked(true, true, later);
	assert_int_equal(network_state(world.network, MAIL, later),
	    NETWORK_WORKS);
	assert_int_equal(world.heard.downs, 0);
}

static void
the_two_are_silent_and_the_canary_answers(void **state)
{
	int64_t later = the_two_are_silent();

	(void)state;
	looked(true, true, later);
	assert_int_equal(network_state(world.network, MAIL, later),
	    NETWORK_WORKS);
	assert_int_equal(world.heard.downs, 0);
}

/* While the run pauses, the canary and the two are asked by turns. */
static void
the_two_and_the_canary_are_silent(void **state)
{
	int64_t later = the_two_are_silent();

	(void)state;
	looked(true, false, later);
	assert_int_equal(world.heard.downs, 1);
	assert_int_equal(network_state(world.network, MAIL, later),
	    NETWORK_DOWN);
	network_look(world.network, later + 30000);
	assert_int_equal(world.heard.count, 0);
	looked(true, false, later + 31000);
	network_look(world.network, later + 61000);
	assert_int_equal(world.heard.count, 2);
	looked(true, true, later + 62000);
	assert_int_equal(world.heard.ups, 1);
}

static void
the_two_are_silent_and_no_canary_can_be_asked(void **state)
{
	int64_t later = the_two_are_silent();

	(void)state;
	looked(false, false, later);
	assert_int_equal(world.heard.status, -1);
	assert_int_equal(world.heard.downs, 0);
	assert_int_equal(network_state(world.network, MAIL, later),
	    NETWORK_WORKS);
	/* It is not asked for again; name servers are. */
	sessions(200, 50, REACH_SILENT, later + 60000);
	assert_int_equal(world.heard.looks, 2);
	assert_true(name_servers_are_asked());
}

/* The twins differ in one fact. */
static void
two_servers_are_not_asked_without_need(void **state)
{
	int64_t later = START + 60000;

	sessions(0, 2, REACH_ANSWERED, START);
	sessions(10, 99, REACH_SILENT, later);
	assert_int_equal(world.heard.looks, 0);
	(void)end(state);
	(void)begin(state);
	sessions(300, 1, REACH_REFUSED, START);
	(void)a_hundred_silent_after_two();
	assert_int_equal(world.heard.looks, 0);
	(void)end(state);
	(void)begin(state);
	world.options.canary = "none";
	(void)a_hundred_silent_after_two();
	assert_int_equal(world.heard.looks, 0);
}

/* The network goes away after many sessions that succeeded (RULES F24). */
static void
no_session_succeeds_any_more(void **state)
{
	sessions(0, 50, REACH_ANSWERED, START);
	sessions(100, 5, REACH_SILENT, START + 1000);
	assert_int_equal(network_state(world.network, MAIL, START + 4999),
	    NETWORK_WORKS);
	network_look(world.network, START + 5000);
	assert_true(name_servers_are_asked());
	/* No stranger gets a session for that. */
	assert_int_equal(world.heard.looks, 0);
	assert_int_equal(network_state(world.network, MAIL, START + 5000),
	    NETWORK_ASKED);
	name_servers_answer(3);
	assert_int_equal(network_state(world.network, MAIL, START + 5000),
	    NETWORK_WORKS);
	/* The twin: one more succeeds. */
	(void)end(state);
	(void)begin(state);
	sessions(0, 50, REACH_ANSWERED, START);
	sessions(100, 5, REACH_SILENT, START + 1000);
	sessions(50, 1, REACH_ANSWERED, START + 2000);
	network_look(world.network, START + 5000);
	assert_false(name_servers_are_asked());
	assert_int_equal(network_state(world.network, MAIL, START + 5000),
	    NETWORK_WORKS);
}

static void
own_errors_pause_and_end_by_their_remedy(void **state)
{
	static const struct { int error; enum remedy remedy; int status; }
	    cases[] = {
		{ EMFILE, REMEDY_FEWER, EXIT_STOPPED },
		{ ENETUNREACH, REMEDY_BACK, EXIT_VANTAGE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		network_note_own_error(world.network, cases[i].error,
		    cases[i].remedy, START);
		assert_int_equal(world.heard.downs, 1);
		assert_true(world.heard.ends_workers);
		/* It tries again, and fails again. */
		network_look(world.network, START + 10000);
		assert_int_equal(world.heard.ups, 1);
		assert_false(network_is_down(world.network));
		assert_int_equal(network_state(world.network, MAIL,
		    START + 10000), NETWORK_DOWN);
		network_note_own_error(world.network, cases[i].error,
		    cases[i].remedy, START + 11000);
		assert_true(network_is_down(world.network));
		network_look(world.network, START + 600000);
		assert_int_equal(world.heard.status, cases[i].status);
		(void)end(state);
		(void)begin(state);
	}
}

static void
own_errors_that_pass_are_over(void **state)
{
	(void)state;
	network_note_own_error(world.network, EMFILE, REMEDY_FEWER, START);
	network_look(world.network, START + 10000);
	sessions(0, 1, REACH_ANSWERED, START + 11000);
	network_look(world.network, START + 900000);
	assert_int_equal(world.heard.status, -1);
	assert_int_equal(network_state(world.network, MAIL, START + 900000),
	    NETWORK_WORKS);
}

static void
an_own_error_at_one_network_is_not_the_machine(void **state)
{
	(void)state;
	sessions(0, 5, REACH_ANSWERED, START);
	network_note_own_error(world.network, ENETUNREACH, REMEDY_BACK, START);
	assert_int_equal(world.heard.downs, 0);
	assert_int_equal(world.heard.fewer, 0);
	/* Sockets that are short are the machine's, but fewer may do. */
	network_note_own_error(world.network, EMFILE, REMEDY_FEWER, START);
	assert_int_equal(world.heard.downs, 0);
	assert_int_equal(world.heard.fewer, 1);
}

/* One key and one greeting at servers of 20 domains, in 20 networks. */
static void
one_identity_everywhere(const char *identity)
{
	for (unsigned i = 0; i < 20; i++) {
		struct address address = { .family = 4, .bytes = {
			10, 0, (uint8_t)i, 1,
		} };
		char name[32];

		snprintf(name, sizeof name, "mx.domain-%u.com", i);
		network_note_identity(world.network, identity, &address, name);
	}
	network_look(world.network, START);
}

static enum identity_state
seen_at_the_canary(const char *identity, bool is_trusted, int64_t now_ms)
{
	const struct look_result result = {
		.is_possible = true, .answered = true, .identity = identity,
		.is_trusted = is_trusted,
	};

	network_looked(world.network, &result, now_ms);
	return network_identity(world.network, "key greeting");
}

/* It was not asked about sessions, so it does not speak for those that fail
 * later (RULES F24). */
static void
an_identity_that_is_cleared_clears_no_session(void **state)
{
	sessions(0, 3, REACH_ANSWERED, START);
	one_identity_everywhere("key greeting");
	(void)seen_at_the_canary("own greeting", true, START);
	sessions(10, 5, REACH_SILENT, START + 10000);
	assert_int_equal(network_state(world.network, MAIL, START + 10000),
	    NETWORK_ASKED);
	assert_int_equal(world.heard.looks, 2);
	assert_int_equal(world.heard.count, 3);
	/* The twin: servers were asked about sessions. */
	(void)end(state);
	(void)begin(state);
	sessions(0, 3, REACH_ANSWERED, START);
	sessions(10, 5, REACH_SILENT, START);
	looked(true, true, START);
	sessions(10, 5, REACH_SILENT, START + 10000);
	assert_int_equal(network_state(world.network, MAIL, START + 10000),
	    NETWORK_WORKS);
	assert_int_equal(world.heard.looks, 1);
}

static void
the_canary_shows_a_strangers_key(void **state)
{
	(void)state;
	one_identity_everywhere("key greeting");
	assert_int_equal(world.heard.looks, 1);
	assert_int_equal(seen_at_the_canary("key greeting", false, START),
	    IDENTITY_FORGED);
	assert_int_equal(world.heard.downs, 1);
	assert_int_equal(network_state(world.network, MAIL, START),
	    NETWORK_DOWN);
	/* It stays, until the canary shows something else. */
	network_look(world.network, START + 60000);
	(void)seen_at_the_canary("key greeting", false, START + 60000);
	assert_int_equal(world.heard.ups, 0);
	network_look(world.network, START + 120000);
	(void)seen_at_the_canary("own greeting", true, START + 120000);
	assert_int_equal(world.heard.ups, 1);
}

static void
the_canary_shows_a_key_of_its_own(void **state)
{
	(void)state;
	one_identity_everywhere("key greeting");
	assert_int_equal(seen_at_the_canary("own greeting", true, START),
	    IDENTITY_CLEARED);
	assert_int_equal(world.heard.downs, 0);
}

/* The canary is a customer of the same provider. */
static void
the_canary_shows_that_key_with_its_own_name(void **state)
{
	(void)state;
	one_identity_everywhere("key greeting");
	assert_int_equal(seen_at_the_canary("key greeting", true, START),
	    IDENTITY_CLEARED);
	assert_int_equal(world.heard.downs, 0);
}

static void
the_canary_had_another_key_before(void **state)
{
	(void)state;
	(void)seen_at_the_canary("own greeting", true, START);
	one_identity_everywhere("key greeting");
	assert_int_equal(seen_at_the_canary("key greeting", true, START),
	    IDENTITY_FORGED);
}

static void
without_a_canary_nothing_is_flagged(void **state)
{
	(void)state;
	one_identity_everywhere("key greeting");
	looked(false, false, START);
	assert_int_equal(network_identity(world.network, "key greeting"),
	    IDENTITY_CLEARED);
	assert_int_equal(world.heard.downs, 0);
	assert_int_equal(world.heard.status, -1);
}

static void
the_word_none_flags(void **state)
{
	(void)state;
	world.options.canary = "none";
	one_identity_everywhere("key greeting");
	assert_int_equal(world.heard.looks, 0);
	assert_true(network_flags_forged(world.network));
	assert_int_equal(network_identity(world.network, "key greeting"),
	    IDENTITY_FORGED);
	assert_int_equal(world.heard.downs, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_few_dead_servers_are_findings),
		TEST(with_few_known_servers_name_servers_decide),
		TEST(name_servers_are_asked_once_a_minute),
		TEST(each_face_has_its_own_proof),
		TEST(other_faces_do_not_wait_for_sessions),
		TEST(with_a_resolver_of_its_own_nobody_is_asked),
		TEST(a_missing_canary_ends_nothing),
		TEST(nothing_ever_answered_so_the_canary_is_asked),
		TEST(the_canary_fails_twice_and_the_run_pauses),
		TEST(after_the_grace_the_run_gives_up),
		TEST(without_a_canary_the_run_gives_up),
		TEST(the_word_none_goes_on),
		TEST(servers_that_answered_are_asked_again),
		TEST(one_of_the_two_answers_so_the_others_are_dead),
		TEST(the_two_are_silent_and_the_canary_answers),
		TEST(the_two_and_the_canary_are_silent),
		TEST(the_two_are_silent_and_no_canary_can_be_asked),
		TEST(two_servers_are_not_asked_without_need),
		TEST(no_session_succeeds_any_more),
		TEST(own_errors_pause_and_end_by_their_remedy),
		TEST(own_errors_that_pass_are_over),
		TEST(an_own_error_at_one_network_is_not_the_machine),
		TEST(an_identity_that_is_cleared_clears_no_session),
		TEST(the_canary_shows_a_strangers_key),
		TEST(the_canary_shows_a_key_of_its_own),
		TEST(the_canary_shows_that_key_with_its_own_name),
		TEST(the_canary_had_another_key_before),
		TEST(without_a_canary_nothing_is_flagged),
		TEST(the_word_none_flags),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
