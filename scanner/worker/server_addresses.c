#include "scanner/worker/server_addresses.h"

#include <assert.h>
#include <stdlib.h>

#include "parsers/address_wire.h"
#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/worker.h"

/* An entry takes about 200 bytes. */
#define HOSTS_MAX	50000
#define ADDRESSES_MAX	8	/* of a host */
/* How long an answer is kept, whatever its TTL. */
#define KEEP_LEAST_S	300
#define KEEP_MOST_S	3600

/* The lookups about a host. */
struct asked {
	struct host	*host;
	struct lookup	 ipv4, ipv6;
};

struct host {
	struct list	 waits;
	struct asked	*asked;		/* NULL: it is answered */
	int64_t		 until_ms;	/* monotonic */
	uint32_t	 ttl_s;		/* the least of the answers */
	uint8_t		 count;		/* of addresses */
	struct buffer	 glue;		/* these addresses */
};

struct server_addresses {
	struct worker	*worker;
	struct map	*hosts;
};

struct server_addresses *
server_addresses_new(struct worker *worker)
{
	struct server_addresses *addresses = xcalloc(1, sizeof *addresses);

	addresses->worker = worker;
	addresses->hosts = map_new();
	return addresses;
}

static void
asked_free(struct asked *asked)
{
	if (asked == NULL)
		return;
	lookup_cancel(&asked->ipv4);
	lookup_cancel(&asked->ipv6);
	free(asked);
}

static void
host_free(struct host *host)
{
	asked_free(host->asked);
	buffer_fini(&host->glue);
	free(host);
}

void
server_addresses_free(struct server_addresses *addresses)
{
	const char *name;
	void *host;
	size_t index = 0;

	if (addresses == NULL)
		return;
	while (map_next(addresses->hosts, &index, &name, &host))
		host_free(host);
	map_free(addresses->hosts);
	free(addresses);
}

/* Forgets all hosts but those that are being asked. */
static void
forget(struct server_addresses *addresses)
{
	struct map *kept = map_new();
	const char *name;
	void *value;
	size_t index = 0;

	while (map_next(addresses->hosts, &index, &name, &value)) {
		struct host *host = value;

		if (host->asked != NULL)
			*map_place(kept, name, NULL) = host;
		else
			host_free(host);
	}
	map_free(addresses->hosts);
	addresses->hosts = kept;
}

static void
take_records(struct host *host, const struct lookup *lookup)
{
	const struct answer *answer = lookup->answer;
	struct answer_walk walk;

	/* The host of an NS record is no alias (RFC 2181 10.3). */
	if (answer->status != LOOKUP_FOUND || answer->has_cname ||
	    !answer_open(lookup, &walk))
		return;
	if (answer->ttl < host->ttl_s)
		host->ttl_s = answer->ttl;
	while (host->count < ADDRESSES_MAX && answer_next(lookup, &walk)) {
		bool is_ipv4 = lookup->type == DNS_A;
		struct address address = { .family = is_ipv4 ? 4 : 6 };

		if (walk.record.rdata_length != (is_ipv4 ? 4 : 16))
			continue;
		memcpy(address.bytes, walk.record.rdata,
		    walk.record.rdata_length);
		address_put(&host->glue, &address);
		host->count++;
	}
}

/* A wait may free others, and the host may be forgotten meanwhile. */
static void
tell(struct host *host)
{
	struct list waits;

	list_init(&waits);
	while (!list_is_empty(&host->waits))
		list_append(&waits, list_take(&host->waits));
	while (!list_is_empty(&waits)) {
		struct server_wait *wait = list_entry(list_take(&waits),
		    struct server_wait, link);

		wait->done(wait);
	}
}

static void
on_answer(struct asked *asked, const struct lookup *lookup)
{
	struct host *host = asked->host;
	uint32_t keep_s;

	take_records(host, lookup);
	if (lookup_is_busy(&asked->ipv4) || lookup_is_busy(&asked->ipv6))
		return;
	free(asked);
	host->asked = NULL;
	keep_s = host->count > 0 ? host->ttl_s : KEEP_LEAST_S;
	keep_s = keep_s < KEEP_LEAST_S ? KEEP_LEAST_S : keep_s;
	keep_s = keep_s > KEEP_MOST_S ? KEEP_MOST_S : keep_s;
	host->until_ms = clock_monotonic_ms() + (int64_t)keep_s * 1000;
	tell(host);
}

static void
on_ipv4(struct lookup *lookup)
{
	on_answer(list_entry(lookup, struct asked, ipv4), lookup);
}

static void
on_ipv6(struct lookup *lookup)
{
	on_answer(list_entry(lookup, struct asked, ipv6), lookup);
}

static void
ask(struct server_addresses *addresses, struct host *host, const char *name)
{
	struct lane *lane = worker_lane(addresses->worker, ASK_DOMAIN);
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	host->glue.length = 0;
	host->count = 0;
	host->ttl_s = UINT32_MAX;
	host->until_ms = clock_monotonic_ms() + KEEP_LEAST_S * 1000;
	if (name_from_text(name, strlen(name), wire, &length) != NAME_OK)
		return;
	host->asked = xcalloc(1, sizeof *host->asked);
	host->asked->host = host;
	lookup_start(&host->asked->ipv4, lane, NULL, wire, DNS_A, on_ipv4);
	lookup_start(&host->asked->ipv6, lane, NULL, wire, DNS_AAAA, on_ipv6);
}

static struct host *
host_of(struct server_addresses *addresses, const char *name)
{
	struct host *host = map_get(addresses->hosts, name);

	if (host == NULL) {
		if (map_count(addresses->hosts) >= HOSTS_MAX)
			forget(addresses);
		host = xcalloc(1, sizeof *host);
		list_init(&host->waits);
		*map_place(addresses->hosts, name, NULL) = host;
	}
	if (host->asked == NULL && clock_monotonic_ms() >= host->until_ms)
		ask(addresses, host, name);
	return host;
}

enum server_state
server_addresses_look(struct server_addresses *addresses, const char *name,
    struct buffer *glue)
{
	const struct host *host = host_of(addresses, name);

	if (host->asked != NULL)
		return SERVER_ASKED;
	if (host->count == 0)
		return SERVER_UNKNOWN;
	wire_put_number(glue, host->count, 1);
	buffer_append(glue, host->glue.bytes, host->glue.length);
	return SERVER_KNOWN;
}

void
server_addresses_await(struct server_addresses *addresses, const char *name,
    struct server_wait *wait)
{
	struct host *host = map_get(addresses->hosts, name);

	assert(host != NULL && host->asked != NULL);
	list_init(&wait->link);
	list_append(&host->waits, &wait->link);
}

void
server_wait_cancel(struct server_wait *wait)
{
	if (wait->link.next != NULL)
		list_remove(&wait->link);
}
