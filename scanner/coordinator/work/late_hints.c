#include "scanner/coordinator/work/late_hints.h"

#include <stdlib.h>

#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/host_hints.h"
#include "scanner/run/shard.h"

struct late_host {
	struct late_host *next;		/* of the same domain */
	const char	*name;
	uint8_t		 labels_below;
};

struct late_hints {
	struct map	*by_domain;	/* the first late_host */
	struct arena	 arena;		/* owns them */
};

struct late_hints *
late_hints_new(void)
{
	struct late_hints *late = xcalloc(1, sizeof *late);

	late->by_domain = map_new();
	return late;
}

void
late_hints_free(struct late_hints *late)
{
	if (late == NULL)
		return;
	map_free(late->by_domain);
	arena_fini(&late->arena);
	free(late);
}

void
late_hints_note(struct late_hints *late, const struct options *options,
    const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->host_count; i++) {
		const struct mx_host *host = &harvest->hosts[i];
		struct late_host *noted;
		void **place;

		if (host->domain == NULL ||
		    !shard_has_host(options, host->name))
			continue;
		place = map_place(late->by_domain, host->domain, NULL);
		noted = arena_take(&late->arena, sizeof *noted);
		*noted = (struct late_host){
			.next = *place,
			.name = arena_text(&late->arena, host->name),
			.labels_below = (uint8_t)host->labels_below,
		};
		*place = noted;
	}
}

static void
take_chunk(const struct late_hints *late, const struct buffer *items,
    struct registry *registry)
{
	struct wire wire = { items->bytes, items->bytes + items->length,
	    false };
	struct domain_item item;

	while (wire.at < wire.end && domain_item_get(&wire, &item))
		for (const struct late_host *host = map_get(late->by_domain,
		    item.name); host != NULL; host = host->next)
			host_hint_of_item(registry_host(registry, host->name),
			    host->labels_below, &item);
}

bool
late_hints_take(struct late_hints *late, const struct plan *plan,
    struct registry *registry)
{
	struct buffer items = { 0 };
	bool good = true;

	for (uint64_t i = 0; i < plan->chunk_count && good &&
	    map_count(late->by_domain) > 0; i++) {
		items.length = 0;
		good = plan_read_chunk(plan, &plan->chunks[i], &items);
		if (good)
			take_chunk(late, &items, registry);
	}
	buffer_fini(&items);
	return good;
}
