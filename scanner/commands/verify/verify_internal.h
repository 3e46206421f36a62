/* verify, its sources: the tables (verify.c), the files (files.c), the places of
 * a merged run (places.c). */
#ifndef MXCENSUS_COMMANDS_VERIFY_VERIFY_INTERNAL_H
#define MXCENSUS_COMMANDS_VERIFY_VERIFY_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scanner/base/buffer.h"
#include "scanner/base/keyset.h"
#include "scanner/out/columns.h"
#include "scanner/out/table_reader.h"
#include "scanner/run/run_json.h"

#define VERIFY_SHOWN	1000	/* violations; the rest is counted */
#define VERIFY_PLACES	2	/* of a merged run */

/* Names in a folder, sorted. */
struct names {
	char		**names;
	size_t		 count;
};

struct verifier {
	FILE		*out;		/* the caller's */
	int		 folder;
	struct run_json	 run;
	bool		 facts_alone;	/* not what conclude makes again */
	bool		 is_sealed, probing, probe_implicit;
	bool		 has_records;	/* a domain has one of MTA-STS, TLSRPT */
	uint64_t	 violations;
	struct names	 parts[TABLE_COUNT];
	uint64_t	 rows[TABLE_COUNT];
	/* Each is freed after the last table that needs it. */
	struct keyset	*keys[TABLE_COUNT];
	struct keyset	*chain_ids;	/* of chains, without the position */
	struct keyset	*judged;	/* host and address of host_results */
	/* Of a merged run: the names of its places; sessions, and pairs of
	 * address and server name, or of host and address, with them. */
	bool		 is_merged;
	const char	*places[VERIFY_PLACES];
	struct keyset	*placed_sessions, *placed_names, *placed_pairs;
	struct buffer	 key, text;	/* of the row at hand */
};

/* Prints one line. Bytes that a terminal might act on are shown as '?'. */
void	verify_violate(struct verifier *, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));
/* The values of columns as one key (`key`); their ends keep "a","bc" from
 * "ab","c". */
void	verify_make_key(struct verifier *, const struct table_reader *,
	    const unsigned *columns, unsigned count);
/* Makes the set if there is none. False if it has the key. */
bool	verify_add_key(struct keyset **, const struct buffer *key);
bool	verify_has_key(const struct keyset *, const struct buffer *key);
/* The key of a row for people; valid until the next one. */
const char *verify_shown_key(struct verifier *, enum table_id,
	    const struct table_reader *);
/* Reads from run.json whether the run is merged, and of which places. */
void	verify_read_places(struct verifier *);
/* Checks whose the row is. */
void	verify_take_place(struct verifier *, enum table_id,
	    const struct table_reader *);
/* Lists a folder without "." and "..". A folder that does not exist is
 * empty. */
void	verify_list(struct verifier *, const char *folder, struct names *);
void	names_fini(struct names *);
bool	names_have(const struct names *, const char *name);
/* Checks that SHA256SUMS is right and lists every file. */
void	verify_sums(struct verifier *);

#endif
