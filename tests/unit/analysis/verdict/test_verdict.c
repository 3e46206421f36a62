/* RULES 9, row by row: attempts, hosts, and one pair of host and address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/verdict_world.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define APART 1800000		/* --retry-after */

/* Attempts **************************************************************** */

#define NEVER { false, OUTCOME_COUNT, PHASE_COUNT, 0 }
#define FIRST(o, p) { true, OUTCOME_##o, PHASE_##p, 0 }
#define SECOND(o, p) { true, OUTCOME_##o, PHASE_##p, APART }
#define SOON(o, p) { true, OUTCOME_##o, PHASE_##p, APART - 1 }

static void
attempts(void **state)
{
	static const struct {
		struct attempt_facts attempts[2];
		enum pair_class	 class;
		int		 attempt;
	} rows[] = {
		/* One attempt. */
		{ { FIRST(TLS_ESTABLISHED, DONE), NEVER }, PAIR_TLS, 0 },
		{ { FIRST(STARTTLS_ABSENT, EHLO), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(STARTTLS_STRIPPED, EHLO), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(STARTTLS_REFUSED, STARTTLS), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(HANDSHAKE_FAILED, HANDSHAKE), NEVER }, PAIR_NO_TLS, 0 },
		{ { FIRST(CONNECT_REFUSED, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(CONNECT_TIMEOUT, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(UNREACHABLE, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(SPECIAL_ADDRESS, CONNECT), NEVER }, PAIR_UNREACHABLE, 0 },
		{ { FIRST(REJECTED, GREETING), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(STARTTLS_TEMPORARY, STARTTLS), NEVER }, PAIR_UNDETERMINED,
		    0 },
		{ { NEVER, NEVER }, PAIR_UNDETERMINED, -1 },
		/* The latest that gave tls or no_tls. */
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(STARTTLS_ABSENT, EHLO) },
		    PAIR_NO_TLS, 1 },
		{ { FIRST(STARTTLS_ABSENT, EHLO), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* An attempt 2 that sees nothing leaves the first standing. */
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(CONNECT_TIMEOUT, CONNECT) },
		    PAIR_TLS, 0 },
		{ { FIRST(TLS_ESTABLISHED, DONE), SECOND(TIMEOUT, GREETING) },
		    PAIR_TLS, 0 },
		{ { FIRST(TLS_ESTABLISHED, DONE),
		    SECOND(STARTTLS_TEMPORARY, STARTTLS) }, PAIR_TLS, 0 },
		/* Unreachable: twice, and apart. */
		{ { FIRST(CONNECT_REFUSED, CONNECT), SECOND(CONNECT_TIMEOUT, CONNECT) },
		    PAIR_UNREACHABLE, 1 },
		{ { FIRST(CONNECT_REFUSED, CONNECT), SOON(CONNECT_REFUSED, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(UNREACHABLE, CONNECT), SECOND(REJECTED, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(REJECTED, GREETING), SECOND(UNREACHABLE, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(CONNECT_TIMEOUT, CONNECT), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* No TLS if both say so. */
		{ { FIRST(STARTTLS_TEMPORARY, STARTTLS),
		    SECOND(STARTTLS_TEMPORARY, STARTTLS) }, PAIR_NO_TLS, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(RESET, HANDSHAKE) },
		    PAIR_NO_TLS, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(CLOSED, EHLO) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(RESET, GREETING), SECOND(RESET, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(CLOSED, HANDSHAKE), SECOND(TLS_ESTABLISHED, DONE) },
		    PAIR_TLS, 1 },
		/* Never more than undetermined. */
		{ { FIRST(TEMPORARY_REJECT, GREETING),
		    SECOND(TEMPORARY_REJECT, GREETING) }, PAIR_UNDETERMINED, 1 },
		{ { FIRST(PROTOCOL_ERROR, EHLO), SECOND(PROTOCOL_ERROR, EHLO) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(PLAINTEXT_INJECTED, STARTTLS),
		    SECOND(PLAINTEXT_INJECTED, STARTTLS) }, PAIR_UNDETERMINED, 1 },
		{ { FIRST(TIMEOUT, GREETING), SECOND(TIMEOUT, GREETING) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(OPTED_OUT, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(NOT_ALLOWED, CONNECT), NEVER }, PAIR_UNDETERMINED, 0 },
		{ { FIRST(NOT_ALLOWED, CONNECT), SECOND(NOT_ALLOWED, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(PACED_OUT, CONNECT), SECOND(PACED_OUT, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(LOCAL_ERROR, CONNECT), SECOND(LOCAL_ERROR, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
		{ { FIRST(WORKER_CRASHED, CONNECT), SECOND(WORKER_CRASHED, CONNECT) },
		    PAIR_UNDETERMINED, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct combined got = verdict_combine(rows[i].attempts, APART);

		if (got.class != rows[i].class ||
		    got.attempt != rows[i].attempt)
			fail_msg("row %zu: class %d attempt %d", i, got.class,
			    got.attempt);
	}
}

static void
hosts(void **state)
{
	static const struct {
		enum host_status status;
		unsigned	 passes;
		enum pair_class	 class;
	} rows[] = {
		{ HOST_NO_ADDRESS, 1, PAIR_UNREACHABLE },
		{ HOST_NXDOMAIN, 1, PAIR_UNREACHABLE },
		{ HOST_INVALID_NAME, 1, PAIR_UNREACHABLE },
		{ HOST_SPECIAL_ADDRESS, 1, PAIR_UNREACHABLE },
		{ HOST_BOGUS, 1, PAIR_REFUSED },
		{ HOST_SERVFAIL, 2, PAIR_UNREACHABLE },
		{ HOST_TIMEOUT, 2, PAIR_UNREACHABLE },
		{ HOST_SERVFAIL, 1, PAIR_UNDETERMINED },
		{ HOST_TIMEOUT, 1, PAIR_UNDETERMINED },
		{ HOST_RESOLVER_CRASHED, 2, PAIR_UNDETERMINED },
		{ HOST_OPTED_OUT, 1, PAIR_UNDETERMINED },
		/* All of its addresses are of a family without a route. */
		{ HOST_USABLE, 1, PAIR_UNDETERMINED },
	};
	static const struct {
		enum tlsa_status status;
		unsigned	 passes;
		enum tlsa_class	 class;
	} tlsa[] = {
		{ TLSA_STATUS_ABSENT, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_ABSENT_INSECURE, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_INSECURE, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_NOT_ASKED, 1, TLSA_CLASS_NONE },
		{ TLSA_STATUS_USABLE, 1, TLSA_CLASS_USABLE },
		{ TLSA_STATUS_UNUSABLE_ONLY, 1, TLSA_CLASS_UNUSABLE },
		{ TLSA_STATUS_BOGUS, 1, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_SERVFAIL, 2, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_TIMEOUT, 2, TLSA_CLASS_FAILING },
		{ TLSA_STATUS_SERVFAIL, 1, TLSA_CLASS_UNDETERMINED },
		{ TLSA_STATUS_TIMEOUT, 1, TLSA_CLASS_UNDETERMINED },
		{ TLSA_STATUS_RESOLVER_CRASHED, 2, TLSA_CLASS_UNDETERMINED },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		if (verdict_host_class(rows[i].status, rows[i].passes) !=
		    rows[i].class)
			fail_msg("host row %zu", i);
	for (size_t i = 0; i < ROWS_OF(tlsa); i++)
		if (verdict_tlsa_class(tlsa[i].status, tlsa[i].passes) !=
		    tlsa[i].class)
			fail_msg("tlsa row %zu", i);
}

/* One pair **************************************************************** */

#define CLASSES(tls, no, gone, open, bogus) {				\
	DELIVERY_##tls, DELIVERY_##no, DELIVERY_##gone, DELIVERY_##open, \
	DELIVERY_##bogus }

/* The table of `dane` of RULES 9. */
static void
dane_table(void **state)
{
	static const struct {
		enum tlsa_class	 tlsa;
		enum dane_verdict dane;
		bool		 mx_is_secure, next_hop;
		enum delivery	 cells[PAIR_CLASS_COUNT];
	} rows[] = {
#define ANY_TLS(t) CLASSES(t, REFUSED, UNREACHABLE, UNDETERMINED, REFUSED)
		{ TLSA_CLASS_NONE, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(ENCRYPTED, CLEARTEXT, UNREACHABLE, UNDETERMINED,
		    REFUSED) },
		{ TLSA_CLASS_NONE, DANE_NOT_APPLICABLE, false, false,
		    CLASSES(ENCRYPTED, CLEARTEXT, UNREACHABLE, UNDETERMINED,
		    REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH, true, false,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH_TA_FROM_DNS, true, false,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_MATCH, false, false,
		    ANY_TLS(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_USABLE, DANE_MISMATCH, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_MISMATCH, false, false,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_EXPIRED, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_CHAIN_BROKEN, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_TA_NOT_PRESENTED, true, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_UNDETERMINED, true, true,
		    ANY_TLS(UNDETERMINED) },
		{ TLSA_CLASS_USABLE, DANE_UNDETERMINED, false, false,
		    ANY_TLS(UNDETERMINED) },
		/* RFC 7672 3.2.2: the next hop is a reference name, but only
		 * where the MX RRset is secure. */
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, true, false,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, true, true,
		    ANY_TLS(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, DANE_NAME_MISMATCH, false, true,
		    ANY_TLS(REFUSED) },
		{ TLSA_CLASS_UNUSABLE, DANE_NONE_USABLE, true, false,
		    ANY_TLS(ENCRYPTED) },
		{ TLSA_CLASS_FAILING, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(REFUSED, REFUSED, REFUSED, REFUSED, REFUSED) },
		{ TLSA_CLASS_UNDETERMINED, DANE_NOT_APPLICABLE, true, false,
		    CLASSES(UNDETERMINED, UNDETERMINED, UNDETERMINED,
		    UNDETERMINED, REFUSED) },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		for (int class = 0; class < PAIR_CLASS_COUNT; class++) {
			struct pair_facts pair = pair_of((enum pair_class)class,
			    rows[i].tlsa, rows[i].dane);
			enum delivery got = verdict_dane(&pair,
			    rows[i].mx_is_secure, rows[i].next_hop);

			if (got != rows[i].cells[class])
				fail_msg("row %zu class %d: %s", i, class,
				    delivery_texts.texts[got]);
		}
}

static void
other_tables(void **state)
{
	static const enum delivery opportunistic[] = CLASSES(ENCRYPTED,
	    CLEARTEXT, UNREACHABLE, UNDETERMINED, REFUSED);
	static const enum delivery fits[] = ANY_TLS(AUTHENTICATED);
	static const enum delivery fails[] = ANY_TLS(REFUSED);
	static const struct { bool tls, trusted, dates, name; } faults[] = {
		{ false, true, true, true }, { true, false, true, true },
		{ true, true, false, true }, { true, true, true, false },
	};

	(void)state;
	for (int class = 0; class < PAIR_CLASS_COUNT; class++) {
		struct pair_facts pair = pair_of((enum pair_class)class,
		    TLSA_CLASS_NONE, DANE_NOT_APPLICABLE);

		assert_int_equal(verdict_opportunistic(&pair),
		    opportunistic[class]);
		assert_int_equal(verdict_webpki(&pair), fits[class]);
		for (size_t i = 0; i < ROWS_OF(faults); i++) {
			pair.is_tls_1_2 = faults[i].tls;
			pair.chain_trusted = faults[i].trusted;
			pair.in_dates = faults[i].dates;
			pair.name_match = faults[i].name;
			assert_int_equal(verdict_webpki(&pair), fails[class]);
			assert_int_equal(verdict_opportunistic(&pair),
			    opportunistic[class]);
		}
	}
}

/* RULES 9, `dane_or_mta_sts`; P9. */
static void
dane_or_mta_sts(void **state)
{
	static const struct {
		enum tlsa_class	tlsa;
		enum delivery	dane, mta_sts, result;
	} rows[] = {
		{ TLSA_CLASS_NONE, D(ENCRYPTED), D(AUTHENTICATED), D(AUTHENTICATED) },
		{ TLSA_CLASS_NONE, D(ENCRYPTED), D(REFUSED), D(REFUSED) },
		{ TLSA_CLASS_NONE, D(CLEARTEXT), D(CLEARTEXT), D(CLEARTEXT) },
		{ TLSA_CLASS_USABLE, D(REFUSED), D(AUTHENTICATED), D(REFUSED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED), D(REFUSED), D(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(AUTHENTICATED),
		    D(AUTHENTICATED) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(ENCRYPTED),
		    D(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_USABLE, D(AUTHENTICATED_INSECURE_MX), D(REFUSED),
		    D(AUTHENTICATED_INSECURE_MX) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(AUTHENTICATED),
		    D(AUTHENTICATED) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(ENCRYPTED), D(ENCRYPTED) },
		{ TLSA_CLASS_UNUSABLE, D(ENCRYPTED), D(REFUSED), D(REFUSED) },
		{ TLSA_CLASS_UNUSABLE, D(REFUSED), D(CLEARTEXT), D(REFUSED) },
		{ TLSA_CLASS_FAILING, D(REFUSED), D(AUTHENTICATED), D(REFUSED) },
		{ TLSA_CLASS_UNDETERMINED, D(UNDETERMINED), D(AUTHENTICATED),
		    D(UNDETERMINED) },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct pair_facts pair = pair_of(PAIR_TLS, rows[i].tlsa,
		    DANE_MATCH);

		if (verdict_dane_or(&pair, rows[i].dane, rows[i].mta_sts) !=
		    rows[i].result)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attempts), cmocka_unit_test(hosts),
		cmocka_unit_test(dane_table), cmocka_unit_test(other_tables),
		cmocka_unit_test(dane_or_mta_sts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
