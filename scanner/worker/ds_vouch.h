/*
 * ds_vouch: may the direct lane begin its chain of trust at the DS records that a
 * zone file has of a delegation, and by whose word (RULES L31, L32, L37, L44)? With `--ds
 * verify` the parent zone must have signed them, with keys that the recursive
 * lane has validated; with `--ds trust` the file's word is enough.
 */
#ifndef MXCENSUS_WORKER_DS_VOUCH_H
#define MXCENSUS_WORKER_DS_VOUCH_H

#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

struct delegation;
struct worker;

/* DS records of a delegation as an item has them (item.h); none: it has no DS, or
 * these are not in force. */
struct ds_view {
	const uint8_t	*records;
	size_t		 length;
	uint32_t	 ttl;		/* seconds */
	const uint8_t	*signatures;	/* over them */
	size_t		 signatures_length;
};

/* Puts the records into the delegation if they are usable and somebody vouches
 * for them. If not, the delegation stays without. */
enum ds_source ds_vouch(const struct worker *, const struct ds_view *,
	    struct delegation *);

#endif
