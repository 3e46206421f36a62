/* shares: how the workers share the rate of a name server (RULES K9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/coordinator/work/shares.h"

#define WORKERS_MAX	64
#define RATE		500.

/* Rounding alone may differ. */
static bool
is_near(double a, double b)
{
	return a - b < 1e-9 && b - a < 1e-9;
}

/* A fifth of the rate is shared equally, the rest by what waits. */
static void
demand(void **state)
{
	static const struct {
		unsigned	workers;
		double		waiting, all, share;
	} rows[] = {
		{ 1, 0, 0, 500 }, { 1, 7, 7, 500 },
		{ 4, 0, 0, 125 },
		{ 4, 0, 10, 25 }, { 4, 10, 10, 425 }, { 4, 5, 10, 225 },
		{ 64, 0, 1, 100. / 64 }, { 64, 1, 1, 100. / 64 + 400 },
		/* As if forged. */
		{ 4, 18446744073709551615., 2 * 18446744073709551615., 225 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_true(is_near(share_by_demand(RATE, rows[i].workers,
		    rows[i].waiting, rows[i].all), rows[i].share));
}

/* The workers, each with the rate that it may ask at: the least and the most
 * that it was sent recently, since it is unknown when it reads a message. */
struct crew {
	struct shares	*shares;
	unsigned	 workers;
	double		 rate;
	double		 told[WORKERS_MAX], before[WORKERS_MAX];
	unsigned	 messages;
};

static void
on_tell(void *tag, unsigned worker)
{
	struct crew *crew = tag;

	crew->told[worker] = shares_of(crew->shares, worker);
	crew->messages++;
}

static void
begin(struct crew *crew, unsigned workers)
{
	*crew = (struct crew){
		.shares = shares_new(workers, RATE), .workers = workers,
		.rate = RATE,
	};
	for (unsigned i = 0; i < workers; i++)
		crew->told[i] = RATE / workers;
}

/* A second passes, in which a worker asks at the rate that it was sent last, or
 * still at the one before. The sum is never above the rate. */
static bool
look(struct crew *crew, int64_t now_ms)
{
	double most = 0;
	bool goes_on;

	memcpy(crew->before, crew->told, sizeof crew->told);
	goes_on = shares_look(crew->shares, now_ms, on_tell, crew);
	for (unsigned i = 0; i < crew->workers; i++) {
		most += crew->told[i] > crew->before[i] ? crew->told[i]
		    : crew->before[i];
		assert_true(crew->told[i] == shares_of(crew->shares, i));
		assert_true(crew->told[i] >= 0.2 * crew->rate / crew->workers -
		    1e-9);
	}
	if (most > crew->rate + 1e-9)
		fail_msg("%g questions a second at %lld ms", most,
		    (long long)now_ms);
	return goes_on;
}

/* Falling shares are sent at once, rising ones a second later. */
static void
steps(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, 4);
	shares_note(crew.shares, 1, 100, 0);
	assert_true(look(&crew, 0));
	assert_int_equal(crew.messages, 3);
	assert_true(is_near(crew.told[0], 25) && is_near(crew.told[1], 125));
	/* Not yet, though somebody asks. */
	assert_true(look(&crew, 999));
	assert_int_equal(crew.messages, 3);
	assert_true(look(&crew, 1000));
	assert_int_equal(crew.messages, 4);
	assert_true(is_near(crew.told[1], 425));
	/* Unchanged shares are not sent again. */
	shares_note(crew.shares, 1, 50, 2000);
	assert_true(look(&crew, 2000));
	assert_int_equal(crew.messages, 4);
	shares_free(crew.shares);
}

/* A little change is not worth a message. */
static void
little(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, 2);
	shares_note(crew.shares, 0, 100, 0);
	shares_note(crew.shares, 1, 110, 0);
	assert_true(look(&crew, 0));
	assert_int_equal(crew.messages, 0);
	shares_note(crew.shares, 1, 200, 1000);
	shares_note(crew.shares, 0, 100, 1000);
	assert_true(look(&crew, 1000));
	assert_int_equal(crew.messages, 1);
	shares_free(crew.shares);
}

/* If no name waits for a while, the shares become equal, and the owner can
 * forget them. */
static void
idle(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, 4);
	shares_note(crew.shares, 1, 100, 0);
	(void)look(&crew, 0);
	(void)look(&crew, 1000);
	shares_note(crew.shares, 1, 0, 2000);
	assert_true(look(&crew, 9999));
	assert_true(is_near(crew.told[1], 425));
	assert_true(look(&crew, 10000));
	assert_true(is_near(crew.told[1], 125) && is_near(crew.told[0], 25));
	assert_true(look(&crew, 11000));
	for (unsigned i = 0; i < 4; i++)
		assert_true(crew.told[i] == 125);
	assert_false(look(&crew, 12000));
	shares_free(crew.shares);
}

/* A worker that dies leaves its share to the others. The twin speaks on. */
static void
death(void **state)
{
	(void)state;
	for (int lives = 0; lives < 2; lives++) {
		struct crew crew;

		begin(&crew, 4);
		shares_note(crew.shares, 1, 100, 0);
		shares_note(crew.shares, 2, 100, 0);
		(void)look(&crew, 0);
		(void)look(&crew, 1000);
		assert_true(is_near(crew.told[1], 225));
		for (int64_t now = 2000; now < 8000; now += 1000) {
			if (lives)
				shares_note(crew.shares, 1, 100, now);
			shares_note(crew.shares, 2, 100, now);
			(void)look(&crew, now);
		}
		assert_true(is_near(crew.told[1], lives ? 225 : 25));
		assert_true(is_near(crew.told[2], lives ? 225 : 425));
		shares_free(crew.shares);
	}
}

/* All shares follow the rate at once, those too that are still to be told. */
static void
rate(void **state)
{
	struct crew crew;

	(void)state;
	begin(&crew, 4);
	shares_note(crew.shares, 1, 100, 0);
	(void)look(&crew, 0);
	crew.rate = RATE / 2;
	shares_set_rate(crew.shares, crew.rate);
	for (unsigned i = 0; i < 4; i++)
		crew.told[i] /= 2;
	(void)look(&crew, 1000);
	assert_true(is_near(crew.told[1], 212.5));
	assert_true(is_near(crew.told[0], 12.5));
	shares_free(crew.shares);
}

/* Whatever waits where, and whenever it is said: the sum holds (look). */
static void
sums(void **state)
{
	static const unsigned workers[] = { 1, 2, 7, 64 };
	uint32_t random = 1;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct crew crew;

		begin(&crew, workers[i]);
		for (int64_t now = 0; now < 300000; now += 500) {
			for (unsigned j = 0; j < workers[i]; j++) {
				random = random * 1664525 + 1013904223;
				if (random >> 30 == 0)
					shares_note(crew.shares, j,
					    random >> 20 & 1023, now);
			}
			(void)look(&crew, now);
		}
		assert_true(workers[i] == 1 || crew.messages > 100);
		/* Alone, one has all of it. */
		assert_true(workers[i] > 1 || crew.messages == 0);
		shares_free(crew.shares);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demand), cmocka_unit_test(steps),
		cmocka_unit_test(little), cmocka_unit_test(idle),
		cmocka_unit_test(death), cmocka_unit_test(rate),
		cmocka_unit_test(sums),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
