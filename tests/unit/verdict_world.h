/*
 * verdict_world: the facts of a domain, its hosts and their pairs, written in
 * letters, for tests of verdicts.
 */
#ifndef MXCENSUS_TEST_VERDICT_WORLD_H
#define MXCENSUS_TEST_VERDICT_WORLD_H

#include "analysis/verdict/verdict.h"

#define MOST 4			/* hosts, and pairs of a host */
#define D(name) DELIVERY_##name
#define S(name) SENDER_##name

/* A pair in a few letters: TLS class (t n g u b), then TLSA class and, of usable
 * ones, what they match (- none, m match, x mismatch, n name_mismatch, k
 * undetermined, u unusable, f failing, ? undetermined), then faults of the
 * certificate (c), a chain that was cut (k), a name of the next hop (h), of the
 * policy list (l), the old profile (o). */
struct world {
	struct pair_facts   pairs[MOST][MOST];
	struct host_verdict hosts[MOST];
	struct mx_facts	    mxs[MOST];
	struct domain_facts domain;
};

/* A pair that does all well but for these. */
struct pair_facts pair_of(enum pair_class, enum tlsa_class, enum dane_verdict);
/* One pair more of a host, in letters. */
void	set_pair(struct world *, size_t host, const char *letters,
	    size_t length);
/* Pairs of a host are joined by '+'; hosts of a tier by a space, tiers by '/'. A
 * host that begins with '!' is not in the MTA-STS policy. */
void	make_world(struct world *, const char *text);
/* "first deliver worst" of a sender, in words. */
void	assert_deliveries(const char *what, const struct deliveries *got,
	    const char *expected);

#endif
