/*
 * lane_fates: what became of the names that the direct lane asked about (RULES
 * L10). Workers count, and the run adds up their counts.
 */
#ifndef MXCENSUS_BASE_LANE_FATES_H
#define MXCENSUS_BASE_LANE_FATES_H

#include <stdint.h>

#include "scanner/base/facts.h"

struct lane_fates {
	uint64_t	asked;			/* names */
	uint64_t	failed;			/* of these, all servers did */
	uint64_t	odd[ODDITY_COUNT];	/* of these, the ones that fell
						 * back, by their first
						 * oddity */
};

#endif
