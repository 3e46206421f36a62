/*
 * name_server: the one owner of manners towards name servers (RULES K9): how
 * many questions a second each may be asked over all workers, and the names
 * that wait for it.
 *
 * A server may be asked --dns-rate questions a second; where more than one in
 * twenty is lost that is halved, down to a fiftieth, and grows again where for a
 * long time none was. Every worker has its share of it (worker/budget.h), since
 * names come to all of them in the order of a hash. Names that a worker could not
 * ask in time come back here and go out again as the server has room.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_H
#define MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/message/item.h"
#include "scanner/options/options.h"

struct name_servers;
struct name_server;

struct name_servers *name_servers_new(const struct options *);
void	name_servers_free(struct name_servers *);

/* What a worker (0 to --workers - 1) tells of a server: lookups that it asked and
 * lost since it last told, names that wait there. Returns the server where
 * its rate has changed, so that all workers are told; else NULL. */
const struct name_server *name_servers_report(struct name_servers *,
	    unsigned worker, const char *name, uint64_t asked, uint64_t lost,
	    uint64_t waiting, int64_t now_ms);
/* Keeps a name that has to wait. The item must have a server. */
void	name_servers_hold(struct name_servers *, const struct domain_item *);
/* Names held at the moment, and their bytes. */
uint64_t name_servers_held(const struct name_servers *);
uint64_t name_servers_held_bytes(const struct name_servers *);
/* Appends the items that this worker may have now, at most so many; how many. */
uint32_t name_servers_release(struct name_servers *, unsigned worker,
	    uint32_t most, int64_t now_ms, struct buffer *input);
/* Those that are restricted, with their rate, for run.json; and taken up at a
 * restart (`rates` may be NULL). */
json_t	*name_servers_to_json(const struct name_servers *);
void	name_servers_take_up(struct name_servers *, const json_t *rates);

/* The servers that are restricted: walk by *index from 0; NULL at the end. */
const struct name_server *name_servers_next(const struct name_servers *,
	    size_t *index);
const char *name_server_name(const struct name_server *);
double	name_server_rate(const struct name_server *);	/* over all workers */

#endif
