/*
 * probes_results: what follows from the sessions and rows of batches of probes:
 * what is committed or read back goes into the registry, and targets are
 * released or wait for their next attempt.
 */
#include "scanner/coordinator/work/work.h"

#include <inttypes.h>

#include "scanner/base/log.h"
#include "scanner/coordinator/work/grant.h"
#include "scanner/coordinator/work/probes.h"
#include "scanner/coordinator/work/probes_return.h"

static void
ended(struct work *work, struct batch *batch, uint32_t item,
    const struct session_end *end)
{
	struct grant *grants = batch->cargo;
	unsigned greeting_code = end->greeting_code;

	if (!grants[item].connects || grants[item].has_ended)
		return;
	batch->sessions--;
	grants[item].own_error = end->error;
	/* K4: a greeting of 421, 450 or 554 doubles the pause of its prefix. */
	grant_release(work, &grants[item], greeting_code == 421 ||
	    greeting_code == 450 || greeting_code == 554);
}

/* The legacy row, if there is one, decides its attempt. */
static void
take_probe(struct registry *registry, const struct probe_facts *facts,
    uint64_t number)
{
	bool is_new;
	struct target *target = registry_target(registry,
	    registry_peer(registry, &facts->address), facts->sni, &is_new);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	if (result->state == ATTEMPT_DONE && result->basis == BASIS_OWN &&
	    result->profile == PROFILE_LEGACY)
		return;
	*result = facts->result;
	result->part = number;
	result->sni = target->sni;
}

/* TLSA may have been asked for again. */
static void
take_asking(struct host *host, const struct result_facts *facts)
{
	if (facts->asking > host->askings)
		host->askings = facts->asking;
	if (facts->asking > host->asking)
		host->asking = facts->asking;
	if (facts->asking != 0 && facts->asked_at > host->tlsa_asked_at) {
		host->tlsa_asked_at = facts->asked_at;
		host->tlsa_status = facts->tlsa_status;
	}
}

/* How the session ended whose facts a row shares. Its part was committed before
 * the row's. */
static enum outcome
shared_outcome(const struct registry *registry,
    const struct result_facts *facts)
{
	const struct target *shown = registry_find_target(registry,
	    &facts->address, facts->session_sni);

	return shown != NULL ? shown->attempts[facts->attempt - 1].outcome
	    : OUTCOME_COUNT;
}

static void
take_result(struct registry *registry, const struct result_facts *facts)
{
	struct host *host = registry_host(registry, facts->host);
	bool is_new;
	struct target *target = registry_target(registry,
	    registry_peer(registry, &facts->address), facts->sni, &is_new);
	struct target_host *attached = registry_attach(target, host);
	struct attempt *result = &target->attempts[facts->attempt - 1];

	attached->judged |= (uint8_t)(1u << facts->attempt);
	/* At a restart: facts that are in no row of probes. */
	if (result->state == ATTEMPT_NONE && facts->basis != BASIS_OWN)
		*result = (struct attempt){
			.state = ATTEMPT_DONE, .basis = facts->basis,
			.outcome = facts->basis == BASIS_SHARED
			    ? shared_outcome(registry, facts) : facts->reason,
			.tls_class = facts->tls_class,
			.measured_at = facts->measured_at,
		};
	if (facts->attempt == 1 && facts->mismatched)
		target->mismatched = true;
	take_asking(host, facts);
}

static void
take_records(struct registry *registry, const struct asked_again *again)
{
	struct host *host = registry_host(registry, again->host);

	host->tlsa_records_length = (uint32_t)again->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    again->records.bytes, again->records.length);
	host->tlsa_record_count = again->record_count;
}

static void
take_facts(struct work *work, uint64_t number, const struct harvest *harvest)
{
	struct registry *registry = &work->registry;

	for (size_t i = 0; i < harvest->probe_count; i++)
		take_probe(registry, &harvest->probes[i], number);
	for (size_t i = 0; i < harvest->again_count; i++)
		take_records(registry, &harvest->again[i]);
	for (size_t i = 0; i < harvest->result_count; i++)
		take_result(registry, &harvest->results[i]);
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct grant *grants = batch->cargo;

	take_facts(work, batch->number, harvest);
	for (uint32_t i = 0; i < batch->items; i++) {
		struct grant *grant = &grants[i];

		if (grant->is_returned) {
			probes_return(work, grant);
			continue;
		}
		grant_release(work, grant, false);
		grant->target->suspect = false;
		if (grant->connects)
			schedule_ended(&work->schedule, grant->target,
			    grant->attempt);
		registry_want_judged(&work->registry, grant->target);
	}
}

/* The seal, and judgements without a connection, would lack the chain of a
 * session. */
static bool
has_chains(struct run *run, uint64_t number, const struct harvest *harvest)
{
	char chains[PART_NAME_MAX], certificates[PART_NAME_MAX];
	size_t i = 0;

	while (i < harvest->probe_count &&
	    !harvest->probes[i].result.has_chain)
		i++;
	part_name(chains, ".work/chains", number, ".csv.gz");
	part_name(certificates, ".work/certificates", number, ".csv.gz");
	return i == harvest->probe_count ||
	    (folder_exists(&run->folder, chains) &&
	    folder_exists(&run->folder, certificates));
}

static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	if (!has_chains(work->run, number, harvest)) {
		log_line("%s/.work: certificates of part %" PRIu64 " of probes "
		    "are gone: the run cannot be resumed; start another (-o)",
		    work->run->folder.path, number);
		work->run->is_broken = true;
		return false;
	}
	work_note_part(work, number);
	take_facts(work, number, harvest);
	return true;
}

static bool
all_read_back(struct work *work)
{
	schedule_resume(&work->schedule);
	return true;
}

const struct work_kind probes_job = {
	.read = harvest_probes, .expect = grants_expect,
	.committed = committed, .return_failed = probes_return_failed,
	.read_back = read_back,
	.all_read_back = all_read_back, .ended = ended,
	.share = { .by_sessions = true },
};
