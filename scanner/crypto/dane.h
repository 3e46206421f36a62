/*
 * dane: does the presented chain match the published TLSA records (RFC 6698,
 * RFC 7671, RFC 7672 section 3; RULES 4)?
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
	enum dane_verdict verdict;		/* with digest agility applied
						 * (U3) */
	enum dane_verdict verdict_no_agility;
	/* The position in the presented chain (0: the leaf) of the certificate
	 * that the best record matched, even if the verdict is a fault of its
	 * path. For TA_FROM_DNS and its faults it is the number of presented
	 * certificates in the path. -1: none. */
	int		 depth;
	/* The positions (indexes into records), ascending, of the records that
	 * give match or match_ta_from_dns, regardless of digest agility. */
	size_t		 matching_count;
	uint8_t		 matching[DANE_RECORDS_MAX];
	/* U4: the leaf matched usage 3 although it is out of date. */
	bool		 expired;
};

/* Adds TLSA_UNDECODABLE to what tlsa_fault finds (U1: `x 0 0` is not an X.509
 * certificate, `x 1 0` is not a SubjectPublicKeyInfo; data with trailing bytes
 * are undecodable). */
enum tlsa_fault dane_fault(const struct tlsa *);

/* U8: could the RRset be in a rollover? It could if it has at least two usable
 * 3 1 x (or 3 0 x) records with different data and equal parameters, or a 3 x x
 * with a 2 x x. */
bool	dane_rollover_ready(const struct tlsa *records, size_t count);

/* Judges the chain. `names` are the reference identifiers for usage 2 (text
 * form); the TLSA base domain is the first. `now` is Unix time in seconds. The
 * worst fault of a single record counts, and over several records the best
 * result counts (U11). Records that are not usable are skipped, as are those
 * after the first DANE_RECORDS_MAX. If none is usable the verdict is
 * DANE_NONE_USABLE. An empty chain is a DANE_MISMATCH. If certificates are
 * undecodable, `3 0 x` still compares the bytes of the leaf. The verdict is
 * DANE_CHAIN_BROKEN if the leaf's key is not known for `3 1 x`, or if any
 * certificate is undecodable for usage 2: it cannot be said that it does not
 * match.
 *
 * If the chain is truncated, usage 2 is DANE_UNDETERMINED unless a certificate
 * that was kept matches (U13). So is what is over our own bounds: the first 4
 * records that bring their anchor are tried, and 32 paths in all.
 *
 * Usage 2 accepts what OpenSSL's own DANE verification accepts (path.h: purpose
 * ssl_server, security level 1, an anchor's dates only if it is self-issued).
 * It accepts more in one case: of two certificates with one name and key it
 * tries each as the anchor, while OpenSSL follows the first that it finds. A
 * `2 x 0` record brings its own anchor. If no path leads to it, the verdict is
 * DANE_CHAIN_BROKEN, never DANE_TA_NOT_PRESENTED. A record that matches the
 * leaf, but leads to no path, is a DANE_MISMATCH. A leaf that the key of a
 * `2 1 0` has signed matches, even if it is the leaf's own key. */
void	dane_judge(const struct chain *, const struct tlsa *records, size_t count,
	    const char *const *names, size_t name_count, int64_t now,
	    struct dane_facts *);

#endif
