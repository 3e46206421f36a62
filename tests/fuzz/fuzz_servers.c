/*
 * fuzz_servers: the files of a plan's name servers. Two bytes say how long the
 * file of hosts is, and two more how long the file of sets is; a part of
 * addresses that were learned follows them. What is taken can be looked up,
 * number by number, and gives an item servers that its reader takes.
 */
#include <assert.h>
#include <string.h>

#include "scanner/message/item.h"
#include "scanner/plan/servers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_hosts(const struct plan_servers *servers)
{
	struct plan_host host;

	for (uint32_t i = 1; i <= plan_hosts(servers); i++) {
		assert(plan_host(servers, i, &host));
		/* The whole name is in the bytes. */
		assert(strnlen(host.name, 70000) < 70000);
		assert(host.address_count <= 2 * PLAN_ADDRESSES_MAX);
	}
	assert(!plan_host(servers, 0, &host));
	assert(!plan_host(servers, plan_hosts(servers) + 1, &host));
}

static void
check_set(const struct plan_servers *servers, uint32_t number)
{
	struct domain_item item = { .name = "a.example" };
	char server[NAME_TEXT_MAX];
	struct buffer put = { 0 };
	struct plan_host host;
	struct plan_set set;

	assert(plan_set(servers, number, &set));
	assert(set.host_count > 0 && set.host_count <= PLAN_SET_MAX);
	for (unsigned i = 0; i < set.host_count; i++)
		assert(plan_host(servers, set.hosts[i], &host));
	assert(plan_set_put(servers, number, &put));
	item.servers = put.bytes;
	item.servers_length = put.length;
	assert(servers_charged(domain_item_servers(&item), item.name, server));
	buffer_fini(&put);
}

static void
check(const struct plan_servers *servers)
{
	check_hosts(servers);
	for (uint32_t i = 1; i <= plan_sets(servers); i++)
		check_set(servers, i);
}

/* Takes the next part of the input. */
static void
take(struct wire *wire, size_t length, struct buffer *part)
{
	size_t left = (size_t)(wire->end - wire->at);

	length = length < left ? length : left;
	buffer_append(part, wire->at, length);
	wire->at += length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct wire wire = { bytes, bytes + length, false };
	struct buffer hosts = { 0 }, sets = { 0 };
	size_t host_length = (size_t)wire_number(&wire, 2);
	size_t set_length = (size_t)wire_number(&wire, 2);
	struct plan_servers *servers;

	take(&wire, host_length, &hosts);
	take(&wire, set_length, &sets);
	servers = plan_servers_read(&hosts, &sets);
	if (servers == NULL)
		return 0;
	check(servers);
	if (plan_servers_learn(servers, wire.at,
	    (size_t)(wire.end - wire.at)))
		check(servers);
	plan_servers_close(servers);
	return 0;
}
