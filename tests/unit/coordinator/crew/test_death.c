/* death: whom the end of a worker accuses, and when the run ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/crew/death.h"

/* wait(2): the status that waitpid gives. */
#define EXITED(status)	((status) << 8)

static void
causes(void **state)
{
	static const struct {
		int status;
		enum death_cause cause;
		bool accuses;
	} rows[] = {
		{ SIGSEGV, DEATH_CRASH, true },
		{ SIGABRT, DEATH_CRASH, true },
		{ SIGSYS, DEATH_CRASH, true },
		{ SIGKILL, DEATH_KILL, false },
		{ SIGTERM, DEATH_KILL, false },
		{ EXITED(0), DEATH_EXIT, false },
		{ EXITED(127), DEATH_EXIT, false },
		{ EXITED(71), DEATH_MEMORY, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct death death = death_of(rows[i].status, true);

		assert_int_equal(death.cause, rows[i].cause);
		assert_int_equal(death_accuses(&death), rows[i].accuses);
		assert_true(death.was_ready);
	}
	assert_true(death_accuses(&(struct death){ .cause = DEATH_SPIN }));
	assert_false(death_accuses(&(struct death){ .cause = DEATH_MUTE }));
}

/* A process that asks for more than there is. */
static void
no_memory(void **state)
{
	volatile size_t much = SIZE_MAX / 4;
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(STDERR_FILENO);
		xmalloc(much);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_MEMORY);
	assert_int_equal(death_of(status, true).cause, DEATH_MEMORY);
}

/* The same death again and again, of 2 workers: how many until the verdict. */
static enum death_verdict
repeat(struct death death, bool others_ready, unsigned *count)
{
	struct death_counts counts = { 0 };
	enum death_verdict verdict = DEATH_GO_ON;

	for (*count = 0; *count < 1000 && verdict == DEATH_GO_ON; ++*count)
		verdict = death_count(&counts, &death, 2, others_ready);
	return verdict;
}

static void
verdicts(void **state)
{
	static const struct {
		enum death_cause cause;
		bool was_ready, others_ready;
		enum death_verdict verdict;
		unsigned count;
	} rows[] = {
		/* Nobody gets ready. */
		{ DEATH_EXIT, false, false, DEATH_NONE_READY, 3 },
		{ DEATH_KILL, false, false, DEATH_NONE_READY, 3 },
		{ DEATH_MEMORY, false, false, DEATH_NONE_READY, 3 },
		{ DEATH_MUTE, false, false, DEATH_NONE_READY, 3 },
		/* One does, and may commit something. */
		{ DEATH_EXIT, false, true, DEATH_NONE_READY, 12 },
		{ DEATH_CRASH, false, false, DEATH_BUG, 4 },
		{ DEATH_CRASH, true, true, DEATH_BUG, 4 },
		{ DEATH_SPIN, true, true, DEATH_BUG, 4 },
		{ DEATH_NONSENSE, true, true, DEATH_BUG, 4 },
		{ DEATH_EXIT, true, true, DEATH_BUG, 4 },
		/* A worker that could measure and is killed from outside does
		 * not end the run. */
		{ DEATH_KILL, true, false, DEATH_GO_ON, 1000 },
		{ DEATH_MUTE, true, false, DEATH_GO_ON, 1000 },
		{ DEATH_MEMORY, true, true, DEATH_NO_MEMORY, 6 },
	};
	unsigned count;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct death death = {
			.cause = rows[i].cause, .was_ready = rows[i].was_ready,
		};

		assert_int_equal(repeat(death, rows[i].others_ready, &count),
		    rows[i].verdict);
		assert_int_equal(count, rows[i].count);
	}
}

static void
pauses(void **state)
{
	static const int64_t expected[] = {
		0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000,
	};

	(void)state;
	for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_int_equal(death_pause_ms(i), expected[i]);
	assert_int_equal(death_pause_ms(UINT32_MAX), 60000);
}

static void
texts(void **state)
{
	char text[DEATH_TEXT_MAX];
	struct death death = death_of(SIGKILL, true);

	(void)state;
	death_text(&death, text);
	assert_string_equal(text, "by signal 9");
	death = death_of(EXITED(127), false);
	death_text(&death, text);
	assert_string_equal(text, "with status 127");
	death = death_of(EXITED(71), false);
	death_text(&death, text);
	assert_string_equal(text, "because it ran out of memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes), cmocka_unit_test(no_memory),
		cmocka_unit_test(verdicts), cmocka_unit_test(pauses),
		cmocka_unit_test(texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
