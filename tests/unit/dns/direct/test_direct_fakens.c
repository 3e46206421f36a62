/* The direct lane with fakens (tests/lab/fakens.h), which shares no code with
 * it, in a separate network namespace. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/direct_world.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define MANY	2000
#define SERVERS	10		/* of the many: the first is silent */

/* A server with this rule at 127.0.2.N, and one that answers at 127.0.1.1: how
 * often are both asked in all, and how does it end? */
static const struct {
	const char	*rule;
	unsigned	 questions;
	enum answer_verdict verdict;
	enum oddity	 oddity;
} rows[] = {
	{ "delay 200", 1, VERDICT_ANSWERED, 0 },
	{ "drop", 2, VERDICT_ANSWERED, 0 },
	{ "lose 1", 2, VERDICT_ANSWERED, 0 },
	{ "servfail", 2, VERDICT_ANSWERED, 0 },
	{ "refused", 2, VERDICT_ANSWERED, 0 },
	/* With EDNS and without. */
	{ "formerr", 3, VERDICT_ANSWERED, 0 },
	{ "notimp", 3, VERDICT_ANSWERED, 0 },
	/* Upwards: it is lame. */
	{ "referral", 2, VERDICT_ANSWERED, 0 },
	{ "truncate", 1, VERDICT_ODD, ODDITY_TRUNCATED },
	/* Without SOA. */
	{ "nxdomain", 1, VERDICT_ODD, ODDITY_NO_SOA },
	/* Once each, which is less than three times. */
	{ "wrong_id", 2, VERDICT_ANSWERED, 0 },
	{ "wrong_question", 2, VERDICT_ANSWERED, 0 },
	{ "wrong_ids 2", 1, VERDICT_ANSWERED, 0 },
	{ "wrong_ids 3", 1, VERDICT_ODD, ODDITY_MISMATCH },
	{ "lower", 1, VERDICT_ODD, ODDITY_CASE },
	/* Longer than the lane waits: the other server is asked. */
	{ "delay 4000", 2, VERDICT_ANSWERED, 0 },
};

static char folder[] = "/tmp/test_direct_fakens.XXXXXX";
static char table[64], log_file[64];
static pid_t fakens = -1;

static void
write_table(FILE *file)
{
	fprintf(file, "zone bare.\n ns ns.nic.bare. 127.0.0.9\n"
	    "group g d{n}.bare. %u\n ns ns.bare. 127.0.1.1\n"
	    " record @ MX 10 mx\n", MANY);
	for (unsigned i = 0; i < SERVERS; i++)
		fprintf(file, "address 127.0.1.%u\n serve g\n%s", i,
		    i == 0 ? " on below bare. any any drop\n" : "");
	/* Every fifth question is lost, answers overtake each other, and a
	 * forged answer comes before each. */
	for (unsigned i = 0; i < SERVERS; i++)
		fprintf(file, "address 127.0.3.%u\n serve g\n"
		    " on below bare. any any lose 5\n"
		    " on below bare. any any delay %u\n"
		    " on below bare. any any wrong_ids 1\n", i, 1 + 37 * i);
	for (size_t i = 0; i < COUNT(rows); i++)
		fprintf(file, "address 127.0.2.%zu\n serve g\n"
		    " on below bare. any any %s\n", i, rows[i].rule);
}

/* It stands where the Makefile builds it; waits for its first line. */
static bool
start_fakens(void)
{
	char program[PATH_MAX], line[128] = "";
	ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 64);
	int pipes[2];
	FILE *said;

	if (length < 0 || pipe(pipes) != 0)
		return false;
	program[length] = '\0';
	strcpy(strstr(program, "/unit/dns/direct/"), "/lab/fakens");
	if (access(program, X_OK) != 0)
		return false;
	fakens = fork();
	if (fakens == 0) {
		dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		execl(program, program, table, log_file, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	said = fdopen(pipes[0], "r");
	if (fgets(line, sizeof line, said) == NULL)
		line[0] = '\0';
	fclose(said);
	return strncmp(line, "fakens ready", 12) == 0;
}

static int
set_up(void **state)
{
	FILE *file;

	if (mkdtemp(folder) == NULL || enter_namespace(state) != 0)
		return -1;
	snprintf(table, sizeof table, "%s/table", folder);
	snprintf(log_file, sizeof log_file, "%s/log", folder);
	file = fopen(table, "w");
	if (file == NULL)
		return -1;
	write_table(file);
	return fclose(file);
}

static int
tear_down(void **state)
{
	(void)state;
	if (fakens > 0) {
		kill(fakens, SIGTERM);
		waitpid(fakens, NULL, 0);
	}
	unlink(table);
	unlink(log_file);
	return rmdir(folder);
}

static void
add_server(struct asker *asker, unsigned net, unsigned number)
{
	const struct address address = { 4, { 127, 0, (uint8_t)net,
	    (uint8_t)number } };

	asker_add_server(asker, &address);
}

static void
misbehaviour(void **state)
{
	static const struct direct_options options = { .window = 10 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asker asker = { .name = "d7.bare" };
		struct direct_counts counts;
		struct direct_world world;

		direct_world_open(&world, &options);
		if (fakens < 0 && !start_fakens())
			fail_msg("fakens does not start");
		add_server(&asker, 2, (unsigned)i);
		add_server(&asker, 1, 1);
		asker_ask(&asker, &world);
		direct_world_run(&world);
		direct_count(world.direct, &counts);
		if (asker.answer.verdict != rows[i].verdict ||
		    asker.answer.oddity != rows[i].oddity ||
		    counts.questions != rows[i].questions)
			fail_msg("%s: verdict %d, oddity %d, %u questions",
			    rows[i].rule, asker.answer.verdict,
			    asker.answer.oddity,
			    (unsigned)counts.questions);
		if (rows[i].verdict == VERDICT_ANSWERED)
			assert_found(&asker);
		direct_world_close(&world);
		asker_fini(&asker);
	}
}

/* MANY names, of two servers each, in this network. */
static void
ask_all(struct direct_world *world, struct asker *askers, unsigned network)
{
	static const struct direct_options options = { .window = 500 };

	direct_world_open(world, &options);
	if (fakens < 0 && !start_fakens())
		fail_msg("fakens does not start");
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(askers[i].name, sizeof askers[i].name, "d%u.bare", i);
		add_server(&askers[i], network, i % SERVERS);
		add_server(&askers[i], network, (i + 1) % SERVERS);
		asker_ask(&askers[i], world);
	}
	direct_world_run(world);
}

/* Two servers each, of ten; one of the ten is silent. */
static void
many(void **state)
{
	struct asker *askers = calloc(MANY, sizeof *askers);
	struct direct_counts counts;
	struct direct_world world;

	(void)state;
	assert_non_null(askers);
	ask_all(&world, askers, 1);
	for (unsigned i = 0; i < MANY; i++) {
		assert_found(&askers[i]);
		asker_fini(&askers[i]);
	}
	direct_count(world.direct, &counts);
	assert_int_equal(counts.lookups, MANY);
	/* Others may be late on a busy machine, and are asked again then. */
	assert_true(counts.timed_out >= MANY / SERVERS);
	assert_int_equal(counts.questions, MANY + counts.timed_out +
	    counts.lost);
	direct_world_close(&world);
	free(askers);
}

/* Two servers each, and all at their worst. A lookup whose questions were both
 * lost has failed, as far as the lane can tell; each other one has its own
 * answer. */
static void
storm(void **state)
{
	struct asker *askers = calloc(MANY, sizeof *askers);
	struct direct_counts counts;
	struct direct_world world;
	unsigned found = 0;

	(void)state;
	assert_non_null(askers);
	ask_all(&world, askers, 3);
	for (unsigned i = 0; i < MANY; i++) {
		const struct answer *answer = &askers[i].answer;

		assert_int_equal(askers[i].done, 1);
		if (answer->verdict == VERDICT_ANSWERED) {
			assert_found(&askers[i]);
			found++;
		} else {
			assert_int_equal(answer->verdict,
			    VERDICT_SERVERS_FAILED);
			assert_int_equal(answer->status, LOOKUP_TIMEOUT);
		}
		asker_fini(&askers[i]);
	}
	direct_count(world.direct, &counts);
	assert_in_range(found, MANY / 2, MANY);
	assert_true(counts.timed_out >= MANY / 5);
	assert_int_equal(counts.questions, counts.lookups + counts.timed_out -
	    (MANY - found) + counts.lost);
	assert_in_range(counts.unmatched, found, 2 * counts.questions);
	direct_world_close(&world);
	free(askers);
}

/* Nobody listens at the first server of a tenth of the lookups. What its machine
 * says of that (ICMP) stops no other question, and is no answer. */
static void
nobody_listens(void **state)
{
	static const struct direct_options options = {
		.window = 100, .sockets = 2,
	};
	struct asker *askers = calloc(MANY / 10, sizeof *askers);
	struct direct_world world;

	(void)state;
	assert_non_null(askers);
	direct_world_open(&world, &options);
	if (fakens < 0 && !start_fakens())
		fail_msg("fakens does not start");
	for (unsigned i = 0; i < MANY / 10; i++) {
		snprintf(askers[i].name, sizeof askers[i].name, "d%u.bare", i);
		if (i % 10 == 0)
			add_server(&askers[i], 9, 1);
		/* The last one has no other. */
		if (i < MANY / 10 - 10 || i % 10 != 0)
			add_server(&askers[i], 1, 1);
		asker_ask(&askers[i], &world);
	}
	direct_world_run(&world);
	for (unsigned i = 0; i < MANY / 10; i++) {
		if (i == MANY / 10 - 10)
			assert_int_equal(askers[i].answer.verdict,
			    VERDICT_SERVERS_FAILED);
		else
			assert_found(&askers[i]);
		asker_fini(&askers[i]);
	}
	direct_world_close(&world);
	free(askers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(misbehaviour),
		cmocka_unit_test(many),
		cmocka_unit_test(storm),
		cmocka_unit_test(nobody_listens),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
