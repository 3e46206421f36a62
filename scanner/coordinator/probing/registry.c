#include "scanner/coordinator/probing/registry.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"

void
registry_init(struct registry *registry)
{
	*registry = (struct registry){
		.hosts = map_new(), .peers = map_new(), .targets = map_new(),
	};
	for (unsigned i = 0; i < HOST_LINES; i++)
		list_init(&registry->lines[i].hosts);
	list_init(&registry->judge);
	list_init(&registry->suspects);
}

void
registry_fini(struct registry *registry)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(registry->targets, &index, &key, &value))
		free(((struct target *)value)->hosts);
	index = 0;
	while (map_next(registry->hosts, &index, &key, &value))
		host_becomes_known(value);
	map_free(registry->hosts);
	map_free(registry->peers);
	map_free(registry->targets);
	arena_fini(&registry->arena);
}

_Static_assert(sizeof(struct host) <= 96, "there are many of them");

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
	registry_put_in_line(registry, host);
	return host;
}

unsigned
host_line_of(unsigned worker)
{
	return 1 + worker % (HOST_LINES - 1);
}

void
registry_put_in_line(struct registry *registry, struct host *host)
{
	struct host_line *line = &registry->lines[host->line];

	host->phase = HOST_WAITING;
	list_append(&line->hosts, &host->link);
	line->count++;
	registry->waiting_count++;
}

void
registry_leave_line(struct registry *registry, struct host *host)
{
	list_remove(&host->link);
	registry->lines[host->line].count--;
	registry->waiting_count--;
}

void
registry_prefer(struct registry *registry, struct host *host, unsigned worker)
{
	if (host->phase != HOST_WAITING || host->ds_length == 0)
		return;
	registry_leave_line(registry, host);
	host->line = (uint8_t)host_line_of(worker);
	registry_put_in_line(registry, host);
}

void
host_hint(struct host *host, uint32_t set_id, uint8_t labels_below,
    const void *ds, size_t ds_length)
{
	if (host->set_id != 0 || host->phase == HOST_KNOWN)
		return;
	host->set_id = set_id;
	host->labels_below = labels_below;
	if (ds_length == 0)
		return;
	host->ds = xmemdup(ds, ds_length);
	host->ds_length = (uint32_t)ds_length;
}

void
host_becomes_known(struct host *host)
{
	if (host->phase == HOST_KNOWN)
		return;
	free(host->ds);
	host->phase = HOST_KNOWN;
	host->tlsa_records = NULL;
	host->tlsa_records_length = 0;
}

struct peer *
registry_peer(struct registry *registry, const struct address *address)
{
	char text[ADDRESS_TEXT_MAX];
	void **slot;
	struct peer *peer;

	address_to_text(address, text);
	slot = map_place(registry->peers, text, NULL);
	peer = *slot;
	if (peer != NULL)
		return peer;
	peer = *slot = arena_take(&registry->arena, sizeof *peer);
	peer->address = *address;
	list_init(&peer->waiting);
	list_init(&peer->ready);
	for (int i = 0; i < ATTEMPTS_MAX; i++)
		list_init(&peer->evidence[i].undecided);
	return peer;
}

#define KEY_MAX (ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 1)

/* Returns where the server name begins. */
static size_t
target_key(char key[KEY_MAX], const struct address *address, const char *sni)
{
	size_t length = address_to_text(address, key);

	key[length] = ' ';
	strcpy(key + length + 1, sni);
	return length + 1;
}

struct target *
registry_target(struct registry *registry, struct peer *peer, const char *sni,
    bool *is_new)
{
	char key[KEY_MAX];
	const char *copy;
	void **slot;
	struct target *target;
	size_t name = target_key(key, &peer->address, sni);

	slot = map_place(registry->targets, key, &copy);
	target = *slot;
	*is_new = target == NULL;
	if (target != NULL)
		return target;
	target = *slot = arena_take(&registry->arena, sizeof *target);
	target->peer = peer;
	target->sni = copy + name;
	list_init(&target->link);
	list_init(&target->judge_link);
	return target;
}

const struct target *
registry_find_target(const struct registry *registry,
    const struct address *address, const char *sni)
{
	char key[KEY_MAX];

	(void)target_key(key, address, sni);
	return map_get(registry->targets, key);
}

struct target_host *
registry_attach(struct target *target, struct host *host)
{
	for (uint32_t i = 0; i < target->host_count; i++)
		if (target->hosts[i].host == host)
			return &target->hosts[i];
	if (target->host_count == target->host_size) {
		target->host_size = target->host_size * 2 + 1;
		target->hosts = xreallocarray(target->hosts, target->host_size,
		    sizeof *target->hosts);
	}
	target->hosts[target->host_count] = (struct target_host){ .host = host };
	return &target->hosts[target->host_count++];
}

bool
host_has_secure_tlsa(const struct host *host)
{
	return host->tlsa_status == TLSA_STATUS_USABLE ||
	    host->tlsa_status == TLSA_STATUS_UNUSABLE_ONLY;
}

bool
registry_lacks_row(const struct target *target, const struct target_host *attached,
    uint8_t attempt)
{
	const struct attempt *result = &target->attempts[attempt - 1];

	return result->state == ATTEMPT_DONE &&
	    (attached->judged & 1u << attempt) == 0 &&
	    !(result->basis == BASIS_SHARED &&
	    host_has_secure_tlsa(attached->host));
}

void
registry_want_judged(struct registry *registry, struct target *target)
{
	for (uint32_t i = 0; i < target->host_count; i++)
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
			if (target->to_judge || !registry_lacks_row(target,
			    &target->hosts[i], attempt))
				continue;
			target->to_judge = true;
			list_append(&registry->judge, &target->judge_link);
		}
}
