#include "scanner/message/item.h"

#include <string.h>

void
domain_item_put(struct buffer *buffer, const struct domain_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, item->state, 1);
	wire_put_number(buffer, item->source_id, 4);
	wire_put_number(buffer, item->rank, 8);
	wire_put_number(buffer, item->parent_ds, 1);
	wire_put_number(buffer, item->set_id, 4);
	wire_put_number(buffer, item->is_occluded, 1);
	wire_put_text(buffer, item->parent_ds_algorithms);
	wire_put_text(buffer, item->dns_operator);
	wire_put_bytes(buffer, item->servers, item->servers_length);
}

/* A number that must be below `limit`. */
static unsigned
get_below(struct wire *wire, unsigned bytes, uint64_t limit)
{
	uint64_t number = wire_number(wire, bytes);

	if (number >= limit) {
		wire->failed = true;
		return 0;
	}
	return (unsigned)number;
}

bool
domain_item_get(struct wire *wire, struct domain_item *item)
{
	item->name = wire_text(wire);
	item->state = (enum item_state)get_below(wire, 1, ITEM_STATES);
	item->source_id = (uint32_t)wire_number(wire, 4);
	item->rank = wire_number(wire, 8);
	item->parent_ds = (uint8_t)get_below(wire, 1, PARENT_DS_YES + 1);
	item->set_id = (uint32_t)wire_number(wire, 4);
	item->is_occluded = get_below(wire, 1, 2);
	item->parent_ds_algorithms = wire_text(wire);
	item->dns_operator = wire_text(wire);
	item->servers = wire_bytes(wire, &item->servers_length);
	return !wire->failed;
}

/* FNV-1a chooses one of several servers, the same in every process. */
static uint32_t
hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

/* A server of the list: its name, and its IPv4 glue, else any glue. */
struct server {
	const char	*name;
	struct address	 chosen;	/* family 0: it has no glue */
	bool		 has_address;	/* the one that was looked for */
};

/* Reads the next one, and looks for an address (or NULL) in its glue. */
static void
take_server(struct wire *wire, struct server *server,
    const struct address *wanted)
{
	struct address address;
	uint64_t glue;

	*server = (struct server){ .name = wire_text(wire) };
	glue = wire_number(wire, 1);
	for (uint64_t i = 0; i < glue && address_get(wire, &address); i++) {
		if (server->chosen.family == 0 ||
		    (server->chosen.family == 6 && address.family == 4))
			server->chosen = address;
		if (wanted != NULL && address_compare(&address, wanted) == 0)
			server->has_address = true;
	}
}

static void
name_server(const struct server *server, char text[NAME_TEXT_MAX])
{
	size_t length;

	if (server->chosen.family != 0) {
		address_to_text(&server->chosen, text);
		return;
	}
	length = strnlen(server->name, NAME_TEXT_MAX - 1);
	memcpy(text, server->name, length);
	text[length] = '\0';
}

static struct wire
servers_of(const struct domain_item *item)
{
	return (struct wire){ item->servers,
	    item->servers + item->servers_length, false };
}

/* Goes past the next server. */
static void
skip_server(struct wire *wire)
{
	size_t length, glue;

	(void)wire_bytes(wire, &length);
	glue = (size_t)wire_number(wire, 1) * ADDRESS_WIRE_BYTES;
	if ((size_t)(wire->end - wire->at) < glue)
		wire->failed = true;
	else
		wire->at += glue;
}

bool
domain_item_server_index(const struct domain_item *item, unsigned *index)
{
	struct wire wire = servers_of(item);
	uint32_t count = 0;

	for (; wire.at < wire.end && !wire.failed; count++)
		skip_server(&wire);
	if (count == 0 || wire.failed)
		return false;
	*index = hash_of(item->name) % count;
	return true;
}

/* The server that is charged. False if none is known. */
static bool
find_charged(const struct domain_item *item, struct server *server)
{
	struct wire wire = servers_of(item);
	unsigned index;

	if (!domain_item_server_index(item, &index))
		return false;
	for (unsigned i = 0; i < index; i++)
		skip_server(&wire);
	take_server(&wire, server, NULL);
	return !wire.failed;
}

bool
domain_item_server(const struct domain_item *item, char text[NAME_TEXT_MAX])
{
	struct server server;

	if (!find_charged(item, &server))
		return false;
	name_server(&server, text);
	return true;
}

bool
domain_item_is_charged_to(const struct domain_item *item,
    const struct address *address)
{
	struct server server;

	return find_charged(item, &server) && server.chosen.family != 0 &&
	    address_compare(&server.chosen, address) == 0;
}

bool
domain_item_server_at(const struct domain_item *item,
    const struct address *address, char text[NAME_TEXT_MAX])
{
	struct wire wire = servers_of(item);
	struct server server;

	while (wire.at < wire.end && !wire.failed) {
		take_server(&wire, &server, address);
		if (!server.has_address)
			continue;
		name_server(&server, text);
		return true;
	}
	return false;
}

void
zone_item_put(struct buffer *buffer, const struct zone_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, (uint64_t)item->until_s, 8);
}

bool
zone_item_get(struct wire *wire, struct zone_item *item)
{
	item->name = wire_text(wire);
	item->until_s = (int64_t)wire_number(wire, 8);
	return !wire->failed;
}

void
host_item_put(struct buffer *buffer, const struct host_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, item->state, 1);
	wire_put_number(buffer, item->is_name_server, 1);
}

bool
host_item_get(struct wire *wire, struct host_item *item)
{
	item->name = wire_text(wire);
	item->state = (enum item_state)get_below(wire, 1, ITEM_STATES);
	item->is_name_server = get_below(wire, 1, 2);
	return !wire->failed;
}

void
policy_item_put(struct buffer *buffer, const struct policy_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, item->state, 1);
	wire_put_number(buffer, item->mta_sts, 1);
	wire_put_number(buffer, item->tlsrpt, 1);
}

bool
policy_item_get(struct wire *wire, struct policy_item *item)
{
	item->name = wire_text(wire);
	item->state = (enum item_state)get_below(wire, 1, ITEM_STATES);
	item->mta_sts = (enum txt_status)get_below(wire, 1, TXT_STATUS_COUNT);
	item->tlsrpt = (enum txt_status)get_below(wire, 1, TXT_STATUS_COUNT);
	return !wire->failed;
}

void
probe_item_put(struct buffer *buffer, const struct probe_item *item)
{
	wire_put_number(buffer, item->action, 1);
	address_put(buffer, &item->address);
	wire_put_number(buffer, item->port, 2);
	wire_put_text(buffer, item->sni);
	wire_put_text(buffer, item->session_sni);
	wire_put_number(buffer, item->attempt, 1);
	wire_put_number(buffer, item->basis, 1);
	wire_put_number(buffer, item->profile, 1);
	wire_put_number(buffer, item->outcome, 1);
	wire_put_number(buffer, (uint64_t)item->measured_at, 8);
	wire_put_number(buffer, item->is_truncated, 1);
	wire_put_number(buffer, item->certificate_count, 4);
	for (uint32_t i = 0; i < item->certificate_count; i++)
		wire_put_bytes(buffer, item->certificates[i].bytes,
		    item->certificates[i].length);
	wire_put_number(buffer, item->host_count, 4);
}

bool
probe_item_get(struct wire *wire, struct probe_item *item)
{
	item->action = (enum probe_action)get_below(wire, 1, PROBE_NONE + 1);
	address_get(wire, &item->address);
	item->port = (uint16_t)wire_number(wire, 2);
	item->sni = wire_text(wire);
	item->session_sni = wire_text(wire);
	item->attempt = (uint8_t)wire_number(wire, 1);
	item->basis = (enum basis)get_below(wire, 1, BASIS_COUNT);
	item->profile = (enum profile)get_below(wire, 1, PROFILE_COUNT);
	item->outcome = (enum outcome)get_below(wire, 1, OUTCOME_COUNT);
	item->measured_at = (int64_t)wire_number(wire, 8);
	item->is_truncated = get_below(wire, 1, 2) != 0;
	item->certificate_count = get_below(wire, 4, ITEM_CERTIFICATES_MAX + 1);
	for (uint32_t i = 0; i < item->certificate_count; i++)
		item->certificates[i].bytes = wire_bytes(wire,
		    &item->certificates[i].length);
	item->host_count = get_below(wire, 4, ITEM_HOSTS_MAX + 1);
	return !wire->failed;
}

void
probe_host_put(struct buffer *buffer, const struct probe_host *host)
{
	wire_put_text(buffer, host->name);
	wire_put_text(buffer, host->tlsa_base);
	wire_put_number(buffer, host->judge_dane, 1);
	wire_put_number(buffer, host->tlsa_status, 1);
	wire_put_number(buffer, (uint64_t)host->tlsa_asked_at, 8);
	wire_put_number(buffer, host->tlsa_ttl_s, 4);
	wire_put_number(buffer, host->asking, 4);
	wire_put_number(buffer, host->next_asking, 4);
	wire_put_number(buffer, host->ask_again, 1);
	wire_put_number(buffer, host->record_count, 4);
	for (uint32_t i = 0; i < host->record_count; i++)
		wire_put_bytes(buffer, host->records[i].bytes,
		    host->records[i].length);
}

bool
probe_host_get(struct wire *wire, struct probe_host *host)
{
	host->name = wire_text(wire);
	host->tlsa_base = wire_text(wire);
	host->judge_dane = get_below(wire, 1, 2);
	host->tlsa_status = (enum tlsa_status)get_below(wire, 1,
	    TLSA_STATUS_COUNT);
	host->tlsa_asked_at = (int64_t)wire_number(wire, 8);
	host->tlsa_ttl_s = (uint32_t)wire_number(wire, 4);
	host->asking = (uint32_t)wire_number(wire, 4);
	host->next_asking = (uint32_t)wire_number(wire, 4);
	host->ask_again = get_below(wire, 1, 2);
	host->record_count = get_below(wire, 4, ITEM_RECORDS_MAX + 1);
	for (uint32_t i = 0; i < host->record_count; i++)
		host->records[i].bytes = wire_bytes(wire,
		    &host->records[i].length);
	return !wire->failed;
}

const char *
domain_item_next_name(struct wire *wire)
{
	struct domain_item item;

	return domain_item_get(wire, &item) ? item.name : NULL;
}

const char *
host_item_next_name(struct wire *wire)
{
	struct host_item item;

	return host_item_get(wire, &item) ? item.name : NULL;
}

const char *
policy_item_next_name(struct wire *wire)
{
	struct policy_item item;

	return policy_item_get(wire, &item) ? item.name : NULL;
}
