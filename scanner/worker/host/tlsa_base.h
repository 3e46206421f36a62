/*
 * tlsa_base: decides at which name an MX host has its TLSA records (RFC 7672
 * 2.2.2; RULES T1 to T4), as a pure machine: the answers go in, the next
 * question comes out.
 */
#ifndef MXCENSUS_WORKER_HOST_TLSA_BASE_H
#define MXCENSUS_WORKER_HOST_TLSA_BASE_H

#include <stdbool.h>

#include "scanner/base/facts.h"
#include "scanner/dns/answer_facts.h"

enum tlsa_next {
	TLSA_ASK_HOST,		/* TLSA at the host's name; the last question */
	TLSA_ASK_EXPANDED,	/* TLSA at the name where the aliases end */
	TLSA_ASK_ALIAS,		/* the type CNAME at the host's name, then
				 * decide */
	TLSA_ASK_NOTHING,	/* senders do not look */
	TLSA_TAKE,		/* take the answer that there is */
};

/* The first step, when the addresses are known; `answers` are the answers for A
 * and AAAA. With `always` TLSA is asked for even if no sender would (T4). */
enum tlsa_next	tlsa_base_begin(const struct answer_facts answers[2],
		    bool has_cname, bool always);
/* The step after TLSA_ASK_ALIAS. */
enum tlsa_next	tlsa_base_after_alias(enum lookup_status, enum dnssec,
		    bool always);
/* The step after TLSA_ASK_EXPANDED. The host's name is asked only if the
 * expanded name has no secure TLSA RRset, and there was no error. */
enum tlsa_next	tlsa_base_after_expanded(enum tlsa_status);
/* The status of the host's own CNAME, as far as the addresses tell. The
 * validator gives one status for the whole chain (DS7), so only a secure status
 * also holds for the alias. */
enum dnssec	tlsa_base_alias_dnssec(const struct answer_facts answers[2]);
/* Is it known that the alias is insecure? So it is if the direct lane answered
 * with it: it is below a delegation without DS (RULES L15). */
bool		tlsa_base_alias_is_insecure(
		    const struct answer_facts answers[2]);

#endif
