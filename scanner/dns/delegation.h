/*
 * delegation: the name servers of a domain with their addresses, as the zone
 * file of its parent has them. It says where a question may be asked. The
 * recursive lane finds its own way from the root and does not read it.
 *
 * It is a view: the asker owns the bytes, which outlive its lookups.
 */
#ifndef MXCENSUS_DNS_DELEGATION_H
#define MXCENSUS_DNS_DELEGATION_H

#include <stddef.h>
#include <stdint.h>

struct delegation {
	/* For each name server a counted text (wire.h), the number of its glue
	 * addresses in one byte, and these (parsers/prefix.h in wire form). */
	const uint8_t	*servers;
	size_t		 length;
};

#endif
