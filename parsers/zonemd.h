/*
 * zonemd: the result of verifying the digest of a zone (RFC 8976) when its file
 * was read, and the records whose signatures must be valid for that to count.
 * The reader of the input makes it, the plan keeps it, and the workers get it.
 */
#ifndef MXCENSUS_PARSERS_ZONEMD_H
#define MXCENSUS_PARSERS_ZONEMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZONEMD_RECORDS_BYTES	512
#define ZONEMD_SIGNATURES_BYTES	2048

struct buffer;
struct wire;

enum zonemd_state {
	ZONEMD_UNASKED,
	ZONEMD_ABSENT,		/* the apex has no ZONEMD record */
	ZONEMD_MATCH,
	ZONEMD_MISMATCH,	/* of the digest, or of all serials */
	ZONEMD_NOT_CANONICAL_ORDER,
	ZONEMD_INCOMPLETE,	/* the file is cut off, or has a bad entry */
	ZONEMD_UNSUPPORTED,	/* scheme, algorithm, or a record in the zone */
	ZONEMD_STATES
};

/* Only MATCH and MISMATCH have records and signatures. */
struct zonemd {
	enum zonemd_state state;
	uint32_t	 ttl;		/* seconds: the lowest of the records */
	/* RDATA of the ZONEMD records and of the RRSIG records over them, in
	 * canonical form and order, each counted (wire.h). */
	uint8_t		 records[ZONEMD_RECORDS_BYTES];
	size_t		 records_length;
	uint8_t		 signatures[ZONEMD_SIGNATURES_BYTES];
	size_t		 signatures_length;
};

/* Appends the struct; a state without records takes one byte. */
void	zonemd_put(struct buffer *, const struct zonemd *);
/* Returns false and sets wire->failed if it is not exactly what zonemd_put
 * writes. */
bool	zonemd_get(struct wire *, struct zonemd *);
/* Returns "" if no digest was wanted, "match", "mismatch",
 * "not_canonical_order", ... */
const char *zonemd_text(enum zonemd_state);

#endif
