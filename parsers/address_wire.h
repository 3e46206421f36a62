/*
 * address_wire: an address in the coordinator's items (scanner/base/wire.h):
 * its family in one byte, then 16 bytes.
 */
#ifndef MXCENSUS_PARSERS_ADDRESS_WIRE_H
#define MXCENSUS_PARSERS_ADDRESS_WIRE_H

#include "parsers/prefix.h"
#include "scanner/base/wire.h"

#define ADDRESS_WIRE_BYTES	17

void	address_put(struct buffer *, const struct address *);
/* Reads an address. Returns false and sets wire->failed if it is not a legal
 * one. */
bool	address_get(struct wire *, struct address *);

#endif
