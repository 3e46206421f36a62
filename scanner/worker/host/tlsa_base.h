/*
 * tlsa_base: which name an MX host has its TLSA records at (RFC 7672 2.2.2;
 * RULES T1 to T4), as a pure machine: what the answers say goes in, the next
 * question comes out.
 */
#ifndef MXCENSUS_WORKER_HOST_TLSA_BASE_H
#define MXCENSUS_WORKER_HOST_TLSA_BASE_H

#include <stdbool.h>

#include "scanner/base/facts.h"
#include "scanner/dns/lookup.h"

enum tlsa_next {
	TLSA_ASK_HOST,		/* TLSA at the name of the host; the last */
	TLSA_ASK_EXPANDED,	/* TLSA where the aliases lead */
	TLSA_ASK_ALIAS,		/* the type CNAME of the host, then decide */
	TLSA_ASK_NOTHING,	/* senders do not look */
	TLSA_TAKE,		/* the answer that there is */
};

/* The addresses are known; `answers` are those of A and AAAA. `always` asks
 * where no sender would (T4). */
enum tlsa_next	tlsa_base_begin(const struct answer answers[2], bool has_cname,
		    bool always);
/* After TLSA_ASK_ALIAS. */
enum tlsa_next	tlsa_base_after_alias(const struct answer *, bool always);
/* After TLSA_ASK_EXPANDED: only where the expanded name has no secure TLSA
 * RRset, and there was no error, the name of the host is asked. */
enum tlsa_next	tlsa_base_after_expanded(enum tlsa_status);
/* Of the host's own CNAME, as far as the addresses tell: the validator gives
 * one status for the whole chain (DS7), so that only a secure one is also that
 * of the alias. */
enum dnssec	tlsa_base_alias_dnssec(const struct answer answers[2]);

#endif
