/* What must follow a session: S15 (another with the legacy profile), S12 (bytes
 * behind the 220), and before it T16, U10 (TLSA asked again). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/net/stream.h"
#include "scanner/worker/probe/judge.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* A handshake that fails, or that the server breaks off; where it falls silent,
 * or before the ClientHello, an old version of TLS explains nothing. */
static void
legacy(void **state)
{
	static const struct { enum outcome outcome; enum phase phase; } yes[] = {
		{ OUTCOME_HANDSHAKE_FAILED, PHASE_HANDSHAKE },
		{ OUTCOME_CLOSED, PHASE_HANDSHAKE },
		{ OUTCOME_RESET, PHASE_HANDSHAKE },
	};

	(void)state;
	for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		for (int phase = 0; phase < PHASE_COUNT; phase++) {
			struct session session = {
				.smtp = { .outcome = (enum outcome)outcome,
				    .phase = (enum phase)phase,
				    .has_outcome = true },
				.profile = PROFILE_MODERN,
			};
			bool expected = false;

			if (outcome == OUTCOME_HANDSHAKE_FAILED &&
			    phase != PHASE_HANDSHAKE)
				continue;	/* cannot be */
			for (size_t i = 0; i < COUNT(yes); i++)
				expected |= yes[i].outcome == session.smtp.
				    outcome && yes[i].phase == session.smtp.
				    phase;
			if (session_wants_legacy(&session) != expected)
				fail_msg("outcome %d, phase %d", outcome,
				    phase);
			/* One more, never two. */
			session.profile = PROFILE_LEGACY;
			assert_false(session_wants_legacy(&session));
		}
}

static void
stale(void **state)
{
	static const struct {
		const char	*rule;
		bool		 judge_dane, ask_again;
		uint32_t	 next_asking, ttl_s;
		int64_t		 asked_at, now;
		bool		 is_stale;
	} rows[] = {
		{ "T16 fresh", true, false, 2, 60, 1000, 1000, false },
		{ "T16 at its end", true, false, 2, 60, 1000, 61000, false },
		{ "T16 over", true, false, 2, 60, 1000, 61001, true },
		{ "T16 TTL 1", true, false, 2, 1, 1000, 2001, true },
		{ "T16 TTL 0", true, false, 2, 0, 1000, 1001, true },
		/* 68 years: no overflow (RFC 2181 8). */
		{ "T16 TTL 2^31-1", true, false, 2, 2147483647, 1000,
		    INT64_C(2147483647000), false },
		{ "T16 over 2^31-1", true, false, 2, 2147483647, 1000,
		    INT64_C(2147483648001), true },
		{ "no DANE here", false, false, 2, 60, 1000, 61001, false },
		{ "nothing to ask", true, false, 0, 60, 1000, 61001, false },
		{ "U10", true, true, 2, 60, 1000, 1000, true },
		{ "U10, no DANE here", false, true, 2, 60, 1000, 1000, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct judged_host judged = { .host = {
			.judge_dane = rows[i].judge_dane,
			.ask_again = rows[i].ask_again,
			.next_asking = rows[i].next_asking,
			.tlsa_ttl_s = rows[i].ttl_s,
			.tlsa_asked_at = rows[i].asked_at,
		} };

		if (judged_host_is_stale(&judged, rows[i].now) !=
		    rows[i].is_stale)
			fail_msg("%s", rows[i].rule);
	}
}

/* S12: whether it has been read already or waits in the kernel. */
static void
plaintext(void **state)
{
	static const struct { const char *read, *waits; bool has; } rows[] = {
		{ "", "", false }, { "x", "", true }, { "", "x", true },
		{ "", "\026\003\001", true }, { "250 x\r\n", "250 y\r\n", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stream stream = { .descriptor = -1 };
		int pair[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		stream.descriptor = pair[0];
		buffer_append(&stream.in, rows[i].read, strlen(rows[i].read));
		assert_int_equal(write(pair[1], rows[i].waits,
		    strlen(rows[i].waits)), strlen(rows[i].waits));
		assert_int_equal(stream_has_plaintext(&stream), rows[i].has);
		/* It was looked at, and not taken. */
		assert_int_equal(stream_has_plaintext(&stream), rows[i].has);
		/* A server that has closed has sent nothing more. */
		close(pair[1]);
		assert_int_equal(stream_has_plaintext(&stream), rows[i].has);
		close(pair[0]);
		buffer_fini(&stream.in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legacy), cmocka_unit_test(stale),
		cmocka_unit_test(plaintext),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
