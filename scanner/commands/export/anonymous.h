/*
 * anonymous: the rows and the run.json of a run without addresses, and without
 * what servers say of themselves.
 *
 * An address becomes a number by a keyed hash, the same wherever it stands in
 * the run, so that joins hold; the key is drawn for one export and never
 * written, so that no list of addresses leads back. Names stay: who resolves
 * them finds addresses, of that day.
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

/* Has any column of the table something to be left out? Else rows are as they
 * were. */
bool	anonymous_changes(enum table_id);
/* Adds the row without it. */
void	anonymous_row(const struct anonymous *, enum table_id, struct table *,
	    const struct table_reader *);
/* Changes run.json, and says there that it is anonymous. */
void	anonymous_run(const struct anonymous *, json_t *run);
/* Is there an IPv4 or IPv6 address in the text, not part of a longer row of
 * numbers (an OID)? */
bool	holds_address(const char *text);

#endif
