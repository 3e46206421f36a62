#include "scanner/coordinator/work/host_hints.h"

#include <stdlib.h>

#include "scanner/base/map.h"
#include "scanner/message/item.h"
#include "scanner/run/shard.h"

bool
host_hints_want(const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->host_count; i++)
		if (harvest->hosts[i].domain != NULL)
			return true;
	return false;
}

/* The hosts of a batch that are at or below their domains. */
struct own_hosts {
	struct map	*first;	/* by domain: the index of a host, plus 1 */
	uintptr_t	*next;	/* by index: the same of another host of the
				 * domain; 0: there is no other */
};

static void
index_hosts(struct own_hosts *own, const struct harvest *harvest)
{
	own->first = map_new();
	own->next = xcalloc(harvest->host_count + 1, sizeof *own->next);
	for (size_t i = 0; i < harvest->host_count; i++) {
		const char *domain = harvest->hosts[i].domain;
		void **place;

		if (domain == NULL)
			continue;
		place = map_place(own->first, domain, NULL);
		own->next[i] = (uintptr_t)*place;
		*place = (void *)(uintptr_t)(i + 1);
	}
}

/* What the file says about it is in force, and whether it is signed is known. If
 * it has DS that the item has not (RULES L34), it is left to the recursive
 * lane. */
static bool
may_hint(const struct domain_item *item)
{
	return item->set_id != 0 && !item->is_occluded &&
	    (item->parent_ds == PARENT_DS_NO || item->ds_length > 0);
}

void
host_hint_of_item(struct host *host, uint8_t labels_below,
    const struct domain_item *item)
{
	const struct item_ds records = domain_item_ds(item);
	struct buffer ds = { 0 };

	if (!may_hint(item))
		return;
	if (records.length > 0)
		item_ds_put(&ds, &records);
	host_hint(host, item->set_id, labels_below, ds.bytes, ds.length);
	buffer_fini(&ds);
}

static void
hint(const struct options *options, struct registry *registry,
    const struct harvest *harvest, const struct own_hosts *own,
    const struct domain_item *item)
{
	uintptr_t at = (uintptr_t)map_get(own->first, item->name);

	for (; at != 0; at = own->next[at - 1]) {
		const struct mx_host *host = &harvest->hosts[at - 1];

		if (shard_has_host(options, host->name))
			host_hint_of_item(registry_host(registry, host->name),
			    (uint8_t)host->labels_below, item);
	}
}

void
host_hints_take(const struct options *options, struct registry *registry,
    const struct harvest *harvest, const struct buffer *items)
{
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct domain_item item;
	struct own_hosts own;

	for (size_t i = 0; i < harvest->host_count; i++)
		if (shard_has_host(options, harvest->hosts[i].name))
			(void)registry_host(registry, harvest->hosts[i].name);
	if (items->length == 0)
		return;
	index_hosts(&own, harvest);
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		hint(options, registry, harvest, &own, &item);
	map_free(own.first);
	free(own.next);
}
