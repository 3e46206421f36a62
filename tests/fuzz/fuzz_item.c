/*
 * fuzz_item: the input of a job, as items one after the other. The first byte
 * selects their kind. Items that decode must encode to the bytes that were
 * read.
 */
#include <assert.h>
#include <string.h>

#include "parsers/ds_wire.h"
#include "scanner/message/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check(struct buffer *written, const uint8_t *from, const uint8_t *to)
{
	assert(written->length == (size_t)(to - from));
	assert(memcmp(written->bytes, from, written->length) == 0);
	buffer_fini(written);
}

/* Its DS records and signatures can be read to their ends. */
static void
check_ds(const struct item_ds *ds)
{
	struct wire wire = { ds->records, ds->records + ds->length, false };
	struct ds_record record;
	size_t count = 0, length;

	for (; wire.at < wire.end; count++)
		assert(ds_get(&wire, &record));
	assert(count <= DS_RECORDS_MAX);
	wire = (struct wire){ ds->signatures, ds->signatures +
	    ds->signatures_length, false };
	for (count = 0; wire.at < wire.end; count++)
		assert(wire_bytes(&wire, &length) != NULL && length > 0);
	assert(count <= ITEM_SIGNATURES_MAX);
}

static bool
domain(struct wire *wire)
{
	const struct address address = { 4, { 192, 0, 2, 1 } };
	struct domain_item item;
	struct buffer written = { 0 };
	const uint8_t *from = wire->at;
	char server[NAME_TEXT_MAX];
	struct item_ds ds;

	if (!domain_item_get(wire, &item))
		return false;
	ds = domain_item_ds(&item);
	(void)servers_at(domain_item_servers(&item), &address, server);
	check_ds(&ds);
	domain_item_put(&written, &item);
	check(&written, from, wire->at);
	return true;
}

static bool
zone(struct wire *wire)
{
	struct zone_item item;
	struct buffer written = { 0 };
	const uint8_t *from = wire->at;

	if (!zone_item_get(wire, &item))
		return false;
	zone_item_put(&written, &item);
	check(&written, from, wire->at);
	return true;
}

static bool
host(struct wire *wire)
{
	struct host_item item;
	struct buffer written = { 0 };
	const uint8_t *from = wire->at;
	char server[NAME_TEXT_MAX];

	if (!host_item_get(wire, &item))
		return false;
	assert(item.delegation >= item.name &&
	    item.delegation <= item.name + strlen(item.name));
	(void)servers_charged((struct item_servers){ item.servers,
	    item.servers_length }, item.name, server);
	check_ds(&item.ds);
	host_item_put(&written, &item);
	check(&written, from, wire->at);
	return true;
}

static bool
probe(struct wire *wire)
{
	static struct probe_item item;
	static struct probe_host judged;
	struct buffer written = { 0 };
	const uint8_t *from = wire->at;

	if (!probe_item_get(wire, &item))
		return false;
	assert(item.host_count <= ITEM_HOSTS_MAX);
	probe_item_put(&written, &item);
	check(&written, from, wire->at);
	for (uint32_t i = 0; i < item.host_count; i++) {
		from = wire->at;
		if (!probe_host_get(wire, &judged))
			return false;
		probe_host_put(&written, &judged);
		check(&written, from, wire->at);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static bool (*const kinds[])(struct wire *) = { domain, host, probe,
		zone };
	struct wire wire;

	if (length == 0)
		return 0;
	wire = (struct wire){ bytes + 1, bytes + length, false };
	while (wire.at < wire.end && kinds[bytes[0] % 4](&wire))
		;
	assert(wire.at <= wire.end);
	assert(wire.failed || wire.at == wire.end);
	return 0;
}
