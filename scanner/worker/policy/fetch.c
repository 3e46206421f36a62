#include "scanner/worker/policy/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/arena.h"
#include "scanner/base/clock.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/worker/conduct.h"
#include "scanner/worker/worker.h"

#define FETCH_MS	60000	/* P3 */
#define FETCH_DEADLINES	4	/* --timeout, as for a session */
#define NETWORK_FETCHES	2	/* fetches at a time to a /24 or /48 */

struct policy_network {
	unsigned	in_flight;
	struct list	waiting;	/* fetches */
};

struct policy_hosts {
	struct worker	*worker;
	struct https	*https;
	unsigned	 at_a_time, in_flight;
	struct list	 ready;		/* fetches whose network may have room */
	struct map	*networks;
	struct arena	 arena;
};

struct policy_hosts *
policy_hosts_new(struct worker *worker, struct https *https,
    unsigned at_a_time)
{
	struct policy_hosts *hosts = xcalloc(1, sizeof *hosts);

	hosts->worker = worker;
	hosts->https = https;
	hosts->at_a_time = at_a_time;
	hosts->networks = map_new();
	list_init(&hosts->ready);
	return hosts;
}

void
policy_hosts_free(struct policy_hosts *hosts)
{
	if (hosts == NULL)
		return;
	map_free(hosts->networks);
	arena_fini(&hosts->arena);
	free(hosts);
}

static struct policy_network *
network_of(struct policy_hosts *hosts, const struct address *address)
{
	const struct prefix prefix = address_network(address);
	char text[ADDRESS_TEXT_MAX + 4];
	struct policy_network *network;
	void **place;

	prefix_to_text(&prefix, text);
	place = map_place(hosts->networks, text, NULL);
	if (*place != NULL)
		return *place;
	network = *place = arena_take(&hosts->arena, sizeof *network);
	list_init(&network->waiting);
	return network;
}

/* Turns ******************************************************************* */

static void on_transfer(struct https_transfer *);

/* How long its transfers may still take. The wait for a turn does not count: it
 * is for others that we ask. */
static int64_t
left_ms(const struct policy_fetch *fetch)
{
	int64_t most = FETCH_DEADLINES *
	    (int64_t)fetch->hosts->worker->options->timeout_ms;

	return (most < FETCH_MS ? most : FETCH_MS) - fetch->used_ms;
}

static void
start_transfer(struct policy_fetch *fetch)
{
	struct policy_hosts *hosts = fetch->hosts;

	fetch->started_ms = clock_ms();
	hosts->in_flight++;
	fetch->network->in_flight++;
	fetch->transfer.host = fetch->host;
	fetch->transfer.path = "/.well-known/mta-sts.txt";
	fetch->transfer.address = fetch->addresses[fetch->tried++];
	fetch->transfer.bytes_max = MTA_STS_POLICY_MAX;
	fetch->transfer.deadline_ms = (unsigned)left_ms(fetch);
	fetch->transfer.done = on_transfer;
	https_start(hosts->https, &fetch->transfer);
}

static void
serve(struct policy_hosts *hosts)
{
	while (hosts->in_flight < hosts->at_a_time &&
	    !list_is_empty(&hosts->ready)) {
		struct policy_fetch *fetch = list_entry(
		    list_take(&hosts->ready), struct policy_fetch, link);

		if (fetch->network->in_flight < NETWORK_FETCHES)
			start_transfer(fetch);
		else
			list_append(&fetch->network->waiting, &fetch->link);
	}
}

/* A place at the network is free. The first fetch that waits for it now waits
 * for a place in the total. */
static void
give_back(struct policy_fetch *fetch)
{
	struct policy_hosts *hosts = fetch->hosts;
	struct policy_network *network = fetch->network;

	hosts->in_flight--;
	network->in_flight--;
	if (!list_is_empty(&network->waiting))
		list_append(&hosts->ready, list_take(&network->waiting));
}

static void
await_turn(struct policy_fetch *fetch)
{
	fetch->network = network_of(fetch->hosts,
	    &fetch->addresses[fetch->tried]);
	list_append(&fetch->hosts->ready, &fetch->link);
	serve(fetch->hosts);
}

/* The result ************************************************************** */

static void
fail(struct policy_fetch *fetch, enum mta_sts_fault fault)
{
	fetch->status = MTA_STS_FETCH_FAILED;
	fetch->fault = fault;
}

static void
read_policy(struct policy_fetch *fetch)
{
	const struct https_transfer *transfer = &fetch->transfer;

	if (!transfer->is_plain_text)
		fetch->flags |= 1u << POLICY_CONTENT_TYPE;
	if (!mta_sts_policy_read(&fetch->policy,
	    transfer->body.length > 0 ? (const char *)transfer->body.bytes : "",
	    transfer->body.length)) {
		fetch->status = MTA_STS_INVALID_POLICY;
		fetch->fault = MTA_STS_SYNTAX;
		return;
	}
	fetch->status = MTA_STS_VALID;
	if (fetch->policy.max_age_s > MTA_STS_MAX_AGE_MAX)
		fetch->flags |= 1u << POLICY_MAX_AGE_OVER;
}

static void
read_result(struct policy_fetch *fetch)
{
	const struct https_transfer *transfer = &fetch->transfer;

	fetch->code = transfer->code;
	switch (transfer->result) {
	case HTTPS_RESPONSE:
		if (transfer->code == 200)
			read_policy(fetch);
		else
			fail(fetch, transfer->code / 100 == 3
			    ? MTA_STS_REDIRECT : MTA_STS_STATUS);
		break;
	case HTTPS_CERTIFICATE:
		fetch->tls_error = transfer->tls_error;
		fail(fetch, MTA_STS_CERTIFICATE);
		break;
	case HTTPS_PROTOCOL:
		fail(fetch, MTA_STS_PROTOCOL);
		break;
	case HTTPS_TOO_LARGE:
		fail(fetch, MTA_STS_TOO_LARGE);
		break;
	case HTTPS_TIMEOUT:
		fail(fetch, MTA_STS_TIMEOUT);
		break;
	case HTTPS_CONNECT:
		fail(fetch, MTA_STS_CONNECT);
		break;
	default:
		fetch->status = MTA_STS_ERROR;
		break;
	}
}

static void
on_transfer(struct https_transfer *transfer)
{
	struct policy_fetch *fetch = list_entry(transfer,
	    struct policy_fetch, transfer);
	struct policy_hosts *hosts = fetch->hosts;

	fetch->used_ms += clock_ms() - fetch->started_ms;
	give_back(fetch);
	/* Addresses to which no connection was tried count only if no other is
	 * left. */
	fetch->whose = transfer->has_connected ? transfer->fault
	    : fault_worse(fetch->whose, transfer->fault);
	if (!transfer->has_connected && transfer->result != HTTPS_LOCAL_ERROR &&
	    fetch->tried < fetch->address_count &&
	    left_ms(fetch) > 0) {
		await_turn(fetch);
	} else {
		read_result(fetch);
		fetch->done(fetch);	/* may free it */
	}
	serve(hosts);
}

/* Addresses *************************************************************** */

static void
take_address(struct policy_fetch *fetch, const struct address *address)
{
	enum address_class class = conduct_class_of(fetch->hosts->worker,
	    address);

	fetch->classes |= 1u << class;
	if (class == CLASS_PUBLIC &&
	    fetch->address_count < POLICY_ADDRESSES_MAX)
		fetch->addresses[fetch->address_count++] = *address;
}

static int
compare_addresses(const void *a, const void *b)
{
	return address_compare(a, b);
}

/* The addresses are sorted before a limit cuts them (docs/schema.md). */
static void
take_addresses(struct policy_fetch *fetch, const struct lookup *lookup)
{
	const size_t size = lookup->type == DNS_A ? 4 : 16;
	struct address *addresses;
	struct answer_walk walk;
	size_t count = 0;

	if (!answer_open(lookup, &walk) || lookup->answer->count == 0)
		return;
	addresses = xcalloc(lookup->answer->count, sizeof *addresses);
	while (count < lookup->answer->count && answer_next(lookup, &walk)) {
		if (walk.record.rdata_length != size)
			continue;
		addresses[count].family = lookup->type == DNS_A ? 4 : 6;
		memcpy(addresses[count++].bytes, walk.record.rdata, size);
	}
	qsort(addresses, count, sizeof *addresses, compare_addresses);
	for (size_t i = 0; i < count; i++)
		take_address(fetch, &addresses[i]);
	free(addresses);
}

/* The host can be an alias of a host that has opted out. */
static void
look_at_alias(struct policy_fetch *fetch, const struct lookup *lookup)
{
	char name[NAME_TEXT_MAX];

	if (!lookup->answer->has_cname)
		return;
	name_to_text(lookup->answer->canonical, name);
	if (opt_out_has_name(&fetch->hosts->worker->opt_out, name))
		fetch->is_opted_out = true;
}

static bool
has_class(const struct policy_fetch *fetch, enum address_class class)
{
	return (fetch->classes & 1u << class) != 0;
}

/* While only allowed networks are asked, name servers elsewhere always seem to
 * fail. */
static bool
is_hidden(const struct policy_fetch *fetch)
{
	return has_class(fetch, CLASS_NOT_ALLOWED) ||
	    (fetch->hosts->worker->options->only_allowed_networks &&
	    (fetch->ipv4_status >= LOOKUP_SERVFAIL ||
	    fetch->ipv6_status >= LOOKUP_SERVFAIL));
}

/* There is no connection. If we are the reason, the policy is unknown. */
static void
give_up(struct policy_fetch *fetch)
{
	if (fetch->is_opted_out || has_class(fetch, CLASS_OPTED_OUT) ||
	    has_class(fetch, CLASS_NO_ROUTE)) {
		fetch->status = MTA_STS_NOT_ASKED;
	} else if (is_hidden(fetch)) {
		fetch->status = MTA_STS_ERROR;
		fetch->fault = MTA_STS_NOT_ALLOWED;
	} else {
		fail(fetch, has_class(fetch, CLASS_SPECIAL)
		    ? MTA_STS_SPECIAL_ADDRESS : MTA_STS_DNS);
		if (fetch->fault == MTA_STS_DNS)
			fetch->whose = fault_worse(
			    fault_of_lookup(fetch->ipv4_status),
			    fault_of_lookup(fetch->ipv6_status));
	}
}

static void
on_addresses(struct policy_fetch *fetch)
{
	if (fetch->address_count > 0 && !fetch->is_opted_out) {
		await_turn(fetch);
		return;
	}
	give_up(fetch);
	fetch->done(fetch);
}

static void
on_family(struct policy_fetch *fetch, const struct lookup *lookup)
{
	if (lookup->answer->status == LOOKUP_FOUND)
		take_addresses(fetch, lookup);
	look_at_alias(fetch, lookup);
	if (!lookup_is_busy(&fetch->ipv4) && !lookup_is_busy(&fetch->ipv6))
		on_addresses(fetch);
}

static void
on_ipv4(struct lookup *lookup)
{
	struct policy_fetch *fetch = list_entry(lookup, struct policy_fetch,
	    ipv4);

	fetch->ipv4_status = lookup->answer->status;
	on_family(fetch, lookup);
}

static void
on_ipv6(struct lookup *lookup)
{
	struct policy_fetch *fetch = list_entry(lookup, struct policy_fetch,
	    ipv6);

	fetch->ipv6_status = lookup->answer->status;
	on_family(fetch, lookup);
}

/* `mta-sts` below the domain, as wire form and as text. Returns false if that
 * cannot be a host name: it is too long, or has bytes that no URL has. */
static bool
name_host(const uint8_t *domain, uint8_t wire[NAME_WIRE_MAX],
    char text[NAME_TEXT_MAX])
{
	static const char label[] = "\007mta-sts";
	size_t length = name_wire_length(domain, NAME_WIRE_MAX);

	if (sizeof label - 1 + length > NAME_WIRE_MAX)
		return false;
	memcpy(wire, label, sizeof label - 1);
	memcpy(wire + sizeof label - 1, domain, length);
	name_to_text(wire, text);
	return strchr(text, '\\') == NULL;
}

bool
policy_fetch_start(struct policy_fetch *fetch, struct policy_hosts *hosts,
    const uint8_t *domain, uint32_t slot, void (*done)(struct policy_fetch *))
{
	struct lane *lane = worker_lane(hosts->worker, ASK_POLICY);
	uint8_t wire[NAME_WIRE_MAX];

	fetch->hosts = hosts;
	fetch->done = done;
	fetch->transfer.slot = slot;
	if (!name_host(domain, wire, fetch->host)) {
		fail(fetch, MTA_STS_DNS);
		return false;
	}
	if (opt_out_has_name(&hosts->worker->opt_out, fetch->host)) {
		fetch->status = MTA_STS_NOT_ASKED;
		return false;
	}
	lookup_start(&fetch->ipv4, lane, NULL, wire, DNS_A, on_ipv4);
	lookup_start(&fetch->ipv6, lane, NULL, wire, DNS_AAAA, on_ipv6);
	return true;
}

void
policy_fetch_fini(struct policy_fetch *fetch)
{
	mta_sts_policy_fini(&fetch->policy);
	buffer_fini(&fetch->transfer.body);
}
