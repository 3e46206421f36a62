/*
 * worker: the process that talks to strangers. It resolves and probes what the
 * coordinator gives it, and writes rows into descriptors that come with the
 * job. It opens nothing after it is ready.
 *
 * This header has what the parts of a worker share, and what they may do; run.c
 * starts and ends a worker.
 *
 *	run.c		opens everything, and closes it
 *	messages.c	the messages to and from the coordinator
 *	job.c		a batch: its items, tables and descriptors
 *	items.c		which items are under way, within the window
 *	lanes.c		which lane is asked
 *	zones.c		which zones have delegations that may be asked directly
 *	parents.c	the zones above the names of lists
 *	parent_question.c	asks such a zone for a delegation
 *	server_addresses.c	addresses of name servers that are elsewhere
 *	window.c	how many items at a time
 *	budget.c	how often a name server is asked
 *	asking.c	asks about one name: when, by which lane, at what cost
 *	ds_vouch.c	may a chain of trust begin at the DS of a zone file?
 *	absence.c	was this process away?
 *	conduct.c	which addresses may be contacted
 *	start_check.c	can this machine measure?
 *	source_check.c	do the addresses that it connects from have our name?
 *	sandbox.c	what the kernel allows from then on
 *	domain/ host/ probe/ policy/	one kind of item each
 *
 * run.c includes the four folders, and they include what is here. No other
 * source here knows them.
 */
#ifndef MXCENSUS_WORKER_WORKER_H
#define MXCENSUS_WORKER_WORKER_H

#include <ev.h>

#include "parsers/opt_out.h"
#include "parsers/suffix.h"
#include "scanner/base/lane_fates.h"
#include "scanner/base/latency.h"
#include "scanner/base/list.h"
#include "scanner/crypto/trust.h"
#include "scanner/dns/recursive/resolver.h"
#include "scanner/message/in_flight.h"
#include "scanner/message/message.h"
#include "scanner/net/own_addresses.h"
#include "scanner/net/tls.h"
#include "scanner/options/options.h"
#include "scanner/worker/absence.h"
#include "scanner/worker/window.h"

struct budget;
struct delegation;
struct https;
struct job;
struct direct;
struct parents;
struct policy_hosts;
struct server_addresses;
struct source_check;
struct zones;

/*
 * The subject of a question decides the lane that it is asked by:
 *
 * ASK_DOMAIN: every question about a domain in the first attempt: MX, its
 * records of MTA-STS and TLSRPT, its own addresses. These names are asked for
 * whole. The zone cut is known, and one question for each label between, and
 * another for each label that does not exist, would more than double the work
 * of its name server and of ours. If there is a second attempt, a silent name
 * server is asked little in the first.
 *
 * ASK_POLICY: the addresses of policy hosts, and the records of a domain whose
 * policy is fetched. These names are asked for whole, too, but only once.
 *
 * ASK_HOST: every question about an MX host in the first attempt: addresses,
 * aliases, TLSA, and TLSA that is asked again before a session. These questions
 * are minimised (RFC 9156), since that decides which broken name server is met,
 * and most senders' resolvers do it.
 *
 * ASK_AGAIN: what failed the first time, of domains and hosts: minimised, and
 * patient.
 *
 * ASK_DIRECT: what ASK_DOMAIN says, and the addresses of an MX host, of a
 * delegation whose own name servers may be asked (zones.h); TLSA as well, if it
 * has DS. What it does not answer is asked again with ASK_DOMAIN or ASK_HOST.
 */
enum ask { ASK_DOMAIN, ASK_POLICY, ASK_HOST, ASK_AGAIN, ASK_DIRECT, ASKS };
#define RESOLVERS	ASK_DIRECT	/* those before it */
/* Of the resolver for domains. The others have as many together. */
#define RESOLVER_SOCKETS_MOST	8192

/* What became of the names of delegations that may be asked directly, since the
 * last report to the coordinator. */
struct lane_counts {
	struct lane_fates fates[JOB_HOSTS + 1];	/* by the kind of the job:
						 * domains, or hosts */
	/* Domains that both lanes were asked about; they are not counted
	 * above. */
	uint64_t	sampled[SAMPLE_GROUPS][SAMPLE_RESULT_COUNT];
};

/* Jobs of second attempts have their own queue, since they are asked at low
 * concurrency. */
enum { QUEUE_PACED, QUEUE_HOSTS, QUEUE_POLICIES, QUEUE_DOMAINS, QUEUE_SECOND,
	QUEUES };

struct worker {
	const struct options	*options;
	struct ev_loop		*ev;
	int			 socket;
	ev_io			 readable, writable;
	ev_timer		 gauge;
	ev_timer		 fill;		/* starts items from the loop */
	struct resolver		*resolvers[RESOLVERS];	/* lanes.c, run.c */
	struct direct		*direct;	/* the same; never NULL */
	uint64_t		 direct_drops;	/* that the budget knows of */
	struct zones		*zones;		/* for the direct lane */
	bool			 asks_parents;	/* of names for their
						 * delegations */
	struct parents		*parents;	/* NULL: it does not */
	struct server_addresses	*server_addresses;
	struct lane_counts	 lane_counts;
	/* Since the coordinator was told. */
	struct latency		 latency[LATENCY_KINDS];
	unsigned		 sample_one_in[SAMPLE_GROUPS];	/* names;
						 * 0: none */
	struct window		 window;
	struct absence		 absence;	/* when this process did not
						 * run */
	struct budget		*budget;	/* of name servers */
	struct opt_out		 opt_out;	/* in force */
	struct in_flight	*in_flight;	/* shared with the coordinator */
	uint32_t		*free_slots;	/* slots that are free again */
	uint32_t		 free_count;
	uint32_t		 used_slots;	/* from 1 up to this one */
	struct tls		*tls;
	struct trust		*trust;
	struct https		*https;
	struct policy_hosts	*policy_hosts;
	struct suffix_list	*suffixes;
	struct source_check	*source_check;
	struct own_addresses	 own_addresses;	/* and our gateways' */
	bool			 has_ipv4, has_ipv6;	/* routes from here */
	bool			 asks_ipv4, asks_ipv6;	/* the same, for name
							 * servers */
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

/* Returns the lane of a question. There is no other way to a lane. */
struct lane *worker_lane(const struct worker *, enum ask);
/* Are failures of the first attempt asked again later? Not while only allowed
 * networks are asked: name servers elsewhere always seem to fail then, and a
 * second failure would count as a finding (RULES 9). */
bool	worker_has_second_pass(const struct worker *);
/* Does the direct lane have the keys of a delegation, for these DS records? */
bool	worker_has_keys(const struct worker *, const struct delegation *);
/* Adds up the counts of the lanes of the first attempt. */
void	worker_count(const struct worker *, struct resolver_counts *);
/* Sends a message, now or as soon as the coordinator reads. */
void	worker_tell(struct worker *, const struct message *);
/* Reports what became of the names of the direct lane since the last report. */
void	worker_tell_lanes(struct worker *);
/* The same of how long lookups and sessions took. */
void	worker_tell_latency(struct worker *);
/* Says that an item has ended, so that others may start. */
void	worker_item_ended(struct worker *, const struct job *);
/* Says that an item begins to wait for its turn at a name server, or continues.
 * While it waits, it takes no room in the window. */
void	worker_item_waits(struct worker *, struct job *);
void	worker_item_goes_on(struct worker *, struct job *);
/* The item is in flight: if the worker crashes, it is a suspect. Returns its
 * slot, or 0 if no slot is free. */
uint32_t worker_mark_in_flight(struct worker *, const struct job *,
	    uint32_t item);
/* The item has ended; legal for slot 0. */
void	worker_clear_in_flight(struct worker *, uint32_t slot);
/* From now on this slot is the only suspect; 0 ends that. */
void	worker_set_acting(struct worker *, uint32_t slot);

#endif
