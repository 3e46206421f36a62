/*
 * holdings: counts the content of one zone file, or of all together:
 * delegations, their DS records, name servers and operators. It counts while
 * the file is read.
 *
 * Memory grows with the distinct owners, name servers and operators, but not
 * with records: 21 to 43 bytes per owner. The records of an owner can come in
 * any order; counting is fastest if they are together, as in most files.
 */
#ifndef MXCENSUS_COMMANDS_ZONE_HOLDINGS_H
#define MXCENSUS_COMMANDS_ZONE_HOLDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "parsers/suffix.h"
#include "scanner/base/keymap.h"
#include "scanner/base/keyset.h"
#include "scanner/base/map.h"
#include "scanner/input/input.h"

struct operator {
	const char	*name;		/* the map's */
	uint64_t	 delegations;
};

struct holdings {
	char		*name;			/* of the file; "all" */
	struct input_facts facts;
	bool		 whole;
	uint64_t	 errors;
	uint64_t	 delegations, signed_count;
	uint64_t	 algorithms[256], digests[256];	/* DS records */

	/* The rest, except the operators, is private to holdings.c. */
	const struct suffix_list *suffixes;
	/* The owners of NS or DS records, with what holdings.c knows about
	 * each. */
	struct keymap	*owners;
	uint8_t		 owner[NAME_WIRE_MAX];	/* the last one */
	size_t		 owner_length;		/* 0: there was none */
	uint32_t	*known;			/* its number */
	struct keymap	*servers;		/* the operator of each */
	/* Delegations with an operator other than their first one, each with
	 * that operator. */
	struct keyset	*operated;
	struct map	*operator_numbers;	/* by name; from 1 */
	struct operator	*operators;		/* by number */
	uint32_t	 operator_count, operator_size;
};

/* The list is kept, but not owned. */
void	holdings_init(struct holdings *, const char *name,
	    const struct suffix_list *);
void	holdings_fini(struct holdings *);
/* Takes an NS record. Returns true if the owner is a new delegation. */
bool	holdings_take_server(struct holdings *,
	    const struct delegation_record *);
void	holdings_take_ds(struct holdings *, const struct delegation_record *);

/* print.c. `with_zone`: these are the counts of one file, and its name and zone
 * are printed. */
void	holdings_print_text(FILE *, const struct holdings *, bool with_zone);
json_t	*holdings_in_json(const struct holdings *, bool with_zone);
void	holdings_print_csv_head(FILE *);
void	holdings_print_csv_row(FILE *, const struct holdings *);

#endif
