/* harvest_hosts: reads the rows of a host batch. It is a part of harvest. */
#include "scanner/coordinator/batch/harvest.h"

#include <string.h>

struct fault
harvest_tlsa_fault(enum tlsa_status status)
{
	return fault_of_lookup(status == TLSA_STATUS_BOGUS ? LOOKUP_BOGUS
	    : status == TLSA_STATUS_SERVFAIL ? LOOKUP_SERVFAIL
	    : status == TLSA_STATUS_TIMEOUT ? LOOKUP_TIMEOUT : LOOKUP_FOUND);
}

/* The worst lookup of a host counts. A host that was not asked counts as
 * nothing. */
static void
count_host(struct harvest *harvest, const struct table_reader *row,
    enum tlsa_status tlsa)
{
	static const unsigned columns[] = {
		HOSTS_IPV4_STATUS, HOSTS_IPV6_STATUS,
	};
	struct fault fault = harvest_tlsa_fault(tlsa);

	if (table_is_null(row, HOSTS_IPV4_STATUS))
		return;
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		fault = fault_worse(fault, fault_of_lookup((enum lookup_status)
		    table_get_enum(row, columns[i])));
	harvest_count(harvest, FACE_NAME_SERVERS, fault);
}

static bool
take_host(struct harvest *harvest, struct table_reader *row)
{
	const char *name = table_get(row, HOSTS_HOST), *copy;
	struct host_facts *facts;
	void **place;

	if (!harvest_see(harvest, name))
		return false;
	GROW(harvest->facts, harvest->facts_count, harvest->facts_size);
	place = map_place(harvest->facts_by_name, name, &copy);
	*place = (void *)(uintptr_t)(harvest->facts_count + 1);
	facts = &harvest->facts[harvest->facts_count++];
	*facts = (struct host_facts){
		.name = copy,
		.status = (enum host_status)table_get_enum(row,
		    HOSTS_HOST_STATUS),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    HOSTS_TLSA_STATUS),
		.tlsa_base = arena_text(&harvest->arena,
		    table_get(row, HOSTS_TLSA_BASE)),
		.asked_at = table_get_time(row, HOSTS_MEASURED_AT),
		.ttl_s = (uint32_t)table_get_number(row, HOSTS_TLSA_TTL_S),
	};
	harvest->tally.hosts++;
	harvest->tally.host_status[facts->status]++;
	harvest->tally.tlsa_status[facts->tlsa_status]++;
	count_host(harvest, row, facts->tlsa_status);
	return true;
}

static struct host_facts *
facts_of(struct harvest *harvest, const char *name)
{
	uintptr_t index = (uintptr_t)map_get(harvest->facts_by_name, name);

	if (index == 0)
		harvest_refuse(harvest, "a row without its key row", name);
	return index == 0 ? NULL : &harvest->facts[index - 1];
}

static bool
take_address(struct harvest *harvest, struct table_reader *row)
{
	struct host_facts *facts = facts_of(harvest,
	    table_get(row, ADDRESSES_HOST));
	const char *text = table_get(row, ADDRESSES_ADDRESS);
	size_t size;

	if (facts == NULL)
		return false;
	size = facts->address_size;
	GROW(facts->addresses, facts->address_count, facts->address_size);
	if (size != facts->address_size)
		facts->classes = xreallocarray(facts->classes,
		    facts->address_size, sizeof *facts->classes);
	if (!address_from_text(text, strlen(text),
	    &facts->addresses[facts->address_count]))
		return harvest_refuse(harvest, "not an address", text);
	facts->classes[facts->address_count] = (enum address_class)
	    table_get_enum(row, ADDRESSES_CLASS);
	harvest->tally.addresses[facts->classes[facts->address_count++]]++;
	return true;
}

bool
harvest_record(struct harvest *harvest, struct table_reader *row,
    struct buffer *records)
{
	uint8_t rdata[65536];
	long length = table_get_bytes(row, TLSA_DATA_HEX, rdata + 3,
	    sizeof rdata - 3);

	if (length < 0)
		return harvest_refuse(harvest, "TLSA data", "too long");
	rdata[0] = (uint8_t)table_get_number(row, TLSA_COLUMN_USAGE);
	rdata[1] = (uint8_t)table_get_number(row, TLSA_COLUMN_SELECTOR);
	rdata[2] = (uint8_t)table_get_number(row, TLSA_COLUMN_MATCHING_TYPE);
	wire_put_bytes(records, rdata, (size_t)length + 3);
	return true;
}

static bool
take_tlsa(struct harvest *harvest, struct table_reader *row)
{
	struct host_facts *facts = facts_of(harvest, table_get(row, TLSA_HOST));

	if (facts == NULL)
		return false;
	if (facts->record_count == ITEM_RECORDS_MAX)
		return harvest_refuse(harvest, "too many TLSA records",
		    facts->name);
	facts->record_count++;
	return harvest_record(harvest, row, &facts->records);
}

static const char *
next_host(struct wire *wire, enum item_state *state)
{
	struct host_item item;

	if (!host_item_get(wire, &item))
		return NULL;
	*state = item.state;
	return item.name;
}

bool
harvest_hosts(struct harvest *harvest, const int *descriptors)
{
	harvest->facts_by_name = map_new();
	return harvest_rows(harvest, TABLE_HOSTS, descriptors[HOSTS_TO_HOSTS],
	    &harvest->rows[HOSTS_TO_HOSTS], take_host) &&
	    harvest_rows(harvest, TABLE_ADDRESSES,
	    descriptors[HOSTS_TO_ADDRESSES],
	    &harvest->rows[HOSTS_TO_ADDRESSES], take_address) &&
	    harvest_rows(harvest, TABLE_TLSA, descriptors[HOSTS_TO_TLSA],
	    &harvest->rows[HOSTS_TO_TLSA], take_tlsa) &&
	    harvest_deferred(harvest, descriptors[HOSTS_TO_DEFERRED],
	    &harvest->rows[HOSTS_TO_DEFERRED], next_host);
}
