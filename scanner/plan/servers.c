#include "scanner/plan/servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/arena.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/wire.h"
#include "scanner/message/item.h"
#include "scanner/plan/planner.h"

/* The records, one after the other. */
struct records {
	struct buffer	 bytes;
	uint64_t	*at;		/* where each begins, and the end */
	size_t		 count, size;
};

struct plan_servers {
	struct records	 hosts, sets;
	/* Indexed by the number of the host: its addresses in a part, preceded
	 * by their count; NULL: it was in no part. */
	const uint8_t	**learned;
	struct arena	 arena;
};

static struct wire
record_of(const struct records *records, uint32_t number)
{
	const uint8_t *bytes = records->bytes.bytes;

	return (struct wire){ bytes + records->at[number - 1],
	    bytes + records->at[number], false };
}

static bool
get_addresses(struct wire *wire, struct plan_host *host)
{
	unsigned of_family[2] = { 0 };

	host->address_count = (unsigned)wire_number(wire, 1);
	if (host->address_count > 2 * PLAN_ADDRESSES_MAX)
		wire->failed = true;
	for (unsigned i = 0; i < host->address_count && !wire->failed; i++)
		if (address_get(wire, &host->addresses[i]) &&
		    ++of_family[host->addresses[i].family == 6] >
		    PLAN_ADDRESSES_MAX)
			wire->failed = true;
	return !wire->failed;
}

static bool
get_host(struct wire *wire, struct plan_host *host)
{
	host->names = (uint32_t)wire_number(wire, 4);
	host->name = wire_text(wire);
	return get_addresses(wire, host);
}

static bool
get_set(struct wire *wire, struct plan_set *set)
{
	set->names = (uint32_t)wire_number(wire, 4);
	set->signed_names = (uint32_t)wire_number(wire, 4);
	if (set->signed_names > set->names)
		wire->failed = true;
	set->host_count = (unsigned)wire_number(wire, 1);
	if (set->host_count == 0 || set->host_count > PLAN_SET_MAX)
		wire->failed = true;
	for (unsigned i = 0; i < set->host_count && !wire->failed; i++)
		set->hosts[i] = (uint32_t)wire_number(wire, 4);
	return !wire->failed;
}

/* Reading ****************************************************************** */

static bool
check_host(const struct plan_servers *servers, struct wire *wire)
{
	struct plan_host host;

	(void)servers;
	return get_host(wire, &host);
}

static bool
check_set(const struct plan_servers *servers, struct wire *wire)
{
	struct plan_set set;

	if (!get_set(wire, &set))
		return false;
	for (unsigned i = 0; i < set.host_count; i++)
		if (set.hosts[i] == 0 || set.hosts[i] > servers->hosts.count)
			return false;
	return true;
}

static void
note(struct records *records, uint64_t at)
{
	if (records->count + 1 >= records->size) {
		records->size = records->size * 2 + 64;
		records->at = xreallocarray(records->at, records->size,
		    sizeof *records->at);
	}
	records->at[records->count] = at;
}

/* Takes the bytes over, and notes where each record begins. */
static bool
index_records(struct records *records, struct buffer *bytes,
    const struct plan_servers *servers,
    bool (*check)(const struct plan_servers *, struct wire *))
{
	struct wire wire = { bytes->bytes, bytes->bytes + bytes->length,
	    false };

	records->bytes = *bytes;
	*bytes = (struct buffer){ 0 };
	note(records, 0);
	while (wire.at < wire.end) {
		if (records->count == UINT32_MAX || !check(servers, &wire))
			return false;
		records->count++;
		note(records, (uint64_t)(wire.at - records->bytes.bytes));
	}
	return true;
}

struct plan_servers *
plan_servers_read(struct buffer *hosts, struct buffer *sets)
{
	struct plan_servers *servers = xcalloc(1, sizeof *servers);

	if (index_records(&servers->hosts, hosts, servers, check_host) &&
	    index_records(&servers->sets, sets, servers, check_set))
		return servers;
	plan_servers_close(servers);
	buffer_fini(sets);
	return NULL;
}

static bool
read_file(struct folder *folder, const char *path, struct buffer *bytes)
{
	bool good = folder_read_all(folder, path, bytes);

	if (!good)
		log_line("%s/%s: %s", folder->path, path, strerror(errno));
	return good;
}

struct plan_servers *
plan_servers_open(struct folder *folder)
{
	struct buffer hosts = { 0 }, sets = { 0 };
	struct plan_servers *servers;

	if (!read_file(folder, SERVERS_FILE, &hosts) ||
	    !read_file(folder, SETS_FILE, &sets)) {
		buffer_fini(&hosts);
		buffer_fini(&sets);
		return NULL;
	}
	servers = plan_servers_read(&hosts, &sets);
	if (servers == NULL)
		log_line("%s/%s or %s is not what a plan writes",
		    folder->path, SERVERS_FILE, SETS_FILE);
	return servers;
}

static void
records_fini(struct records *records)
{
	buffer_fini(&records->bytes);
	free(records->at);
}

void
plan_servers_close(struct plan_servers *servers)
{
	if (servers == NULL)
		return;
	records_fini(&servers->hosts);
	records_fini(&servers->sets);
	free(servers->learned);
	arena_fini(&servers->arena);
	free(servers);
}

/* Looking up *************************************************************** */

uint32_t
plan_hosts(const struct plan_servers *servers)
{
	return (uint32_t)servers->hosts.count;
}

uint32_t
plan_sets(const struct plan_servers *servers)
{
	return (uint32_t)servers->sets.count;
}

bool
plan_host_is_learned(const struct plan_servers *servers, uint32_t number)
{
	return servers->learned != NULL && servers->learned[number] != NULL;
}

static struct wire
learned_of(const struct plan_servers *servers, uint32_t number)
{
	const uint8_t *bytes = servers->learned[number];

	return (struct wire){ bytes, bytes + 1 + bytes[0] * ADDRESS_WIRE_BYTES,
	    false };
}

bool
plan_host(const struct plan_servers *servers, uint32_t number,
    struct plan_host *host)
{
	struct wire wire;

	if (number == 0 || number > servers->hosts.count)
		return false;
	wire = record_of(&servers->hosts, number);
	if (!get_host(&wire, host))
		return false;
	if (!plan_host_is_learned(servers, number))
		return true;
	wire = learned_of(servers, number);
	return get_addresses(&wire, host);
}

bool
plan_set(const struct plan_servers *servers, uint32_t number,
    struct plan_set *set)
{
	struct wire wire;

	if (number == 0 || number > servers->sets.count)
		return false;
	wire = record_of(&servers->sets, number);
	return get_set(&wire, set);
}

static void
put_host(const struct plan_servers *servers, uint32_t number,
    struct buffer *buffer)
{
	struct wire host = record_of(&servers->hosts, number), learned;
	const uint8_t *name;

	(void)wire_number(&host, 4);
	if (!plan_host_is_learned(servers, number)) {
		buffer_append(buffer, host.at, (size_t)(host.end - host.at));
		return;
	}
	name = host.at;
	(void)wire_text(&host);
	buffer_append(buffer, name, (size_t)(host.at - name));
	learned = learned_of(servers, number);
	buffer_append(buffer, learned.at, (size_t)(learned.end - learned.at));
}

bool
plan_set_put(const struct plan_servers *servers, uint32_t number,
    struct buffer *buffer)
{
	struct plan_set set;

	if (!plan_set(servers, number, &set))
		return false;
	for (unsigned i = 0; i < set.host_count; i++)
		put_host(servers, set.hosts[i], buffer);
	return true;
}

/* Learning ***************************************************************** */

/* Reads the next host of a part. `addresses` is where its addresses begin. */
static bool
next_learned(const struct plan_servers *servers, struct wire *wire,
    uint32_t *number, const uint8_t **addresses)
{
	struct plan_host host;

	*number = (uint32_t)wire_number(wire, 4);
	*addresses = wire->at;
	return *number > 0 && *number <= servers->hosts.count &&
	    get_addresses(wire, &host);
}

bool
plan_servers_learn(struct plan_servers *servers, const uint8_t *bytes,
    size_t length)
{
	const struct wire part = { bytes, bytes + length, false };
	struct wire wire = part;
	const uint8_t *addresses;
	uint32_t number;

	while (wire.at < wire.end)
		if (!next_learned(servers, &wire, &number, &addresses))
			return false;
	if (servers->learned == NULL)
		servers->learned = xcalloc(servers->hosts.count + 1,
		    sizeof *servers->learned);
	wire = part;
	while (wire.at < wire.end) {
		(void)next_learned(servers, &wire, &number, &addresses);
		servers->learned[number] = arena_copy(&servers->arena,
		    addresses, (size_t)(wire.at - addresses));
	}
	return true;
}
