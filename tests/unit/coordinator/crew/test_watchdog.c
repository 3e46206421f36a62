/* watchdog: signs of life, on a clock and a processor that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanner/coordinator/crew/watchdog.h"

#define LIMIT	((int64_t)30000)

/* A worker that is checked once a second. */
struct world {
	struct watchdog watchdog;
	int64_t	now_ms, cpu_ms;
};

/* Checks for this many seconds, in each of which the worker computes for
 * `cpu_ms`. Stops at the first finding; *at is how many seconds that took. */
static enum watchdog_finding
look(struct world *world, unsigned seconds, int64_t cpu_ms, unsigned *at)
{
	enum watchdog_finding finding = WATCHDOG_WELL;

	for (*at = 0; *at < seconds && finding == WATCHDOG_WELL; ++*at) {
		world->now_ms += 1000;
		world->cpu_ms += cpu_ms;
		finding = watchdog_look(&world->watchdog, LIMIT, world->now_ms,
		    world->cpu_ms);
	}
	return finding;
}

/* It has just given a sign, as it does every second. */
static struct world
at_work(void)
{
	struct world world = { .now_ms = 1000000, .cpu_ms = 5000 };
	unsigned at;

	for (int i = 0; i < 100; i++) {
		watchdog_note_sign(&world.watchdog);
		assert_int_equal(look(&world, 1, 700, &at), WATCHDOG_WELL);
	}
	return world;
}

static void
signs_are_enough(void **state)
{
	struct world world = at_work();
	unsigned at;

	(void)state;
	/* Late ones too. */
	for (int i = 0; i < 20; i++) {
		assert_int_equal(look(&world, 29, 1000, &at), WATCHDOG_WELL);
		watchdog_note_sign(&world.watchdog);
		assert_int_equal(look(&world, 1, 1000, &at), WATCHDOG_WELL);
	}
}

/* The only difference is how much it computes. */
static void
silence(void **state)
{
	static const struct {
		int64_t cpu_ms;
		enum watchdog_finding finding;
	} rows[] = {
		{ 0, WATCHDOG_MUTE },
		{ 1, WATCHDOG_MUTE },	/* a few wake-ups */
		{ 1000, WATCHDOG_SPINS },
		{ 20, WATCHDOG_SPINS },	/* a machine with much else to do */
	};
	unsigned at;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world world = at_work();

		assert_int_equal(look(&world, 100, rows[i].cpu_ms, &at),
		    rows[i].finding);
		assert_int_equal(at, 30);
		assert_int_equal(watchdog_silence_ms(&world.watchdog), 30000);
	}
}

/* It was busy when it was stopped. */
static void
stopped_at_work(void **state)
{
	struct world world = at_work();
	unsigned at;

	(void)state;
	assert_int_equal(look(&world, 2, 1000, &at), WATCHDOG_WELL);
	assert_int_equal(look(&world, 100, 0, &at), WATCHDOG_MUTE);
}

static void
unknown_cpu(void **state)
{
	struct world world = at_work();
	unsigned at;

	(void)state;
	world.cpu_ms = -1;
	assert_int_equal(look(&world, 100, 0, &at), WATCHDOG_MUTE);
}

/* The coordinator or the machine was stopped, so nothing was checked
 * meanwhile. */
static void
gap(void **state)
{
	struct world world = at_work();
	unsigned at;

	(void)state;
	assert_int_equal(look(&world, 29, 1000, &at), WATCHDOG_WELL);
	world.now_ms += 2000;	/* with the second of look(): 3 s */
	assert_int_equal(look(&world, 100, 1000, &at), WATCHDOG_SPINS);
	assert_int_equal(at, 31);	/* the first look starts again */
	/* Its twin: 2 s are not a gap. */
	world = at_work();
	assert_int_equal(look(&world, 29, 1000, &at), WATCHDOG_WELL);
	world.now_ms += 1000;
	assert_int_equal(look(&world, 100, 1000, &at), WATCHDOG_SPINS);
	assert_int_equal(at, 1);
	/* An hour, again and again. */
	world = at_work();
	for (int i = 0; i < 10; i++) {
		assert_int_equal(look(&world, 20, 0, &at), WATCHDOG_WELL);
		world.now_ms += 3600000;
	}
}

/* Before its first sign it has longer. */
static void
start(void **state)
{
	struct world world = { .now_ms = 77 };
	unsigned at;

	(void)state;
	assert_int_equal(look(&world, 1000, 0, &at), WATCHDOG_MUTE);
	assert_int_equal(at, 121);	/* the first look is the start */
	world = (struct world){ .now_ms = 77 };
	assert_int_equal(look(&world, 1000, 900, &at), WATCHDOG_SPINS);
	assert_int_equal(at, 121);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_are_enough), cmocka_unit_test(silence),
		cmocka_unit_test(stopped_at_work),
		cmocka_unit_test(unknown_cpu), cmocka_unit_test(gap),
		cmocka_unit_test(start),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
