/* canary_results: what the batches of the canary say, and who is asked next. It
 * is a part of canary. */
#include "scanner/coordinator/work/canary_internal.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "scanner/base/log.h"

/* The domain has no MX: the name above it is next, but no TLD. */
static void
ask_parent(struct work *work)
{
	struct canary *canary = work->canary;
	const char *parent = strchr(canary->domain, '.');

	if (parent == NULL || strchr(parent + 1, '.') == NULL) {
		canary->domain[0] = '\0';
		canary_fail(work, false);
		return;
	}
	memmove(canary->domain, parent + 1, strlen(parent + 1) + 1);
	canary_go_on(work, CANARY_DOMAIN);
}

static void
take_domain(struct work *work, const struct harvest *harvest)
{
	struct canary *canary = work->canary;

	if (harvest->faces.bad[FACE_NAME_SERVERS] > 0) {
		canary_fail(work, true);
	} else if (harvest->host_count == 0) {
		ask_parent(work);
	} else {
		snprintf(canary->host, sizeof canary->host, "%s",
		    harvest->hosts[0].name);
		canary_go_on(work, CANARY_HOST);
	}
}

static bool
address_of(const struct sockaddr *name, struct address *address)
{
	*address = (struct address){ 0 };
	if (name != NULL && name->sa_family == AF_INET) {
		address->family = 4;
		memcpy(address->bytes, &((const struct sockaddr_in *)
		    (const void *)name)->sin_addr, 4);
		return true;
	}
	if (name != NULL && name->sa_family == AF_INET6) {
		address->family = 6;
		memcpy(address->bytes, &((const struct sockaddr_in6 *)
		    (const void *)name)->sin6_addr, 16);
		return true;
	}
	return false;
}

/* Is it in a /24 or /48 of an address of this machine? */
static bool
is_near(const struct address *address)
{
	struct prefix network = address_network(address);
	struct ifaddrs *all;
	struct address own;
	bool near = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
		near = near || (address_of(one->ifa_addr, &own) &&
		    own.family == address->family &&
		    prefix_contains(&network, &own));
	freeifaddrs(all);
	return near;
}

static void
take_tlsa(struct canary *canary, const struct host_facts *facts)
{
	snprintf(canary->tlsa_base, sizeof canary->tlsa_base, "%s",
	    facts->tlsa_base);
	canary->tlsa_status = facts->tlsa_status;
	canary->record_count = facts->record_count;
	canary->records.length = 0;
	buffer_append(&canary->records, facts->records.bytes,
	    facts->records.length);
}

static void
take_host(struct work *work, const struct harvest *harvest)
{
	struct canary *canary = work->canary;
	const struct host_facts *facts = harvest->facts;

	for (size_t i = 0; harvest->facts_count > 0 &&
	    i < facts->address_count; i++) {
		struct reach_server *own = &canary->own[canary->own_count];

		if (facts->classes[i] != CLASS_PUBLIC ||
		    is_near(&facts->addresses[i]) ||
		    canary->own_count == CANARY_ADDRESSES)
			continue;
		own->address = facts->addresses[i];
		snprintf(own->sni, sizeof own->sni, "%s", canary->host);
		canary->own_count++;
	}
	if (canary->own_count > 0) {
		take_tlsa(canary, facts);
		canary_go_on(work, CANARY_SESSION);
		return;
	}
	/* A lookup that failed may succeed at the next look. */
	if (harvest->faces.bad[FACE_NAME_SERVERS] > 0) {
		canary_fail(work, true);
		return;
	}
	log_line("the canary %s has no address outside the networks of this "
	    "machine that may be contacted", canary->host);
	canary_fail(work, false);
}

/* The canary's certificate counts as its own if one session says so. */
static bool
is_trusted(const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->result_count; i++)
		if (harvest->results[i].is_trusted)
			return true;
	return false;
}

static void
take_sessions(struct work *work, const struct harvest *harvest)
{
	struct look_result result = { .is_possible = true };

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];

		result.answered = result.answered || !facts->may_be_ours ||
		    facts->result.phase != PHASE_CONNECT;
		if (work->canary->asks_canary && facts->identity != NULL)
			result.identity = facts->identity;
	}
	result.is_trusted = is_trusted(harvest);
	canary_finish(work, &result);
}

void
canary_take(struct work *work, const struct batch *batch,
    const struct harvest *harvest)
{
	if (batch->queue == &canary_domains_queue)
		take_domain(work, harvest);
	else if (batch->queue == &canary_hosts_queue)
		take_host(work, harvest);
	else
		take_sessions(work, harvest);
}
