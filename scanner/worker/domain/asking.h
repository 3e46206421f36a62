/*
 * asking: asks the questions about one domain: when, by which lane, and at what
 * cost.
 *
 * It is embedded in the domain, its only owner. The domain says what to ask,
 * and reads the answers; asking knows nothing of MX or of rows. A domain is
 * admitted by the budget of one of its name servers (budget.h). While it waits
 * for that, it takes no room in the window of the worker. Only this module
 * reads a lane's verdict.
 *
 * In the first attempt a domain whose own name servers may be asked (zones.h) is
 * asked by the direct lane. After an odd answer this question and all later ones
 * go to the recursive lane. An answer says by which lane it came.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_ASKING_H
#define MXCENSUS_WORKER_DOMAIN_ASKING_H

#include "scanner/dns/delegation.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/budget.h"

struct domain_item;
struct job;

enum asking_way {
	ASKING_FIRST,		/* as the first attempt, or the second, does */
	/* A domain that its own servers have answered for (lane_sample.h). Its
	 * turn always comes. */
	ASKING_RECURSIVE,	/* by the recursive lane */
	ASKING_RECURSIVE_AGAIN,	/* by the resolver of the second pass, which
				 * has a cache of its own */
	ASKING_DIRECT_AGAIN,	/* as the first time */
};

struct asking {
	/* Private. */
	struct job		*job;
	const struct domain_item *item;
	enum asking_way		 way;
	bool			 is_direct;	/* the lane of the next
						 * question */
	bool			 is_counted;	/* as odd or failed */
	struct delegation	 delegation;
	struct budget_claim	 claim;
	unsigned		 questions;	/* how many its name server
						 * got */
	void			(*turn)(struct asking *, bool may_ask);
};

/* One question. Its lookup has the answer, which is valid until done()
 * returns. */
struct asking_question {
	struct lookup		 lookup;
	/* Private. */
	struct asking		*asking;
	void			(*done)(struct asking_question *);
};

/* Waits for the domain's turn at its name server. turn() runs once, maybe at
 * once. It says that the domain may be asked now, or, if too many wait for the
 * server, that it must be set aside for a later batch. The item outlives the
 * asking. */
void	asking_begin(struct asking *, struct job *, const struct domain_item *,
	    enum asking_way, void (*turn)(struct asking *, bool may_ask));
/* Asks; legal after the turn. done() runs once, from the loop. */
void	asking_ask(struct asking *, struct asking_question *,
	    const uint8_t *name, uint16_t type,
	    void (*done)(struct asking_question *));
static inline bool
asking_question_is_busy(const struct asking_question *question)
{
	return lookup_is_busy(&question->lookup);
}
/* All questions are answered: settles what they cost. Legal for a zeroed
 * asking. */
void	asking_end(struct asking *);

#endif
