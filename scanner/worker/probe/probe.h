/*
 * probe: one item of a batch of probes: a target (address, port and server
 * name), and the hosts that are judged by it. The job owns it. It ends with
 * job_item_ended().
 *
 *	probe.c		drives it: loop, socket, TLS, and TLSA asked again
 *	smtp.c		the dialogue, as a pure machine
 *	session.c	what follows from a session
 *	judge.c		what a session and TLSA records say about a host; pure
 *	rows.c		writes what was seen and judged; decides nothing
 */
#ifndef MXCENSUS_WORKER_PROBE_PROBE_H
#define MXCENSUS_WORKER_PROBE_PROBE_H

#include <stdbool.h>

struct job;

/* Takes an item off job->next and starts it. Returns false if the item is not
 * legal. */
bool	probe_start(struct job *);

#endif
