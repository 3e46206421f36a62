/*
 * asking: asks the questions about one name, a domain or an MX host: when, by
 * which lane, and at what cost.
 *
 * It is embedded in the domain or host, its only owner. The owner says what to
 * ask, and reads the answers; asking knows nothing of MX or of rows. A name is
 * admitted by the budget of one of the name servers of its delegation
 * (budget.h). While it waits for that, it takes no room in the window of the
 * worker. Only this module reads a lane's verdict.
 *
 * In the first attempt a name is asked by the direct lane if the name servers of
 * its delegation may be asked (zones.h), and somebody vouches for its DS records,
 * if it has some (ds_vouch.h). A name from a list is asked there if its parent
 * zone has said who they are, and they have budget left. After an odd answer this question and
 * all later ones go to the recursive lane. An answer says by which lane it came.
 */
#ifndef MXCENSUS_WORKER_ASKING_H
#define MXCENSUS_WORKER_ASKING_H

#include "scanner/dns/delegation.h"
#include "scanner/dns/lookup.h"
#include "scanner/message/servers.h"
#include "scanner/worker/budget.h"
#include "scanner/worker/ds_vouch.h"

struct job;

/* The subject of the questions. The texts and bytes outlive the asking. */
struct asking_subject {
	const char	*name;		/* chooses the server that is charged */
	const char	*delegation;	/* the delegated name: the name itself,
					 * or one above it */
	struct item_servers servers;	/* of the delegation; none: unknown,
					 * and the name waits for nobody */
	bool		 is_unsigned;	/* the delegation is in force and has no
					 * DS, as its zone file says */
	struct item_ds	 ds;		/* it is in force and has these */
	/* The servers of the parent zone have said so just now, not a zone file
	 * (RULES L46): the DS are verified, and the name waits for nobody. */
	bool		 is_of_parent;
};

enum asking_way {
	ASKING_FIRST,		/* as the first attempt, or the second, does */
	/* A domain whose own servers have answered (domain/lane_sample.h). Its
	 * turn always comes. */
	ASKING_RECURSIVE,	/* by the recursive lane */
	ASKING_RECURSIVE_AGAIN,	/* by the resolver of the second pass, which
				 * has a cache of its own */
	ASKING_DIRECT_AGAIN,	/* as the first time */
};

struct asking {
	/* Private. */
	struct job		*job;
	const char		*name;		/* of the subject */
	unsigned		 questions;	/* how many its name server
						 * got */
	enum asking_way		 way : 8;
	enum ds_source		 ds_source : 8;	/* of the DS in `delegation` */
	/* Of a zone with DS: the recursive lane asks for them itself. */
	bool			 needs_keys : 1;
	bool			 is_direct : 1;	/* the lane of the next
						 * question */
	bool			 is_counted : 1;	/* as odd or failed */
	bool			 is_of_parent : 1;	/* the delegation */
	bool			 is_trying : 1;	/* the question is one of
						 * asking_try() */
	struct delegation	 delegation;
	struct budget_claim	 claim;
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

/* Waits for the name's turn at its name server. turn() runs once, maybe at
 * once. It says that the name may be asked now, or, if too many wait for the
 * server, that it must be set aside for a later batch. */
void	asking_begin(struct asking *, struct job *,
	    const struct asking_subject *, enum asking_way,
	    void (*turn)(struct asking *, bool may_ask));
/* Asks; legal after the turn. done() runs once, from the loop. */
void	asking_ask(struct asking *, struct asking_question *,
	    const uint8_t *name, uint16_t type,
	    void (*done)(struct asking_question *));
/* Is the next question one for the direct lane, below a delegation with DS? */
bool	asking_is_secure(const struct asking *);
/* Asks the direct lane, while asking_is_secure() and no other question is under
 * way, about a name above the one that counts. This is never put to the recursive
 * lane; but if the response is odd, and does not say that the name is there, all
 * later questions are. */
void	asking_try(struct asking *, struct asking_question *,
	    const uint8_t *name, uint16_t type,
	    void (*done)(struct asking_question *));
static inline bool
asking_question_is_busy(const struct asking_question *question)
{
	return lookup_is_busy(&question->lookup);
}
/* Returns who vouches for the DS records on which the direct lane's answers
 * depend. */
static inline enum ds_source
asking_ds_source(const struct asking *asking)
{
	return asking->ds_source;
}
/* All questions are answered: settles what they cost. Legal for a zeroed
 * asking. */
void	asking_end(struct asking *);

#endif
