/*
 * zonemd: what became of the digest of a zone (RFC 8976) when its file was read,
 * and what has to be signed for that to count. The reader of the input says it,
 * the plan keeps it, and the workers get it.
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

/* MATCH and MISMATCH alone have records and signatures. */
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

/* Appends it; a state without records takes one byte. */
void	zonemd_put(struct buffer *, const struct zonemd *);
/* False, with wire->failed, if it is not exactly what zonemd_put writes. */
bool	zonemd_get(struct wire *, struct zonemd *);
/* "" if nobody asked, "match", "mismatch", "not_canonical_order", ... */
const char *zonemd_text(enum zonemd_state);

#endif
