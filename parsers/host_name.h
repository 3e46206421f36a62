/*
 * host_name: the name of a domain or a host that a person wrote into a list.
 * Anything else is refused, with a hint about what is probably meant.
 */
#ifndef MXCENSUS_PARSERS_HOST_NAME_H
#define MXCENSUS_PARSERS_HOST_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/name.h"

#define HOST_NAME_WHY_MAX	192

/* Labels have letters, digits, hyphens and underscores, and the last one is not
 * all digits. One final dot is allowed. U-labels are legal (they become
 * A-labels, RULES I7). A single label needs its final dot: `uk.`, since a word
 * is more often a comment than a top-level domain. The name is in canonical
 * text form. If it returns false, `why` says what is wrong. */
bool	host_name_read(const char *text, size_t length,
	    char name[NAME_TEXT_MAX], char why[HOST_NAME_WHY_MAX]);

#endif
