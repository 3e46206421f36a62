/*
 * vantage: finds out what this machine can reach, without sending a packet
 * (docs/architecture.md, "The lab"). An address family has a route if an
 * address of the root hints, or of --allow-network, has one. Addresses of a
 * family without a route are not among the pairs of a verdict (RULES 9).
 */
#ifndef MXCENSUS_RUN_VANTAGE_H
#define MXCENSUS_RUN_VANTAGE_H

#include "parsers/prefix.h"
#include "scanner/options/options.h"

struct vantage {
	bool	route_ipv4, route_ipv6;	/* for the resolver */
	bool	has_ipv4, has_ipv6;	/* for probes, by the options */
};

/* The address that packets of this family (4 or 6) come from: --source-address,
 * or what the routing table says about the way to a root name server or an
 * allowed network. False if there is no route. Nothing is sent. */
bool	vantage_source(const struct options *, uint8_t family,
	    struct address *);
void	vantage_look(const struct options *, struct vantage *);
/* Calls take() with the address of each root name server: those of
 * --root-hints, or six of the public ones in both families. */
void	vantage_roots(const struct options *,
	    void (*take)(void *tag, const struct address *), void *tag);
/* Is --source-address an address of this machine? Returns false after a message
 * that says what is wrong. A socket is bound to it and closed; nothing is
 * sent. */
bool	vantage_has_source(const struct options *);
/* Returns the file of --ca-file, or the bundle of the system at Debian's
 * path. */
const char *vantage_ca_file(const struct options *);

#endif
