#include "scanner/coordinator/work/grant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/run/staged.h"

void
grant_init(struct grant *grant, struct target *target, uint8_t attempt,
    bool connects, int64_t now_ms)
{
	*grant = (struct grant){
		.target = target, .attempt = attempt, .connects = connects,
		.granted_ms = now_ms,
		.hosts = xcalloc(target->host_count, sizeof(struct host *)),
	};
	for (uint32_t i = 0; i < target->host_count; i++) {
		struct target_host *host = &target->hosts[i];

		if (connects ? (host->judged & 1u << attempt) != 0
		    : !registry_lacks_row(target, host, attempt))
			continue;
		host->judged |= (uint8_t)(1u << attempt);
		grant->hosts[grant->host_count++] = host->host;
	}
}

void
grant_forget_hosts(const struct grant *grant)
{
	for (uint32_t i = 0; i < grant->host_count; i++)
		registry_attach(grant->target, grant->hosts[i])->judged &=
		    (uint8_t)~(1u << grant->attempt);
}

void
grants_free(struct grant *grants, uint32_t count)
{
	for (uint32_t i = 0; grants != NULL && i < count; i++)
		free(grants[i].hosts);
	free(grants);
}

void
grants_free_cargo(struct batch *batch)
{
	grants_free(batch->cargo, batch->items);
}

bool
grant_confirms(const struct target *target, uint8_t attempt)
{
	return attempt == 2 && target->mismatched;
}

void
grant_release(struct work *work, struct grant *grant, bool back_off)
{
	if (grant->connects && !grant->has_ended) {
		grant->has_ended = true;
		pace_release(work->pace, grant->target, back_off);
	}
}

/* The input **************************************************************** */

/* The shards of a stage have numbers of their own: a host can have addresses in
 * several of them. The first number, 1, is of its row. */
static uint32_t
take_asking(const struct options *options, struct host *host)
{
	const bool is_first = host->askings <= 1;

	if (!options_have_shard(options))
		host->askings++;
	else if (is_first)
		host->askings = 1 + (uint32_t)options->shard.number;
	else
		host->askings += (uint32_t)options->shard.count;
	return host->askings;
}

static void
put_host(const struct work *work, struct buffer *items,
    const struct grant *grant, struct host *host)
{
	struct wire wire = { host->tlsa_records,
	    host->tlsa_records + host->tlsa_records_length, false };
	struct probe_host item = {
		.name = host->name, .tlsa_base = host->tlsa_base,
		.judge_dane = strcmp(grant->target->sni, host->tlsa_base) == 0,
		.tlsa_status = host->tlsa_status,
		.tlsa_asked_at = host->tlsa_asked_at,
		.tlsa_ttl_s = host->tlsa_ttl_s,
		.asking = host->asking,
		.record_count = host->tlsa_record_count,
	};

	/* Only a secure RRset decides anything and is worth a second
	 * question. */
	if (grant->connects && item.judge_dane && host_has_secure_tlsa(host))
		item.next_asking = take_asking(work->options, host);
	/* U10: a mismatch is looked at twice, so the records are asked for
	 * again whatever their TTL says. */
	item.ask_again = item.next_asking != 0 &&
	    grant_confirms(grant->target, grant->attempt);
	for (uint32_t i = 0; i < item.record_count; i++)
		item.records[i].bytes = wire_bytes(&wire,
		    &item.records[i].length);
	probe_host_put(items, &item);
}

/* The server name of the session: the target's own, or the name whose session
 * the target is judged by. */
static const char *
session_sni(const struct grant *grant)
{
	const char *sni = grant->target->attempts[grant->attempt - 1].sni;

	return grant->connects || sni == NULL ? grant->target->sni : sni;
}

static enum probe_action
action_of(const struct grant *grant, const struct attempt *result)
{
	if (grant->connects)
		return PROBE_CONNECT;
	return result->basis == BASIS_NONE ? PROBE_NONE : PROBE_JUDGE;
}

static bool
put_item(struct work *work, const struct grant *grant, struct staged *staged,
    struct buffer *items)
{
	const struct target *target = grant->target;
	const struct attempt *result = &target->attempts[grant->attempt - 1];
	struct probe_item item = {
		.action = action_of(grant, result),
		.address = target->peer->address,
		.port = (uint16_t)work->options->port,
		.sni = target->sni, .session_sni = session_sni(grant),
		.attempt = grant->attempt,
		.basis = grant->connects ? BASIS_OWN : result->basis,
		.profile = result->profile, .outcome = result->outcome,
		.measured_at = result->measured_at,
		.is_truncated = result->is_truncated,
		.host_count = grant->host_count,
	};

	errno = 0;
	if (item.action == PROBE_JUDGE && result->has_chain &&
	    !staged_chain(staged, &work->run->folder, result->part,
	    result->chain_id, &item)) {
		errno = errno != 0 ? errno : EIO;
		return false;
	}
	probe_item_put(items, &item);
	for (uint32_t i = 0; i < grant->host_count; i++)
		put_host(work, items, grant, grant->hosts[i]);
	return true;
}

/* RULES K2 (sessions): the attempt starts now, not when pacing granted it. The
 * start is noted before the connection. */
static void
note_start(struct work *work, struct grant *grant, int64_t now_ms)
{
	grant->granted_ms = now_ms;
	starts_note(work->run->starts, &grant->target->peer->address,
	    grant->target->sni, grant->attempt, now_ms);
}

bool
grants_put(struct work *work, struct batch *batch, int64_t now_ms)
{
	struct grant *grants = batch->cargo;
	struct staged staged = { .part = UINT64_MAX };
	struct buffer items = { 0 };
	bool good = true;

	for (uint32_t i = 0; i < batch->items && good; i++) {
		good = put_item(work, &grants[i], &staged, &items);
		if (good && grants[i].connects) {
			batch->sessions++;
			note_start(work, &grants[i], now_ms);
		}
	}
	staged_fini(&staged);
	good = good && starts_flush(work->run->starts) &&
	    batch_set_input(batch, &items);
	buffer_fini(&items);
	return good;
}

void
grants_forget_start(struct work *work, struct batch *batch)
{
	struct grant *grants = batch->cargo;

	for (uint32_t i = 0; i < batch->items; i++)
		grants[i].granted_ms -= (int64_t)work->options->retry_after_ms;
}

/* Hosts that were attached later are not among the first host_count. */
bool
grants_expect(const struct batch *batch, struct map *expected)
{
	const struct grant *grants = batch->cargo;
	char key[TARGET_KEY_MAX + NAME_TEXT_MAX], address[ADDRESS_TEXT_MAX];

	for (uint32_t i = 0; i < batch->items; i++) {
		const struct grant *grant = &grants[i];
		size_t length;

		if (grant->is_returned)
			continue;
		address_to_text(&grant->target->peer->address, address);
		harvest_target_key(key, address, grant->target->sni,
		    grant->attempt);
		if (grant->connects)
			harvest_expect(expected, key);
		length = strlen(key);
		for (uint32_t h = 0; h < grant->host_count; h++) {
			snprintf(key + length, sizeof key - length, " %s",
			    grant->hosts[h]->name);
			harvest_expect(expected, key);
		}
	}
	return true;
}
