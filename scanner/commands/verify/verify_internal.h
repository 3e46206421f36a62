/* What the two sources of verify share: verify.c checks the tables, files.c the
 * files. */
#ifndef MXCENSUS_COMMANDS_VERIFY_VERIFY_INTERNAL_H
#define MXCENSUS_COMMANDS_VERIFY_VERIFY_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scanner/base/buffer.h"
#include "scanner/base/keyset.h"
#include "scanner/out/columns.h"
#include "scanner/run/run_json.h"

#define VERIFY_SHOWN	1000	/* violations; the rest is counted */

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
	struct buffer	 key, text;	/* of the row at hand */
};

/* Prints one line. Bytes that a terminal might act on are shown as '?'. */
void	verify_violate(struct verifier *, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));
/* Lists a folder without "." and "..". A folder that does not exist is
 * empty. */
void	verify_list(struct verifier *, const char *folder, struct names *);
void	names_fini(struct names *);
bool	names_have(const struct names *, const char *name);
/* Checks that SHA256SUMS is right and lists every file. */
void	verify_sums(struct verifier *);

#endif
