/*
 * zone_digest: computes the digest of a zone (RFC 8976) while its file is read:
 * scheme 1 (SIMPLE) with SHA-384 or SHA-512.
 *
 * Records come one by one. The owners must be in canonical order (RFC 4034
 * 6.1), so that only the records of one owner are kept; these can come in any
 * order. An SOA record that is repeated at the end, as in files of CZDS, counts
 * once. If the apex has no ZONEMD record, or if it is clear that the digest
 * cannot be computed, further records cost next to nothing.
 */
#ifndef MXCENSUS_INPUT_ZONE_DIGEST_H
#define MXCENSUS_INPUT_ZONE_DIGEST_H

#include "parsers/zone/zone.h"
#include "parsers/zonemd.h"

#define ZONE_DIGEST_OWNER_MAX	(1024 * 1024)	/* bytes of one owner's
						 * records; over it:
						 * UNSUPPORTED */

struct zone_digest;

struct zone_digest *zone_digest_new(void);
void	zone_digest_add(struct zone_digest *, const struct zone_data *);
/* An entry of the file is not a valid record, so the digest would be of another
 * zone. */
void	zone_digest_miss(struct zone_digest *);
/* Returns the result for the records so far, and frees the object. */
void	zone_digest_finish(struct zone_digest *, struct zonemd *);

#endif
