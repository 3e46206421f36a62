/* vantage_name: the name of a place (--vantage): for people, for a column of
 * words, and for run.json of a run that a stranger may have made. */
#ifndef MXCENSUS_OPTIONS_VANTAGE_NAME_H
#define MXCENSUS_OPTIONS_VANTAGE_NAME_H

#include <stdbool.h>

/* A letter, and at most 31 letters, digits, hyphens, underscores and dots. There
 * are at most two dots: a name is never an address, which an anonymous export
 * must not have. */
bool	vantage_name_is_good(const char *);

#endif
