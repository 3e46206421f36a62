#include "scanner/coordinator/work/second_pass.h"

#define WAIT_MOST_MS	60000
#define PART_LEAST	64	/* if there are that many */
#define PART_MOST	1024

bool
second_pass_is_due(struct second_pass *pass, const struct options *options,
    int64_t now_ms)
{
	int64_t wait = (int64_t)options->retry_after_ms;

	if (pass->line.count == 0) {
		pass->due_ms = 0;
		return false;
	}
	if (pass->due_ms == 0)
		pass->due_ms = now_ms + (wait < WAIT_MOST_MS ? wait
		    : WAIT_MOST_MS);
	return now_ms >= pass->due_ms;
}

uint32_t
second_pass_part(const struct second_pass *pass, const struct options *options)
{
	uint64_t part = pass->line.count / options->workers + 1;

	return part < PART_LEAST ? PART_LEAST : part > PART_MOST ? PART_MOST
	    : (uint32_t)part;
}
