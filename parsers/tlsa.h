/*
 * tlsa: TLSA RDATA (RFC 6698 section 2.1) and which records SMTP may use
 * (RFC 7672 section 3.1, RULES U1, U2).
 */
#ifndef MXCENSUS_PARSERS_TLSA_H
#define MXCENSUS_PARSERS_TLSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tlsa {
	uint8_t		 usage, selector, matching_type;
	const uint8_t	*bytes;		/* certificate association data */
	size_t		 length;
};

enum tlsa_fault {
	TLSA_USABLE,
	TLSA_USAGE,		/* not 2 or 3 */
	TLSA_SELECTOR,		/* not 0 or 1 */
	TLSA_MATCHING_TYPE,	/* not 0, 1 or 2 */
	TLSA_LENGTH,		/* not 32 bytes (1), 64 bytes (2), or none (0) */
	TLSA_UNDECODABLE,	/* Full(0) that is not DER; crypto/dane says
				 * so */
};

/* Splits RDATA. `bytes` points into it. Returns false if it has less than 3
 * bytes. */
bool	tlsa_from_rdata(const uint8_t *rdata, size_t length, struct tlsa *);
/* Returns the first fault in the order of the enum; never TLSA_UNDECODABLE. */
enum tlsa_fault tlsa_fault(const struct tlsa *);
/* Compares RDATA as bytes, which gives the canonical order of RRs (RFC 4034
 * section 6.3). */
int	tlsa_compare(const struct tlsa *, const struct tlsa *);
/* The unusable_reason of docs/schema.md: "usage", ...; NULL for TLSA_USABLE. */
const char *tlsa_fault_text(enum tlsa_fault);

#endif
