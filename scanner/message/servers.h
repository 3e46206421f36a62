/*
 * servers: the name servers of a delegation, as an item has them (item.h), and
 * which of them the questions about a name are charged to (RULES K9: name
 * servers). It is a view: the owner of the item has the bytes.
 */
#ifndef MXCENSUS_MESSAGE_SERVERS_H
#define MXCENSUS_MESSAGE_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/address_wire.h"
#include "parsers/name.h"

struct item_servers {
	const uint8_t	*bytes;
	size_t		 length;
};

/* Returns the name server that is charged, which the hash of the name chooses:
 * its glue address or, without glue, its name. Returns false if there are no
 * servers, since the name is not from a zone file. */
bool	servers_charged(struct item_servers, const char *name,
	    char server[NAME_TEXT_MAX]);
/* Is it called by this address? */
bool	servers_are_charged_at(struct item_servers, const char *name,
	    const struct address *);
/* Returns the position of this server in the delegation, from 0. */
bool	servers_index(struct item_servers, const char *name, unsigned *index);
/* Does the same as servers_charged for the server that has this glue address.
 * Returns false if no server has it. */
bool	servers_at(struct item_servers, const struct address *,
	    char server[NAME_TEXT_MAX]);

#endif
