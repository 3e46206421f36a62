/*
 * lane: what every lane must do. It is private to dns/ and its folders; askers
 * know only lookup.h.
 *
 * A lane embeds this struct. It takes a lookup over in ask(), fills its answer,
 * and hands it back with lookup_end(), from the loop and never from ask().
 * After cancel() it has forgotten the lookup.
 */
#ifndef MXCENSUS_DNS_LANE_H
#define MXCENSUS_DNS_LANE_H

#include "scanner/dns/lookup.h"

struct lane {
	enum lane_kind	 kind;
	void		(*ask)(struct lane *, struct lookup *);
	void		(*cancel)(struct lane *, struct lookup *);
};

/* Calls done(), which may free the lookup, and frees the packet of the answer. */
void	lookup_end(struct lookup *);

#endif
