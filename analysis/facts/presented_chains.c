#include "analysis/facts/presented_chains.h"

#include <stdlib.h>

#include "analysis/facts/parts.h"
#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

struct presented_chains {
	struct map	*by_id;
	struct arena	 arena;
	/* Used while tables are read. */
	struct map	*certificates;	/* the chains that have each of them */
	struct arena	 members;
	int64_t		 started_ms;
};

/* A chain that has the certificate. */
struct membership {
	struct presented_chain *chain;
	bool		 is_leaf;
	struct membership *next;
};

struct presented_chains *
presented_chains_new(void)
{
	struct presented_chains *chains = xcalloc(1, sizeof *chains);

	chains->by_id = map_new();
	return chains;
}

void
presented_chains_free(struct presented_chains *chains)
{
	if (chains == NULL)
		return;
	map_free(chains->by_id);
	arena_fini(&chains->arena);
	free(chains);
}

struct presented_chain *
presented_chains_place(struct presented_chains *chains, const char *chain_id)
{
	void **place = map_place(chains->by_id, chain_id, NULL);

	if (*place == NULL) {
		struct presented_chain *chain = arena_take(&chains->arena,
		    sizeof *chain);

		*chain = (struct presented_chain){ "", INT64_MAX };
		*place = chain;
	}
	return *place;
}

const struct presented_chain *
presented_chains_find(const struct presented_chains *chains,
    const char *chain_id)
{
	return chain_id == NULL ? NULL : map_get(chains->by_id, chain_id);
}

/* Reading ***************************************************************** */

static bool
take_chain(void *tag, const struct table_reader *row)
{
	struct presented_chains *chains = tag;
	struct presented_chain *chain = map_get(chains->by_id,
	    table_get(row, CHAINS_CHAIN_ID));
	struct membership *membership;
	void **place;

	if (chain == NULL)
		return true;
	place = map_place(chains->certificates,
	    table_get(row, CHAINS_CERTIFICATE_SHA256), NULL);
	membership = arena_take(&chains->members, sizeof *membership);
	*membership = (struct membership){ chain,
	    table_get_number(row, CHAINS_POSITION) == 0, *place };
	*place = membership;
	return true;
}

static bool
take_certificate(void *tag, const struct table_reader *row)
{
	struct presented_chains *chains = tag;
	const struct membership *membership = map_get(chains->certificates,
	    table_get(row, CERTIFICATES_SHA256));
	int64_t expires_ms = table_get_time(row, CERTIFICATES_NOT_AFTER);
	const char *san = NULL;

	for (; membership != NULL; membership = membership->next) {
		struct presented_chain *chain = membership->chain;

		if (membership->is_leaf && san == NULL)
			san = arena_text(&chains->arena,
			    table_get(row, CERTIFICATES_SAN_TEXT));
		if (membership->is_leaf)
			chain->san = san;
		if (expires_ms > chains->started_ms &&
		    expires_ms < chain->expires_ms)
			chain->expires_ms = expires_ms;
	}
	return true;
}

static void
place_all(struct presented_chains *chains, const struct hosts *hosts)
{
	const struct known_host *host;
	size_t index = 0;

	while ((host = hosts_next(hosts, &index)) != NULL)
		for (unsigned i = 0; i < host->verdict.pair_count; i++)
			if (host->verdict.pairs[i].chain_id != NULL)
				presented_chains_place(chains,
				    host->verdict.pairs[i].chain_id);
}

bool
presented_chains_read(struct presented_chains *chains,
    const struct recorded_run *run, const struct hosts *hosts)
{
	bool good;

	place_all(chains, hosts);
	chains->certificates = map_new();
	chains->started_ms = run->started_ms;
	good = map_count(chains->by_id) == 0 ||
	    (parts_walk(run->folder, TABLE_CHAINS, chains, take_chain) &&
	    parts_walk(run->folder, TABLE_CERTIFICATES, chains,
	    take_certificate));
	map_free(chains->certificates);
	chains->certificates = NULL;
	arena_fini(&chains->members);
	return good;
}
