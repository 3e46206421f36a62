#include "scanner/coordinator/probing/registry.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"

void
registry_init(struct registry *registry)
{
	*registry = (struct registry){
		.hosts = map_new(), .places = map_new(), .units = map_new(),
	};
	list_init(&registry->waiting);
	list_init(&registry->judge);
	list_init(&registry->suspects);
}

void
registry_fini(struct registry *registry)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(registry->units, &index, &key, &value))
		free(((struct unit *)value)->hosts);
	map_free(registry->hosts);
	map_free(registry->places);
	map_free(registry->units);
	arena_fini(&registry->arena);
}

struct host *
registry_host(struct registry *registry, const char *name)
{
	const char *copy;
	void **place = map_place(registry->hosts, name, &copy);
	struct host *host = *place;

	if (host != NULL)
		return host;
	host = *place = arena_take(&registry->arena, sizeof *host);
	host->name = copy;
	host->tlsa_base = "";
	list_append(&registry->waiting, &host->link);
	registry->waiting_count++;
	return host;
}

struct place *
registry_place(struct registry *registry, const struct address *address)
{
	char text[ADDRESS_TEXT_MAX];
	void **slot;
	struct place *place;

	address_to_text(address, text);
	slot = map_place(registry->places, text, NULL);
	place = *slot;
	if (place != NULL)
		return place;
	place = *slot = arena_take(&registry->arena, sizeof *place);
	place->address = *address;
	list_init(&place->waiting);
	list_init(&place->ready);
	for (int i = 0; i < ATTEMPTS_MAX; i++)
		list_init(&place->evidence[i].undecided);
	return place;
}

struct unit *
registry_unit(struct registry *registry, struct place *place, const char *sni,
    bool *is_new)
{
	char key[ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 1];
	const char *copy;
	void **slot;
	struct unit *unit;
	size_t length = address_to_text(&place->address, key);

	key[length] = ' ';
	strcpy(key + length + 1, sni);
	slot = map_place(registry->units, key, &copy);
	unit = *slot;
	*is_new = unit == NULL;
	if (unit != NULL)
		return unit;
	unit = *slot = arena_take(&registry->arena, sizeof *unit);
	unit->place = place;
	unit->sni = copy + length + 1;
	list_init(&unit->link);
	list_init(&unit->judge_link);
	return unit;
}

struct attached *
registry_attach(struct unit *unit, struct host *host)
{
	for (uint32_t i = 0; i < unit->host_count; i++)
		if (unit->hosts[i].host == host)
			return &unit->hosts[i];
	if (unit->host_count == unit->host_size) {
		unit->host_size = unit->host_size * 2 + 1;
		unit->hosts = xreallocarray(unit->hosts, unit->host_size,
		    sizeof *unit->hosts);
	}
	unit->hosts[unit->host_count] = (struct attached){ .host = host };
	return &unit->hosts[unit->host_count++];
}

bool
host_has_secure_tlsa(const struct host *host)
{
	return host->tlsa_status == TLSA_STATUS_USABLE ||
	    host->tlsa_status == TLSA_STATUS_UNUSABLE_ONLY;
}

bool
registry_lacks_row(const struct unit *unit, const struct attached *attached,
    uint8_t attempt)
{
	const struct sighting *sighting = &unit->attempts[attempt - 1];

	return sighting->state == SIGHTING_DONE &&
	    (attached->judged & 1u << attempt) == 0 &&
	    !(sighting->basis == BASIS_SHARED &&
	    host_has_secure_tlsa(attached->host));
}

void
registry_want_judged(struct registry *registry, struct unit *unit)
{
	for (uint32_t i = 0; i < unit->host_count; i++)
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
			if (unit->to_judge || !registry_lacks_row(unit,
			    &unit->hosts[i], attempt))
				continue;
			unit->to_judge = true;
			list_append(&registry->judge, &unit->judge_link);
		}
}
