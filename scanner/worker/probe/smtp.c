#include "scanner/worker/probe/smtp.h"

#include <string.h>

static void
decide(struct smtp *smtp, enum outcome outcome)
{
	if (smtp->has_outcome)
		return;
	smtp->has_outcome = true;
	smtp->outcome = outcome;
	smtp->phase = smtp_steps[smtp->state].phase;
}

static void
note_flags(struct smtp *smtp, const struct smtp_reply *reply)
{
	if (reply->flags & SMTP_REPLY_LONG)
		smtp->flags |= 1u << PROBE_LONG_REPLY;
	if (reply->flags & SMTP_REPLY_BARE_LF)
		smtp->flags |= 1u << PROBE_BARE_LF;
	if (reply->flags & SMTP_REPLY_HOSTILE)
		smtp->flags |= 1u << PROBE_HOSTILE_BYTES;
}

/* S6: after 421 and other 4xx or 5xx, only QUIT is sent. */
static enum smtp_state
on_greeting(struct smtp *smtp, const struct smtp_reply *reply)
{
	smtp->greeting_code = reply->code;
	smtp->greeting_length = reply->text_length;
	memcpy(smtp->greeting_text, reply->text, reply->text_length);
	if (reply->code == 220)
		return SMTP_EHLO;
	if (reply->code / 100 == 4)
		decide(smtp, OUTCOME_TEMPORARY_REJECT);
	else if (reply->code / 100 == 5)
		decide(smtp, OUTCOME_REJECTED);
	else
		decide(smtp, OUTCOME_PROTOCOL_ERROR);
	return SMTP_QUIT;
}

static enum smtp_state
on_ehlo(struct smtp *smtp, const struct smtp_reply *reply)
{
	smtp->ehlo_code = reply->code;
	smtp->ehlo_length = reply->text_length;
	memcpy(smtp->ehlo_text, reply->text, reply->text_length);
	if (reply->code / 100 == 2) {
		if (reply->capabilities & SMTP_STARTTLS)
			return SMTP_SAY_STARTTLS;
		decide(smtp, reply->capabilities & SMTP_STRIPPED
		    ? OUTCOME_STARTTLS_STRIPPED : OUTCOME_STARTTLS_ABSENT);
		return SMTP_QUIT;
	}
	/* S10 */
	if (reply->code / 100 == 5)
		return SMTP_HELO;
	decide(smtp, reply->code / 100 == 4 ? OUTCOME_TEMPORARY_REJECT
					    : OUTCOME_PROTOCOL_ERROR);
	return SMTP_QUIT;
}

/* A server that knows only HELO cannot offer STARTTLS (RFC 5321 4.1.1.1). A
 * server that refuses HELO as well does not talk to us. */
static enum smtp_state
on_helo(struct smtp *smtp, const struct smtp_reply *reply)
{
	if (reply->code / 100 == 2)
		decide(smtp, OUTCOME_STARTTLS_ABSENT);
	else if (reply->code / 100 == 4)
		decide(smtp, OUTCOME_TEMPORARY_REJECT);
	else if (reply->code / 100 == 5)
		decide(smtp, OUTCOME_REJECTED);
	else
		decide(smtp, OUTCOME_PROTOCOL_ERROR);
	return SMTP_QUIT;
}

/* S11 */
static enum smtp_state
on_starttls(struct smtp *smtp, const struct smtp_reply *reply)
{
	smtp->starttls_code = reply->code;
	if (reply->code == 220)
		return SMTP_HANDSHAKE;
	if (reply->code / 100 == 4)
		decide(smtp, OUTCOME_STARTTLS_TEMPORARY);
	else if (reply->code / 100 == 5)
		decide(smtp, OUTCOME_STARTTLS_REFUSED);
	else
		decide(smtp, OUTCOME_PROTOCOL_ERROR);
	return SMTP_QUIT;
}

/* S14 */
static enum smtp_state
on_ehlo_tls(struct smtp *smtp, const struct smtp_reply *reply)
{
	if (reply->code / 100 == 2 && (reply->capabilities & SMTP_STARTTLS))
		smtp->flags |= 1u << PROBE_STARTTLS_IN_TLS;
	return SMTP_QUIT;
}

static enum smtp_state
on_quit(struct smtp *smtp, const struct smtp_reply *reply)
{
	(void)smtp;
	(void)reply;
	return SMTP_DONE;
}

const struct smtp_step smtp_steps[SMTP_STATES] = {
	[SMTP_GREETING]	    = { NULL,	    PHASE_GREETING,  false, on_greeting },
	[SMTP_EHLO]	    = { "EHLO",	    PHASE_EHLO,	     true,  on_ehlo },
	[SMTP_HELO]	    = { "HELO",	    PHASE_HELO,	     true,  on_helo },
	[SMTP_SAY_STARTTLS] = { "STARTTLS", PHASE_STARTTLS,  false, on_starttls },
	[SMTP_HANDSHAKE]    = { NULL,	    PHASE_HANDSHAKE, false, NULL },
	[SMTP_EHLO_TLS]	    = { "EHLO",	    PHASE_EHLO_TLS,  true,  on_ehlo_tls },
	[SMTP_QUIT]	    = { "QUIT",	    PHASE_QUIT,	     false, on_quit },
	[SMTP_DONE]	    = { NULL,	    PHASE_DONE,	     false, NULL },
};

void
smtp_init(struct smtp *smtp)
{
	*smtp = (struct smtp){ .state = SMTP_GREETING };
}

void
smtp_on_reply(struct smtp *smtp, const struct smtp_reply *reply)
{
	enum smtp_state next;

	note_flags(smtp, reply);
	if (smtp_steps[smtp->state].on_reply == NULL) {
		/* Nothing was sent, so this is not a reply. */
		smtp_fail(smtp, OUTCOME_PROTOCOL_ERROR);
		return;
	}
	next = smtp_steps[smtp->state].on_reply(smtp, reply);
	/* A session that was established and ended well records that. */
	if (next == SMTP_DONE && smtp->has_outcome &&
	    smtp->outcome == OUTCOME_TLS_ESTABLISHED)
		smtp->phase = PHASE_DONE;
	smtp->state = next;
}

void
smtp_on_tls(struct smtp *smtp)
{
	decide(smtp, OUTCOME_TLS_ESTABLISHED);
	smtp->state = SMTP_EHLO_TLS;
}

void
smtp_fail(struct smtp *smtp, enum outcome outcome)
{
	if (smtp->has_outcome && smtp->outcome == OUTCOME_TLS_ESTABLISHED)
		smtp->phase = smtp_steps[smtp->state].phase;
	decide(smtp, outcome);
	smtp->state = SMTP_DONE;
}
