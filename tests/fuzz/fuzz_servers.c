/*
 * fuzz_servers: the files of a plan's name servers. The first two bytes say how
 * long the file of hosts is; the file of sets follows it. What is taken can be
 * looked up, number by number, and gives an item servers that its reader takes.
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
	assert(domain_item_server(&item, server));
	buffer_fini(&put);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buffer hosts = { 0 }, sets = { 0 };
	struct plan_servers *servers;
	size_t first;

	if (length < 2)
		return 0;
	first = (size_t)(bytes[0] | bytes[1] << 8);
	if (first > length - 2)
		first = length - 2;
	buffer_append(&hosts, bytes + 2, first);
	buffer_append(&sets, bytes + 2 + first, length - 2 - first);
	servers = plan_servers_read(&hosts, &sets);
	if (servers == NULL)
		return 0;
	check_hosts(servers);
	for (uint32_t i = 1; i <= plan_sets(servers); i++)
		check_set(servers, i);
	plan_servers_close(servers);
	return 0;
}
