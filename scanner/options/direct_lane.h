/*
 * direct_lane: do the options allow that name servers are asked directly (RULES
 * L1, L3)?
 */
#ifndef MXCENSUS_OPTIONS_DIRECT_LANE_H
#define MXCENSUS_OPTIONS_DIRECT_LANE_H

#include <stdbool.h>

struct options;

/* Without a look at the file of --trust-anchor. */
bool	direct_lane_is_wanted(const struct options *);
/* With one: it opens the file. */
bool	direct_lane_is_allowed(const struct options *);

#endif
