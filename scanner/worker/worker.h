/*
 * worker: the process that meets the hostile world. It resolves and probes what
 * the coordinator hands it and writes rows into descriptors that came with the
 * job; it opens nothing once it is ready.
 *
 * Here is what its parts have in common and may do; run.c makes and ends it.
 *
 *	run.c		opens all, and closes it
 *	messages.c	what it and the coordinator tell each other
 *	job.c		a batch: its items, tables and descriptors
 *	items.c		which items are under way, within the window
 *	lanes.c		who is asked
 *	window.c	how many items at a time
 *	budget.c	how often a name server is asked
 *	conduct.c	which addresses may be contacted
 *	start_check.c	can this machine measure?
 *	sandbox.c	what the kernel allows from then on
 *	domain/ host/ probe/ policy/	one kind of item each
 *
 * run.c includes the four folders, and they include what is here; no other source
 * here knows them.
 */
#ifndef MXCENSUS_WORKER_WORKER_H
#define MXCENSUS_WORKER_WORKER_H

#include <ev.h>

#include "parsers/opt_out.h"
#include "parsers/suffix.h"
#include "scanner/base/list.h"
#include "scanner/crypto/trust.h"
#include "scanner/dns/recursive/resolver.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/message.h"
#include "scanner/net/tls.h"
#include "scanner/options/options.h"
#include "scanner/worker/window.h"

struct budget;
struct https;
struct job;
struct policy_hosts;

/*
 * What a question is about decides the lane that it is asked by:
 *
 * ASK_DOMAIN: all that is asked of a domain, first attempt: MX, its records of
 * MTA-STS and TLSRPT, its own addresses, those of its policy host. Such names are
 * asked for whole: the cut of the zone is known, and a question for every label
 * between, and another for each that does not exist, would more than double what
 * its name server and we have to do.
 *
 * ASK_HOST: all that is asked of an MX host, first attempt: addresses, aliases,
 * TLSA, also TLSA that is asked again before a session. These questions are
 * minimised (RFC 9156), since that decides which broken name server is met, and
 * most senders' resolvers do it.
 *
 * ASK_AGAIN: what failed the first time, of either: minimised, and patient.
 */
enum ask { ASK_DOMAIN, ASK_HOST, ASK_AGAIN, ASKS };

/* Jobs of second attempts are asked at low concurrency: one queue apart. */
enum { QUEUE_HOSTS, QUEUE_POLICIES, QUEUE_DOMAINS, QUEUE_SECOND, QUEUES };

struct worker {
	const struct options	*options;
	struct ev_loop		*ev;
	int			 socket;
	ev_io			 readable, writable;
	ev_timer		 gauge;
	ev_timer		 fill;		/* starts items from the loop */
	struct resolver		*resolvers[ASKS];	/* lanes.c, run.c */
	struct window		 window;
	struct budget		*budget;	/* of name servers */
	struct opt_out		 opt_out;	/* in force */
	struct in_flight	*in_flight;	/* shared with the coordinator */
	uint32_t		*free_slots;	/* of it, from 1 */
	uint32_t		 free_count;
	struct tls		*tls;
	struct trust		*trust;
	struct https		*https;
	struct policy_hosts	*policy_hosts;
	struct suffix_list	*suffixes;
	bool			 has_ipv4, has_ipv6;	/* a route */
	bool			 stopping;
	struct list		 queues[QUEUES];	/* jobs with items left */
	/* Takes one item off job->next and starts it; the item ends in
	 * job_item_ended. False if the item is not legal. By enum job_kind. */
	bool			(*const *start_item)(struct job *);
	unsigned		 active;	/* domains, hosts, policies */
	unsigned		 active_second;
	unsigned		 jobs;
	/* Messages that the socket did not take. */
	struct list		 unsent;
};

/* The only way to a lane. */
struct lane *worker_lane(const struct worker *, enum ask);
/* Of the lanes of the first attempt. */
void	worker_count(const struct worker *, struct resolver_counts *);
/* Sends, now or as soon as the coordinator reads. */
void	worker_tell(struct worker *, const struct message *);
/* An item has ended: others may start. */
void	worker_item_ended(struct worker *, const struct job *);
/* An item waits for its turn at a name server, and has it: meanwhile it takes no
 * room in the window. */
void	worker_item_waits(struct worker *, const struct job *);
void	worker_item_goes_on(struct worker *, const struct job *);
/* The item is in flight: should the worker crash, it is a suspect. Returns its
 * slot, 0 where there is none left. */
uint32_t worker_mark_in_flight(struct worker *, const struct job *,
	    uint32_t item);
/* The item has ended; legal for slot 0. */
void	worker_clear_in_flight(struct worker *, uint32_t slot);
/* From now on it is the only suspect; 0: no more. */
void	worker_set_acting(struct worker *, uint32_t slot);

#endif
