#include "scanner/plan/ns_sets.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/plan/ns_state.h"

struct ns_sets *
ns_sets_new(void)
{
	struct ns_sets *sets = xcalloc(1, sizeof *sets);

	sets->by_name = keymap_new();
	sets->by_hosts = keymap_new();
	sets->memo = ns_memo_new();
	return sets;
}

void
ns_sets_free(struct ns_sets *sets)
{
	if (sets == NULL)
		return;
	keymap_free(sets->by_name);
	keymap_free(sets->by_hosts);
	free(sets->hosts.at);
	free(sets->sets.at);
	ns_memo_free(sets->memo);
	arena_fini(&sets->arena);
	free(sets);
}

/* Returns the index. */
static uint32_t
add(struct indexed *all, void *thing)
{
	if (all->count == all->size) {
		all->size = all->size * 2 + 64;
		all->at = xreallocarray(all->at, all->size, sizeof *all->at);
	}
	all->at[all->count++] = thing;
	assert(all->count <= UINT32_MAX);
	return (uint32_t)all->count;
}

const char *
ns_sets_host(const struct ns_sets *sets, uint32_t host)
{
	return ns_host_at(sets, host)->name;
}

/* Looking up *************************************************************** */

static uint32_t
host_of(struct ns_sets *sets, const uint8_t *wire, size_t length)
{
	uint32_t *index = keymap_place(sets->by_name, wire, length);
	char name[NAME_TEXT_MAX];
	struct ns_host *host;
	size_t size;

	if (*index != 0)
		return *index;
	size = name_to_text(wire, name) + 1;
	host = arena_take(&sets->arena, sizeof *host + size);
	memcpy(host->name, name, size);
	*index = add(&sets->hosts, host);
	return *index;
}

/* The hosts are in order. */
static uint32_t
set_of(struct ns_sets *sets, const uint32_t hosts[], size_t count)
{
	uint32_t *index = keymap_place(sets->by_hosts, hosts,
	    count * sizeof *hosts);
	struct ns_set *set;

	if (*index != 0)
		return *index;
	set = arena_take(&sets->arena, sizeof *set + count * sizeof *hosts);
	set->count = (uint32_t)count;
	memcpy(set->hosts, hosts, count * sizeof *hosts);
	*index = add(&sets->sets, set);
	return *index;
}

static void
find_set(struct ns_sets *sets, const uint8_t *servers, size_t length,
    struct ns_order *order)
{
	uint32_t hosts[SERVERS_MAX] = { 0 }, sorted[SERVERS_MAX];
	size_t count = 0;

	for (size_t at = 0, size; at < length; at += size) {
		assert(count < SERVERS_MAX);
		size = name_wire_length(servers + at, length - at);
		hosts[count++] = host_of(sets, servers + at, size);
	}
	memcpy(sorted, hosts, sizeof sorted);
	ns_sort(sorted, count);
	order->set = set_of(sets, sorted, count);
	order->count = 0;
	if (memcmp(sorted, hosts, count * sizeof *hosts) == 0)
		return;
	for (; order->count < count; order->count++) {
		uint8_t place = 0;

		while (sorted[place] != hosts[order->count])
			place++;
		order->places[order->count] = place;
	}
}

/* Most delegations have one of a few sets. */
void
ns_sets_put(struct ns_sets *sets, const uint8_t *servers, size_t length,
    struct buffer *record)
{
	struct ns_order found;
	const struct ns_order *order = ns_memo_get(sets->memo, servers,
	    length);

	if (order == NULL) {
		find_set(sets, servers, length, &found);
		ns_memo_put(sets->memo, servers, length, &found);
		order = &found;
	}
	wire_put_number(record, order->set, 4);
	buffer_append(record, order->places, order->count);
}

static bool
list_has(const struct ns_list *list, uint32_t host)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->hosts[i] == host)
			return true;
	return false;
}

void
ns_sets_get(const struct ns_sets *sets, struct wire *rest,
    struct ns_list *list)
{
	uint32_t index = (uint32_t)wire_number(rest, 4);
	const struct ns_set *set;
	bool is_first = list->count == 0;

	assert(index > 0 && index <= sets->sets.count);
	set = ns_set_at(sets, index);
	for (uint32_t i = 0; i < set->count; i++) {
		uint32_t host = set->hosts[rest->at < rest->end ? rest->at[i]
		    : i];

		if (list->count == SERVERS_MAX)
			return;
		if (!is_first && list_has(list, host))
			continue;
		list->hosts[list->count++] = host;
		list->set = 0;
	}
	if (is_first)
		list->set = index;
}

void
ns_sets_prefetch(const struct ns_sets *sets, uint32_t set)
{
	__builtin_prefetch(ns_set_at(sets, set));
}

/* Hosts and sets get their numbers in the order in which names have them. */
static void
give_numbers(struct ns_sets *sets, struct ns_set *set,
    const struct ns_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		struct ns_host *host = ns_host_at(sets, list->hosts[i]);

		if (host->number == 0)
			host->number = ++sets->hosts.numbered;
	}
	set->number = ++sets->sets.numbered;
}

uint32_t
ns_sets_take(struct ns_sets *sets, struct ns_list *list, bool has_ds)
{
	uint32_t sorted[SERVERS_MAX];
	struct ns_set *set;

	if (list->count == 0)
		return 0;
	if (list->set == 0) {
		memcpy(sorted, list->hosts, list->count * sizeof *sorted);
		ns_sort(sorted, list->count);
		list->set = set_of(sets, sorted, list->count);
	}
	set = ns_set_at(sets, list->set);
	if (set->number == 0)
		give_numbers(sets, set, list);
	set->names++;
	set->signed_names += has_ds;
	return set->number;
}

const char *
ns_sets_operator(const struct ns_sets *sets, uint32_t set)
{
	return ns_set_at(sets, set)->operator;
}

void
ns_sets_set_operator(struct ns_sets *sets, uint32_t set, const char *operator)
{
	ns_set_at(sets, set)->operator = arena_text(&sets->arena, operator);
}
