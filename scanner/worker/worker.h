/*
 * worker: the process that meets the hostile world. It resolves and probes what
 * the coordinator hands it and writes rows into descriptors that came with the
 * job; it opens nothing once it is ready.
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

/* Jobs of second attempts are asked at low concurrency: one queue apart. */
enum { QUEUE_HOSTS, QUEUE_POLICIES, QUEUE_DOMAINS, QUEUE_SECOND, QUEUES };

struct worker {
	const struct options	*options;
	struct ev_loop		*ev;
	int			 socket;
	ev_io			 readable, writable;
	ev_timer		 gauge;
	ev_timer		 fill;		/* starts items from the loop */
	/* Of the first pass: of domains and their records, and of MX hosts and
	 * TLSA; and of the second. */
	struct resolver		*resolver, *host_resolver, *patient;
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
	unsigned		 active;	/* domains, hosts, policies */
	unsigned		 active_second;
	unsigned		 sessions;
	unsigned		 jobs;
	/* Messages that the socket did not take. */
	struct list		 unsent;
};

/* Runs a worker on an inherited socket until its coordinator is done with it.
 * Returns the exit status. */
int	worker_run(const struct options *, int socket, int in_flight);

/* Of the resolvers of the first pass. */
void	worker_count(const struct worker *, struct resolver_counts *);
/* Sends, now or as soon as the coordinator reads. */
void	worker_tell(struct worker *, const struct message *);
/* An item has ended: others may start. */
void	worker_item_ended(struct worker *, const struct job *);
/* An item waits for its turn at a name server, and has it: meanwhile it takes no
 * room in the window. */
void	worker_item_waits(struct worker *, const struct job *);
void	worker_item_goes_on(struct worker *, const struct job *);
/* What fails in this job is asked for again in a second pass. Not so while only
 * allowed networks are asked: name servers elsewhere seem to fail, as often as they
 * are asked, and what has failed twice counts as a finding (RULES 9). */
bool	worker_defers(const struct worker *, const struct job *);
/* The item is in flight: should the worker crash, it is a suspect. Returns its
 * slot, 0 where there is none left. */
uint32_t worker_mark_in_flight(struct worker *, const struct job *,
	    uint32_t item);
/* It is through; legal for slot 0. */
void	worker_clear_in_flight(struct worker *, uint32_t slot);
/* From now on it is the only suspect; 0: no more. */
void	worker_set_acting(struct worker *, uint32_t slot);

#endif
