#include "scanner/coordinator/limits.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "scanner/base/log.h"
#include "scanner/base/plural.h"
#include "scanner/message/item.h"

#define BATCHES_LEAST	4
#define BATCHES_MOST	64
#define FILES_LEAST	512	/* the plan by itself has 256 open */

bool
limits_raise(const struct options *options, struct limits *limits)
{
	struct rlimit limit = { .rlim_cur = 1024 };
	uint64_t sessions;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < FILES_LEAST) {
		log_line("only %ju %s may be open at a time, and %d are "
		    "needed: raise the limit (ulimit -n)",
		    (uintmax_t)limit.rlim_cur, plural(limit.rlim_cur, "file",
		    "files"), FILES_LEAST);
		return false;
	}
	limits->files = limit.rlim_cur;
	sessions = limit.rlim_cur / 4 * options->workers;
	limits->sessions = sessions < options->probes ? sessions
	    : options->probes;
	if (sessions < options->probes)
		log_line("--probes %" PRIu64 " is more than the limit of open "
		    "files allows: %" PRIu64 " (ulimit -n)", options->probes,
		    sessions);
	return true;
}

/* A batch has its input and its outputs open, in the coordinator and in its
 * worker. */
unsigned
limits_batches_a_worker(const struct limits *limits,
    const struct options *options)
{
	uint64_t batches = limits->files / 2 / (JOB_OUTPUTS_MAX + 1) /
	    (options->workers + 2);

	return batches < BATCHES_LEAST ? BATCHES_LEAST
	    : batches > BATCHES_MOST ? BATCHES_MOST : (unsigned)batches;
}
