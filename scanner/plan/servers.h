/*
 * servers: the name servers of a plan's delegations: hosts with all addresses
 * that the zone file has for them, and the sets of hosts that delegations name.
 * An item of the plan has the number of its set. The plan owns it.
 *
 * It takes about 50 bytes of memory per host, and 20 bytes per set.
 *
 * .work/plan/servers has for each host, by number, the number of names that are
 * delegated to it (4 bytes), then the host as an item has its servers
 * (message/item.h). .work/plan/sets has for each set the number of its names (4
 * bytes), how many of these have DS (4 bytes), the number of its hosts (1 byte),
 * and the numbers of these (4 bytes each). Numbers begin at 1.
 *
 * Hosts without an address there can get addresses while the names are
 * measured. A part of .work/servers has for each such host its number (4
 * bytes), the number of its addresses (1 byte), and these (address_put).
 */
#ifndef MXCENSUS_PLAN_SERVERS_H
#define MXCENSUS_PLAN_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/base/buffer.h"
#include "scanner/run/folder.h"

#define PLAN_SET_MAX		16	/* hosts of a set */
#define PLAN_ADDRESSES_MAX	4	/* of a family, of a host */

struct plan_servers;

struct plan_host {
	const char	*name;		/* text form */
	uint32_t	 names;		/* that are delegated to it */
	/* Of the file; of a part, if there was one. */
	unsigned	 address_count;
	struct address	 addresses[2 * PLAN_ADDRESSES_MAX];
};

struct plan_set {
	uint32_t	 names;
	uint32_t	 signed_names;	/* of these; they have DS */
	unsigned	 host_count;
	uint32_t	 hosts[PLAN_SET_MAX];	/* their numbers */
};

/* Reads the files of a plan. Returns NULL after a message. */
struct plan_servers *plan_servers_open(struct folder *);
/* Does the same for bytes, which it takes over in either case. Returns NULL if
 * they are not what a plan writes. */
struct plan_servers *plan_servers_read(struct buffer *hosts,
	    struct buffer *sets);
void	plan_servers_close(struct plan_servers *);
/* Return how many there are. The numbers go from 1 to that. */
uint32_t plan_hosts(const struct plan_servers *);
uint32_t plan_sets(const struct plan_servers *);
/* Returns false if there is none with this number. */
bool	plan_host(const struct plan_servers *, uint32_t number,
	    struct plan_host *);
bool	plan_set(const struct plan_servers *, uint32_t number,
	    struct plan_set *);
/* Takes the bytes of a part of .work/servers. Returns false and takes nothing
 * if they are not such a part. */
bool	plan_servers_learn(struct plan_servers *, const uint8_t *bytes,
	    size_t length);
/* Was the host in such a part? It may have no address there. */
bool	plan_host_is_learned(const struct plan_servers *, uint32_t number);
/* Appends the hosts of a set as an item has its servers (message/item.h). */
bool	plan_set_put(const struct plan_servers *, uint32_t number,
	    struct buffer *);

#endif
