/*
 * domain_table: what a comparison keeps about each domain of one run: 20 bytes,
 * in a hash table. If the number of domains is known in advance, the table is
 * filled to 2/3 and takes 30 bytes per domain. If it grows, it is filled to at
 * least 21/32 and takes at most 31 bytes per domain.
 *
 * A domain is known by a keyed hash of 96 bits: the chance that two are
 * mistaken for each other is 2^-96 times the number of their pairs.
 */
#ifndef MXCENSUS_ANALYSIS_DIFF_DOMAIN_TABLE_H
#define MXCENSUS_ANALYSIS_DIFF_DOMAIN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

struct domain_entry {
	uint32_t	hash[3];
	uint32_t	provider;	/* number of the caller's; 0: none */
	uint32_t	bits;		/* firsts, by the functions below */
};

struct domain_table;

/* Makes a table for `expected` domains. It grows if there are more. */
struct domain_table *domain_table_new(uint64_t expected);
void	domain_table_free(struct domain_table *);
uint64_t domain_table_count(const struct domain_table *);
/* Adds a domain. Returns NULL if it is there already. The entry is valid until
 * the next one is added. */
struct domain_entry *domain_table_add(struct domain_table *, const char *name);
/* Finds a domain. Returns NULL if it is not there. */
struct domain_entry *domain_table_find(struct domain_table *,
	    const char *name);

/* Get and set the `first` of each sender in an entry; note whether the other
 * run had the domain too. */
void	domain_entry_set(struct domain_entry *,
	    const enum delivery firsts[SENDER_COUNT]);
enum delivery domain_entry_first(const struct domain_entry *, enum sender);
void	domain_entry_mark(struct domain_entry *);
bool	domain_entry_is_marked(const struct domain_entry *);

#endif
