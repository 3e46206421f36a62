/*
 * starts: RUN/.work/starts, which holds when each attempt at an (address, SNI) has
 * started (RULES K2). It is noted before the connection, so that a crash does
 * not make a server have two sessions within --retry-after.
 *
 * One owner: the run. A line is "address sni attempt milliseconds".
 */
#ifndef MXCENSUS_RUN_STARTS_H
#define MXCENSUS_RUN_STARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/run/folder.h"

struct starts;

/* Reads what earlier processes noted, and opens the file for more. NULL with
 * errno. */
struct starts *starts_open(struct folder *);
void	starts_close(struct starts *);
/* False with errno. What is noted is kept when starts_flush returns true. */
bool	starts_note(struct starts *, const struct address *, const char *sni,
	    uint8_t attempt, int64_t now_ms);
bool	starts_flush(struct starts *);
/* When an earlier process has started this attempt last; INT64_MIN: it has not. */
int64_t	starts_last(const struct starts *, const struct address *,
	    const char *sni, uint8_t attempt);

#endif
