/* What the sources of check_facts share: facts.c reads domains, facts_hosts.c
 * reads hosts with their sessions and certificates, and issuer.c finds the CA
 * that issued a leaf. */
#ifndef MXCENSUS_COMMANDS_CHECK_FACTS_INTERNAL_H
#define MXCENSUS_COMMANDS_CHECK_FACTS_INTERNAL_H

#include "analysis/facts/parts.h"
#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/commands/check/facts.h"

struct check_facts {
	struct arena	 arena;
	struct map	*hosts, *sessions, *chains, *certificates, *by_name;
	struct check_domain *domains;
	size_t		 count;
};

static inline const char *
check_text(struct check_facts *facts, const struct table_reader *row,
    unsigned column)
{
	return arena_text(&facts->arena, table_get(row, column));
}

/* One function for each table, for parts_walk with the facts as tag. They are
 * called in this order. */
bool	check_take_host(void *, const struct table_reader *);
bool	check_take_address(void *, const struct table_reader *);
bool	check_take_record(void *, const struct table_reader *);
bool	check_take_session(void *, const struct table_reader *);
bool	check_take_result(void *, const struct table_reader *);
bool	check_take_chain(void *, const struct table_reader *);
bool	check_take_certificate(void *, const struct table_reader *);

/* issuer.c: finds the CA that issued the leaf, in each chain of the host. */
void	check_find_issuers(const struct check_host *);

#endif
