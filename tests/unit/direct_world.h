/*
 * direct_world: the direct lane in a separate network namespace, and lookups
 * that use it, for tests. Nothing leaves the namespace.
 */
#ifndef MXCENSUS_TESTS_DIRECT_WORLD_H
#define MXCENSUS_TESTS_DIRECT_WORLD_H

#include <ev.h>

#include "scanner/base/buffer.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/dns/lookup.h"

struct direct_world {
	struct ev_loop	*ev;
	struct direct	*direct;
	struct address	 forbidden;	/* may not be asked */
	unsigned	 left;		/* lookups that are not done */
	ev_timer	 patience;
};

struct asker {
	struct lookup	 lookup;
	struct answer	 answer;	/* of the lookup, without its packet */
	struct direct_world *world;
	struct delegation delegation;
	struct buffer	 servers;
	unsigned	 done;
	unsigned	 records;	/* that the answer had */
	char		 name[64];	/* delegated, and asked for MX */
};

/* A group setup of cmocka: a namespace with nothing but a loopback interface,
 * in which this process may bind port 53. Without one, tests are skipped. */
int	enter_namespace(void **state);

/* What the options leave 0 is as a worker has it. */
void	direct_world_open(struct direct_world *, const struct direct_options *);
void	direct_world_close(struct direct_world *);
/* Runs until all lookups are done. */
void	direct_world_run(struct direct_world *);

/* Adds a server to the delegation, with one address or (NULL) without. */
void	asker_add_server(struct asker *, const struct address *);
void	asker_ask(struct asker *, struct direct_world *);
void	asker_ask_about(struct asker *, struct direct_world *,
	    const char *name, uint16_t type);
/* It is done, and has one MX record. */
void	assert_found(const struct asker *);
void	asker_fini(struct asker *);

#endif
