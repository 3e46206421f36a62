/*
 * wilson: the interval of a share that a sample has, by Wilson's score at 95 %.
 * Unlike the normal interval, it stays between 0 and 1, and says something
 * where none or all of a small sample have what is counted.
 */
#ifndef MXCENSUS_ANALYSIS_OUTCOMES_WILSON_H
#define MXCENSUS_ANALYSIS_OUTCOMES_WILSON_H

#include <stdint.h>

/* As shares between 0 and 1; 0 and 1 of an empty sample. */
struct interval { double low, high; };

struct interval wilson_interval(uint64_t part, uint64_t whole);

#endif
