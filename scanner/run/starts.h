/*
 * starts: RUN/.work/starts, which records when each attempt at an (address,
 * SNI) started (RULES K2: sessions). The start is noted before the connection,
 * so that after a crash no server has two sessions within --retry-after.
 *
 * The run owns it. A line is "address sni attempt milliseconds".
 */
#ifndef MXCENSUS_RUN_STARTS_H
#define MXCENSUS_RUN_STARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/prefix.h"
#include "scanner/run/folder.h"

struct starts;

/* Reads the notes of earlier processes, and opens the file for more. Returns
 * NULL with errno. */
struct starts *starts_open(struct folder *);
void	starts_close(struct starts *);
/* Notes a start. The note is safe once starts_flush has returned true. If that
 * returns false with errno, the notes since the previous flush are
 * forgotten. */
void	starts_note(struct starts *, const struct address *, const char *sni,
	    uint8_t attempt, int64_t now_ms);
bool	starts_flush(struct starts *);
/* Returns when an earlier process last started this attempt; INT64_MIN if none
 * did. */
int64_t	starts_last(const struct starts *, const struct address *,
	    const char *sni, uint8_t attempt);

#endif
