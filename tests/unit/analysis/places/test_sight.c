/* How much a run saw from its place (RULES V3 to V5, V7). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analysis/places/sight.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define RETRY_MS 1000

/* V3. */
static void
domains(void **state)
{
	static const struct {
		enum mx_status	status;
		unsigned	attempts;
		enum sight	sight;
	} rows[] = {
		{ MX_FOUND, 1, SIGHT_ANSWERED },
		{ MX_IMPLICIT, 2, SIGHT_ANSWERED },
		{ MX_NULL, 1, SIGHT_ANSWERED },
		{ MX_NO_MAIL, 1, SIGHT_ANSWERED },
		{ MX_NXDOMAIN, 1, SIGHT_ANSWERED },
		{ MX_SERVFAIL, 1, SIGHT_NONE },
		{ MX_SERVFAIL, 2, SIGHT_FAILED },
		{ MX_TIMEOUT, 1, SIGHT_NONE },
		{ MX_TIMEOUT, 2, SIGHT_FAILED },
		{ MX_BOGUS, 1, SIGHT_FAILED },
		{ MX_RESOLVER_CRASHED, 2, SIGHT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_int_equal(sight_of_mx(rows[i].status,
		    rows[i].attempts), rows[i].sight);
	assert_int_equal(sight_of_records(TXT_FOUND, TXT_ABSENT), 2);
	assert_int_equal(sight_of_records(TXT_ERROR, TXT_INVALID), 1);
	assert_int_equal(sight_of_records(TXT_NOT_ASKED, TXT_ERROR), 0);
}

struct host_row {
	enum host_status status;
	enum tlsa_status tlsa;
	int		 ipv4, ipv6;
	unsigned	 attempts;
};

static struct host_sight
sight_of_row(const struct host_row *row)
{
	return sight_of_host(row->status, row->tlsa, row->ipv4, row->ipv6,
	    row->attempts);
}

/* V4: each row saw more than the one after it. */
static void
hosts(void **state)
{
	static const struct host_row rows[] = {
		{ HOST_USABLE, TLSA_STATUS_USABLE, LOOKUP_FOUND,
		    LOOKUP_NODATA, 1 },
		/* A family failed. */
		{ HOST_USABLE, TLSA_STATUS_ABSENT, LOOKUP_FOUND,
		    LOOKUP_TIMEOUT, 1 },
		/* TLSA did, twice or once. */
		{ HOST_USABLE, TLSA_STATUS_SERVFAIL, LOOKUP_FOUND,
		    LOOKUP_NODATA, 2 },
		{ HOST_USABLE, TLSA_STATUS_TIMEOUT, LOOKUP_FOUND,
		    LOOKUP_NODATA, 1 },
		/* Both families did. */
		{ HOST_BOGUS, TLSA_STATUS_NOT_ASKED, LOOKUP_BOGUS,
		    LOOKUP_BOGUS, 1 },
		{ HOST_SERVFAIL, TLSA_STATUS_NOT_ASKED, LOOKUP_SERVFAIL,
		    LOOKUP_SERVFAIL, 1 },
	};
	/* Different answers, and each is one. */
	static const struct host_row alike[] = {
		{ HOST_USABLE, TLSA_STATUS_USABLE, LOOKUP_FOUND,
		    LOOKUP_NODATA, 1 },
		{ HOST_USABLE, TLSA_STATUS_ABSENT_INSECURE, LOOKUP_FOUND,
		    LOOKUP_FOUND, 2 },
		{ HOST_NO_ADDRESS, TLSA_STATUS_NOT_ASKED, LOOKUP_NODATA,
		    LOOKUP_NODATA, 1 },
		{ HOST_NXDOMAIN, TLSA_STATUS_NOT_ASKED, LOOKUP_NXDOMAIN,
		    LOOKUP_NXDOMAIN, 1 },
	};

	(void)state;
	for (size_t i = 0; i + 1 < ROWS_OF(rows); i++) {
		struct host_sight more = sight_of_row(&rows[i]);
		struct host_sight less = sight_of_row(&rows[i + 1]);

		assert_true(host_sight_compare(&more, &less) > 0);
		assert_true(host_sight_compare(&less, &more) < 0);
		assert_int_equal(host_sight_compare(&more, &more), 0);
	}
	for (size_t i = 0; i + 1 < ROWS_OF(alike); i++) {
		struct host_sight one = sight_of_row(&alike[i]);
		struct host_sight other = sight_of_row(&alike[i + 1]);

		assert_int_equal(host_sight_compare(&one, &other), 0);
	}
}

#define MADE(outcome, phase, at) { true, outcome, phase, at }
#define NONE { 0 }

/* V5. */
static void
pairs(void **state)
{
	static const struct {
		struct attempt_facts attempts[VERDICT_ATTEMPTS];
		enum sight	sight;
		enum obstacle	obstacle;
	} rows[] = {
		{ { MADE(OUTCOME_TLS_ESTABLISHED, PHASE_DONE, 0), NONE },
		    SIGHT_ANSWERED, OBSTACLE_NONE },
		{ { MADE(OUTCOME_STARTTLS_ABSENT, PHASE_EHLO, 0), NONE },
		    SIGHT_ANSWERED, OBSTACLE_NONE },
		/* Twice is an answer (RULES 9), once is none. */
		{ { MADE(OUTCOME_STARTTLS_TEMPORARY, PHASE_STARTTLS, 0),
		    MADE(OUTCOME_STARTTLS_TEMPORARY, PHASE_STARTTLS, 1) },
		    SIGHT_ANSWERED, OBSTACLE_NONE },
		{ { MADE(OUTCOME_STARTTLS_TEMPORARY, PHASE_STARTTLS, 0),
		    NONE }, SIGHT_MET, OBSTACLE_GREYLISTED },
		/* The answer of a filter. */
		{ { MADE(OUTCOME_STARTTLS_STRIPPED, PHASE_EHLO, 0), NONE },
		    SIGHT_FILTERED, OBSTACLE_FILTERED },
		{ { MADE(OUTCOME_STARTTLS_STRIPPED, PHASE_EHLO, 0),
		    MADE(OUTCOME_TLS_ESTABLISHED, PHASE_DONE, 1) },
		    SIGHT_ANSWERED, OBSTACLE_NONE },
		{ { MADE(OUTCOME_PLAINTEXT_INJECTED, PHASE_STARTTLS, 0),
		    NONE }, SIGHT_MET, OBSTACLE_FILTERED },
		/* Somebody is there. */
		{ { MADE(OUTCOME_TEMPORARY_REJECT, PHASE_GREETING, 0),
		    MADE(OUTCOME_CONNECT_TIMEOUT, PHASE_CONNECT, 5000) },
		    SIGHT_MET, OBSTACLE_BLOCKED },
		{ { MADE(OUTCOME_REJECTED, PHASE_GREETING, 0),
		    MADE(OUTCOME_REJECTED, PHASE_GREETING, 5000) },
		    SIGHT_MET, OBSTACLE_BLOCKED },
		{ { MADE(OUTCOME_PROTOCOL_ERROR, PHASE_GREETING, 0), NONE },
		    SIGHT_MET, OBSTACLE_UNCLEAR },
		/* Nobody, twice and once; and too early. */
		{ { MADE(OUTCOME_CONNECT_TIMEOUT, PHASE_CONNECT, 0),
		    MADE(OUTCOME_CONNECT_REFUSED, PHASE_CONNECT, RETRY_MS) },
		    SIGHT_FAILED, OBSTACLE_BLOCKED },
		{ { MADE(OUTCOME_CONNECT_TIMEOUT, PHASE_CONNECT, 0),
		    MADE(OUTCOME_CONNECT_REFUSED, PHASE_CONNECT,
		    RETRY_MS - 1) }, SIGHT_NONE, OBSTACLE_BLOCKED },
		{ { MADE(OUTCOME_CONNECT_TIMEOUT, PHASE_CONNECT, 0), NONE },
		    SIGHT_NONE, OBSTACLE_BLOCKED },
		/* We did not ask. */
		{ { MADE(OUTCOME_PACED_OUT, PHASE_CONNECT, 0), NONE },
		    SIGHT_NONE, OBSTACLE_NOT_TRIED },
		{ { NONE, NONE }, SIGHT_NONE, OBSTACLE_NOT_TRIED },
	};
	static const bool no[VERDICT_ATTEMPTS];

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct pair_sight pair = sight_of_attempts(rows[i].attempts,
		    no, RETRY_MS);

		if (pair.sight != rows[i].sight ||
		    pair.obstacle != rows[i].obstacle)
			fail_msg("row %zu: %d, %s", i, (int)pair.sight,
			    obstacle_texts.texts[pair.obstacle]);
	}
}

/* V5, F30: the flag counts of the attempt on which the class is based. */
static void
middlebox(void **state)
{
	static const struct attempt_facts attempts[VERDICT_ATTEMPTS] = {
		MADE(OUTCOME_TLS_ESTABLISHED, PHASE_DONE, 0),
		MADE(OUTCOME_CONNECT_TIMEOUT, PHASE_CONNECT, 5000),
	};
	static const bool first[] = { true, false }, second[] = { false,
		true };
	struct pair_sight pair = sight_of_attempts(attempts, first, RETRY_MS);

	(void)state;
	assert_int_equal(pair.sight, SIGHT_FILTERED);
	assert_int_equal(pair.obstacle, OBSTACLE_FILTERED);
	assert_int_equal(pair.class, PAIR_TLS);
	pair = sight_of_attempts(attempts, second, RETRY_MS);
	assert_int_equal(pair.sight, SIGHT_ANSWERED);
	assert_int_equal(pair.obstacle, OBSTACLE_NONE);
}

/* V7. */
static void
policies(void **state)
{
	static const struct { bool seen, missed; } rows[] = {
		[MTA_STS_VALID] = { true, false },
		[MTA_STS_INVALID_POLICY] = { true, false },
		[MTA_STS_FETCH_FAILED] = { false, true },
		[MTA_STS_ERROR] = { false, true },
		[MTA_STS_NOT_ASKED] = { false, true },
		[MTA_STS_ABSENT] = { false, false },
		[MTA_STS_MULTIPLE] = { false, false },
		[MTA_STS_INVALID_RECORD] = { false, false },
	};
	_Static_assert(ROWS_OF(rows) == MTA_STS_STATUS_COUNT, "all");

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		assert_int_equal(policy_is_seen((enum mta_sts_status)i),
		    rows[i].seen);
		assert_int_equal(policy_is_missed((enum mta_sts_status)i),
		    rows[i].missed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains), cmocka_unit_test(hosts),
		cmocka_unit_test(pairs), cmocka_unit_test(middlebox),
		cmocka_unit_test(policies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
