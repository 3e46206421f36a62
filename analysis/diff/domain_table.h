/*
 * domain_table: what a comparison keeps of each domain of one run: 20 bytes, in
 * a table that is filled to 2/3, so 30 bytes a domain, where the number of
 * domains is known before, and to at least 21/32, so 31 bytes at most, where it
 * grows.
 *
 * A domain is known by a keyed hash of 96 bits: two are taken for one with a
 * chance of 2^-96 times their pairs.
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
/* Adds a domain; NULL if it is there already. The entry is valid until the next
 * one is added. */
struct domain_entry *domain_table_add(struct domain_table *, const char *name);
/* Finds a domain; NULL if it is not there. */
struct domain_entry *domain_table_find(struct domain_table *,
	    const char *name);

/* `first` of each sender in an entry; and whether the other run had it too. */
void	domain_entry_set(struct domain_entry *,
	    const enum delivery firsts[SENDER_COUNT]);
enum delivery domain_entry_first(const struct domain_entry *, enum sender);
void	domain_entry_mark(struct domain_entry *);
bool	domain_entry_is_marked(const struct domain_entry *);

#endif
