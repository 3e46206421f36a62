/*
 * ds_wire: the DS records of a delegation in the coordinator's items
 * (scanner/base/wire.h): for each record its key tag (2 bytes), its algorithm
 * and its digest type (1 byte each), and the counted bytes of its digest (RFC
 * 4034 5.1).
 */
#ifndef MXCENSUS_PARSERS_DS_WIRE_H
#define MXCENSUS_PARSERS_DS_WIRE_H

#include "scanner/base/wire.h"

#define DS_DIGEST_MAX	48	/* SHA-384 (RFC 6605 2) */
#define DS_RECORDS_MAX	8	/* more are not kept: see item.h */

struct ds_record {
	uint16_t	 tag;
	uint8_t		 algorithm, digest_type;
	const uint8_t	*digest;
	size_t		 digest_length;
};

void	ds_put(struct buffer *, const struct ds_record *);
/* The digest points into the input. Returns false and sets wire->failed if
 * there is no legal record. */
bool	ds_get(struct wire *, struct ds_record *);

#endif
