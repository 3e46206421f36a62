/*
 * mta_sts: the TXT record and the policy of MTA-STS (RFC 8461 3.1, 3.2; RULES
 * P1 to P7).
 *
 * The policy is read according to its grammar, with two exceptions: empty lines
 * are skipped (editors leave them at the end, as a survey shows), and the
 * values of unknown keys are not checked.
 */
#ifndef MXCENSUS_PARSERS_MTA_STS_H
#define MXCENSUS_PARSERS_MTA_STS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

#define MTA_STS_ID_MAX		32
#define MTA_STS_POLICY_MAX	65536		/* bytes (P3) */
#define MTA_STS_MAX_AGE_MAX	31557600	/* seconds (P5) */

/* Is the text (the joined strings of a record) an MTA-STS record at all
 * (P1)? */
bool	mta_sts_is_record(const char *text, size_t length);
/* Reads such a record. Returns false if it is invalid (P2). */
bool	mta_sts_record_read(const char *text, size_t length,
	    char id[MTA_STS_ID_MAX + 1]);

struct mta_sts_policy {
	enum mta_sts_mode mode;
	uint64_t	 max_age_s;	/* as the policy has it, even over the
					 * maximum */
	/* Patterns in lower case, distinct, sorted. */
	char		**mx;
	size_t		 mx_count;
};

/* If it returns false, the policy is invalid and there is nothing to free. */
bool	mta_sts_policy_read(struct mta_sts_policy *, const char *text,
	    size_t length);
void	mta_sts_policy_fini(struct mta_sts_policy *);
/* Does an `mx` pattern in lower case cover the host name (canonical text form)?
 * `*.` matches exactly one label (P7). */
bool	mta_sts_pattern_matches(const char *pattern, const char *host);

#endif
