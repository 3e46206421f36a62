/*
 * wilson: the confidence interval of a share in a sample, by Wilson's score at
 * 95 %. Unlike the normal interval, it stays between 0 and 1, and is meaningful
 * even if the share in a small sample is 0 or 1.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_WILSON_H
#define MXCENSUS_ANALYSIS_OUTCOMES_WILSON_H

#include <stdint.h>

/* The limits are shares between 0 and 1; for an empty sample they are 0 and
 * 1. */
struct interval { double low, high; };

struct interval wilson_interval(uint64_t part, uint64_t whole);

#endif
