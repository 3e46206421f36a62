/*
 * canary: sessions that find out whether this machine still reaches mail
 * servers on port 25 (docs/rules.md, "Whose fault"). They leave no row. A
 * worker has them like any other session: it says who we are, and contacts only
 * the permitted networks.
 *
 * Servers that have answered in this run are asked by their address. The canary
 * is an MX host of the operator: --canary, or the first MX of the domain of
 * --ehlo. It is looked up first. An address in a network (/24, /48) of this
 * machine proves nothing and is not used. Work owns it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_CANARY_H
#define MXCENSUS_COORDINATOR_WORK_CANARY_H

#include "scanner/coordinator/work/work.h"

struct canary *canary_new(const struct options *);
void	canary_free(struct canary *);

/* Asks these servers; with count 0, the canary. network_looked() follows. */
void	canary_ask(struct work *, const struct reach_server *, size_t count);
/* The batch of a canary is done. */
void	canary_take(struct work *, const struct batch *,
	    const struct harvest *);

extern const struct work_queue canary_domains_queue, canary_hosts_queue,
    canary_probes_queue;

#endif
