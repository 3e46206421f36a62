#include "scanner/message/item.h"

#include <string.h>

#include "parsers/ds_wire.h"

/* Most domains have none, which takes one byte. */
void
item_ds_put(struct buffer *buffer, const struct item_ds *ds)
{
	wire_put_number(buffer, ds->length > 0, 1);
	if (ds->length == 0)
		return;
	wire_put_number(buffer, ds->ttl, 4);
	wire_put_bytes(buffer, ds->records, ds->length);
	wire_put_bytes(buffer, ds->signatures, ds->signatures_length);
}

void
domain_item_put(struct buffer *buffer, const struct domain_item *item)
{
	const struct item_ds ds = domain_item_ds(item);

	wire_put_text(buffer, item->name);
	wire_put_number(buffer, item->state, 1);
	wire_put_number(buffer, item->source_id, 4);
	wire_put_number(buffer, item->rank, 8);
	wire_put_number(buffer, item->parent_ds, 1);
	wire_put_number(buffer, item->set_id, 4);
	wire_put_number(buffer, item->is_occluded, 1);
	wire_put_text(buffer, item->parent_ds_algorithms);
	wire_put_text(buffer, item->dns_operator);
	item_ds_put(buffer, &ds);
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

static bool
are_records(const uint8_t *bytes, size_t length)
{
	struct wire wire = { bytes, bytes + length, false };
	struct ds_record record;
	size_t count = 0;

	while (wire.at < wire.end && ds_get(&wire, &record))
		count++;
	return !wire.failed && count > 0 && count <= DS_RECORDS_MAX;
}

static bool
are_signatures(const uint8_t *bytes, size_t length)
{
	struct wire wire = { bytes, bytes + length, false };
	size_t count = 0, one;

	for (; !wire.failed && wire.at < wire.end; count++)
		if (wire_bytes(&wire, &one) != NULL && one == 0)
			wire.failed = true;
	return !wire.failed && count <= ITEM_SIGNATURES_MAX;
}

bool
item_ds_get(struct wire *wire, struct item_ds *ds)
{
	*ds = (struct item_ds){ .length = 0 };
	if (get_below(wire, 1, 2) == 0)
		return !wire->failed;
	ds->ttl = (uint32_t)wire_number(wire, 4);
	ds->records = wire_bytes(wire, &ds->length);
	ds->signatures = wire_bytes(wire, &ds->signatures_length);
	if (wire->failed || !are_records(ds->records, ds->length) ||
	    !are_signatures(ds->signatures, ds->signatures_length))
		wire->failed = true;
	return !wire->failed;
}

bool
domain_item_get(struct wire *wire, struct domain_item *item)
{
	struct item_ds ds;
	size_t length;

	item->name = wire_text(wire);
	item->state = (enum item_state)get_below(wire, 1, ITEM_STATES);
	item->source_id = (uint32_t)wire_number(wire, 4);
	item->rank = wire_number(wire, 8);
	item->parent_ds = (uint8_t)get_below(wire, 1, PARENT_DS_YES + 1);
	item->set_id = (uint32_t)wire_number(wire, 4);
	item->is_occluded = get_below(wire, 1, 2);
	item->parent_ds_algorithms = wire_text(wire);
	item->dns_operator = wire_text(wire);
	(void)item_ds_get(wire, &ds);
	item->ds = ds.records;
	item->ds_length = (uint32_t)ds.length;
	item->ds_ttl = ds.ttl;
	item->ds_signatures = ds.signatures;
	item->ds_signatures_length = (uint32_t)ds.signatures_length;
	item->servers = wire_bytes(wire, &length);
	item->servers_length = (uint32_t)length;
	return !wire->failed;
}

void
zone_item_put(struct buffer *buffer, const struct zone_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, (uint64_t)item->until_s, 8);
	zonemd_put(buffer, &item->zonemd);
}

bool
zone_item_get(struct wire *wire, struct zone_item *item)
{
	item->name = wire_text(wire);
	item->until_s = (int64_t)wire_number(wire, 8);
	return zonemd_get(wire, &item->zonemd);
}

void
host_item_put(struct buffer *buffer, const struct host_item *item)
{
	wire_put_text(buffer, item->name);
	wire_put_number(buffer, item->state, 1);
	wire_put_number(buffer, item->is_name_server, 1);
	wire_put_number(buffer, item->labels_below, 1);
	item_ds_put(buffer, &item->ds);
	wire_put_bytes(buffer, item->servers, item->servers_length);
}

/* In a canonical text a dot of a label is escaped, so each dot ends a label.
 * Returns NULL if the name has fewer labels. */
static const char *
without_labels(const char *name, unsigned labels)
{
	for (; labels > 0 && name != NULL; labels--) {
		name = strchr(name, '.');
		name += name != NULL;
	}
	return name;
}

bool
host_item_get(struct wire *wire, struct host_item *item)
{
	item->name = wire_text(wire);
	item->state = (enum item_state)get_below(wire, 1, ITEM_STATES);
	item->is_name_server = get_below(wire, 1, 2);
	item->labels_below = (uint8_t)wire_number(wire, 1);
	(void)item_ds_get(wire, &item->ds);
	item->servers = wire_bytes(wire, &item->servers_length);
	if (wire->failed)
		return false;
	item->delegation = without_labels(item->name, item->labels_below);
	wire->failed = item->delegation == NULL;
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
