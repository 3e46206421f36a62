/*
 * lookup: one question to the resolver, embedded in the object that asks.
 *
 * done() runs exactly once, from the event loop and never from lookup_start();
 * after lookup_cancel() it does not run at all. The answer is the lookup's own
 * copy (libunbound's packet buffer is shared) and is valid until done() returns.
 */
#ifndef MXCENSUS_DNS_LOOKUP_H
#define MXCENSUS_DNS_LOOKUP_H

#include "parsers/dns_message.h"
#include "scanner/base/facts.h"
#include "scanner/base/list.h"

#define BOGUS_TEXT_MAX 256

struct resolver;
struct question;

struct answer {
	enum lookup_status	 status;
	/* Of the whole chain of aliases; UNCHECKED where there was no answer. */
	enum dnssec		 dnssec;
	char			 bogus_text[BOGUS_TEXT_MAX];	/* "" if none */
	/* The end of the CNAME chain; the question's name without one. */
	uint8_t			 canonical[NAME_WIRE_MAX];
	bool			 has_cname;
	/* RFC 4034 3.1.3: a signature over the RRset has fewer labels than its
	 * owner: it was expanded from a wildcard. */
	bool			 is_wildcard;
	bool			 has_signature;	/* over it, good or not */
	unsigned		 count;	/* records of the type at `canonical` */
	uint32_t		 ttl;	/* seconds, the lowest of the answer */
	unsigned		 milliseconds;
	uint8_t			*packet;	/* NULL unless FOUND, NODATA or
						 * NXDOMAIN was read from it */
	size_t			 packet_length;
};

struct lookup {
	struct answer	 answer;
	uint16_t	 type;
	uint8_t		 name[NAME_WIRE_MAX];
	void		(*done)(struct lookup *);
	/* Private. */
	struct resolver	*resolver;	/* NULL: not started, or done */
	struct question	*question;	/* NULL while it waits or is answered */
	struct list	 link;		/* waiting, or answered */
	int64_t		 started_ms;
};

/* Asks for `type` at a wire name. */
void	lookup_start(struct lookup *, struct resolver *, const uint8_t *name,
	    uint16_t type, void (*done)(struct lookup *));
/* Legal at any time, also for a lookup of zeroes or one that is done. */
void	lookup_cancel(struct lookup *);
static inline bool
lookup_is_busy(const struct lookup *lookup)
{
	return lookup->resolver != NULL;
}

/* The records of the answer: walk->message zeroed by answer_open. */
struct answer_walk {
	struct dns_message	 message;
	struct dns_record	 record;
};

/* False where there is no packet. */
bool	answer_open(const struct lookup *, struct answer_walk *);
/* The next record of the type asked for at the canonical name, class IN. */
bool	answer_next(const struct lookup *, struct answer_walk *);

#endif
