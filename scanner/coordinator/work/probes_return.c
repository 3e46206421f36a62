#include "scanner/coordinator/work/probes_return.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/keyset.h"
#include "scanner/coordinator/batch/amend.h"
#include "scanner/coordinator/work/grant.h"

#define ASKING_KEY_MAX	(NAME_TEXT_MAX + 16)

/* What is removed: attempts (harvest_target_key), and askings of TLSA. What
 * stays: chains and certificates of the other attempts. */
struct returning {
	struct keyset	*failed, *attempts, *askings;
	struct keyset	*chains, *certificates;
};

static void
attempt_key(char key[TARGET_KEY_MAX], const struct address *address,
    const char *sni, int attempt)
{
	char text[ADDRESS_TEXT_MAX];

	address_to_text(address, text);
	harvest_target_key(key, text, sni, attempt);
}

static void
asking_key(char key[ASKING_KEY_MAX], const char *host, uint64_t asking)
{
	snprintf(key, ASKING_KEY_MAX, "%s %llu", host,
	    (unsigned long long)asking);
}

static void
add(struct keyset *set, const char *key)
{
	(void)keyset_add(set, key, strlen(key));
}

static bool
has(const struct keyset *set, const char *key)
{
	return keyset_has(set, key, strlen(key));
}

/* Who failed *************************************************************** */

static bool
is_forged(const struct work *work, const struct probe_facts *facts)
{
	return facts->identity != NULL && network_identity(work->network,
	    facts->identity) == IDENTITY_FORGED;
}

static void
find_failed(const struct work *work, struct returning *returning,
    const struct harvest *harvest, bool own_alone)
{
	char key[TARGET_KEY_MAX];

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];

		if (own_alone ? facts->result.outcome != OUTCOME_LOCAL_ERROR
		    : !facts->may_be_ours && !is_forged(work, facts))
			continue;
		attempt_key(key, &facts->address, facts->sni, facts->attempt);
		add(returning->failed, key);
	}
	for (size_t i = 0; i < harvest->result_count && !own_alone; i++) {
		const struct result_facts *facts = &harvest->results[i];

		if (!facts->may_be_ours)
			continue;
		attempt_key(key, &facts->address, facts->sni, facts->attempt);
		add(returning->failed, key);
	}
}

/* Is the attempt queued again? If the same fault of our own occurs again at one
 * target while the network works, it becomes the row. */
static bool
goes_back(struct work *work, struct grant *grant, bool own_alone)
{
	struct target *target = grant->target;
	bool had = target->had_own_error;

	if (grant->own_error == MESSAGE_ERROR_AWAY)
		return true;
	if (grant->own_error == 0)
		return !own_alone;
	network_note_own_error(work->network, grant->own_error,
	    fault_of_error(grant->own_error, ERROR_OF_CALL, false).remedy,
	    clock_ms());
	target->had_own_error = true;
	return !had || network_is_down(work->network);
}

static uint32_t
mark(struct work *work, struct batch *batch, struct returning *returning,
    bool own_alone)
{
	struct grant *grants = batch->cargo;
	char key[TARGET_KEY_MAX];
	uint32_t count = 0;

	for (uint32_t i = 0; i < batch->items; i++) {
		struct grant *grant = &grants[i];

		if (!grant->connects || grant->is_returned)
			continue;
		attempt_key(key, &grant->target->peer->address,
		    grant->target->sni, grant->attempt);
		if (!has(returning->failed, key) && grant->own_error == 0)
			continue;
		if (!goes_back(work, grant, own_alone))
			continue;
		grant->is_returned = true;
		add(returning->attempts, key);
		count++;
	}
	return count;
}

static void
find_askings(struct returning *returning, const struct harvest *harvest)
{
	char key[TARGET_KEY_MAX], asking[ASKING_KEY_MAX];

	for (size_t i = 0; i < harvest->result_count; i++) {
		const struct result_facts *facts = &harvest->results[i];

		attempt_key(key, &facts->address, facts->sni, facts->attempt);
		if (!has(returning->attempts, key))
			continue;
		asking_key(asking, facts->host, facts->asking);
		add(returning->askings, asking);
	}
}

/* Chains of attempts that stay. */
static void
find_chains(struct returning *returning, const struct harvest *harvest)
{
	char key[TARGET_KEY_MAX];

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];

		attempt_key(key, &facts->address, facts->sni, facts->attempt);
		if (facts->chain[0] != '\0' && !has(returning->attempts, key))
			add(returning->chains, facts->chain);
	}
}

/* Taking them out ********************************************************** */

static bool
keeps_probe(void *tag, const struct table_reader *row, unsigned *flags)
{
	const struct returning *returning = tag;
	char key[TARGET_KEY_MAX];

	(void)flags;
	harvest_target_key(key, table_get(row, PROBES_ADDRESS),
	    table_get(row, PROBES_SNI), (int)table_get_number(row,
	    PROBES_ATTEMPT));
	return !has(returning->attempts, key);
}

static bool
keeps_result(void *tag, const struct table_reader *row, unsigned *flags)
{
	const struct returning *returning = tag;
	char key[TARGET_KEY_MAX];

	(void)flags;
	harvest_target_key(key, table_get(row, RESULTS_ADDRESS),
	    table_get(row, RESULTS_SNI), (int)table_get_number(row,
	    RESULTS_ATTEMPT));
	return !has(returning->attempts, key);
}

static bool
keeps_tlsa(void *tag, const struct table_reader *row, unsigned *flags)
{
	const struct returning *returning = tag;
	char key[ASKING_KEY_MAX];

	(void)flags;
	asking_key(key, table_get(row, TLSA_HOST),
	    (uint64_t)table_get_number(row, TLSA_ASKING));
	return !has(returning->askings, key);
}

static bool
keeps_chain(void *tag, const struct table_reader *row, unsigned *flags)
{
	const struct returning *returning = tag;

	(void)flags;
	if (!has(returning->chains, table_get(row, CHAINS_CHAIN_ID)))
		return false;
	add(returning->certificates, table_get(row,
	    CHAINS_CERTIFICATE_SHA256));
	return true;
}

static bool
keeps_certificate(void *tag, const struct table_reader *row, unsigned *flags)
{
	const struct returning *returning = tag;

	(void)flags;
	return has(returning->certificates, table_get(row,
	    CERTIFICATES_SHA256));
}

static bool
take_out(struct work *work, const struct batch *batch,
    struct returning *returning)
{
	static const struct {
		unsigned output;
		bool (*keeps)(void *, const struct table_reader *, unsigned *);
	} outputs[] = {
		{ PROBES_TO_PROBES, keeps_probe },
		{ PROBES_TO_RESULTS, keeps_result },
		{ PROBES_TO_TLSA, keeps_tlsa },
		{ PROBES_TO_CHAINS, keeps_chain },
		{ PROBES_TO_CERTIFICATES, keeps_certificate },
	};

	for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
		const struct amendment amendment = {
			.keeps = outputs[i].keeps, .tag = returning,
			.level = (int)work->options->level,
		};

		if (!batch_amend(batch, outputs[i].output, &amendment))
			return false;
	}
	return true;
}

bool
probes_return_failed(struct work *work, struct batch *batch,
    const struct harvest *harvest, bool own_alone)
{
	struct returning returning = {
		keyset_new(), keyset_new(), keyset_new(), keyset_new(),
		keyset_new(),
	};
	bool good = true;
	uint32_t marked;

	find_failed(work, &returning, harvest, own_alone);
	marked = mark(work, batch, &returning, own_alone);
	work->given_back[JOB_PROBES] += marked;
	if (marked > 0) {
		find_askings(&returning, harvest);
		find_chains(&returning, harvest);
		good = take_out(work, batch, &returning);
	}
	keyset_free(returning.failed);
	keyset_free(returning.attempts);
	keyset_free(returning.askings);
	keyset_free(returning.chains);
	keyset_free(returning.certificates);
	return good;
}

/* Flags ******************************************************************** */

static bool
adds_flag(void *tag, const struct table_reader *row, unsigned *flags)
{
	if (!keeps_probe(tag, row, flags))
		*flags = 1u << PROBE_INTERCEPTED;
	return true;
}

bool
probes_flag_forged(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct returning returning = { .attempts = keyset_new() };
	const struct amendment amendment = {
		.keeps = adds_flag, .tag = &returning,
		.flags_column = PROBES_FLAGS,
		.level = (int)work->options->level,
	};
	char key[TARGET_KEY_MAX];
	bool good;

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const struct probe_facts *facts = &harvest->probes[i];

		if (!is_forged(work, facts))
			continue;
		attempt_key(key, &facts->address, facts->sni, facts->attempt);
		add(returning.attempts, key);
	}
	good = keyset_count(returning.attempts) == 0 ||
	    batch_amend(batch, PROBES_TO_PROBES, &amendment);
	keyset_free(returning.attempts);
	return good;
}
