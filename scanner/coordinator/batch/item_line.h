/*
 * item_line: domains or hosts that wait to go into a batch, first come, first
 * served. They are stored as items, in the form in which a batch hands them
 * out. The queue that embeds a line owns it. A zeroed line is empty.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_ITEM_LINE_H
#define MXCENSUS_COORDINATOR_BATCH_ITEM_LINE_H

#include <stdint.h>

#include "scanner/message/item.h"

struct item_line {
	struct buffer	items;
	size_t		at;		/* where the first waiting item
					 * begins */
	uint64_t	count;
};

void	item_line_put_domain(struct item_line *, const struct domain_item *);
void	item_line_put_host(struct item_line *, const struct host_item *);
/* Moves up to `most` items to the end of `input`. Returns how many it moved. */
uint32_t item_line_take_domains(struct item_line *, uint32_t most,
	    struct buffer *input);
uint32_t item_line_take_hosts(struct item_line *, uint32_t most,
	    struct buffer *input);
static inline size_t
item_line_bytes(const struct item_line *line)
{
	return line->items.length - line->at;
}
void	item_line_fini(struct item_line *);

#endif
