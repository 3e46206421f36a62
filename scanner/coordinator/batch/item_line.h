/*
 * item_line: domains or hosts that wait to go into a batch, first come, first
 * served. They are stored as items, in the form in which a batch hands them
 * out. The queue that embeds a line owns it. A zeroed line is empty.
 *
 * A line with a spill keeps its first and its last items in memory; if there
 * are many items between them, those wait in the file.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_ITEM_LINE_H
#define MXCENSUS_COORDINATOR_BATCH_ITEM_LINE_H

#include <stdint.h>

#include "scanner/coordinator/batch/spill.h"
#include "scanner/message/item.h"

struct item_line {
	/* NULL: none. The only field that others set, while it is empty. */
	struct spill	*spill;
	uint64_t	count;
	struct item_part {
		struct buffer	items;
		size_t		at;	/* where the first waiting item
					 * begins */
		uint64_t	count;
	}		first, last;
	struct item_block {
		uint64_t	offset, count;
		size_t		length;
	}		*blocks;	/* in the file, between them */
	size_t		block_at, block_count, block_size;
};

void	item_line_put_domain(struct item_line *, const struct domain_item *);
void	item_line_put_host(struct item_line *, const struct host_item *);
/* Moves up to `most` items to the end of `input`. Returns how many it moved. It
 * moves fewer than there are only if the spill has failed. */
uint32_t item_line_take_domains(struct item_line *, uint32_t most,
	    struct buffer *input);
uint32_t item_line_take_hosts(struct item_line *, uint32_t most,
	    struct buffer *input);
/* Empties the line; its spill stays. */
void	item_line_fini(struct item_line *);

#endif
