/* When this process was away (RULES F23). The clocks are the test's own, but for
 * the last case, which stops a process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/worker/absence.h"

static int64_t monotonic, boottime;

static int64_t
read_monotonic(void)
{
	return monotonic;
}

static int64_t
read_boottime(void)
{
	return boottime;
}

static const struct absence_clocks clocks = { read_monotonic, read_boottime };

/* As when the process runs, or is stopped: both clocks go on. */
static void
pass(int64_t ms)
{
	monotonic += ms;
	boottime += ms;
}

/* As when the machine sleeps. */
static void
sleep_machine(int64_t ms)
{
	boottime += ms;
}

static void
look(struct absence *absence)
{
	ev_invoke(absence->ev, &absence->timer, EV_TIMER);
}

static int
begin(void **state)
{
	static struct absence absence;

	monotonic = 5000;
	boottime = 900000;
	absence_start(&absence, ev_loop_new(EVFLAG_NOENV), &clocks);
	*state = &absence;
	return 0;
}

static int
end(void **state)
{
	struct absence *absence = *state;

	absence_stop(absence);
	ev_loop_destroy(absence->ev);
	return 0;
}

static void
nobody_is_away(void **state)
{
	struct absence *absence = *state;

	assert_false(absence_since(absence, 0));
	for (int i = 0; i < 20; i++) {
		pass(500);
		look(absence);
	}
	assert_false(absence_since(absence, 0));
}

/* 2 s are no absence yet; more than 2 s are one. */
static void
gap_is_over_two_seconds(void **state)
{
	struct absence *absence = *state;

	pass(2000);
	assert_false(absence_since(absence, 0));
	look(absence);
	assert_false(absence_since(absence, 0));
	pass(2001);
	assert_true(absence_since(absence, 0));
	look(absence);
	assert_true(absence_since(absence, 0));
}

/* Only what began before the end of an absence was in flight during it. */
static void
later_starts_are_not_concerned(void **state)
{
	struct absence *absence = *state;
	int64_t before = monotonic;

	pass(60000);
	look(absence);
	assert_true(absence_since(absence, before));
	assert_true(absence_since(absence, monotonic));
	assert_false(absence_since(absence, monotonic + 1));
	pass(500);
	look(absence);
	assert_true(absence_since(absence, before));
	assert_false(absence_since(absence, monotonic));
}

/* The monotonic clock does not see it. */
static void
machine_sleeps(void **state)
{
	struct absence *absence = *state;
	int64_t before = monotonic;

	sleep_machine(3600000);
	assert_true(absence_since(absence, before));
	look(absence);
	assert_true(absence_since(absence, before));
	assert_false(absence_since(absence, before + 1));
}

/* Another timer, or a socket, may come first when the process continues. */
static void
unseen_absence_counts(void **state)
{
	struct absence *absence = *state;

	pass(1000);
	assert_false(absence_since(absence, monotonic - 1000));
	sleep_machine(1001);
	assert_true(absence_since(absence, monotonic - 1000));
}

static void
on_turn(struct ev_loop *ev, ev_timer *timer, int revents)
{
	struct absence *absence = timer->data;

	(void)revents;
	if (absence->looked_at == boottime)
		ev_break(ev, EVBREAK_ALL);
}

/* The timer itself looks, again and again. */
static void
timer_looks(void **state)
{
	struct absence *absence = *state;
	ev_timer turn;

	ev_timer_init(&turn, on_turn, 0.05, 0.05);
	turn.data = absence;
	ev_timer_start(absence->ev, &turn);
	for (int i = 0; i < 2; i++) {
		sleep_machine(1500);
		ev_run(absence->ev, 0);
		assert_false(absence_since(absence, 0));
	}
	sleep_machine(2500);
	ev_run(absence->ev, 0);
	assert_true(absence_since(absence, 0));
}

static void
stop_and_wait(pid_t child)
{
	const struct timespec three_seconds = { 3, 0 };
	int status;

	/* It stops itself once it has begun. */
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	nanosleep(&three_seconds, NULL);
	kill(child, SIGCONT);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* With the clocks of the system: a process that is stopped (SIGSTOP). */
static void
process_is_stopped(void **state)
{
	struct absence absence;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		int64_t before = clock_monotonic_ms();

		absence_start(&absence, ev_loop_new(EVFLAG_NOENV), NULL);
		raise(SIGSTOP);
		if (!absence_since(&absence, before))
			_exit(1);
		look(&absence);
		_exit(absence_since(&absence, before) &&
		    !absence_since(&absence, clock_monotonic_ms() + 1)
		    ? 0 : 2);
	}
	stop_and_wait(child);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_is_away, begin, end),
		cmocka_unit_test_setup_teardown(gap_is_over_two_seconds, begin,
		    end),
		cmocka_unit_test_setup_teardown(later_starts_are_not_concerned,
		    begin, end),
		cmocka_unit_test_setup_teardown(machine_sleeps, begin, end),
		cmocka_unit_test_setup_teardown(unseen_absence_counts, begin,
		    end),
		cmocka_unit_test_setup_teardown(timer_looks, begin, end),
		cmocka_unit_test(process_is_stopped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
