/* The dialogue of a probe: RULES 6, S5 to S14, as a table of replies and the
 * expected results. Replies go through the parser, as a server sends them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "scanner/worker/probe/smtp.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define UNDECIDED OUTCOME_COUNT

/* One whole reply, with nothing behind it, into the machine. */
static void
say(struct smtp *smtp, const char *text)
{
	struct smtp_reply reply;
	size_t taken;

	smtp_reply_init(&reply);
	if (smtp_reply_push(&reply, (const uint8_t *)text, strlen(text),
	    &taken) != SMTP_REPLY_DONE || taken != strlen(text))
		fail_msg("not one reply: %s", text);
	smtp_on_reply(smtp, &reply);
}

/* Up to the state by what a good server says. */
static void
bring_to(struct smtp *smtp, enum smtp_state state)
{
	smtp_init(smtp);
	assert_int_equal(smtp->state, SMTP_GREETING);
	if (state == SMTP_GREETING)
		return;
	say(smtp, "220 mx.example ESMTP\r\n");
	assert_int_equal(smtp->state, SMTP_EHLO);
	if (state == SMTP_EHLO)
		return;
	if (state == SMTP_HELO) {
		say(smtp, "502 what\r\n");
		assert_int_equal(smtp->state, SMTP_HELO);
		return;
	}
	say(smtp, "250-mx.example\r\n250 STARTTLS\r\n");
	assert_int_equal(smtp->state, SMTP_SAY_STARTTLS);
	if (state == SMTP_SAY_STARTTLS)
		return;
	say(smtp, "220 go ahead\r\n");
	assert_int_equal(smtp->state, SMTP_HANDSHAKE);
	if (state == SMTP_HANDSHAKE)
		return;
	smtp_on_tls(smtp);
	assert_int_equal(smtp->state, SMTP_EHLO_TLS);
	if (state == SMTP_EHLO_TLS)
		return;
	say(smtp, "250 mx.example\r\n");
	assert_int_equal(smtp->state, SMTP_QUIT);
}

#define TEMPORARY OUTCOME_TEMPORARY_REJECT
#define ABSENT OUTCOME_STARTTLS_ABSENT
#define STRIPPED OUTCOME_STARTTLS_STRIPPED
#define ERROR OUTCOME_PROTOCOL_ERROR
#define TLS OUTCOME_TLS_ESTABLISHED

static const struct row {
	const char	*rule;
	enum smtp_state	 state;
	const char	*reply;
	enum smtp_state	 next;
	enum outcome	 outcome;
	enum phase	 phase;		/* where there is an outcome */
} rows[] = {
	{ "plain", SMTP_GREETING, "220 hi\r\n", SMTP_EHLO, UNDECIDED, 0 },
	{ "S5", SMTP_GREETING, "220-x\r\n220 y\r\n", SMTP_EHLO, UNDECIDED, 0 },
	{ "whatever its words", SMTP_GREETING, "220 no ESMTP, go away\r\n",
	    SMTP_EHLO, UNDECIDED, 0 },
	{ "S6", SMTP_GREETING, "421 later\r\n", SMTP_QUIT, TEMPORARY,
	    PHASE_GREETING },
	{ "S6", SMTP_GREETING, "450 grey\r\n", SMTP_QUIT, TEMPORARY,
	    PHASE_GREETING },
	{ "S6", SMTP_GREETING, "499 x\r\n", SMTP_QUIT, TEMPORARY,
	    PHASE_GREETING },
	{ "S6", SMTP_GREETING, "500 x\r\n", SMTP_QUIT, OUTCOME_REJECTED,
	    PHASE_GREETING },
	{ "S6", SMTP_GREETING, "554-no\r\n554 no\r\n", SMTP_QUIT,
	    OUTCOME_REJECTED, PHASE_GREETING },
	{ "no greeting", SMTP_GREETING, "250 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_GREETING },
	{ "no greeting", SMTP_GREETING, "354 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_GREETING },

	{ "offered", SMTP_EHLO, "250-x\r\n250 STARTTLS\r\n",
	    SMTP_SAY_STARTTLS, UNDECIDED, 0 },
	{ "S8", SMTP_EHLO, "250-x\r\n250-StartTLS\r\n250 HELP\r\n",
	    SMTP_SAY_STARTTLS, UNDECIDED, 0 },
	{ "S8", SMTP_EHLO, "250-x\r\n250 STARTTLSX\r\n", SMTP_QUIT, ABSENT,
	    PHASE_EHLO },
	{ "S7", SMTP_EHLO, "250-STARTTLS\r\n250 HELP\r\n", SMTP_QUIT, ABSENT,
	    PHASE_EHLO },
	{ "S7", SMTP_EHLO, "250 STARTTLS\r\n", SMTP_QUIT, ABSENT, PHASE_EHLO },
	{ "S9", SMTP_EHLO, "250-x\r\n250 XXXXXXXA\r\n", SMTP_QUIT, STRIPPED,
	    PHASE_EHLO },
	{ "S9, offered too", SMTP_EHLO,
	    "250-x\r\n250-XXXXXXXA\r\n250 STARTTLS\r\n", SMTP_SAY_STARTTLS,
	    UNDECIDED, 0 },
	{ "S10", SMTP_EHLO, "500 x\r\n", SMTP_HELO, UNDECIDED, 0 },
	{ "S10", SMTP_EHLO, "554 x\r\n", SMTP_HELO, UNDECIDED, 0 },
	{ "S10", SMTP_EHLO, "421 x\r\n", SMTP_QUIT, TEMPORARY, PHASE_EHLO },
	{ "S10", SMTP_EHLO, "451 x\r\n", SMTP_QUIT, TEMPORARY, PHASE_EHLO },
	/* The lines are not capabilities if the reply is not 2xx. */
	{ "S10", SMTP_EHLO, "450-x\r\n450 STARTTLS\r\n", SMTP_QUIT, TEMPORARY,
	    PHASE_EHLO },
	{ "no reply to EHLO", SMTP_EHLO, "354 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_EHLO },

	{ "S10: no STARTTLS", SMTP_HELO, "250 x\r\n", SMTP_QUIT, ABSENT,
	    PHASE_HELO },
	{ "S10: no STARTTLS", SMTP_HELO, "250-x\r\n250 STARTTLS\r\n",
	    SMTP_QUIT, ABSENT, PHASE_HELO },
	{ "HELO refused", SMTP_HELO, "421 x\r\n", SMTP_QUIT, TEMPORARY,
	    PHASE_HELO },
	{ "HELO refused", SMTP_HELO, "550 x\r\n", SMTP_QUIT, OUTCOME_REJECTED,
	    PHASE_HELO },
	{ "no reply to HELO", SMTP_HELO, "354 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_HELO },

	{ "S11", SMTP_SAY_STARTTLS, "220 go\r\n", SMTP_HANDSHAKE, UNDECIDED,
	    0 },
	{ "S11", SMTP_SAY_STARTTLS, "454 later\r\n", SMTP_QUIT,
	    OUTCOME_STARTTLS_TEMPORARY, PHASE_STARTTLS },
	{ "S11", SMTP_SAY_STARTTLS, "501 x\r\n", SMTP_QUIT,
	    OUTCOME_STARTTLS_REFUSED, PHASE_STARTTLS },
	{ "S11", SMTP_SAY_STARTTLS, "554 x\r\n", SMTP_QUIT,
	    OUTCOME_STARTTLS_REFUSED, PHASE_STARTTLS },
	/* RFC 3207 4: 220 and no other 2xx. */
	{ "S11", SMTP_SAY_STARTTLS, "250 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_STARTTLS },
	{ "S11", SMTP_SAY_STARTTLS, "354 x\r\n", SMTP_QUIT, ERROR,
	    PHASE_STARTTLS },

	{ "S12: a reply is no TLS", SMTP_HANDSHAKE, "250 x\r\n", SMTP_DONE,
	    ERROR, PHASE_HANDSHAKE },

	/* From here on TLS was established, whatever follows. */
	{ "S13", SMTP_EHLO_TLS, "250 x\r\n", SMTP_QUIT, TLS, PHASE_HANDSHAKE },
	{ "S13", SMTP_EHLO_TLS, "421 x\r\n", SMTP_QUIT, TLS, PHASE_HANDSHAKE },
	{ "S13", SMTP_EHLO_TLS, "550 x\r\n", SMTP_QUIT, TLS, PHASE_HANDSHAKE },
	{ "S13: to its end", SMTP_QUIT, "221 bye\r\n", SMTP_DONE, TLS,
	    PHASE_DONE },
	{ "S13: to its end", SMTP_QUIT, "500 x\r\n", SMTP_DONE, TLS,
	    PHASE_DONE },
};

static void
dialogue(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct smtp smtp;

		bring_to(&smtp, row->state);
		say(&smtp, row->reply);
		if (smtp.state != row->next || smtp.has_outcome !=
		    (row->outcome != UNDECIDED) || (smtp.has_outcome &&
		    (smtp.outcome != row->outcome || smtp.phase != row->phase)))
			fail_msg("row %zu, %s: state %d, outcome %d, phase %d",
			    i, row->rule, smtp.state, smtp.has_outcome
			    ? (int)smtp.outcome : -1, smtp.phase);
	}
}

/* The outcome stays, whatever the reply to QUIT. */
static void
decided(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct smtp smtp;

		if (row->next != SMTP_QUIT || row->outcome == TLS)
			continue;
		bring_to(&smtp, row->state);
		say(&smtp, row->reply);
		say(&smtp, "221 bye\r\n");
		assert_int_equal(smtp.state, SMTP_DONE);
		assert_int_equal(smtp.outcome, row->outcome);
		assert_int_equal(smtp.phase, row->phase);
		smtp_fail(&smtp, OUTCOME_RESET);
		assert_int_equal(smtp.state, SMTP_DONE);
		assert_int_equal(smtp.outcome, row->outcome);
		assert_int_equal(smtp.phase, row->phase);
	}
}

/* A connection that ends: the outcome is the failure's, in the phase where it
 * fell; after TLS it stays, and the phase says where the session ended. */
static void
failures(void **state)
{
	static const struct {
		enum smtp_state	state;
		enum outcome	outcome;
		enum phase	phase;
	} ends[] = {
		{ SMTP_GREETING, OUTCOME_CLOSED, PHASE_GREETING },
		{ SMTP_EHLO, OUTCOME_CLOSED, PHASE_EHLO },
		{ SMTP_HELO, OUTCOME_CLOSED, PHASE_HELO },
		{ SMTP_SAY_STARTTLS, OUTCOME_CLOSED, PHASE_STARTTLS },
		{ SMTP_HANDSHAKE, OUTCOME_CLOSED, PHASE_HANDSHAKE },
		{ SMTP_EHLO_TLS, TLS, PHASE_EHLO_TLS },
		{ SMTP_QUIT, TLS, PHASE_QUIT },
	};
	struct smtp smtp;

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		bring_to(&smtp, ends[i].state);
		smtp_fail(&smtp, OUTCOME_CLOSED);
		assert_int_equal(smtp.state, SMTP_DONE);
		assert_true(smtp.has_outcome);
		assert_int_equal(smtp.outcome, ends[i].outcome);
		assert_int_equal(smtp.phase, ends[i].phase);
	}
}

/* Facts of the replies, each where it belongs. */
static void
facts(void **state)
{
	struct smtp smtp;

	(void)state;
	smtp_init(&smtp);
	assert_int_equal(smtp.greeting_code, 0);
	say(&smtp, "220-one\r\n220 two\r\n");
	say(&smtp, "250-mx\r\n250 STARTTLS\r\n");
	say(&smtp, "220 go\r\n");
	smtp_on_tls(&smtp);
	say(&smtp, "250-other\r\n250 HELP\r\n");
	assert_int_equal(smtp.greeting_code, 220);
	assert_int_equal(smtp.greeting_length, 7);
	assert_memory_equal(smtp.greeting_text, "one\ntwo", 7);
	assert_int_equal(smtp.ehlo_code, 250);
	/* That before TLS. */
	assert_int_equal(smtp.ehlo_length, 11);
	assert_memory_equal(smtp.ehlo_text, "mx\nSTARTTLS", 11);
	assert_int_equal(smtp.starttls_code, 220);
	assert_int_equal(smtp.flags, 0);
}

/* S4, S14, S1: a flag for each, kept over all that follows; none without. */
static void
flags(void **state)
{
	char line[700];
	struct smtp smtp;

	(void)state;
	bring_to(&smtp, SMTP_EHLO_TLS);
	say(&smtp, "250-x\r\n250 STARTTLS\r\n");
	assert_int_equal(smtp.flags, 1u << PROBE_STARTTLS_IN_TLS);
	bring_to(&smtp, SMTP_EHLO_TLS);
	say(&smtp, "550-x\r\n550 STARTTLS\r\n");
	assert_int_equal(smtp.flags, 0);
	bring_to(&smtp, SMTP_GREETING);
	say(&smtp, "220 x\n");
	assert_int_equal(smtp.flags, 1u << PROBE_BARE_LF);
	say(&smtp, "250 \x80\r\n");
	assert_int_equal(smtp.flags, 1u << PROBE_BARE_LF |
	    1u << PROBE_HOSTILE_BYTES);
	bring_to(&smtp, SMTP_GREETING);
	snprintf(line, sizeof line, "220 %0600d\r\n", 0);
	say(&smtp, line);
	assert_int_equal(smtp.flags, 1u << PROBE_LONG_REPLY);
}

/* RULES S16: MAIL, RCPT, VRFY, EXPN, AUTH and DATA are never sent. Only four
 * commands can be sent, two of them with the name. */
static void
commands(void **state)
{
	static const char *const said[SMTP_STATES] = {
		[SMTP_EHLO] = "EHLO", [SMTP_HELO] = "HELO",
		[SMTP_SAY_STARTTLS] = "STARTTLS", [SMTP_EHLO_TLS] = "EHLO",
		[SMTP_QUIT] = "QUIT",
	};

	(void)state;
	for (size_t i = 0; i < SMTP_STATES; i++) {
		if (said[i] == NULL) {
			assert_null(smtp_steps[i].command);
			assert_false(smtp_steps[i].with_name);
			continue;
		}
		assert_string_equal(smtp_steps[i].command, said[i]);
		assert_int_equal(smtp_steps[i].with_name,
		    strcmp(said[i] + 1, "HLO") == 0 ||
		    strcmp(said[i], "HELO") == 0);
	}
}

/* Whatever a server answers, the dialogue ends: each state is left, and none is
 * entered twice. */
static void
endings(void **state)
{
	static const char *const replies[] = {
		"220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "354 x\r\n",
		"421 x\r\n", "554 x\r\n",
	};

	(void)state;
	/* Seven replies at most, each of five. */
	for (unsigned path = 0; path < 78125; path++) {
		unsigned left = path, seen = 0;
		struct smtp smtp;

		smtp_init(&smtp);
		while (smtp.state != SMTP_DONE) {
			assert_false(seen & 1u << smtp.state);
			seen |= 1u << smtp.state;
			if (smtp.state == SMTP_HANDSHAKE)
				smtp_on_tls(&smtp);
			else
				say(&smtp, replies[left % 5]);
			left /= 5;
		}
		assert_true(smtp.has_outcome);
		assert_int_equal(smtp.outcome == TLS,
		    (seen & 1u << SMTP_HANDSHAKE) != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogue), cmocka_unit_test(decided),
		cmocka_unit_test(failures), cmocka_unit_test(facts),
		cmocka_unit_test(flags), cmocka_unit_test(commands),
		cmocka_unit_test(endings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
