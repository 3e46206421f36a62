/* harvest_probes: reads the rows of a probe batch. It is a part of harvest. */
#include "scanner/coordinator/batch/harvest.h"

#include <stdio.h>
#include <string.h>

#include "scanner/base/memory.h"

void
harvest_target_key(char key[TARGET_KEY_MAX], const char *address, const char *sni,
    int attempt)
{
	snprintf(key, TARGET_KEY_MAX, "%s %s %d", address, sni, attempt);
}

static void
count_probe(struct harvest *harvest, const struct table_reader *row,
    struct probe_facts *facts)
{
	struct fault fault = fault_of_outcome(facts->result.outcome,
	    facts->result.phase);

	facts->chain = arena_text(&harvest->arena,
	    table_get(row, PROBES_CHAIN_ID));
	facts->greeting = arena_text(&harvest->arena,
	    table_get(row, PROBES_GREETING_TEXT));
	facts->total_ms = (int)table_get_number(row, PROBES_TOTAL_MS);
	facts->may_be_ours = fault.blame >= BLAME_SUSPECTED;
	harvest_count(harvest, FACE_MAIL_SERVERS, fault);
}

static bool
take_probe(struct harvest *harvest, struct table_reader *row)
{
	const char *text = table_get(row, PROBES_ADDRESS);
	struct probe_facts *facts;
	char key[TARGET_KEY_MAX];
	int64_t attempt = table_get_number(row, PROBES_ATTEMPT);

	GROW(harvest->probes, harvest->probe_count, harvest->probe_size);
	facts = &harvest->probes[harvest->probe_count++];
	*facts = (struct probe_facts){
		.sni = arena_text(&harvest->arena, table_get(row, PROBES_SNI)),
		.attempt = (uint8_t)attempt,
		.result = {
			.state = ATTEMPT_DONE, .basis = BASIS_OWN,
			.outcome = (enum outcome)table_get_enum(row,
			    PROBES_OUTCOME),
			.phase = (enum phase)table_get_enum(row, PROBES_PHASE),
			.profile = (enum profile)table_get_enum(row,
			    PROBES_PROFILE),
			.measured_at = table_get_time(row, PROBES_MEASURED_AT),
			.has_chain = !table_is_null(row, PROBES_CHAIN_ID),
			.is_truncated = (table_get_flags(row, PROBES_FLAGS) &
			    1u << PROBE_CHAIN_TRUNCATED) != 0,
			.received_bytes = (uint64_t)table_get_number(row,
			    PROBES_RECEIVED_BYTES),
		},
	};
	facts->result.tls_class = outcome_tls_class(facts->result.outcome);
	if (!address_from_text(text, strlen(text), &facts->address) ||
	    attempt < 1 || attempt > ATTEMPTS_MAX)
		return harvest_refuse(harvest, "not an attempt", text);
	if (facts->result.has_chain && table_get_bytes(row, PROBES_CHAIN_ID,
	    facts->result.chain_id, 32) != 32)
		return harvest_refuse(harvest, "not a chain", text);
	harvest_target_key(key, text, facts->sni, facts->attempt);
	/* A probe has one row, or two: modern and legacy. */
	if (harvest->expected != NULL && !harvest_was_seen(harvest, key) &&
	    !harvest_see(harvest, key))
		return false;
	count_probe(harvest, row, facts);
	harvest->tally.probes++;
	harvest->tally.outcome[facts->result.outcome]++;
	if (facts->result.has_chain && !facts->result.is_truncated) {
		harvest->tally.trusted[table_get_number(row,
		    PROBES_CHAIN_TRUSTED) != 0]++;
		if (!table_is_null(row, PROBES_IN_DATES))
			harvest->tally.in_dates[table_get_number(row,
			    PROBES_IN_DATES) != 0]++;
	}
	return true;
}

static bool
take_result(struct harvest *harvest, struct table_reader *row)
{
	const char *text = table_get(row, RESULTS_ADDRESS);
	struct result_facts *facts;
	char key[TARGET_KEY_MAX + NAME_TEXT_MAX];
	int64_t attempt = table_get_number(row, RESULTS_ATTEMPT);
	size_t length;

	GROW(harvest->results, harvest->result_count, harvest->result_size);
	facts = &harvest->results[harvest->result_count++];
	*facts = (struct result_facts){
		.host = arena_text(&harvest->arena,
		    table_get(row, RESULTS_HOST)),
		.sni = arena_text(&harvest->arena, table_get(row, RESULTS_SNI)),
		.session_sni = arena_text(&harvest->arena,
		    table_get(row, RESULTS_SESSION_SNI)),
		.attempt = (uint8_t)attempt,
		.basis = (enum basis)table_get_enum(row, RESULTS_BASIS),
		.reason = table_is_null(row, RESULTS_REASON) ? OUTCOME_COUNT
		    : (enum outcome)table_get_enum(row, RESULTS_REASON),
		.tls_class = (enum tls_class)table_get_enum(row,
		    RESULTS_TLS_CLASS),
		.measured_at = table_get_time(row, RESULTS_MEASURED_AT),
		.asking = (uint32_t)table_get_number(row, RESULTS_ASKING),
		.asked_at = table_get_time(row, RESULTS_TLSA_ASKED_AT),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    RESULTS_TLSA_STATUS),
		.mismatched = table_get_enum(row, RESULTS_DANE_VERDICT) ==
		    DANE_MISMATCH,
		.is_trusted = table_get_number(row, RESULTS_NAME_MATCH) != 0 ||
		    table_get_enum(row, RESULTS_DANE_VERDICT) == DANE_MATCH,
	};
	/* Asked again in this batch, not long before. */
	if (facts->basis == BASIS_OWN && facts->asking > 1 &&
	    harvest_tlsa_fault(facts->tlsa_status).blame >= BLAME_SUSPECTED) {
		facts->may_be_ours = true;
		harvest->faces.bad[FACE_NAME_SERVERS]++;
	}
	if (!address_from_text(text, strlen(text), &facts->address) ||
	    attempt < 1 || attempt > ATTEMPTS_MAX)
		return harvest_refuse(harvest, "not an attempt", text);
	harvest_target_key(key, text, facts->sni, facts->attempt);
	length = strlen(key);
	snprintf(key + length, sizeof key - length, " %s", facts->host);
	if (!harvest_see(harvest, key))
		return false;
	harvest->tally.results++;
	harvest->tally.tls_class[table_get_enum(row, RESULTS_TLS_CLASS)]++;
	harvest->tally.dane_verdict[table_get_enum(row,
	    RESULTS_DANE_VERDICT)]++;
	if (!table_is_null(row, RESULTS_NAME_MATCH))
		harvest->tally.name_match[table_get_number(row,
		    RESULTS_NAME_MATCH) != 0]++;
	return true;
}

static bool
take_tlsa_again(struct harvest *harvest, struct table_reader *row)
{
	const char *host = table_get(row, TLSA_HOST);
	uint32_t asking = (uint32_t)table_get_number(row, TLSA_ASKING);
	struct asked_again *again = harvest->again_count == 0 ? NULL
	    : &harvest->again[harvest->again_count - 1];

	if (again == NULL || strcmp(again->host, host) != 0 ||
	    again->asking != asking) {
		GROW(harvest->again, harvest->again_count,
		    harvest->again_size);
		again = &harvest->again[harvest->again_count++];
		*again = (struct asked_again){
			.host = arena_text(&harvest->arena, host),
			.asking = asking,
		};
	}
	if (again->record_count == ITEM_RECORDS_MAX)
		return harvest_refuse(harvest, "too many TLSA records", host);
	again->record_count++;
	return harvest_record(harvest, row, &again->records);
}

static void
keep_text(struct harvest *harvest, struct map *map, const char *key,
    const char *text)
{
	*map_place(map, key, NULL) = arena_text(&harvest->arena, text);
}

static bool
take_certificate(struct harvest *harvest, struct table_reader *row)
{
	keep_text(harvest, harvest->keys, table_get(row, CERTIFICATES_SHA256),
	    table_get(row, CERTIFICATES_SPKI_SHA256));
	return true;
}

static bool
take_chain(struct harvest *harvest, struct table_reader *row)
{
	if (table_get_number(row, CHAINS_POSITION) == 0)
		keep_text(harvest, harvest->leaves,
		    table_get(row, CHAINS_CHAIN_ID),
		    table_get(row, CHAINS_CERTIFICATE_SHA256));
	return true;
}

/* A certificate that cannot be decoded has no key, so its own hash is used
 * instead. */
static void
set_identities(struct harvest *harvest)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < harvest->probe_count; i++) {
		struct probe_facts *facts = &harvest->probes[i];
		const char *leaf = map_get(harvest->leaves, facts->chain);
		const char *key = leaf == NULL ? NULL
		    : map_get(harvest->keys, leaf);

		if (leaf == NULL)
			continue;
		text.length = 0;
		buffer_printf(&text, "%s %s", key != NULL && key[0] != '\0'
		    ? key : leaf, facts->greeting);
		facts->identity = arena_text(&harvest->arena,
		    buffer_text(&text));
	}
	buffer_fini(&text);
}

bool
harvest_probes(struct harvest *harvest, const int *descriptors)
{
	static const struct {
		int		output;
		enum table_id	table;
		bool		(*take)(struct harvest *, struct table_reader *);
	} staged[] = {
		{ PROBES_TO_CERTIFICATES, TABLE_CERTIFICATES,
		  take_certificate },
		{ PROBES_TO_CHAINS, TABLE_CHAINS, take_chain },
	};

	if (!harvest_rows(harvest, TABLE_PROBES, descriptors[PROBES_TO_PROBES],
	    &harvest->rows[PROBES_TO_PROBES], take_probe) ||
	    !harvest_rows(harvest, TABLE_HOST_RESULTS,
	    descriptors[PROBES_TO_RESULTS],
	    &harvest->rows[PROBES_TO_RESULTS], take_result))
		return false;
	if (descriptors[PROBES_TO_TLSA] >= 0 && !harvest_rows(harvest, TABLE_TLSA,
	    descriptors[PROBES_TO_TLSA], &harvest->rows[PROBES_TO_TLSA],
	    take_tlsa_again))
		return false;
	/* Committed rows are not examined again. */
	if (harvest->is_committed)
		return true;
	harvest->leaves = map_new();
	harvest->keys = map_new();
	for (size_t i = 0; i < sizeof staged / sizeof staged[0]; i++)
		if (!harvest_rows(harvest, staged[i].table,
		    descriptors[staged[i].output],
		    &harvest->rows[staged[i].output], staged[i].take))
			return false;
	set_identities(harvest);
	return true;
}
