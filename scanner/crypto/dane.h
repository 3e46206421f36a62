/*
 * dane: does what was presented match what was published (RFC 6698, RFC 7671,
 * RFC 7672 section 3; RULES 4).
 *
 * A pure function of the chain, the TLSA RRset, the reference names and a time.
 */
#ifndef MXCENSUS_CRYPTO_DANE_H
#define MXCENSUS_CRYPTO_DANE_H

#include "parsers/tlsa.h"
#include "scanner/base/facts.h"	/* enum dane_verdict */
#include "scanner/crypto/certificate.h"

#define DANE_RECORDS_MAX 100	/* of one RRset, in canonical order */

struct dane_facts {
	enum dane_verdict verdict;		/* with digest agility (U3) */
	enum dane_verdict verdict_no_agility;
	/* Position in the presented chain of the certificate that the best
	 * record matched, 0 the leaf, also where the verdict is a fault of its
	 * path; for TA_FROM_DNS (and its faults) the number of presented
	 * certificates in the path; -1 none. */
	int		 depth;
	/* Positions (indexes into records) that match or match_ta_from_dns,
	 * agility aside, ascending. */
	size_t		 matching_count;
	uint8_t		 matching[DANE_RECORDS_MAX];
	/* U4: the leaf matched usage 3 and is out of its dates. */
	bool		 expired;
};

/* tlsa_fault plus TLSA_UNDECODABLE (U1: `x 0 0` no X.509 certificate, `x 1 0`
 * no SubjectPublicKeyInfo; trailing bytes are undecodable). */
enum tlsa_fault dane_fault(const struct tlsa *);

/* U8: the RRset could be in a rollover: at least two usable 3 1 x (or 3 0 x)
 * records with different data and equal parameters, or a 3 x x with a 2 x x. */
bool	dane_rollover_ready(const struct tlsa *records, size_t count);

/* Judges. `names` are the reference identifiers for usage 2 (text form): the
 * TLSA base domain first. `now` is Unix time in seconds. A single record's
 * worst fault counts, over several records the best (U11). Records that are not
 * usable are passed over, and those behind the DANE_RECORDS_MAX-th; if none is
 * usable the verdict is DANE_NONE_USABLE. An empty chain is a DANE_MISMATCH.
 * Undecodable certificates: `3 0 x` compares the bytes of the leaf as ever. It
 * is DANE_CHAIN_BROKEN where the leaf's key is not known for `3 1 x`, or any
 * certificate is not for usage 2: nobody can say that it does not match.
 *
 * Usage 2 accepts what OpenSSL's own DANE verification accepts (path.h: purpose
 * ssl_server, security level 0, an anchor's dates only where it is self-issued),
 * and more in one case: of two certificates with one name and key it tries each
 * as the anchor, where OpenSSL follows the first that it finds.
 * A `2 x 0` record brings its anchor: if no path leads there it is
 * DANE_CHAIN_BROKEN, never DANE_TA_NOT_PRESENTED; only the first 4 such are
 * tried. What stands for the leaf and leads nowhere is DANE_MISMATCH; a leaf
 * that the key of a `2 1 0` has signed matches, be it its own key. */
void	dane_judge(const struct chain *, const struct tlsa *records, size_t count,
	    const char *const *names, size_t name_count, int64_t now,
	    struct dane_facts *);

#endif
