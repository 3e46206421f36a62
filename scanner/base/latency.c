#include "scanner/base/latency.h"

#include <stddef.h>

const uint64_t latency_limits_ms[LATENCY_CLASSES - 1] = {
	5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000,
	120000,
};

void
latency_note(struct latency *latency, uint64_t milliseconds)
{
	size_t i = 0;

	while (i < LATENCY_CLASSES - 1 && milliseconds > latency_limits_ms[i])
		i++;
	latency->count[i]++;
	latency->sum_ms += milliseconds;
}

void
latency_add(struct latency *latency, const struct latency *more)
{
	for (size_t i = 0; i < LATENCY_CLASSES; i++)
		latency->count[i] += more->count[i];
	latency->sum_ms += more->sum_ms;
}

uint64_t
latency_count(const struct latency *latency)
{
	uint64_t count = 0;

	for (size_t i = 0; i < LATENCY_CLASSES; i++)
		count += latency->count[i];
	return count;
}
