/*
 * name_servers: the one module that limits questions to name servers (RULES K9:
 * name servers). It keeps how many questions a second all workers together may
 * ask each server, and the names that wait for a server. Work owns it. It asks
 * nothing itself and has no callbacks.
 *
 * A server may be asked --dns-rate questions a second. If more than one lookup
 * in twenty is lost, the rate is halved, down to a fiftieth. It grows again
 * after a long time without a loss. The servers of a /24 or /48 together may be
 * asked --dns-prefix-rate questions a second: here the prefix is one more
 * server, whose rate never changes, since losses are judged for each server
 * separately. Each worker has a share of the rate (worker/budget.h), which
 * follows the names that wait there (shares.h). Names that a worker cannot ask
 * in time come back here. They go out again when the server has room.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_H
#define MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/list.h"
#include "scanner/coordinator/batch/spill.h"
#include "scanner/message/item.h"
#include "scanner/options/options.h"
#include "scanner/run/figures.h"

struct name_servers;
struct name_server;

/* Tells a worker how often it may ask a server. */
struct name_server_teller {
	void	(*tell)(void *tag, unsigned worker, const struct name_server *);
	void	*tag;
};

/* Names that wait are in memory, or in the spill if there is one. */
struct name_servers *name_servers_new(const struct options *, struct spill *);
void	name_servers_free(struct name_servers *);

/* Takes a report of a worker (0 to --workers - 1): the lookups that it asked
 * and lost since its last report, and the names that wait for the server now.
 * Returns the server if its rate has changed, so that all workers get it;
 * otherwise NULL. */
const struct name_server *name_servers_report(struct name_servers *,
	    unsigned worker, const char *name, uint64_t asked, uint64_t lost,
	    uint64_t waiting, int64_t now_ms);
/* Moves the shares to the workers where names wait, and sends the changes.
 * Called at least once a second. */
void	name_servers_look(struct name_servers *, int64_t now_ms,
	    const struct name_server_teller *);
/* A worker begins in this place, and nothing waits there. Tells it of each
 * server whose rate or share is not the one that a worker begins with. */
void	name_servers_welcome(struct name_servers *, unsigned worker,
	    const struct name_server_teller *);
/* Gives a server or network another rate than that of the options, before any
 * worker begins. */
void	name_servers_set_budget(struct name_servers *, const char *name,
	    double budget);
/* How many questions a second this worker may ask the server. A worker beyond
 * --workers has an equal share as well. */
double	name_server_share(const struct name_servers *,
	    const struct name_server *, unsigned worker);
/* The network of this machine was down (RULES F36): the rates that were halved
 * in the last minute are set back. The workers are gone, so nothing is sent. */
void	name_servers_set_back(struct name_servers *, int64_t now_ms);
/* Keeps a name that must wait. The item must have a server. */
void	name_servers_hold(struct name_servers *, const struct domain_item *);
/* Does the same for an MX host, by the link of its owner. */
void	name_servers_hold_host(struct name_servers *, const char *server,
	    struct list *host);
/* The number of names, and of hosts, that are held now. */
uint64_t name_servers_held(const struct name_servers *);
uint64_t name_servers_held_hosts(const struct name_servers *);
/* Appends at most `most` items that this worker may ask now. Returns how
 * many. */
uint32_t name_servers_release(struct name_servers *, unsigned worker,
	    uint32_t most, int64_t now_ms, struct buffer *input);
/* Does the same for hosts, which are moved to the list. */
uint32_t name_servers_release_hosts(struct name_servers *, unsigned worker,
	    uint32_t most, int64_t now_ms, struct list *hosts);
/* Names that will wait for a server, and are still in the plan. */
void	name_servers_forget_planned(struct name_servers *);
void	name_servers_add_planned(struct name_servers *, const char *name,
	    double names);
/* The servers that need the longest time for the names that wait for them, in
 * the plan, here and at the workers, the longest first. Returns how many there
 * are. */
unsigned name_servers_busiest(const struct name_servers *,
	    struct busy_server busy[FIGURES_BUSY_MAX]);
/* Restricted servers with their rate, for run.json. A restart takes them up
 * from there; `rates` is NULL if the file has none. */
json_t	*name_servers_to_json(const struct name_servers *);
void	name_servers_take_up(struct name_servers *, const json_t *rates);

/* Walks the restricted servers, with *index from 0; NULL at the end. */
const struct name_server *name_servers_next(const struct name_servers *,
	    size_t *index);
const char *name_server_name(const struct name_server *);
double	name_server_rate(const struct name_server *);	/* over all workers */

#endif
