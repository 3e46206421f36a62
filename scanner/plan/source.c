/* source: the sources of a plan, and which of several zone files counts. */
#include <string.h>

#include "scanner/plan/planner.h"

size_t
source_count(const struct options *options)
{
	return options->argument_count + options->delegations.count;
}

const char *
source_path(const struct options *options, size_t index)
{
	return index < options->argument_count ? options->arguments[index]
	    : options->delegations.paths[index - options->argument_count];
}

/* All zones are above the same name, so the longer the apex, the deeper the
 * zone. 0: the apex is unknown. */
static size_t
depth_of(const struct source *source)
{
	if (source->apex == NULL || source->apex[0] == '\0')
		return 0;
	return strcmp(source->apex, ".") == 0 ? 1 : 1 + strlen(source->apex);
}

bool
source_precedes(const struct plan *plan, uint32_t source, uint32_t other)
{
	const struct source *a = &plan->sources[source];
	const struct source *b = &plan->sources[other];
	size_t depth = depth_of(a), other_depth = depth_of(b);
	uint32_t ahead = a->serial - b->serial;

	if (depth != other_depth)
		return depth > other_depth;
	/* RFC 1982 3.2; if the serials are equal, the first source counts. */
	return ahead != 0 && ahead < (uint32_t)1 << 31;
}
