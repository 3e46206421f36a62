/*
 * answer_facts: what an asker keeps of an answer, since the answer is freed
 * when done() returns (lookup.h). The asker owns it; zeroed, it is empty.
 */
#ifndef MXCENSUS_DNS_ANSWER_FACTS_H
#define MXCENSUS_DNS_ANSWER_FACTS_H

#include "scanner/dns/lookup.h"

struct answer_facts {
	enum lookup_status	 status;
	enum lane_kind		 lane;
	enum dnssec		 dnssec;
	enum bogus_reason	 bogus_reason;	/* of LOOKUP_BOGUS */
	uint32_t		 ttl;
	bool			 has_cname;
	bool			 is_wildcard;
	uint8_t			 wildcard_labels;	/* of its parent */
	char			*bogus_text;	/* owned; NULL: none */
	/* The owner of the records, if there is a CNAME chain or a wildcard;
	 * owned; else NULL. */
	uint8_t			*canonical;
};

/* Replaces what was kept before. */
void	answer_facts_take(struct answer_facts *, const struct answer *);
/* Leaves it empty. */
void	answer_facts_fini(struct answer_facts *);

#endif
