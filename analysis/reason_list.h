/* reason_list: the column `reasons` of outcomes, "<sender>:<host>:<value>" each,
 * sorted. */
#ifndef MXCENSUS_ANALYSIS_REASON_LIST_H
#define MXCENSUS_ANALYSIS_REASON_LIST_H

#include "analysis/verdict.h"
#include "scanner/base/buffer.h"

/* Room that is used again for the next; zeroed, it is empty. */
struct reason_list {
	char		**lines;
	size_t		 size;
	struct buffer	 bytes, text;
};

/* Good until the next call. */
const char *reason_list_text(struct reason_list *, const struct reasons *);
void	reason_list_fini(struct reason_list *);

#endif
