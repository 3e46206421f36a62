/*
 * name_servers_internal: what the sources of name_servers share. name_servers.c
 * keeps the rates and the shares of the workers, name_servers_waiting.c the
 * names that wait.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_INTERNAL_H
#define MXCENSUS_COORDINATOR_WORK_NAME_SERVERS_INTERNAL_H

#include "scanner/base/arena.h"
#include "scanner/base/list.h"
#include "scanner/base/map.h"
#include "scanner/coordinator/batch/item_line.h"
#include "scanner/coordinator/work/name_servers.h"

/* What a server holds. */
enum held { HELD_NAMES, HELD_HOSTS, HELDS };

struct name_server {
	const char	*name;		/* owned by the map */
	/* It is the /24 or /48 of servers, as text with a slash; the name of a
	 * server has none. Nothing is held for it, and no loss is judged. */
	bool		 is_prefix;
	struct name_server *network;	/* the prefix of its address; NULL:
					 * unknown */
	double		 rate;		/* questions a second, all workers */
	double		 budget;	/* the rate without a loss; 0: that of
					 * the options */
	uint64_t	 asked, lost;	/* lookups, at this rate */
	int64_t		 judged_ms;	/* the rate or the loss changed */
	/* The rate was halved last at halved_ms (0: never), and was
	 * rate_before before the first of the halvings that followed each
	 * other within DOUBT_MS. */
	int64_t		 halved_ms;
	double		 rate_before;
	struct item_line held;
	struct list	 hosts;		/* MX hosts that are held, too */
	uint64_t	 host_count;
	struct list	 link;		/* in ->holding while the server holds
					 * names or hosts */
	struct shares	*shares;	/* NULL: they are equal */
	struct list	 sharing;	/* in ->sharing while they are not */
	double		 planned;	/* names that are still in the plan */
	struct list	 planning;	/* in ->planning while there are any */
	struct at_worker {
		uint64_t	waiting;
		int64_t		next_ms[HELDS];	/* of the next release */
	}		*at;
};

struct name_servers {
	const struct options *options;
	struct map	*by_name;
	struct arena	 arena;
	struct list	 holding, sharing, planning;
	int64_t		 look_ms;	/* the next look at the shares */
	struct spill	*spill;		/* of held names */
	uint64_t	 held_count, held_host_count;
};

/* Makes it if there is none. */
struct name_server *name_servers_server(struct name_servers *,
	    const char *name);

#endif
