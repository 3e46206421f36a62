/*
 * second_pass: items whose first lookup failed. They are asked again after
 * --retry-after, so that a passing fault is over, and a minute more, so that
 * nothing is cached. Each batch gets a part of them, since deferred names wait
 * for few servers, of which each worker has a share. The queue that embeds it
 * owns it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_SECOND_PASS_H
#define MXCENSUS_COORDINATOR_WORK_SECOND_PASS_H

#include "scanner/base/list.h"
#include "scanner/coordinator/batch/item_line.h"
#include "scanner/options/options.h"

/* The time of failure for items whose batch in the second pass was lost. */
#define ALREADY_DUE	0

struct second_pass {
	struct item_line line;
	struct list	 groups;	/* of the items in line, in its order */
};

void	second_pass_init(struct second_pass *);
void	second_pass_fini(struct second_pass *);

/* Queues an item that has failed. */
void	second_pass_put_domain(struct second_pass *, const struct options *,
	    const struct domain_item *, int64_t failed_ms);
void	second_pass_put_host(struct second_pass *, const struct options *,
	    const struct host_item *, int64_t failed_ms);
/* Moves the next batch of items that are due to the end of `input`. Returns how
 * many. */
uint32_t second_pass_take_domains(struct second_pass *,
	    const struct options *, int64_t now_ms, struct buffer *input);
uint32_t second_pass_take_hosts(struct second_pass *, const struct options *,
	    int64_t now_ms, struct buffer *input);
/* When the first items are due; INT64_MAX: the queue is empty. */
int64_t	second_pass_due_ms(const struct second_pass *);

#endif
