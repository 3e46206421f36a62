/*
 * servers: which addresses of a delegation are asked, and in which order.
 */
#ifndef MXCENSUS_DNS_DIRECT_SERVERS_H
#define MXCENSUS_DNS_DIRECT_SERVERS_H

#include <stdbool.h>

#include "scanner/dns/delegation.h"

#define SERVERS_ASKED_MAX 4

/* Writes up to four addresses that may_ask() allows, and returns how many. The
 * first is an address of the server that delegation->first names, IPv4 before
 * IPv6; then comes one of each other server, and then the further ones. */
unsigned servers_choose(const struct delegation *,
	    bool (*may_ask)(void *tag, const struct address *), void *tag,
	    struct address chosen[SERVERS_ASKED_MAX]);

#endif
