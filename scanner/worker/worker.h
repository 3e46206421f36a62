/*
 * worker: the process that meets the hostile world. It resolves and probes what
 * the coordinator hands it and writes rows into descriptors that came with the
 * job; it opens nothing once it is ready.
 */
#ifndef MXCENSUS_WORKER_WORKER_H
#define MXCENSUS_WORKER_WORKER_H

#include <ev.h>

#include "parsers/suffix.h"
#include "scanner/base/list.h"
#include "scanner/crypto/trust.h"
#include "scanner/dns/resolver.h"
#include "scanner/message/message.h"
#include "scanner/net/tls.h"
#include "scanner/options.h"

struct job;

/* Jobs of second attempts are asked at low concurrency: one queue apart. */
enum { QUEUE_HOSTS, QUEUE_DOMAINS, QUEUE_SECOND, QUEUES };

struct worker {
	const struct options	*options;
	struct ev_loop		*ev;
	int			 socket;
	ev_io			 readable, writable;
	ev_timer		 gauge;
	ev_timer		 fill;		/* starts items from the loop */
	struct resolver		*resolver;
	struct tls		*tls;
	struct trust		*trust;
	struct suffix_list	*suffixes;
	bool			 has_ipv4, has_ipv6;	/* a route */
	bool			 stopping;
	struct list		 queues[QUEUES];	/* jobs with items left */
	unsigned		 active;	/* domains and hosts under way */
	unsigned		 active_second;
	unsigned		 sessions;
	unsigned		 jobs;
	/* Messages that the socket did not take. */
	struct list		 unsent;
};

/* Runs a worker on an inherited socket until its coordinator is done with it.
 * Returns the exit status. */
int	worker_run(const struct options *, int socket);

/* Sends, now or as soon as the coordinator reads. */
void	worker_tell(struct worker *, const struct message *);
/* An item has ended: others may start. */
void	worker_item_ended(struct worker *, const struct job *);

#endif
