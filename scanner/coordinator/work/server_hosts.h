/*
 * server_hosts: resolves name servers of the plan that have no address there,
 * if five or more names are delegated to them. Most names do not wait for that:
 * chunks that are handed out later have the addresses in their items
 * (plan/servers.h). When the last chunk is handed out, no more hosts are asked.
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
/* Takes over the parts in a folder. *next_part becomes the number behind them. False
 * after a line. */
bool	server_hosts_read(struct work *, struct folder *, uint64_t *next_part);
/* Takes over the parts of earlier processes. Returns false after a message. */
bool	server_hosts_read_back(struct work *);

#endif
