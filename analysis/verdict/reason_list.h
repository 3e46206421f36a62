/* reason_list: the column `reasons` of outcomes, "<sender>:<host>:<value>" each,
 * sorted. */
#ifndef MXCENSUS_ANALYSIS_VERDICT_REASON_LIST_H
#define MXCENSUS_ANALYSIS_VERDICT_REASON_LIST_H

#include "analysis/verdict/verdict.h"
#include "scanner/base/buffer.h"

/* Of one row: a stranger's hundred names must not make a record that no reader
 * takes (table_reader.h). */
#define REASON_LIST_MAX	((size_t)64 * 1024)

/* As names and texts sort where each is followed by the colon. */
int	reason_list_compare(const char *, const char *);
/* In the order of the column. */
void	reason_list_sort(struct reasons *);
/* Spells sorted reasons into `text`, which it empties; cut between two of them at
 * the maximum. */
void	reason_list_spell(const struct reasons *, struct buffer *text);

#endif
