/*
 * delegation: the name servers of a domain with their addresses, as in the zone
 * file of its parent. It says which servers a question may be sent to. The
 * recursive lane finds its own way from the root and does not read it.
 *
 * It is a view: the asker owns the bytes, which outlive its lookups.
 */
#ifndef MXCENSUS_DNS_DELEGATION_H
#define MXCENSUS_DNS_DELEGATION_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/address_wire.h"

struct delegation {
	const char	*name;		/* of the domain: canonical text form */
	/* For each name server: a counted text (wire.h), the number of its glue
	 * addresses in one byte, and these addresses
	 * (parsers/address_wire.h). */
	const uint8_t	*servers;
	size_t		 length;
	unsigned	 first;		/* which of them to ask first, from 0 */
	/* Its DS records (parsers/ds_wire.h), one after the other, and their TTL
	 * in seconds. None: it is unsigned. */
	const uint8_t	*ds;
	size_t		 ds_length;
	uint32_t	 ds_ttl;
};

struct delegation_walk {
	struct wire	 wire;
	uint64_t	 glue;		/* addresses of `server`, left */
	const char	*server;	/* canonical text form */
};

void	delegation_open(const struct delegation *, struct delegation_walk *);
/* Moves to the next name server, past the glue of the previous one. Returns
 * false at the end, or if the bytes are malformed. */
bool	delegation_next(struct delegation_walk *);
/* The next glue address of the server. */
bool	delegation_next_glue(struct delegation_walk *, struct address *);

#endif
