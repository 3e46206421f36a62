/*
 * resolver: full recursion and DNSSEC validation from the root trust anchor, by
 * libunbound on the caller's libev loop: a lane (lookup.h). A worker has three,
 * which differ in their options and share nothing, not even a cache.
 *
 * It bounds what it asks: `window` questions are in flight, further lookups
 * wait in order. A lookup that outlives its deadline is answered `timeout`; its
 * question goes on inside libunbound and is counted until that gives up.
 *
 * The lane is the resolver's and is gone with it.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_RESOLVER_H
#define MXCENSUS_DNS_RECURSIVE_RESOLVER_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"

/* Of a question; and of one to a patient resolver, which does not give up of
 * itself. */
#define RESOLVER_DEADLINE_SECONDS 20.
#define RESOLVER_PATIENT_SECONDS 12.
#define RESOLVER_CRASH "MXCENSUS_TEST_CRASH"	/* the environment's name of it */
#define RESOLVER_CRASH_HOW "MXCENSUS_TEST_CRASH_HOW"

struct resolver_options {
	const char	*root_hints;	/* file; NULL: libunbound's own */
	const char	*trust_anchor;	/* file; NULL: root_anchor() */
	const char	*forward;	/* address; NULL: full recursion */
	const char	*resolver_conf;	/* unbound.conf of the operator; or NULL */
	bool		 use_ipv4, use_ipv6;
	unsigned	 window;
	unsigned	 sockets;	/* that it may have open at a time */
	/* For the second pass: it waits for slow servers and does not soon
	 * take one for dead, and has smaller caches. */
	bool		 is_patient;
	/* QNAME minimisation (RFC 9156): as most senders' resolvers have it. */
	bool		 minimises;
	/* For tests: the process aborts when the answer to a question for this
	 * name (text) arrives; NULL: never. */
	const char	*crash_at;
	/* What it does then: "spin" computes without end, "memory" runs out of
	 * memory; otherwise, and where this is NULL, it aborts. */
	const char	*crash_how;
	/* Special-purpose networks that may be asked all the same; or the only
	 * networks that may be asked. */
	const struct prefix_set *allowed;
	bool		 only_allowed;
	/* Networks that are never asked, whatever is allowed; or NULL. */
	const struct prefix_set *barred;
};

struct lane;
struct resolver;

/* NULL with a sentence in `why`. Opens files; questions open sockets only. */
struct resolver *resolver_new(struct ev_loop *, const struct resolver_options *,
	    char why[256]);
/* Lookups that are not done are dropped: their done() does not run. */
void	resolver_free(struct resolver *);

struct lane *resolver_lane(struct resolver *);

struct resolver_counts {
	uint64_t	asked;		/* questions so far */
	uint64_t	timed_out;	/* of them, by our deadline */
	unsigned	in_flight;	/* with those whose asker has gone */
	unsigned	waiting;	/* lookups for a place in the window */
};

void	resolver_set_window(struct resolver *, unsigned window);
void	resolver_count(const struct resolver *, struct resolver_counts *);

#endif
