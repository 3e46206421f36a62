/*
 * server_addresses: the addresses of name servers that their delegation does not
 * give, since they are in another zone (RULES L48). The recursive lane is asked
 * once about each host, and the answer is kept for a while. The worker owns it.
 */
#ifndef MXCENSUS_WORKER_SERVER_ADDRESSES_H
#define MXCENSUS_WORKER_SERVER_ADDRESSES_H

#include <stdbool.h>

#include "scanner/base/buffer.h"
#include "scanner/base/list.h"

struct server_addresses;
struct worker;

/* Somebody who waits for the answers about a host; embedded there. Zeroed: does
 * not wait. */
struct server_wait {
	struct list	 link;
	/* From the loop, once. It may free the wait, and cancel others. */
	void		(*done)(struct server_wait *);
};

enum server_state {
	SERVER_KNOWN,		/* it has addresses */
	SERVER_UNKNOWN,		/* it has none, or the lookups failed */
	SERVER_ASKED,		/* the recursive lane has not answered yet */
};

struct server_addresses *server_addresses_new(struct worker *);
/* The lanes still exist; nobody waits. Legal for NULL. */
void	server_addresses_free(struct server_addresses *);
/* If the host (canonical text form) is known, appends its glue as delegation.h
 * has it: the number of its addresses, and these. Otherwise asks about it, unless
 * somebody has lately. */
enum server_state server_addresses_look(struct server_addresses *,
	    const char *host, struct buffer *glue);
/* Waits for a host that is SERVER_ASKED. */
void	server_addresses_await(struct server_addresses *, const char *host,
	    struct server_wait *);
/* Legal at any time. */
void	server_wait_cancel(struct server_wait *);

#endif
