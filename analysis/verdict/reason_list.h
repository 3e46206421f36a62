/* reason_list: the column `reasons` of outcomes, "<sender>:<host>:<value>" each,
 * sorted. */
#ifndef MXCENSUS_ANALYSIS_VERDICT_REASON_LIST_H
#define MXCENSUS_ANALYSIS_VERDICT_REASON_LIST_H

#include "analysis/verdict/verdict.h"
#include "scanner/base/buffer.h"

/* The most reasons in one row: a stranger's hundred names must not make a
 * record that no reader takes (table_reader.h). */
#define REASON_LIST_MAX	((size_t)64 * 1024)

/* Compares like the texts in the column, where a colon follows each name. */
int	reason_list_compare(const char *, const char *);
/* Sorts the reasons in the order of the column. */
void	reason_list_sort(struct reasons *);
/* Writes sorted reasons into `text`, which it empties first. At the maximum the
 * text is cut between two reasons. */
void	reason_list_spell(const struct reasons *, struct buffer *text);

#endif
