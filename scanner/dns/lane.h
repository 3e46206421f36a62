/*
 * lane: the interface that every lane implements. It is private to dns/ and its
 * folders; askers know only lookup.h.
 *
 * A lane embeds this struct. It takes a lookup over in ask(), gives it an
 * answer with lookup_new_answer(), fills that, and hands the lookup back with
 * lookup_end(), from the loop and never from ask(). After cancel() it has no
 * reference to the lookup.
 */
#ifndef MXCENSUS_DNS_LANE_H
#define MXCENSUS_DNS_LANE_H

#include "scanner/dns/lookup.h"

struct lane {
	enum lane_kind	 kind;
	struct latency	*latency;	/* of its answers; NULL: not counted */
	void		(*ask)(struct lane *, struct lookup *);
	void		(*cancel)(struct lane *, struct lookup *);
};

/* Gives the lookup an answer that says nothing yet, and returns it. The lookup
 * owns it. */
struct answer *lookup_new_answer(struct lookup *);
/* Takes the answer away; NULL is legal. */
void	lookup_drop_answer(struct lookup *);
/* Calls done(), which may free the lookup, and frees name and answer. */
void	lookup_end(struct lookup *);

#endif
