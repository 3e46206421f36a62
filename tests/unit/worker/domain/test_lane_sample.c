/* Which names both lanes are asked about, and the results (RULES L11, L12).
 * Findings are made here; which of their facts count is test_findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/worker/domain/lane_sample.h"

#define NAMES	100000
#define PARTS	16

static unsigned shares[SAMPLE_GROUPS];

static unsigned
count_taken(enum sample_group group, unsigned first, unsigned names)
{
	unsigned count = 0;
	char name[32];

	for (unsigned i = first; i < first + names; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		count += lane_sample_takes_name(shares, group, name);
	}
	return count;
}

/* Of n names with the share p, n p, give or take five standard deviations. */
static void
test_shares(void **state)
{
	unsigned names, differing;

	(void)state;
	lane_sample_set_shares(shares, NULL);
	names = count_taken(SAMPLED_NAMES, 0, NAMES);
	differing = count_taken(SAMPLED_DIFFERING, 0, NAMES);
	assert_in_range(names, 50, 150);
	assert_in_range(differing, 843, 1157);
	/* A name's own hash decides, and nothing else. */
	assert_int_equal(count_taken(SAMPLED_NAMES, 0, NAMES / 2) +
	    count_taken(SAMPLED_NAMES, NAMES / 2, NAMES / 2), names);
	/* They are spread over the names. */
	for (unsigned i = 0; i < PARTS; i++)
		assert_true(count_taken(SAMPLED_DIFFERING, i * (NAMES / PARTS),
		    NAMES / PARTS) > 0);
}

static void
test_variable(void **state)
{
	(void)state;
	lane_sample_set_shares(shares, "0");
	assert_int_equal(count_taken(SAMPLED_NAMES, 0, 5000), 0);
	assert_int_equal(count_taken(SAMPLED_DIFFERING, 0, 5000), 0);
	lane_sample_set_shares(shares, "1");
	assert_int_equal(count_taken(SAMPLED_NAMES, 0, 500), 500);
	assert_int_equal(count_taken(SAMPLED_DIFFERING, 0, 500), 500);
}

/* What a round found, as a letter: the preference of the only MX. '!' and '?':
 * the lookup has failed. */
static void
find(struct findings *findings, enum lane_kind lane, char letter)
{
	findings_init(findings);
	findings->answer.lane = lane;
	findings->answer.dnssec = DNSSEC_INSECURE;
	if (letter == '!' || letter == '?') {
		findings->status = letter == '!' ? MX_SERVFAIL : MX_TIMEOUT;
		findings->answer.dnssec = DNSSEC_UNCHECKED;
		return;
	}
	findings->status = MX_FOUND;
	findings->set.hosts = calloc(1, sizeof *findings->set.hosts);
	findings->set.count = findings->set.found = 1;
	findings->set.hosts[0] = (struct mx){
		.preference = (uint16_t)letter, .tier = 1, .name = strdup("mx"),
	};
}

static const struct {
	const char	*rule;
	const char	*rounds;	/* direct, recursive, recursive, direct */
	enum sample_result result;
} rows[] = {
	{ "L11: the same", "aa", SAMPLE_AGREED },
	{ "L12: each says the same twice", "abba", SAMPLE_DISAGREED },
	{ "L12: two answers by turns", "abab", SAMPLE_CHANGED },
	{ "L12: three answers by turns", "abca", SAMPLE_CHANGED },
	{ "L12: four answers by turns", "abcd", SAMPLE_CHANGED },
	{ "L12: it has changed for good", "abbb", SAMPLE_CHANGED },
	{ "L12: only the recursive lane was late", "abaa", SAMPLE_CHANGED },
	{ "L12: full recursion fails twice", "a!?a", SAMPLE_DISAGREED },
	{ "L12: it fails once", "a!aa", SAMPLE_CHANGED },
	{ "L12: the server itself fails then", "a!!!", SAMPLE_CHANGED },
};

/* Returns how many rounds were asked. */
static unsigned
ask_all(struct lane_sample *sample, const char *rounds, enum lane_kind last)
{
	static const enum asking_way ways[] = {
		ASKING_FIRST, ASKING_RECURSIVE, ASKING_RECURSIVE_AGAIN,
		ASKING_DIRECT_AGAIN,
	};
	const enum lane_kind lanes[] = {
		LANE_DIRECT, LANE_RECURSIVE, LANE_RECURSIVE, last,
	};
	struct findings findings;
	unsigned i = 0;
	bool settled;

	do {
		assert_true(rounds[i] != '\0');
		assert_int_equal(lane_sample_way(sample), ways[i]);
		find(&findings, lanes[i], rounds[i]);
		settled = lane_sample_settles(sample, &findings);
		i++;
	} while (!settled);
	return i;
}

static void
test_results(void **state)
{
	struct findings row;
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lane_sample *sample = lane_sample_new(SAMPLED_NAMES);
		char second = rows[i].rounds[1];
		bool failed = second == '!';

		findings_init(&row);
		if (ask_all(sample, rows[i].rounds, LANE_DIRECT) !=
		    strlen(rows[i].rounds) ||
		    lane_sample_result(sample) != rows[i].result) {
			print_error("%s\n", rows[i].rule);
			wrong++;
		}
		/* The row is what the recursive lane said first. */
		lane_sample_give_row(sample, &row);
		assert_int_equal(row.answer.lane, LANE_RECURSIVE);
		assert_int_equal(row.status, failed ? MX_SERVFAIL : MX_FOUND);
		if (!failed)
			assert_int_equal(row.set.hosts[0].preference, second);
		findings_fini(&row);
		lane_sample_free(sample);
	}
	assert_int_equal(wrong, 0);
}

/* The second direct question had to be answered by the recursive lane. */
static void
test_fell_back(void **state)
{
	struct lane_sample *sample = lane_sample_new(SAMPLED_NAMES);

	(void)state;
	assert_int_equal(ask_all(sample, "abba", LANE_RECURSIVE), 4);
	assert_int_equal(lane_sample_result(sample), SAMPLE_CHANGED);
	lane_sample_free(sample);
}

/* L9: only a direct answer shows that the delegation differs. */
static void
test_flag(void **state)
{
	struct lane_sample *sample = lane_sample_new(SAMPLED_DIFFERING);
	struct findings findings;

	(void)state;
	find(&findings, LANE_DIRECT, 'a');
	findings.flags = 1u << DOMAIN_DELEGATION_DIFFERS |
	    1u << DOMAIN_NULL_MX_MIXED;
	assert_false(lane_sample_settles(sample, &findings));
	find(&findings, LANE_RECURSIVE, 'a');
	findings.flags = 1u << DOMAIN_NULL_MX_MIXED;
	assert_true(lane_sample_settles(sample, &findings));
	assert_int_equal(lane_sample_result(sample), SAMPLE_AGREED);
	lane_sample_give_row(sample, &findings);
	assert_int_equal(findings.flags, 1u << DOMAIN_DELEGATION_DIFFERS |
	    1u << DOMAIN_NULL_MX_MIXED);
	findings_fini(&findings);
	lane_sample_free(sample);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares), cmocka_unit_test(test_variable),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_fell_back), cmocka_unit_test(test_flag),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
