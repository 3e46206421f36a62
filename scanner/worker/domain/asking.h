/*
 * asking: how the questions about one domain are asked: when, by which lane, and
 * what they cost.
 *
 * It is embedded in the domain, its only owner, which says what to ask and reads
 * the answers. It knows nothing of MX or of rows. Admission is the budget of one
 * of the domain's name servers (budget.h); while a domain waits for it, it takes
 * no room in the window of the worker. Nobody else reads a lane's verdict.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_ASKING_H
#define MXCENSUS_WORKER_DOMAIN_ASKING_H

#include "scanner/dns/delegation.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/budget.h"

struct domain_item;
struct job;

struct asking {
	/* Private. */
	struct job		*job;
	struct delegation	 delegation;
	struct budget_claim	 claim;
	unsigned		 questions;	/* that its name server got */
	void			(*turn)(struct asking *, bool may_ask);
};

/* One question. Its lookup has the answer; it is valid until done() returns. */
struct asking_question {
	struct lookup		 lookup;
	/* Private. */
	struct asking		*asking;
	void			(*done)(struct asking_question *);
};

/* Waits for the domain's turn at its name server. turn() runs once, perhaps at
 * once: the domain may be asked now, or, where too many wait for that server, is
 * to be set aside for a later batch. The item outlives the asking. */
void	asking_begin(struct asking *, struct job *, const struct domain_item *,
	    void (*turn)(struct asking *, bool may_ask));
/* Asks; legal after the turn. done() runs once, from the loop. */
void	asking_ask(struct asking *, struct asking_question *,
	    const uint8_t *name, uint16_t type,
	    void (*done)(struct asking_question *));
static inline bool
asking_question_is_busy(const struct asking_question *question)
{
	return lookup_is_busy(&question->lookup);
}
/* All questions are answered: settles what they cost. Legal for zeroes. */
void	asking_end(struct asking *);

#endif
