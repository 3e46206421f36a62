/*
 * findings: the results of one round of questions about a domain, from which
 * its rows are written. The domain owns it.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_FINDINGS_H
#define MXCENSUS_WORKER_DOMAIN_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/dns/answer_facts.h"
#include "scanner/worker/domain/mx_set.h"

/* The records of MTA-STS and TLSRPT as they are. */
struct findings_texts {
	struct buffer	 mta_sts, tlsrpt;
};

struct findings {
	struct answer_facts answer;	/* to the question for MX */
	/* What a secure answer of the direct lane rests on; DS_SOURCE_COUNT:
	 * another lane, or no DS. */
	enum ds_source	 ds_source;
	enum mx_status	 status;
	struct mx_set	 set;
	enum txt_status	 mta_sts_record, tlsrpt_record;
	/* They are absent, without a proof of it (RULES L28). */
	bool		 mta_sts_is_unproven, tlsrpt_is_unproven;
	unsigned	 flags;		/* bits of enum domain_flag */
	struct findings_texts *texts;	/* owned; NULL: the name is not
					 * sampled */
	int64_t		 started_ms;
	int64_t		 lookup_ms;	/* how long it took */
};

/* Nothing was asked. */
void	findings_init(struct findings *);
void	findings_fini(struct findings *);

/* The lookup for MX, or for the addresses in its place, has failed. */
bool	findings_have_failed(const struct findings *);
/* This is also true if only the lookup of a record of MTA-STS or TLSRPT has
 * failed. */
bool	findings_lack_something(const struct findings *);
/* RULES L11: do both give the same rows? Lookups that have failed are alike,
 * whatever the failure. A record that is absent without a proof is like one
 * that could not be obtained (L40). TTLs, times and the flag delegation_differs
 * do not count. */
bool	findings_equal(const struct findings *, const struct findings *);

#endif
