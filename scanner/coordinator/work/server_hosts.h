/*
 * server_hosts: resolves name servers of the plan that have no address there,
 * if five or more names are delegated to them. Chunks have the addresses that are
 * known when they are handed out in their items (plan/servers.h), and only wait
 * for the first batches. When the last chunk is handed out, no more hosts are
 * asked.
 *
 * The batches are of hosts, but they have no rows: the addresses are written to
 * .work/servers, where a restart finds them. Each host is asked once in a
 * process. If that fails, its names stay in the recursive lane.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_SERVER_HOSTS_H
#define MXCENSUS_COORDINATOR_WORK_SERVER_HOSTS_H

#include "scanner/coordinator/work/work.h"

struct server_hosts *server_hosts_new(void);
void	server_hosts_free(struct server_hosts *);
/* Takes the result of one of its batches. */
void	server_hosts_take(struct work *, struct batch *,
	    const struct harvest *);
/* Have the hosts that most names use been asked, as far as they can be? The
 * names that cause most of the load wait for that, since they would be asked
 * recursively, and charged to the name of a server in place of its address. */
bool	server_hosts_first_are_known(const struct work *);
/* Shall a chunk wait? At the start of a run, until each worker has looked up a
 * batch of the hosts that most names use, for two seconds at most: a small zone
 * would otherwise be asked recursively before the first addresses are there. */
bool	server_hosts_are_worth_waiting(const struct work *, int64_t now_ms);
/* Takes over the parts in a folder. *next_part becomes the number behind them. False
 * after a line. */
bool	server_hosts_read(struct work *, struct folder *, uint64_t *next_part);
/* Takes over the parts of earlier processes. Returns false after a message. */
bool	server_hosts_read_back(struct work *);

#endif
