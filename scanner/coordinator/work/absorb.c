/*
 * absorb: what a committed batch says is taken into registry, pace and tally.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/coordinator/batch/harvest.h"

void
absorb_deferred(struct coordinator *coordinator, const struct domain_item *item)
{
	void **suspect;

	switch (item->state) {
	case ITEM_HELD:
		name_servers_hold(coordinator->name_servers, item);
		break;
	case ITEM_SUSPECT:
	case ITEM_CRASHED:
		item_line_put_domain(&coordinator->suspect_domains, item);
		if (coordinator->suspects == NULL)
			break;
		suspect = map_place(coordinator->suspects, item->name, NULL);
		coordinator->suspect_count -= *suspect != NULL;
		*suspect = NULL;
		break;
	default:
		item_line_put_domain(&coordinator->failed_domains, item);
		break;
	}
}

static void
apply_domains(struct coordinator *coordinator, const struct harvest *harvest)
{
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	for (size_t i = 0; i < harvest->host_count; i++)
		(void)registry_host(&coordinator->registry, harvest->hosts[i]);
	/* At a restart all of them are looked at together (resume.c). */
	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		if (coordinator->resuming)
			item_line_put_domain(&coordinator->failed_domains,
			    &item);
		else
			absorb_deferred(coordinator, &item);
	}
}

/* At a restart a host stands in line until its row is read. */
static void
leave_line(struct registry *registry, struct host *host)
{
	if (host->phase != HOST_WAITING)
		return;
	list_remove(&host->link);
	registry->waiting_count--;
}

static void
apply_host(struct coordinator *coordinator, const struct host_facts *facts)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, facts->name);

	leave_line(registry, host);
	host->phase = HOST_KNOWN;
	host->status = facts->status;
	host->tlsa_status = facts->tlsa_status;
	host->tlsa_asked_at = facts->asked_at;
	host->tlsa_ttl_s = facts->ttl_s;
	if (facts->tlsa_base[0] != '\0')
		host->asking = host->askings = 1;
	host->tlsa_base = strcmp(facts->tlsa_base, facts->name) == 0
	    ? host->name : arena_text(&registry->arena, facts->tlsa_base);
	host->tlsa_records_length = (uint32_t)facts->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    facts->records.bytes, facts->records.length);
	host->tlsa_record_count = facts->record_count;
	schedule_host(coordinator, host, facts->addresses, facts->classes,
	    facts->address_count);
}

static void
apply_hosts(struct coordinator *coordinator, const struct harvest *harvest)
{
	struct registry *registry = &coordinator->registry;
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct host_item item;

	for (size_t i = 0; i < harvest->facts_count; i++)
		apply_host(coordinator, &harvest->facts[i]);
	while (wire.at < wire.end && host_item_get(&wire, &item)) {
		struct host *host = registry_host(registry, item.name);

		leave_line(registry, host);
		host->phase = HOST_DEFERRED;
		item_line_put_host(&coordinator->failed_hosts, &item);
	}
}

/* The legacy row, where there is one, is the last word of its attempt. */
static void
apply_probe(struct coordinator *coordinator, const struct probe_facts *facts,
    uint64_t number)
{
	bool is_new;
	struct target *target = registry_target(&coordinator->registry,
	    registry_peer(&coordinator->registry, &facts->address),
	    facts->sni, &is_new);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	if (result->state == ATTEMPT_DONE && result->basis == BASIS_OWN &&
	    result->profile == PROFILE_LEGACY)
		return;
	*result = facts->result;
	result->part = number;
	result->sni = target->sni;
}

static void
apply_result(struct coordinator *coordinator, const struct result_facts *facts)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, facts->host);
	bool is_new;
	struct target *target = registry_target(registry, registry_peer(registry,
	    &facts->address), facts->sni, &is_new);
	struct target_host *attached = registry_attach(target, host);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	attached->judged |= (uint8_t)(1u << facts->attempt);
	/* At a restart: what stands in no row of probes. */
	if (result->state == ATTEMPT_NONE && facts->basis != BASIS_OWN)
		*result = (struct attempt){
			.state = ATTEMPT_DONE, .basis = facts->basis,
			.outcome = facts->reason, .tls_class = facts->tls_class,
			.measured_at = facts->measured_at,
		};
	if (facts->attempt == 1 && facts->mismatched)
		target->mismatched = true;
	if (facts->asking > host->askings)
		host->askings = facts->asking;
	if (facts->asking > host->asking)
		host->asking = facts->asking;
	if (facts->asking != 0 && facts->asked_at > host->tlsa_asked_at) {
		host->tlsa_asked_at = facts->asked_at;
		host->tlsa_status = facts->tlsa_status;
	}
}

static void
apply_again(struct coordinator *coordinator, const struct asked_again *again)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, again->host);

	host->tlsa_records_length = (uint32_t)again->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    again->records.bytes, again->records.length);
	host->tlsa_record_count = again->record_count;
}

static void
apply_probes(struct coordinator *coordinator, const struct harvest *harvest,
    uint64_t number)
{
	for (size_t i = 0; i < harvest->probe_count; i++)
		apply_probe(coordinator, &harvest->probes[i], number);
	for (size_t i = 0; i < harvest->again_count; i++)
		apply_again(coordinator, &harvest->again[i]);
	for (size_t i = 0; i < harvest->result_count; i++)
		apply_result(coordinator, &harvest->results[i]);
}

static void
tally_add(struct tally *tally, const struct tally *more)
{
	uint64_t *to = (uint64_t *)(void *)tally;
	const uint64_t *from = (const uint64_t *)(const void *)more;

	_Static_assert(sizeof *tally % sizeof *to == 0, "counts alone");
	for (size_t i = 0; i < sizeof *tally / sizeof *to; i++)
		to[i] += from[i];
}

void
absorb(struct coordinator *coordinator, const struct harvest *harvest,
    enum job_kind kind, uint64_t number)
{
	tally_add(&coordinator->tally, &harvest->tally);
	switch (kind) {
	case JOB_DOMAINS:
		apply_domains(coordinator, harvest);
		if (harvest->has_policies)
			batch_want_policies(coordinator, number);
		break;
	case JOB_HOSTS:
		apply_hosts(coordinator, harvest);
		break;
	case JOB_POLICIES:
		break;
	default:
		apply_probes(coordinator, harvest, number);
		break;
	}
}
