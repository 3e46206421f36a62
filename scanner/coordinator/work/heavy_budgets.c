#include "scanner/coordinator/work/heavy_budgets.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define OTHERS_PART 4	/* what other shards have of their share */

double
heavy_budget(uint64_t share, uint64_t shards, bool is_own)
{
	uint64_t of_others = (share + OTHERS_PART - 1) / OTHERS_PART;

	return is_own ? (double)(share * shards - of_others * (shards - 1))
	    : (double)of_others;
}

struct setting {
	struct name_servers *servers;
	const struct options *options;
	struct map	*seen;		/* servers and networks */
};

/* A server of several heavy sets is of the first of them. */
static void
set(struct setting *setting, const char *name, bool is_own)
{
	const struct options *options = setting->options;
	void **place = map_place(setting->seen, name, NULL);

	if (*place != NULL)
		return;
	*place = setting;
	name_servers_set_budget(setting->servers, name, heavy_budget(
	    strchr(name, '/') != NULL ? options->dns_prefix_rate
	    : options->dns_rate, options->shard.count, is_own));
}

static void
set_host(struct setting *setting, const struct plan_host *host, bool is_own)
{
	char text[ADDRESS_TEXT_MAX], network[NETWORK_TEXT_MAX];

	/* Without an address a server is charged by its name. */
	if (host->address_count == 0)
		set(setting, host->name, is_own);
	for (unsigned i = 0; i < host->address_count; i++) {
		address_to_text(&host->addresses[i], text);
		set(setting, text, is_own);
		if (address_network_text(text, network))
			set(setting, network, is_own);
	}
}

static void
set_each(struct setting *setting, const struct plan *plan, const bool own[])
{
	uint32_t last = 0;

	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		uint32_t number = plan->chunks[i].set_id;
		struct plan_set hosts;
		struct plan_host host;

		if (number == last || !plan_set(plan->servers, number, &hosts))
			continue;
		last = number;
		for (unsigned j = 0; j < hosts.host_count; j++)
			if (plan_host(plan->servers, hosts.hosts[j], &host))
				set_host(setting, &host, own[i]);
	}
}

void
heavy_budgets_set(struct name_servers *servers, const struct plan *plan,
    const struct options *options)
{
	struct setting setting = { .servers = servers, .options = options };
	bool *own;

	if (options->stage != STAGE_DOMAINS)
		return;
	own = xcalloc(plan->chunk_count + 1, sizeof *own);
	setting.seen = map_new();
	(void)plan_own_chunks(plan, options, own);
	set_each(&setting, plan, own);
	map_free(setting.seen);
	free(own);
}
