/* Manners towards mail servers (RULES K3, K4), with a clock of the test's
 * own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/coordinator/probing/pace.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define ADDRESSES 10
#define UNITS 400

/* Two /24, the second with one address that differs in bit 24; three /48, of
 * which two differ in bit 48 alone, and the third is the first with other bits
 * behind it. `network` is by hand. */
static const struct { const char *text; unsigned network; }
addresses[ADDRESSES] = {
	{ "192.0.2.1", 0 }, { "192.0.2.2", 0 }, { "192.0.2.255", 0 },
	{ "192.0.3.0", 1 }, { "192.0.3.1", 1 }, { "203.0.113.1", 2 },
	{ "2001:db8::1", 3 }, { "2001:db8:1::1", 4 },
	{ "2001:db8:0:ffff::1", 3 }, { "2001:db8:1:8000::", 4 },
};
#define NETWORKS 5

struct bench {
	struct options	 options;
	struct pace	*pace;
	struct peer	 peers[ADDRESSES];
	struct target	 targets[UNITS];
};

static int
make_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);

	if (bench == NULL)
		return -1;
	/* The defaults of RULES K3. */
	bench->options = (struct options){ .per_address = 1, .per_prefix = 2,
		.pause_ms = 1000, .probes = 500 };
	bench->pace = pace_new(&bench->options);
	for (size_t i = 0; i < ADDRESSES; i++) {
		struct peer *peer = &bench->peers[i];

		if (!address_from_text(addresses[i].text,
		    strlen(addresses[i].text), &peer->address))
			return -1;
		list_init(&peer->waiting);
		list_init(&peer->ready);
	}
	for (size_t i = 0; i < UNITS; i++)
		list_init(&bench->targets[i].link);
	*state = bench;
	return 0;
}

static int
free_bench(void **state)
{
	struct bench *bench = *state;

	pace_free(bench->pace);
	free(bench);
	return 0;
}

static void
add(struct bench *bench, size_t target, size_t address, int64_t due_ms)
{
	bench->targets[target].peer = &bench->peers[address];
	pace_add(bench->pace, &bench->targets[target], due_ms);
}

/* The target that starts now; -1 if none does, and then it is to be asked again
 * at `wake_ms`. pace_peek says the same before. */
static int
next(struct bench *bench, int64_t now_ms, int64_t *wake_ms)
{
	int64_t peeked_ms = -1;
	bool peeked = pace_peek(bench->pace, now_ms, &peeked_ms);
	struct target *target = pace_next(bench->pace, now_ms, wake_ms);

	assert_int_equal(peeked, target != NULL);
	if (target != NULL)
		return (int)(target - bench->targets);
	assert_true(*wake_ms > now_ms);
	assert_true(*wake_ms == peeked_ms);
	return -1;
}

#define assert_starts(target, now_ms)					\
	assert_int_equal(next(bench, now_ms, &wake_ms), target)
#define assert_waits(now_ms, until_ms) do {				\
	assert_int_equal(next(bench, now_ms, &wake_ms), -1);		\
	assert_true(wake_ms == (until_ms));				\
} while (0)

static void
release(struct bench *bench, size_t target, bool back_off)
{
	pace_release(bench->pace, &bench->targets[target], back_off);
}

static void
nothing(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	assert_waits(0, INT64_MAX);
	assert_true(pace_waiting(bench->pace) == 0);
	assert_true(pace_in_flight(bench->pace) == 0);
	pace_free(NULL);
}

static void
delayed(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	add(bench, 0, 0, 5000);
	add(bench, 1, 3, 4000);
	assert_true(pace_waiting(bench->pace) == 2);
	assert_waits(3999, 4000);
	assert_starts(1, 4000);
	assert_waits(4999, 5000);
	assert_starts(0, 5000);
	assert_waits(5000, INT64_MAX);
	assert_true(pace_waiting(bench->pace) == 0);
	assert_true(pace_in_flight(bench->pace) == 2);
	release(bench, 0, false);
	release(bench, 1, false);
	assert_true(pace_in_flight(bench->pace) == 0);
}

/* One session at a time to an address, however long the pause is over. */
static void
per_address(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	add(bench, 0, 0, 0);
	add(bench, 1, 0, 0);
	assert_starts(0, 0);
	assert_waits(100000, INT64_MAX);
	release(bench, 0, false);
	assert_starts(1, 100000);
	release(bench, 1, false);
	/* Three, if that is the option. */
	bench->options.per_address = 3;
	bench->options.per_prefix = 10;
	for (size_t i = 2; i < 6; i++)
		add(bench, i, 0, 0);
	for (int i = 2; i < 5; i++)
		assert_starts(i, 200000 + 1000 * i);
	assert_waits(300000, INT64_MAX);
	release(bench, 3, false);
	assert_starts(5, 300000);
}

/* Two to a network, whichever its addresses; /24 and /48. */
static void
per_prefix(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	bench->options.pause_ms = 0;
	bench->options.per_address = 10;
	for (size_t i = 0; i < ADDRESSES; i++) {
		add(bench, 2 * i, i, 0);
		add(bench, 2 * i + 1, i, 0);
	}
	/* 2 each to 5 networks. */
	for (int i = 0; i < 2 * NETWORKS; i++)
		assert_int_not_equal(next(bench, 0, &wake_ms), -1);
	assert_waits(0, INT64_MAX);
	for (unsigned network = 0; network < NETWORKS; network++) {
		unsigned in_flight = 0;

		for (size_t i = 0; i < ADDRESSES; i++)
			if (addresses[i].network == network)
				in_flight += bench->peers[i].in_flight;
		assert_int_equal(in_flight, 2);
	}
}

static void
pause_of_a_prefix(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	add(bench, 0, 0, 0);
	add(bench, 1, 1, 0);
	add(bench, 2, 2, 0);
	assert_starts(0, 10);
	/* The other network does not wait. */
	add(bench, 3, 3, 0);
	assert_starts(3, 10);
	assert_waits(10, 1010);
	assert_waits(1009, 1010);
	assert_starts(1, 1010);
	/* The end of a session does not shorten it. */
	release(bench, 0, false);
	assert_waits(1010, 2010);
	assert_starts(2, 2010);
}

/* "a 421, 450 or 554 greeting doubles the pause of its whole prefix": 2 s after
 * the first, counted from the last start; then 4, and 64 times at most. */
static void
back_off(void **state)
{
	static const int64_t pauses[] = {
		2000, 4000, 8000, 16000, 32000, 64000, 64000, 64000,
	};
	struct bench *bench = *state;
	int64_t now_ms = 0, wake_ms;

	add(bench, 0, 0, 0);
	assert_starts(0, now_ms);
	for (size_t i = 0; i < COUNT(pauses); i++) {
		/* Another address of the network. */
		add(bench, i + 1, (i + 1) % 3, 0);
		release(bench, i, true);
		assert_waits(now_ms, now_ms + pauses[i]);
		now_ms += pauses[i];
		assert_waits(now_ms - 1, now_ms);
		assert_starts((int)i + 1, now_ms);
	}
	/* Other networks keep their own. */
	add(bench, 100, 3, 0);
	add(bench, 101, 4, 0);
	assert_starts(100, now_ms);
	assert_waits(now_ms, now_ms + 1000);
}

/* A session is longer than the pause: the doubled pause counts nevertheless. A
 * target that is already queued is postponed. */
static void
back_off_late(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	add(bench, 0, 0, 0);
	add(bench, 1, 0, 0);
	add(bench, 2, 1, 0);
	assert_starts(0, 0);
	release(bench, 0, true);
	assert_int_equal(next(bench, 1500, &wake_ms), -1);
	assert_waits(1500, 2000);
	assert_starts(2, 2000);
	release(bench, 2, true);
	assert_int_equal(next(bench, 4000, &wake_ms), -1);
	assert_waits(5999, 6000);
	assert_starts(1, 6000);
}

static void
rate(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms, now_ms = 0;
	size_t started = 0;

	bench->options = (struct options){ .per_address = UNITS,
		.per_prefix = UNITS, .probes = UNITS, .rate = 3 };
	for (size_t i = 0; i < 31; i++)
		add(bench, i, i % ADDRESSES, 0);
	/* At 0, 333, 666, 1000, ...: thirds of a second add up. */
	while (started < 31) {
		if (next(bench, now_ms, &wake_ms) >= 0)
			started++;
		else
			now_ms = wake_ms;
	}
	/* 30 thirds, the last cut to a millisecond or not. */
	assert_in_range(now_ms, 9999, 10000);
}

/* --rate over 1,000: more than one in a millisecond. */
static void
high_rate(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	bench->options = (struct options){ .per_address = UNITS,
		.per_prefix = UNITS, .probes = UNITS, .rate = 4000 };
	for (size_t i = 0; i < UNITS; i++)
		add(bench, i, i % ADDRESSES, 0);
	for (int64_t now_ms = 0; now_ms < UNITS / 4; now_ms++) {
		unsigned started = 0;

		while (next(bench, now_ms, &wake_ms) >= 0)
			started++;
		assert_in_range(started, 3, 5);
	}
	assert_true(pace_waiting(bench->pace) <= 1);
}

/* --probes over all; 0: none ever. */
static void
probes(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	bench->options.probes = 3;
	for (size_t i = 0; i < 5; i++)
		add(bench, i, 2 * i, 0);
	for (int i = 0; i < 3; i++)
		assert_int_not_equal(next(bench, 5000, &wake_ms), -1);
	assert_waits(5000, INT64_MAX);
	assert_true(pace_waiting(bench->pace) == 2);
	release(bench, 0, false);
	assert_int_not_equal(next(bench, 6000, &wake_ms), -1);
	assert_waits(100000, INT64_MAX);
	bench->options.probes = 0;
	assert_waits(100000, INT64_MAX);
}

/* Many targets at a blocked address; one at another, later added, goes first. */
static void
blocked(void **state)
{
	struct bench *bench = *state;
	int64_t wake_ms;

	for (size_t i = 0; i < 50; i++)
		add(bench, i, 0, 0);
	assert_starts(0, 0);
	add(bench, 50, 1, 0);
	add(bench, 51, 5, 0);
	assert_starts(51, 0);
	assert_waits(0, 1000);
	assert_starts(50, 1000);
	/* The targets of an address go in the order in which they came. */
	for (int i = 0; i < 49; i++) {
		release(bench, (size_t)i, false);
		assert_starts(i + 1, 2000 + 1000 * i);
	}
	assert_true(pace_waiting(bench->pace) == 0);
}

/* A model **************************************************************** */

enum { ABSENT, WAITING, FLYING, OVER };

struct model {
	int		state[UNITS];
	int64_t		due_ms[UNITS], last_start_ms[NETWORKS];
	bool		started[NETWORKS];
	int64_t		factor[NETWORKS];
	unsigned	per_address[ADDRESSES], per_network[NETWORKS];
	unsigned	flying;
	size_t		over;
};

static size_t
address_of(const struct bench *bench, size_t target)
{
	return (size_t)(bench->targets[target].peer - bench->peers);
}

/* When the target may start if nothing is released before. */
static int64_t
earliest(const struct bench *bench, const struct model *model, size_t target)
{
	size_t address = address_of(bench, target);
	unsigned network = addresses[address].network;
	int64_t at = model->due_ms[target], after = INT64_MIN;

	if (model->flying >= bench->options.probes ||
	    model->per_address[address] >= bench->options.per_address ||
	    model->per_network[network] >= bench->options.per_prefix)
		return INT64_MAX;
	if (model->started[network])
		after = model->last_start_ms[network] +
		    (int64_t)bench->options.pause_ms * model->factor[network];
	return at > after ? at : after;
}

static void
model_start(const struct bench *bench, struct model *model, size_t target,
    int64_t now_ms)
{
	size_t address = address_of(bench, target);
	unsigned network = addresses[address].network;

	assert_int_equal(model->state[target], WAITING);
	assert_true(earliest(bench, model, target) <= now_ms);
	model->state[target] = FLYING;
	model->per_address[address]++;
	model->per_network[network]++;
	model->flying++;
	model->started[network] = true;
	model->last_start_ms[network] = now_ms;
}

static void
model_release(struct bench *bench, struct model *model, size_t target)
{
	size_t address = address_of(bench, target);
	unsigned network = addresses[address].network;
	bool is_back_off = random() % 8 == 0;

	model->state[target] = OVER;
	model->per_address[address]--;
	model->per_network[network]--;
	model->flying--;
	model->over++;
	if (is_back_off && model->factor[network] < 64)
		model->factor[network] *= 2;
	release(bench, target, is_back_off);
}

/* Takes all that may go now; then nothing that could go is left, and the time
 * to ask again is not after the first that will be able to. Where --rate holds
 * it back as well, that cannot be said. */
static int64_t
take_all(struct bench *bench, struct model *model, int64_t now_ms)
{
	int64_t wake_ms;
	int target;

	while ((target = next(bench, now_ms, &wake_ms)) >= 0)
		model_start(bench, model, (size_t)target, now_ms);
	assert_true(pace_in_flight(bench->pace) == model->flying);
	for (size_t i = 0; bench->options.rate == 0 && i < UNITS; i++)
		if (model->state[i] == WAITING)
			assert_true(earliest(bench, model, i) >= wake_ms);
	return wake_ms;
}

/* Some are added, some are over; `added` counts. */
static size_t
disturb(struct bench *bench, struct model *model, size_t added, int64_t now_ms)
{
	for (long n = random() % 6; n > 0 && added < UNITS; n--, added++) {
		model->state[added] = WAITING;
		model->due_ms[added] = random() % 3 == 0
		    ? now_ms + random() % 9000 : now_ms;
		add(bench, added, (size_t)random() % ADDRESSES,
		    model->due_ms[added]);
	}
	for (size_t i = 0; i < added; i++)
		if (model->state[i] == FLYING && random() % 4 == 0)
			model_release(bench, model, i);
	return added;
}

/* Every target is let go once, and none too early or without need too late. */
static void
walk(struct bench *bench)
{
	struct model model = { .factor = { 1, 1, 1, 1, 1 } };
	int64_t now_ms = 1000000, wake_ms, first_ms = now_ms;
	size_t added = 0, steps = 0;

	while (model.over < UNITS) {
		assert_true(++steps < 100000);
		added = disturb(bench, &model, added, now_ms);
		wake_ms = take_all(bench, &model, now_ms);
		if (bench->options.rate > 0)
			assert_true((int64_t)(model.over + model.flying) <=
			    1 + ((now_ms - first_ms + 1) *
			    (int64_t)bench->options.rate + 999) / 1000);
		now_ms = wake_ms != INT64_MAX && random() % 2 == 0
		    ? wake_ms : now_ms + 1 + random() % 700;
	}
	assert_true(pace_waiting(bench->pace) == 0);
	assert_true(pace_in_flight(bench->pace) == 0);
	wake_ms = 0;
	assert_null(pace_next(bench->pace, now_ms, &wake_ms));
	assert_true(wake_ms == INT64_MAX);
}

static void
random_walks(void **state)
{
	static const struct options rows[] = {
		{ .per_address = 1, .per_prefix = 2, .pause_ms = 1000,
		    .probes = 500 },
		{ .per_address = 1, .per_prefix = 2, .pause_ms = 1000,
		    .probes = 4 },
		{ .per_address = 2, .per_prefix = 3, .pause_ms = 0,
		    .probes = 500 },
		{ .per_address = 3, .per_prefix = 3, .pause_ms = 70,
		    .probes = 5 },
		{ .per_address = 1, .per_prefix = 1, .pause_ms = 500,
		    .probes = 1 },
		{ .per_address = 5, .per_prefix = 5, .pause_ms = 10,
		    .probes = 20, .rate = 7 },
		{ .per_address = 9, .per_prefix = 9, .pause_ms = 0,
		    .probes = 90, .rate = 1500 },
	};

	(void)state;
	srandom(1);
	for (size_t i = 0; i < 3 * COUNT(rows); i++) {
		void *bench;

		assert_int_equal(make_bench(&bench), 0);
		((struct bench *)bench)->options = rows[i % COUNT(rows)];
		walk(bench);
		free_bench(&bench);
	}
}

#define on_bench(test) cmocka_unit_test_setup_teardown(test, make_bench, \
	free_bench)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		on_bench(nothing), on_bench(delayed), on_bench(per_address),
		on_bench(per_prefix), on_bench(pause_of_a_prefix),
		on_bench(back_off), on_bench(back_off_late), on_bench(rate),
		on_bench(high_rate), on_bench(probes), on_bench(blocked),
		cmocka_unit_test(random_walks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
