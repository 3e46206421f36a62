/*
 * vantage: what this machine can reach, found out without a packet
 * (docs/architecture.md, "The lab"; RULES 9): a family has a route if a
 * root-hint address, or an --allow-network, of that family has one.
 */
#ifndef MXCENSUS_RUN_VANTAGE_H
#define MXCENSUS_RUN_VANTAGE_H

#include "scanner/options/options.h"

struct vantage {
	bool	route_ipv4, route_ipv6;	/* for the resolver */
	bool	has_ipv4, has_ipv6;	/* for probes: the options counted in */
};

void	vantage_look(const struct options *, struct vantage *);
/* Is --source-address an address of this machine? False after a line that says what
 * is wrong. A socket is bound to it and closed; nothing is sent. */
bool	vantage_has_source(const struct options *);
/* --ca-file, or the bundle of the system: Debian's place. */
const char *vantage_ca_file(const struct options *);

#endif
