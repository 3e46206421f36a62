/* budget: how often a worker may ask a name server, on a separate loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/worker/budget.h"

#define NAMES 200

struct asker {
	struct budget_claim	claim;
	bool			has_gone, is_refused;
	ev_tstamp		gone_at;
};

static struct ev_loop *ev;
static struct asker askers[NAMES];

static void
on_turn(struct budget_claim *claim, enum budget_answer answer)
{
	struct asker *asker = list_entry(claim, struct asker, claim);

	assert_false(asker->has_gone || asker->is_refused);
	if (answer == BUDGET_FULL) {
		assert_null(claim->server);
		asker->is_refused = true;
		return;
	}
	asker->has_gone = true;
	asker->gone_at = ev_now(ev);
}

static enum budget_answer
claim(struct budget *budget, unsigned number, const char *server,
    enum budget_patience patience)
{
	enum budget_answer answer = budget_claim(budget,
	    &askers[number].claim, server, patience, on_turn);

	if (answer == BUDGET_GO)
		on_turn(&askers[number].claim, answer);
	return answer;
}

static void
on_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)timer;
	(void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void
wait_for(double seconds)
{
	ev_timer timer;

	ev_timer_init(&timer, on_over, seconds, 0);
	ev_timer_start(ev, &timer);
	ev_run(ev, 0);
}

static double prefix_rate = 1000000;

/* One of so many workers. */
static struct budget *
open_share(double rate, unsigned in_flight, unsigned questions,
    unsigned workers)
{
	const struct budget_limits limits = {
		.rate = rate, .prefix_rate = prefix_rate,
		.in_flight = in_flight, .workers = workers,
		.questions = questions,
	};

	ev = ev_loop_new(EVFLAG_NOENV | EVBACKEND_EPOLL);
	memset(askers, 0, sizeof askers);
	return budget_new(ev, &limits);
}

static struct budget *
open_budget(double rate, unsigned in_flight, unsigned questions)
{
	return open_share(rate, in_flight, questions, 1);
}

static void
close_budget(struct budget *budget)
{
	budget_free(budget);
	ev_loop_destroy(ev);
}

/* No span of time sees more names go than the rate lets through in it, beyond
 * what is let go at once. */
static void
rate(void **state)
{
	struct budget *budget = open_budget(100, 1000, 1);
	unsigned gone = 0;

	(void)state;
	for (unsigned i = 0; i < NAMES; i++)
		assert_int_not_equal(claim(budget, i, "ns.a.com", BUDGET_PATIENT),
		    BUDGET_FULL);
	wait_for(0.5);
	for (unsigned i = 0; i < NAMES; i++) {
		unsigned in_span = 0;

		if (!askers[i].has_gone)
			continue;
		gone++;
		/* First come, first served. */
		assert_true(i == 0 || askers[i - 1].has_gone);
		for (unsigned j = 0; j <= i; j++)
			in_span += askers[i].gone_at - askers[j].gone_at <= 0.2;
		assert_true(in_span <= 10 + 20 + 1);
	}
	assert_true(gone > 10 && gone < NAMES);
	close_budget(budget);
}

/* Those in flight are bounded too; one that ends lets the next go. */
static void
in_flight(void **state)
{
	struct budget *budget = open_budget(1000000, 3, 1);
	unsigned gone = 0;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		claim(budget, i, "ns.a.com", BUDGET_PATIENT);
	wait_for(0.05);
	for (unsigned i = 0; i < 10; i++)
		gone += askers[i].has_gone;
	assert_int_equal(gone, 3);
	budget_end(budget, &askers[0].claim, 1);
	wait_for(0.05);
	assert_true(askers[3].has_gone);
	assert_false(askers[4].has_gone);
	close_budget(budget);
}

/* A line that is longer than what ten seconds let go is closed, except to
 * patient claims; another server has a separate line. */
static void
full(void **state)
{
	struct budget *budget = open_budget(2, 1000, 1);
	enum budget_answer answer = BUDGET_WAIT;
	unsigned number = 0;

	(void)state;
	while (number < NAMES - 2 && answer != BUDGET_FULL)
		answer = claim(budget, number++, "ns.a.com",
		    BUDGET_HURRIED);
	assert_int_equal(answer, BUDGET_FULL);
	/* One has gone, 4 + 2 * 10 wait, and this one is refused. */
	assert_int_equal(number, 1 + 24 + 1);
	assert_null(askers[number - 1].claim.server);
	assert_int_equal(claim(budget, NAMES - 2, "ns.a.com", BUDGET_PATIENT),
	    BUDGET_WAIT);
	assert_int_equal(claim(budget, NAMES - 1, "ns.b.com", BUDGET_HURRIED),
	    BUDGET_GO);
	close_budget(budget);
}

/* What a name asks of another server than the one that it is charged to, is taken
 * from that server (RULES L7). */
static void
charges_others(void **state)
{
	struct budget *budget = open_budget(20, 1000, 1);

	(void)state;
	assert_int_equal(claim(budget, 0, "ns.a.com", BUDGET_HURRIED), BUDGET_GO);
	budget_charge(budget, "ns.b.com", 10);
	assert_int_equal(claim(budget, 1, "ns.b.com", BUDGET_HURRIED), BUDGET_WAIT);
	/* It has 2 at first, and is 8 short, and one more to go: 0.45 s. */
	wait_for(0.3);
	assert_false(askers[1].has_gone);
	assert_int_equal(claim(budget, 2, "ns.a.com", BUDGET_HURRIED), BUDGET_GO);
	for (int i = 0; i < 50 && !askers[1].has_gone; i++)
		wait_for(0.1);
	assert_true(askers[1].has_gone);
	close_budget(budget);
}

/* When it is let go, a name is charged with what most names take, and at its
 * end with what it took: a name that took less lets others go, one that took
 * more does not. */
static void
settles(void **state)
{
	static const struct { unsigned took, gone; } rows[] = {
		{ 5, 1 }, { 0, 2 }, { 50, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		/* Five at once; then one in ten seconds. */
		struct budget *budget = open_budget(0.1, 1000, 5);
		unsigned gone = 0;

		for (unsigned j = 0; j < 4; j++)
			claim(budget, j, "ns.a.com", BUDGET_PATIENT);
		budget_end(budget, &askers[0].claim, rows[i].took);
		wait_for(0.05);
		for (unsigned j = 0; j < 4; j++)
			gone += askers[j].has_gone;
		assert_int_equal(gone, rows[i].gone);
		close_budget(budget);
	}
}

/* Where the rate falls, those at the end of the line go back, but not the
 * patient; the others stay in their order. */
static void
shortens(void **state)
{
	struct budget *budget = open_budget(10, 1000, 1);

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		claim(budget, i, "ns.a.com", i == 45 ? BUDGET_PATIENT
		    : BUDGET_HURRIED);
	claim(budget, 50, "ns.b.com",
	    BUDGET_HURRIED);
	budget_set_rate(budget, "ns.a.com", 1, 1);
	/* One has gone; 4 + 10 * 1 wait, one of them the patient. */
	assert_true(askers[0].has_gone);
	for (unsigned i = 1; i < 50; i++)
		assert_int_equal(askers[i].is_refused, i > 13 && i != 45);
	assert_false(askers[50].is_refused);
	close_budget(budget);
}

/* A paced name is refused where the line is long, and another server is not
 * concerned; the twin in a hurry waits there. */
static void
paces(void **state)
{
	struct budget *budget = open_budget(100, 1, 1);

	(void)state;
	assert_int_equal(claim(budget, 0, "ns.a.com", BUDGET_PACED), BUDGET_GO);
	for (unsigned i = 1; i <= BUDGET_LINE_PACED; i++)
		assert_int_equal(claim(budget, i, "ns.a.com", BUDGET_PACED),
		    BUDGET_WAIT);
	assert_int_equal(claim(budget, BUDGET_LINE_PACED + 1, "ns.a.com",
	    BUDGET_PACED), BUDGET_FULL);
	assert_int_equal(claim(budget, BUDGET_LINE_PACED + 2, "ns.a.com",
	    BUDGET_HURRIED), BUDGET_WAIT);
	assert_int_equal(claim(budget, BUDGET_LINE_PACED + 3, "ns.b.com",
	    BUDGET_PACED), BUDGET_GO);
	close_budget(budget);
}

static void
add_waiting(void *tag, const char *server, const struct budget_counts *counts)
{
	(void)server;
	*(uint64_t *)tag += counts->waiting;
}

/* RULES L49: a name that does not wait goes at once or not at all, and is in
 * nobody's way. The twin waits. */
static void
at_once(void **state)
{
	struct budget *budget = open_budget(0.1, 1000, 1);
	uint64_t waiting = 0;

	(void)state;
	assert_int_equal(claim(budget, 0, "ns.a.com", BUDGET_AT_ONCE),
	    BUDGET_GO);
	assert_int_equal(claim(budget, 1, "ns.a.com", BUDGET_AT_ONCE),
	    BUDGET_FULL);
	assert_null(askers[1].claim.server);
	budget_report(budget, add_waiting, &waiting);
	assert_int_equal(waiting, 0);
	/* It ends as a claim that was never made. */
	budget_end(budget, &askers[1].claim, 5);
	assert_int_equal(claim(budget, 2, "ns.a.com", BUDGET_HURRIED),
	    BUDGET_WAIT);
	assert_int_equal(claim(budget, 3, "ns.a.com", BUDGET_AT_ONCE),
	    BUDGET_FULL);
	budget_report(budget, add_waiting, &waiting);
	assert_int_equal(waiting, 1);
	/* What the first one did not ask is for the one that waits. */
	budget_end(budget, &askers[0].claim, 0);
	for (int i = 0; i < 50 && !askers[2].has_gone; i++)
		wait_for(0.1);
	assert_true(askers[2].has_gone);
	assert_false(askers[1].has_gone || askers[3].has_gone);
	assert_int_equal(claim(budget, 4, "ns.b.com", BUDGET_AT_ONCE),
	    BUDGET_GO);
	close_budget(budget);
}

/* A name that does not wait does not overtake those that do, though there is
 * room again. */
static void
at_once_behind_others(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct budget *budget = open_budget(1000000, 1, 1);

		assert_int_equal(claim(budget, 0, "ns.a.com", BUDGET_PATIENT),
		    BUDGET_GO);
		if (!twin)
			assert_int_equal(claim(budget, 1, "ns.a.com",
			    BUDGET_PATIENT), BUDGET_WAIT);
		budget_end(budget, &askers[0].claim, 1);
		assert_int_equal(claim(budget, 2, "ns.a.com", BUDGET_AT_ONCE),
		    twin ? BUDGET_GO : BUDGET_FULL);
		close_budget(budget);
	}
}

/* A share that falls lets go what the lower one lets go, and refuses the end of
 * the line; one that rises lets more names be in flight. */
static void
shares(void **state)
{
	/* A quarter of 40 questions a second, and of 8 names in flight. */
	struct budget *budget = open_share(40, 8, 1, 4);
	unsigned gone = 0, refused = 0;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		claim(budget, i, "ns.a.com",
	    BUDGET_HURRIED);
	for (unsigned i = 0; i < 100; i++)
		refused += askers[i].is_refused;
	/* One has gone, and 4 + 10 * 10 is the line. */
	assert_int_equal(refused, 0);
	budget_set_rate(budget, "ns.a.com", 40, 2);
	for (unsigned i = 0; i < 100; i++)
		refused += askers[i].is_refused;
	assert_int_equal(refused, 100 - 1 - 24);
	budget_set_rate(budget, "ns.a.com", 40, 40);
	for (int i = 0; i < 50 && gone < 8; i++) {
		gone = 0;
		wait_for(0.1);
		for (unsigned j = 0; j < 100; j++)
			gone += askers[j].has_gone;
	}
	wait_for(0.2);
	for (unsigned i = gone = 0; i < 100; i++)
		gone += askers[i].has_gone;
	assert_int_equal(gone, 8);
	close_budget(budget);
}

/* How many of these, from `first`, have gone. */
static unsigned
gone_of(unsigned first, unsigned count)
{
	unsigned gone = 0;

	for (unsigned i = first; i < first + count; i++)
		gone += askers[i].has_gone;
	return gone;
}

/* Servers of a /24 share its rate, and take turns. A server of another /24, and
 * one whose address is not known, have all of theirs. */
static void
prefixes(void **state)
{
	static const char *const names[] = {
		"192.0.2.1", "192.0.2.2", "198.51.100.1", "ns.a.com",
	};
	struct budget *budget;
	unsigned first, second;

	(void)state;
	prefix_rate = 40;
	budget = open_budget(40, 1000, 1);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 50; j++)
			claim(budget, 50 * i + j, names[i],
	    BUDGET_PATIENT);
	for (int i = 0; i < 200 && gone_of(100, 50) < 24; i++)
		wait_for(0.02);
	first = gone_of(0, 50);
	second = gone_of(50, 50);
	/* Both together get what one alone gets, but for a burst. */
	assert_in_range(first + second + 8, 24, 24 + 8 + 8);
	assert_in_range(gone_of(150, 50) + 8, 24, 24 + 8 + 8);
	/* The first has the burst at the begin. */
	assert_in_range(second + 8, first, first + 16);
	close_budget(budget);
	prefix_rate = 1000000;
}

struct kept {
	uint64_t		waiting[2];	/* server, network */
};

static void
tell_kept(void *tag, const char *server, const struct budget_counts *counts)
{
	struct kept *kept = tag;

	assert_int_equal(counts->judged, 0);
	if (strcmp(server, "2001:db8::1") == 0)
		kept->waiting[0] = counts->waiting;
	else if (strcmp(server, "2001:db8::/48") == 0)
		kept->waiting[1] = counts->waiting;
	else
		fail_msg("%s", server);
}

/* A network is reported with the names that it makes wait, and not with those
 * that their server makes wait: the twin. What a name did not ask is given back
 * to both. */
static void
network_reports(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct budget *budget;
		struct kept kept = { { 0 } };

		prefix_rate = twin ? 1000000 : 0.1;
		budget = open_budget(twin ? 0.1 : 1000000, 1000, 3);
		for (unsigned i = 0; i < 3; i++)
			claim(budget, i, "2001:db8::1",
	    BUDGET_PATIENT);
		budget_report(budget, tell_kept, &kept);
		assert_int_equal(kept.waiting[0], 2);
		assert_int_equal(kept.waiting[1], twin ? 0 : 2);
		budget_end(budget, &askers[0].claim, 0);
		budget_charge(budget, "2001:db8::1", 0);
		wait_for(0.1);
		assert_true(askers[1].has_gone && !askers[2].has_gone);
		budget_end(budget, &askers[1].claim, 0);
		wait_for(0.1);
		kept = (struct kept){ { 9, 9 } };
		budget_report(budget, tell_kept, &kept);
		assert_int_equal(kept.waiting[0], 0);
		assert_int_equal(kept.waiting[1], twin ? 9 : 0);
		close_budget(budget);
	}
	prefix_rate = 1000000;
}

/* Another server of the /24 is charged: the prefix has less room. */
static void
network_is_charged(void **state)
{
	struct budget *budget;

	(void)state;
	prefix_rate = 20;
	budget = open_budget(1000000, 1000, 1);
	budget_charge(budget, "192.0.2.1", 10);
	assert_int_equal(claim(budget, 0, "192.0.2.2",
	    BUDGET_HURRIED), BUDGET_WAIT);
	assert_int_equal(claim(budget, 1, "198.51.100.2",
	    BUDGET_HURRIED), BUDGET_GO);
	close_budget(budget);
	prefix_rate = 1000000;
}

/* The names of all lines of a network are no more than it serves in time. */
static void
network_is_full(void **state)
{
	struct budget *budget;
	unsigned number = 0, refused = 0;

	(void)state;
	prefix_rate = 2;
	budget = open_budget(1000000, 1000, 1);
	while (number < NAMES - 1 && claim(budget, number, number % 2 == 0
	    ? "192.0.2.1" : "192.0.2.2",
	    BUDGET_HURRIED) != BUDGET_FULL)
		number++;
	/* One has gone, and 4 + 2 * 10 wait. */
	assert_int_equal(number, 1 + 24);
	assert_int_equal(claim(budget, NAMES - 1, "192.0.2.1",
	    BUDGET_PATIENT),
	    BUDGET_WAIT);
	/* At a tenth of the share they are no more than 4 + 2, the patient one
	 * among them. */
	budget_set_rate(budget, "192.0.2.0/24", 2, 0.2);
	for (unsigned i = 0; i < number; i++)
		refused += askers[i].is_refused;
	assert_int_equal(refused, 24 + 1 - 6);
	assert_false(askers[NAMES - 1].is_refused);
	close_budget(budget);
	prefix_rate = 1000000;
}

struct report {
	unsigned		count;
	struct budget_counts	counts;
	char			server[64];
};

static void
tell(void *tag, const char *server, const struct budget_counts *counts)
{
	struct report *report = tag;

	report->count++;
	report->counts = *counts;
	strcpy(report->server, server);
}

/* What counts as lost, and when it is told. */
static void
reports(void **state)
{
	static const struct {
		const char	*what;
		unsigned	exchanges, milliseconds;
		double		lag_ms;
		bool		lost, is_told;
		enum lane_kind	lane;
	} rows[] = {
		{ "as fast as ever", 1, 10, 0, false, false,
		    LANE_DIRECT },
		{ "a little slower", 1, 30, 0, false, false,
		    LANE_DIRECT },
		{ "no answer", 1, 10, 0, true, true,
		    LANE_DIRECT },
		{ "asked again, by its time", 1, 80, 0, false, true,
		    LANE_DIRECT },
		{ "that late because we were", 1, 80, 50, false, false,
		    LANE_DIRECT },
		{ "that late for two exchanges", 2, 80, 0, false, false,
		    LANE_DIRECT },
		{ "too late for two", 2, 81, 0, false, true,
		    LANE_DIRECT },
		{ "another lane takes longer", 1, 80, 0, false, false,
		    LANE_RECURSIVE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct budget *budget = open_budget(1000000, 10, 1);
		struct report report = { 0 };

		claim(budget, 0, "ns.a.com", BUDGET_HURRIED);
		budget_judge(budget, &askers[0].claim, LANE_DIRECT, 1, 10, 0,
		    false);
		budget_end(budget, &askers[0].claim, 1);
		claim(budget, 1, "ns.a.com", BUDGET_HURRIED);
		budget_judge(budget, &askers[1].claim, rows[i].lane,
		    rows[i].exchanges, rows[i].milliseconds, rows[i].lag_ms,
		    rows[i].lost);
		budget_end(budget, &askers[1].claim, 3);
		budget_report(budget, tell, &report);
		if (report.count != rows[i].is_told)
			fail_msg("%s: told %u times", rows[i].what,
			    report.count);
		if (rows[i].is_told) {
			assert_int_equal(report.counts.judged, 2);
			assert_int_equal(report.counts.lost, 1);
			assert_string_equal(report.server, "ns.a.com");
		}
		/* Told once. */
		budget_report(budget, tell, &report);
		assert_int_equal(report.count, rows[i].is_told);
		close_budget(budget);
	}
}

/* What was asked at another rate says nothing of this one. */
static void
generations(void **state)
{
	struct budget *budget = open_budget(1000000, 10, 1);
	struct report report = { 0 };

	(void)state;
	claim(budget, 0, "ns.a.com",
	    BUDGET_HURRIED);
	budget_set_rate(budget, "ns.a.com", 500000, 500000);
	budget_judge(budget, &askers[0].claim, LANE_DIRECT, 1, 10, 0, true);
	budget_end(budget, &askers[0].claim, 1);
	budget_report(budget, tell, &report);
	assert_int_equal(report.count, 0);
	/* A restricted server is reported even without losses. */
	claim(budget, 1, "ns.a.com", BUDGET_HURRIED);
	budget_judge(budget, &askers[1].claim, LANE_DIRECT, 1, 10, 0, false);
	budget_end(budget, &askers[1].claim, 1);
	budget_report(budget, tell, &report);
	assert_int_equal(report.count, 1);
	assert_int_equal(report.counts.judged, 1);
	assert_int_equal(report.counts.lost, 0);
	close_budget(budget);
}

/* Another share is not another rate: earlier lookups are still judged, and a
 * server at its full rate is not reported without losses. The twin is
 * `generations`. */
static void
share_is_no_rate(void **state)
{
	struct budget *budget = open_share(1000000, 10, 1, 4);
	struct report report = { 0 };

	(void)state;
	claim(budget, 0, "ns.a.com",
	    BUDGET_HURRIED);
	claim(budget, 1, "ns.a.com",
	    BUDGET_HURRIED);
	budget_set_rate(budget, "ns.a.com", 1000000, 50000);
	budget_judge(budget, &askers[0].claim, LANE_DIRECT, 1, 10, 0, false);
	budget_report(budget, tell, &report);
	assert_int_equal(report.count, 0);
	budget_judge(budget, &askers[1].claim, LANE_DIRECT, 1, 10, 0, true);
	budget_report(budget, tell, &report);
	assert_int_equal(report.count, 1);
	assert_int_equal(report.counts.judged, 2);
	assert_int_equal(report.counts.lost, 1);
	close_budget(budget);
}

/* RULES F36: while our own sockets drop packets, no server is judged. The twin
 * has no drops. */
static void
forgets(void **state)
{
	(void)state;
	for (int drops = 0; drops < 2; drops++) {
		struct budget *budget = open_budget(1000000, 10, 1);
		struct report report = { 0 };

		for (unsigned i = 0; i < 3; i++)
			claim(budget, i, "ns.a.com",
	    BUDGET_HURRIED);
		budget_judge(budget, &askers[0].claim, LANE_DIRECT, 1, 10, 0,
		    true);
		if (drops)
			budget_forget(budget, 0.3);
		budget_judge(budget, &askers[1].claim, LANE_DIRECT, 1, 10, 0,
		    true);
		budget_report(budget, tell, &report);
		assert_int_equal(report.counts.judged, drops ? 0 : 2);
		assert_int_equal(report.counts.lost, drops ? 0 : 2);
		/* When that is over, it is judged again. */
		wait_for(0.4);
		budget_judge(budget, &askers[2].claim, LANE_DIRECT, 1, 10, 0,
		    true);
		budget_report(budget, tell, &report);
		assert_int_equal(report.counts.judged, 1);
		assert_int_equal(report.counts.lost, 1);
		close_budget(budget);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate), cmocka_unit_test(in_flight),
		cmocka_unit_test(full), cmocka_unit_test(charges_others),
		cmocka_unit_test(settles),
		cmocka_unit_test(shortens), cmocka_unit_test(paces),
		cmocka_unit_test(at_once),
		cmocka_unit_test(at_once_behind_others),
		cmocka_unit_test(reports),
		cmocka_unit_test(generations), cmocka_unit_test(shares),
		cmocka_unit_test(share_is_no_rate),
		cmocka_unit_test(prefixes), cmocka_unit_test(network_reports),
		cmocka_unit_test(network_is_charged),
		cmocka_unit_test(network_is_full), cmocka_unit_test(forgets),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
