/*
 * smtp: the dialogue of a probe (RFC 5321, RFC 3207; RULES 6) as a pure
 * machine: a parsed reply goes in, a state comes out; it has no socket and no
 * clock. The session owns it.
 *
 * It sends only EHLO, HELO, STARTTLS and QUIT.
 */
#ifndef MXCENSUS_WORKER_PROBE_SMTP_H
#define MXCENSUS_WORKER_PROBE_SMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/smtp_reply.h"
#include "scanner/base/facts.h"

enum smtp_state {
	SMTP_GREETING,		/* waits for the greeting */
	SMTP_EHLO,
	SMTP_HELO,		/* EHLO was refused with 5xx (S10) */
	SMTP_SAY_STARTTLS,
	SMTP_HANDSHAKE,		/* the driver starts TLS */
	SMTP_EHLO_TLS,
	SMTP_QUIT,
	SMTP_DONE,		/* close */
	SMTP_STATES,
};

struct smtp;

/* What is sent on entry (NULL: nothing; the EHLO name follows EHLO and HELO),
 * and the phase that the tables record. The driver decides how long a reply may
 * take. */
struct smtp_step {
	const char	*command;
	enum phase	 phase;
	bool		 with_name;
	enum smtp_state	(*on_reply)(struct smtp *, const struct smtp_reply *);
};

extern const struct smtp_step smtp_steps[SMTP_STATES];

struct smtp {
	enum smtp_state	state;
	bool		has_outcome;
	enum outcome	outcome;	/* valid if has_outcome */
	enum phase	phase;		/* the phase of the outcome */
	unsigned	flags;		/* bits of enum probe_flag */
	unsigned	greeting_code, ehlo_code, starttls_code;	/* 0: none */
	size_t		greeting_length, ehlo_length;
	uint8_t		greeting_text[SMTP_REPLY_TEXT_MAX];
	uint8_t		ehlo_text[SMTP_REPLY_TEXT_MAX];	/* before TLS */
};

void	smtp_init(struct smtp *);
/* A whole reply arrived: moves on to the next state. */
void	smtp_on_reply(struct smtp *, const struct smtp_reply *);
/* The handshake is complete: everything before it is forgotten (S13), except
 * the facts. */
void	smtp_on_tls(struct smtp *);
/* Ends a dialogue that cannot continue: sets the outcome, unless there is one
 * already, and SMTP_DONE. After TLS was established the outcome stays
 * tls_established, and the phase says where it ended. */
void	smtp_fail(struct smtp *, enum outcome);

#endif
