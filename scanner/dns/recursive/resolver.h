/*
 * resolver: a lane (lookup.h) with full recursion and DNSSEC validation from
 * the root trust anchor, by libunbound on the caller's libev loop. A worker has
 * four, which share no cache.
 *
 * A resolver bounds what it asks: `window` questions are in flight, and further
 * lookups wait in order. Late questions have a separate waiting room
 * (places.h). A lookup that outlives its deadline is answered with `timeout`.
 * Its question continues inside libunbound, and is counted until libunbound
 * gives up.
 *
 * The resolver owns its lane.
 */
#ifndef MXCENSUS_DNS_RECURSIVE_RESOLVER_H
#define MXCENSUS_DNS_RECURSIVE_RESOLVER_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"

/* The deadline of a question, and of a question to a patient resolver, which
 * does not give up by itself. */
#define RESOLVER_DEADLINE_SECONDS 20.
#define RESOLVER_PATIENT_SECONDS 12.
/* The DNSSEC algorithms that it validates, as bits by number; zones with keys
 * of other algorithms are insecure. libunbound does not say which it was built
 * with; these are in every build of Debian (docs/pitfalls.md). */
#define RESOLVER_ALGORITHMS \
	(1u << 8 | 1u << 10 | 1u << 13 | 1u << 14 | 1u << 15)
/* For tests: environment variables, see crash_at and crash_how. */
#define RESOLVER_CRASH "MXCENSUS_TEST_CRASH"
#define RESOLVER_CRASH_HOW "MXCENSUS_TEST_CRASH_HOW"

struct resolver_options {
	const char	*root_hints;	/* file; NULL: libunbound's own */
	const char	*trust_anchor;	/* file; NULL: root_anchor() */
	const char	*forward;	/* address; NULL: full recursion */
	const char	*resolver_conf;	/* unbound.conf of the operator; or NULL */
	bool		 use_ipv4, use_ipv6;
	unsigned	 window;
	/* How many it may have open. A third of them is for the window, the
	 * others are for late questions. */
	unsigned	 sockets;
	/* For the second pass: it waits for slow servers, is slow to consider a
	 * server dead, and has smaller caches. */
	bool		 is_patient;
	/* For questions that are asked again later if they fail: it sends few
	 * packets to a silent name server. It cannot be combined with the
	 * next. */
	bool		 is_brief;
	/* QNAME minimisation (RFC 9156), which most senders' resolvers do. */
	bool		 minimises;
	/* For tests: the process aborts when the answer to a question for this
	 * name (text) arrives; NULL: never. */
	const char	*crash_at;
	/* What the process does instead: "spin" computes without end, "memory"
	 * runs out of memory. NULL: it aborts. */
	const char	*crash_how;
	/* Special-purpose networks that may still be asked; with only_allowed,
	 * the only networks that may be asked. */
	const struct prefix_set *allowed;
	bool		 only_allowed;
	/* Networks that are never asked, whatever is allowed; or NULL. */
	const struct prefix_set *barred;
};

struct lane;
struct resolver;

/* Returns NULL with a sentence in `why` on failure. This opens files; questions
 * only open sockets. */
struct resolver *resolver_new(struct ev_loop *, const struct resolver_options *,
	    char why[256]);
/* Drops the lookups that are not done; their done() does not run. */
void	resolver_free(struct resolver *);

struct lane *resolver_lane(struct resolver *);

struct resolver_counts {
	uint64_t	asked;		/* questions so far */
	uint64_t	timed_out;	/* of these, ended by our deadline */
	unsigned	in_flight;	/* also those whose asker is gone */
	unsigned	late;		/* lookups in the waiting room */
	unsigned	waiting;	/* lookups that wait for a place in the
					 * window */
};

void	resolver_set_window(struct resolver *, unsigned window);
void	resolver_count(const struct resolver *, struct resolver_counts *);

#endif
