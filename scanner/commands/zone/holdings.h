/*
 * holdings: counts what one zone file has, or all of them together:
 * delegations, their DS records, name servers and operators. It counts while
 * the file is read.
 */
#ifndef MXCENSUS_COMMANDS_ZONE_HOLDINGS_H
#define MXCENSUS_COMMANDS_ZONE_HOLDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "scanner/base/keyset.h"
#include "scanner/base/map.h"
#include "scanner/input/input.h"

struct holdings {
	char		*name;			/* of the file; "all" */
	struct input_facts facts;
	bool		 whole;
	uint64_t	 errors;
	struct keyset	*delegations;		/* owners of NS */
	struct keyset	*owners_of_ds;
	uint64_t	 signed_count;
	struct keyset	*servers;
	uint64_t	 algorithms[256], digests[256];	/* DS records */
	struct map	*operators;		/* uint64_t counts */
	struct keyset	*operated;		/* (owner, operator) counted */
	/* A DS that comes before the NS of its owner is counted at the end. */
	uint64_t	 early_ds;
};

void	holdings_init(struct holdings *, const char *name);
void	holdings_fini(struct holdings *);
/* Takes an NS record with the registrable domain of its server. True if the
 * owner is a new delegation. */
bool	holdings_take_server(struct holdings *,
	    const struct delegation_record *, const char *operator);
void	holdings_take_ds(struct holdings *, const struct delegation_record *);

/* print.c. `with_zone`: these are the counts of one file, and its zone is
 * printed. */
void	holdings_print_text(FILE *, const struct holdings *, bool with_zone);
json_t	*holdings_in_json(const struct holdings *, bool with_zone);
void	holdings_print_csv_head(FILE *);
void	holdings_print_csv_row(FILE *, const struct holdings *);

#endif
