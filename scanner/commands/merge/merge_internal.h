/*
 * merge, its sources: the command (merge.c), run.json (account.c), the domains
 * with their MX rows and policies (domains.c), whose rows a host and its
 * addresses have (choosing.c), the rows of hosts, addresses, TLSA records and
 * sessions (hosts.c), certificates and chains (chains.c), and the parts that
 * all of these read and write (parts.c). RULES 14 says what a merged run is.
 *
 * Memory grows with hosts, addresses and sessions, as that of `conclude` does,
 * by about 21 bytes for each domain of B, and with the policies that only the
 * other run saw. Rows go from part to part, one part at a time.
 */
#ifndef MXCENSUS_COMMANDS_MERGE_MERGE_INTERNAL_H
#define MXCENSUS_COMMANDS_MERGE_MERGE_INTERNAL_H

#include "analysis/facts/parts.h"
#include "analysis/places/place_run.h"
#include "scanner/base/keyset.h"
#include "scanner/base/map.h"
#include "scanner/commands/sealed_run.h"
#include "scanner/out/table.h"
#include "scanner/run/folder.h"
#include "scanner/run/tally.h"

/* What run.json says of a merge. */
struct merge_counts {
	uint64_t	 domains, hosts, pairs, sessions;
};

struct merge {
	const char	*to;		/* the path of the merged run */
	struct sealed_run runs[PLACE_COUNT];
	const char	*names[PLACE_COUNT];	/* of the places */
	struct place_run *places[PLACE_COUNT];
	struct folder	 folder;	/* that is made */
	int		 level;		/* of gzip */
	struct tally	 tally;
	struct merge_counts kept[PLACE_COUNT], left_out;
	/* "ADDRESS SNI": which run its sessions are of. */
	struct map	*sessions;
	/* The chains of sessions that are kept, and their certificates. */
	struct keyset	*chains, *certificates;
	bool		 not_written;	/* it failed to write, not to read */
};

/* Each function returns false after a line. */
bool	merge_domains(struct merge *);
void	merge_choose(struct merge *);
bool	merge_hosts(struct merge *);
bool	merge_chains(struct merge *);
bool	merge_rejects(struct merge *);
/* Makes run.json of the merged run. */
void	merge_describe(struct merge *, struct run_json *);
/* Which run has the sessions with a server name at an address? False: neither,
 * or the other one. */
bool	merge_has_session(const struct merge *, enum place, const char *address,
	    const char *sni);

/* Parts ******************************************************************* */

/* The parts of a sequence of batches in the merged run: those of A, and behind
 * them those of B. */
bool	merge_base(struct merge *, const enum table_id *tables, size_t count,
	    uint64_t *base);
/* "part-000042.csv.gz"; false after a line. */
bool	merge_part_number(const struct merge *, enum place, enum table_id,
	    const char *part, uint64_t *number);
/* Writes the rows of the table as a part. */
bool	merge_write(struct merge *, enum table_id, uint64_t number,
	    struct table *);
/* Adds a row to the table as it is, with the name of its place. A `vantage` of
 * -1 says that the table has no such column. */
void	merge_copy(const struct merge *, enum place, struct table *,
	    const struct table_reader *, enum table_id, int vantage);

/* A walk over the parts of a table, each of which is written as one part, even
 * if nothing is left of it: it may be the key part of others
 * (docs/schema.md). */
struct merge_walk {
	struct merge	*merge;
	enum place	 place;
	enum table_id	 table;
	uint64_t	 base;		/* of B */
	bool		 is_key;	/* else a part without rows is not
					 * written */
	/* Adds the row, or leaves it out. False after a line. */
	bool		(*take)(struct merge_walk *, struct table *,
			    const struct table_reader *);
};

bool	merge_walk(struct merge_walk *);

#endif
