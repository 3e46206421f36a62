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

/* Does the file's information about it apply, and is it known whether it is
 * signed? If it has DS records that the item lacks (RULES L34), it is left to
 * the recursive lane. */
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
    const struct domain_item *item, unsigned worker)
{
	uintptr_t at = (uintptr_t)map_get(own->first, item->name);

	for (; at != 0; at = own->next[at - 1]) {
		const struct mx_host *of = &harvest->hosts[at - 1];
		struct host *host;

		if (!shard_has_host(options, of->name))
			continue;
		host = registry_host(registry, of->name);
		host_hint_of_item(host, (uint8_t)of->labels_below, item);
		if (worker != HINTS_OF_NOBODY && item->ds_length > 0 &&
		    may_hint(item))
			registry_prefer(registry, host, worker);
	}
}

void
host_hints_take(const struct options *options, struct registry *registry,
    const struct harvest *harvest, const struct buffer *items,
    unsigned worker)
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
		hint(options, registry, harvest, &own, &item, worker);
	map_free(own.first);
	free(own.next);
}
