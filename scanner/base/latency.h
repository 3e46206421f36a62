/*
 * latency: how long things took, as counts in a few classes, so that a monitor
 * can tell the median and the slowest (docs/monitoring.md). Workers count, and
 * the coordinator adds up.
 */
#ifndef MXCENSUS_BASE_LATENCY_H
#define MXCENSUS_BASE_LATENCY_H

#include <stdint.h>

/* What is measured: lookups by lane, from the first packet to the answer or to
 * the time limit; and SMTP sessions, from connect to close. */
enum latency_kind { LATENCY_DIRECT, LATENCY_RECURSIVE, LATENCY_SESSION,
	LATENCY_KINDS };

#define LATENCY_CLASSES	15	/* the last one has no limit */

struct latency {
	uint64_t	count[LATENCY_CLASSES];
	uint64_t	sum_ms;
};

/* The limits of the classes but the last, in milliseconds. A class has what took
 * as long as its limit, or less, and longer than the limit before. */
extern const uint64_t latency_limits_ms[LATENCY_CLASSES - 1];

void	latency_note(struct latency *, uint64_t milliseconds);
void	latency_add(struct latency *, const struct latency *more);
uint64_t latency_count(const struct latency *);

#endif
