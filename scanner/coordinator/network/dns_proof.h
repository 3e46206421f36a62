/*
 * dns_proof: asks name servers one question each, directly from this process
 * and past every cache: does an answer come back? This proof does not depend on
 * what the run measures (docs/rules.md, "Whose fault").
 *
 * The question is `. NS`. Any response from the address that was asked, with
 * the identifier that was sent, is an answer, whatever it says. Each server is
 * asked up to three times in four seconds.
 *
 * The owner sets the targets. done() runs once, from the loop.
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_DNS_PROOF_H
#define MXCENSUS_COORDINATOR_NETWORK_DNS_PROOF_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/prefix.h"

#define DNS_PROOF_MAX 32	/* servers in one proof */

struct dns_proof {
	/* The owner sets these. */
	struct ev_loop	*ev;
	bool		 recursive;	/* RD: the servers are forwarders */
	struct dns_proof_target {
		struct address	address;
		bool		is_recent;	/* the owner's own note */
		bool		answered;
		int		error;		/* of our own call; 0: none */
		int		milliseconds;	/* round trip, if answered */
		uint16_t	id;
	}		 targets[DNS_PROOF_MAX];
	size_t		 count;
	void		(*done)(struct dns_proof *);
	/* Private. */
	bool		 is_busy;
	int		 sockets[2];	/* IPv4, IPv6; -1: none */
	ev_io		 readable[2];
	ev_timer	 again;
	unsigned	 rounds;
	int64_t		 sent_ms;	/* the latest round */
};

/* The struct is zeroed except for what the owner sets. It may have no
 * targets. */
void	dns_proof_start(struct dns_proof *);
/* done() does not run after this call, which may be repeated. */
void	dns_proof_cancel(struct dns_proof *);

struct dns_proof_count {
	size_t	asked, answered;
	int	error;		/* of our own calls, if all failed by one; 0 */
	int	milliseconds;	/* the slowest answer; -1: none */
};

/* Counts the targets of a family (4 or 6). */
struct dns_proof_count dns_proof_count(const struct dns_proof *, int family);
/* Do fewer than two thirds answer? Then this machine does not reach name
 * servers over this family. Returns false if no server was asked. */
bool	dns_proof_fails(const struct dns_proof_count *);

#endif
