/*
 * anonymous: makes the rows and the run.json of a run anonymous: without
 * addresses, and without what servers say about themselves.
 *
 * A keyed hash turns an address into a number that is the same everywhere in
 * the run, so that joins still work. The key is random for each export and
 * never written, so that a list of addresses cannot be matched. Names stay:
 * resolving them gives addresses, but those of a later day.
 */
#ifndef MXCENSUS_COMMANDS_EXPORT_ANONYMOUS_H
#define MXCENSUS_COMMANDS_EXPORT_ANONYMOUS_H

#include <jansson.h>
#include <stdbool.h>

#include "scanner/base/siphash.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

struct anonymous {
	struct siphash_key key;
};

void	anonymous_init(struct anonymous *);
/* Overwrites the key. */
void	anonymous_fini(struct anonymous *);

/* Does the table have a column that must be left out? If not, its rows stay
 * unchanged. */
bool	anonymous_changes(enum table_id);
/* Adds the row without these columns. */
void	anonymous_row(const struct anonymous *, enum table_id, struct table *,
	    const struct table_reader *);
/* Changes run.json, and records there that the run is anonymous. */
void	anonymous_run(const struct anonymous *, json_t *run);
/* Does the text contain an IPv4 or IPv6 address that is not part of a longer
 * sequence of numbers (an OID)? */
bool	holds_address(const char *text);

#endif
