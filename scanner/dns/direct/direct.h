/*
 * direct: a lane (lookup.h) that asks the name servers of a delegation over
 * UDP, without recursion.
 *
 * Below a delegation without DS nothing can be secure, and answers are
 * insecure. If the delegation has DS records, for which the asker vouches, the
 * lane also asks for the keys of the zone, keeps them for later lookups, and
 * answers only with what is secure; everything else is odd (secure.h). It never
 * calls anything bogus.
 *
 * Up to four addresses of the delegation are asked in turn, and the first clean
 * response (exchange.h) is the answer. An odd response ends the lookup with
 * VERDICT_ODD; if all servers fail or stay silent it ends with
 * VERDICT_SERVERS_FAILED. Both are for another lane to decide.
 *
 * `window` questions are in flight beside late ones, and further lookups wait in
 * order. Packets
 * that this machine loses are not the server's fault: if the kernel drops
 * packets of a socket, the questions of that socket are asked again.
 *
 * The direct lane opens sockets as long as it lives, and no files.
 */
#ifndef MXCENSUS_DNS_DIRECT_DIRECT_H
#define MXCENSUS_DNS_DIRECT_DIRECT_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"

/* How long the first question of a lookup waits for a response, and how long
 * each later one does. */
#define DIRECT_FIRST_SECONDS 1.5
#define DIRECT_LATER_SECONDS 3.
/* A lookup whose response has not come by then is late, and so many late ones
 * take no room in the window: a silent server holds nobody up. */
#define DIRECT_LATE_SECONDS 0.25
#define DIRECT_LATE_MOST 16384
#define DIRECT_SOCKETS 64
/* What a question in flight takes beside its lookup. */
#define DIRECT_QUESTION_BYTES 224
#define DIRECT_RECEIVE_BYTES (4 * 1024 * 1024)

struct direct_options {
	unsigned	 window;
	unsigned	 sockets;	/* of each family: DIRECT_SOCKETS */
	int		 receive_bytes;	/* DIRECT_RECEIVE_BYTES */
	/* May this address be asked? (RULES 11: conduct) */
	bool		(*may_ask)(void *tag, const struct address *);
	void		*tag;
};

struct delegation;
struct direct;
struct lane;

struct direct *direct_new(struct ev_loop *, const struct direct_options *);
/* Drops the lookups that are not done; their done() does not run. */
void	direct_free(struct direct *);
struct lane *direct_lane(struct direct *);
/* The lane of questions for referrals. Their delegation is that of the parent
 * zone, in which the name of the question is delegated, and the answer is one for
 * referral_read(). */
struct lane *direct_referral_lane(struct direct *);
/* Does the lane have the keys of a delegation, for these DS records? */
bool	direct_has_keys(const struct direct *, const struct delegation *);
void	direct_set_window(struct direct *, unsigned window);

struct direct_counts {
	uint64_t	lookups;	/* that were asked */
	uint64_t	questions;	/* packets sent, again or not */
	uint64_t	timed_out;	/* of these, not answered in time */
	uint64_t	lost;		/* asked again after a drop of ours */
	uint64_t	unmatched;	/* packets that answer no question */
	uint64_t	drops;		/* how often a socket had dropped some */
	unsigned	in_flight;
	unsigned	late;		/* of these: outside the window */
	unsigned	waiting;	/* lookups */
};

void	direct_count(const struct direct *, struct direct_counts *);

#endif
