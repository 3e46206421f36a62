/*
 * lookup: one question to a lane, embedded in the object that asks.
 *
 * A lane is a way to get answers; the lane in dns/recursive/ uses full
 * recursion. The worker opens and owns a lane, which outlives its lookups.
 *
 * done() runs exactly once, from the event loop and never from lookup_start().
 * After lookup_cancel() it does not run at all. The lookup owns the name and
 * the answer, which are valid until done() returns; the asker must copy what it
 * needs later (answer_facts.h). done() may free the lookup, or start it again.
 *
 * There are tens of thousands of lookups at a time, so a lookup in flight is
 * small: it has its name in as few bytes as possible, and no answer.
 */
#ifndef MXCENSUS_DNS_LOOKUP_H
#define MXCENSUS_DNS_LOOKUP_H

#include "parsers/dns_message.h"
#include "parsers/prefix.h"
#include "scanner/base/facts.h"
#include "scanner/base/list.h"

#define BOGUS_TEXT_MAX 256
#define ASKED_MAX 4

struct delegation;
struct lane;
struct latency;

/* What a lane says about its own answer: may it be believed, or should another
 * lane be asked? */
enum answer_verdict {
	VERDICT_ANSWERED,	/* records, a denial, or bogus records */
	VERDICT_ODD,		/* the answers of servers make no sense */
	VERDICT_SERVERS_FAILED,	/* no server answered, or not in time */
};

struct answer {
	enum lookup_status	 status;
	enum lane_kind		 lane;		/* the lane that answered */
	enum answer_verdict	 verdict;
	enum oddity		 oddity;	/* of VERDICT_ODD; only the
						 * direct lane has those after
						 * RCODE */
	/* The status of the whole chain of aliases; UNCHECKED if there was no
	 * answer. */
	enum dnssec		 dnssec;
	char			 bogus_text[BOGUS_TEXT_MAX];	/* "" if none */
	enum bogus_reason	 bogus_reason;	/* of LOOKUP_BOGUS */
	/* The end of the CNAME chain; the name of the question if there is
	 * none. */
	uint8_t			 canonical[NAME_WIRE_MAX];
	bool			 has_cname;
	unsigned		 aliases;	/* CNAMEs in the chain */
	/* RFC 4034 3.1.3: a signature over the RRset has fewer labels than its
	 * owner: it was expanded from a wildcard. */
	bool			 is_wildcard;
	unsigned		 wildcard_labels;	/* of its parent */
	bool			 has_signature;	/* signatures over it, good or
						 * not */
	/* Direct lane: the zone and its delegation have different name servers,
	 * but at least one in common. */
	bool			 delegation_differs;
	/* Direct lane: the servers that were asked, and how many packets each
	 * got. */
	struct asked_server {
		struct address	 address;
		unsigned	 questions;
	}			 asked[ASKED_MAX];
	unsigned		 asked_count;
	unsigned		 count;	/* records of the type at `canonical` */
	uint32_t		 ttl;	/* seconds, the lowest of the answer */
	unsigned		 milliseconds;
	uint8_t			*packet;	/* NULL unless FOUND, NODATA or
						 * NXDOMAIN was read from it */
	size_t			 packet_length;
};

struct lookup {
	struct answer	*answer;	/* while done() runs */
	uint8_t		*name;		/* the same, and while it is asked */
	void		(*done)(struct lookup *);
	/* Private to dns/. */
	struct lane	*lane;		/* NULL: not started, or done */
	const struct delegation *delegation;
	struct question	*question;	/* of the lane; NULL while the lookup
					 * waits, or when it is answered */
	struct list	 link;		/* of the lane: while it waits, or when
					 * it is answered */
	int64_t		 started_ms;	/* when the lane asked; 0: it waits */
	uint16_t	 type;
};

/* Asks for `type` at a wire name. The delegation may be NULL if it is unknown;
 * it outlives the lookup. */
void	lookup_start(struct lookup *, struct lane *, const struct delegation *,
	    const uint8_t *name, uint16_t type, void (*done)(struct lookup *));
/* Legal at any time, also for a zeroed lookup or one that is done. */
void	lookup_cancel(struct lookup *);
static inline bool
lookup_is_busy(const struct lookup *lookup)
{
	return lookup->lane != NULL;
}

/* From now on counts how long the answers of the lane took. The counts outlive
 * the lane. */
void	lane_count_latency(struct lane *, struct latency *);

/* The records of the answer: walk->message zeroed by answer_open. */
struct answer_walk {
	struct dns_message	 message;
	struct dns_record	 record;
};

/* Returns false if there is no answer or it has no packet. */
bool	answer_open(const struct lookup *, struct answer_walk *);
/* The next record of the type asked for at the canonical name, class IN. */
bool	answer_next(const struct lookup *, struct answer_walk *);

#endif
