/*
 * own_addresses: the addresses of this machine and of its gateways at the time
 * of reading. An ICMP message from one of them is about our own network (RULES
 * F10). An address that is added later counts as a stranger's.
 */
#ifndef MXCENSUS_NET_OWN_ADDRESSES_H
#define MXCENSUS_NET_OWN_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "parsers/prefix.h"

struct own_addresses {
	struct address	*addresses;	/* owned; each once */
	size_t		 count;
};

/* Reads them into a zeroed set. It opens sockets and files, so it must run
 * before the sandbox. It leaves out what cannot be read. */
void	own_addresses_read(struct own_addresses *);
void	own_addresses_fini(struct own_addresses *);
bool	own_addresses_contains(const struct own_addresses *,
	    const struct address *);

/* Adds the gateways of /proc/net/route, and of /proc/net/ipv6_route. */
void	own_addresses_add_ipv4(struct own_addresses *, FILE *routes);
void	own_addresses_add_ipv6(struct own_addresses *, FILE *routes);

#endif
