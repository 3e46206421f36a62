#include "scanner/worker/probe.h"

#include "scanner/crypto/dane.h"
#include "scanner/worker/worker.h"

/* What only a certificate that can be decoded says. */
static void
write_certificate_facts(struct table *table,
    const struct certificate *certificate)
{
	struct certificate_facts facts;

	certificate_facts_read(certificate, &facts);
	table_set_hex(table, CERTIFICATES_SPKI_SHA256, facts.spki_sha256,
	    SHA256_BYTES);
	table_set_text(table, CERTIFICATES_SUBJECT_TEXT, facts.subject.bytes,
	    facts.subject.length);
	table_set_text(table, CERTIFICATES_COMMON_NAME_TEXT,
	    facts.common_name.bytes, facts.common_name.length);
	table_set_text(table, CERTIFICATES_ISSUER_TEXT, facts.issuer.bytes,
	    facts.issuer.length);
	table_set_escaped(table, CERTIFICATES_SAN_TEXT, facts.san.bytes,
	    facts.san.length);
	if (facts.has_dates) {
		table_set_time(table, CERTIFICATES_NOT_BEFORE,
		    facts.not_before_ms);
		table_set_time(table, CERTIFICATES_NOT_AFTER,
		    facts.not_after_ms);
	}
	table_set(table, CERTIFICATES_KEY_TYPE, facts.key_type);
	table_set_number(table, CERTIFICATES_KEY_BITS, facts.key_bits);
	table_set(table, CERTIFICATES_SIGNATURE_ALGORITHM,
	    facts.signature_algorithm);
	table_set_bool(table, CERTIFICATES_IS_CA, facts.is_ca);
	table_set_bool(table, CERTIFICATES_SELF_SIGNED, facts.self_signed);
	table_set_bool(table, CERTIFICATES_WEAK_KEY, facts.weak_key);
	table_set_bool(table, CERTIFICATES_WEAK_SIGNATURE,
	    facts.weak_signature);
	table_set(table, CERTIFICATES_SERIAL_HEX, facts.serial);
	certificate_facts_fini(&facts);
}

static void
write_certificate(struct table *table, const struct certificate *certificate)
{
	table_set_hex(table, CERTIFICATES_SHA256, certificate->sha256,
	    SHA256_BYTES);
	if (certificate->x509 != NULL)
		write_certificate_facts(table, certificate);
	table_set_base64(table, CERTIFICATES_DER_BASE64, certificate->der,
	    certificate->der_length);
	table_end_row(table);
}

static void
stage_chain(struct job *job, const struct chain *chain)
{
	struct table *table = job->tables[PROBES_TO_CHAINS];

	for (size_t i = 0; i < chain->count; i++) {
		table_set_hex(table, CHAINS_CHAIN_ID, chain->id, SHA256_BYTES);
		table_set_number(table, CHAINS_POSITION, (int64_t)i);
		table_set_hex(table, CHAINS_CERTIFICATE_SHA256,
		    chain->certificates[i].sha256, SHA256_BYTES);
		table_end_row(table);
		write_certificate(job->tables[PROBES_TO_CERTIFICATES],
		    &chain->certificates[i]);
	}
}

static void
write_tls(struct table *table, const struct session *session,
    struct trust *trust)
{
	struct pkix_facts pkix;

	if (session->has_tls) {
		table_set(table, PROBES_TLS_VERSION, session->tls.version);
		table_set(table, PROBES_CIPHER, session->tls.cipher);
		table_set(table, PROBES_KEY_EXCHANGE_GROUP, session->tls.group);
		table_set(table, PROBES_PEER_SIGNATURE,
		    session->tls.peer_signature);
		table_set_bool(table, PROBES_OCSP_STAPLED,
		    session->tls.ocsp_stapled);
	}
	if (session->chain.count == 0)
		return;
	trust_judge(trust, &session->chain, session->measured_at / 1000, &pkix);
	table_set_hex(table, PROBES_CHAIN_ID, session->chain.id, SHA256_BYTES);
	table_set_bool(table, PROBES_CHAIN_TRUSTED, pkix.chain_trusted);
	table_set(table, PROBES_CHAIN_ERROR,
	    chain_error_text(pkix.chain_error));
	if (session->chain.certificates[0].x509 != NULL)
		table_set_bool(table, PROBES_IN_DATES, pkix.in_dates);
}

static void
set_milliseconds(struct table *table, unsigned column, int value)
{
	if (value >= 0)
		table_set_number(table, column, value);
}

static void
set_code(struct table *table, unsigned column, unsigned code)
{
	if (code != 0)
		table_set_number(table, column, code);
}

static unsigned
session_flags(const struct session *session, const char *sni)
{
	unsigned flags = session->smtp.flags;
	bool hostile = false;

	if (session->has_tls && session->tls.legacy_renegotiation)
		flags |= 1u << PROBE_LEGACY_RENEGOTIATION;
	if (session->has_tls && session->tls.client_certificate_requested)
		flags |= 1u << PROBE_CLIENT_CERTIFICATE;
	if (session->chain.count > 0)
		(void)certificate_has_name(&session->chain.certificates[0],
		    sni, true, &hostile);
	if (hostile)
		flags |= 1u << PROBE_HOSTILE_NAME;
	return flags;
}

void
judge_session(struct job *job, const struct probe_item *item,
    const struct session *session)
{
	struct table *table = job->tables[PROBES_TO_PROBES];
	const struct smtp *smtp = &session->smtp;
	char address[ADDRESS_TEXT_MAX];

	address_to_text(&item->address, address);
	table_set(table, PROBES_ADDRESS, address);
	table_set_number(table, PROBES_PORT, item->port);
	table_set(table, PROBES_SNI, item->sni);
	table_set_enum(table, PROBES_PROFILE, session->profile);
	table_set_number(table, PROBES_ATTEMPT, item->attempt);
	table_set_enum(table, PROBES_OUTCOME, smtp->outcome);
	table_set_enum(table, PROBES_PHASE, smtp->phase);
	set_code(table, PROBES_GREETING_CODE, smtp->greeting_code);
	table_set_text(table, PROBES_GREETING_TEXT, smtp->greeting_text,
	    smtp->greeting_length);
	set_code(table, PROBES_EHLO_CODE, smtp->ehlo_code);
	table_set_text(table, PROBES_EHLO_TEXT, smtp->ehlo_text,
	    smtp->ehlo_length);
	set_code(table, PROBES_STARTTLS_CODE, smtp->starttls_code);
	write_tls(table, session, job->worker->trust);
	table_set_flags(table, PROBES_FLAGS,
	    session_flags(session, item->sni));
	set_milliseconds(table, PROBES_CONNECT_MS, session->connect_ms);
	set_milliseconds(table, PROBES_TLS_MS, session->tls_ms);
	set_milliseconds(table, PROBES_TOTAL_MS, session->total_ms);
	table_set_number(table, PROBES_RECEIVED_BYTES,
	    (int64_t)session->received_bytes);
	table_set_time(table, PROBES_MEASURED_AT, session->measured_at);
	table_end_row(table);
	stage_chain(job, &session->chain);
}

bool
judged_host_is_stale(const struct judged_host *judged, int64_t now)
{
	const struct probe_host *host = &judged->host;

	return host->judge_dane && host->next_asking != 0 &&
	    (host->ask_again ||
	    now > host->tlsa_asked_at + (int64_t)host->tlsa_ttl_s * 1000);
}

static void
write_positions(struct table *table, const struct dane_facts *facts)
{
	struct buffer list = { 0 };

	for (size_t i = 0; i < facts->matching_count; i++)
		buffer_printf(&list, "%s%u", i > 0 ? " " : "",
		    facts->matching[i]);
	table_set(table, RESULTS_DANE_MATCHING_POSITIONS, buffer_text(&list));
	buffer_fini(&list);
}

/* RULES 4, for the name of the TLSA base domain alone: the next hop is judged
 * per domain in `outcomes`. */
static void
write_dane(struct table *table, const struct session *session,
    const struct judged_host *judged)
{
	struct dane_facts facts = { .depth = -1 };
	const char *base = judged->host.tlsa_base;
	unsigned flags = 0;

	if (!judged->host.judge_dane ||
	    (judged->tlsa_status != TLSA_STATUS_USABLE &&
	    judged->tlsa_status != TLSA_STATUS_UNUSABLE_ONLY)) {
		facts.verdict = DANE_NOT_APPLICABLE;
		facts.verdict_no_agility = DANE_NOT_APPLICABLE;
	} else if (judged->tlsa_status == TLSA_STATUS_UNUSABLE_ONLY) {
		facts.verdict = facts.verdict_no_agility = DANE_NONE_USABLE;
	} else if (session == NULL ||
	    session->smtp.outcome != OUTCOME_TLS_ESTABLISHED) {
		facts.verdict = facts.verdict_no_agility = DANE_NO_TLS;
	} else {
		dane_judge(&session->chain, judged->set.records,
		    judged->set.count, &base, 1, session->measured_at / 1000,
		    &facts);
	}
	table_set_enum(table, RESULTS_DANE_VERDICT, facts.verdict);
	table_set_enum(table, RESULTS_DANE_VERDICT_NO_AGILITY,
	    facts.verdict_no_agility);
	if (facts.depth >= 0)
		table_set_number(table, RESULTS_DANE_DEPTH, facts.depth);
	write_positions(table, &facts);
	if (facts.expired)
		flags |= 1u << RESULT_EXPIRED;
	if (judged->host.ask_again && judged->has_changed)
		flags |= 1u << RESULT_TLSA_CHANGED;
	/* U10: seen again, of the same RRset, with nothing cached. */
	if (judged->host.ask_again)
		table_set_bool(table, RESULTS_CONFIRMED, !judged->has_changed &&
		    facts.verdict == DANE_MISMATCH);
	table_set_flags(table, RESULTS_FLAGS, flags);
}

void
judge_host(struct job *job, const struct probe_item *item,
    const struct session *session, const struct judged_host *judged)
{
	struct table *table = job->tables[PROBES_TO_RESULTS];
	char address[ADDRESS_TEXT_MAX];
	enum outcome outcome = session != NULL ? session->smtp.outcome
					       : item->outcome;
	bool hostile = false;

	address_to_text(&item->address, address);
	table_set(table, RESULTS_HOST, judged->host.name);
	table_set(table, RESULTS_ADDRESS, address);
	table_set(table, RESULTS_SNI, item->sni);
	table_set_number(table, RESULTS_ATTEMPT, item->attempt);
	if (session != NULL)
		table_set_enum(table, RESULTS_PROFILE, session->profile);
	if (session != NULL)
		table_set(table, RESULTS_SESSION_SNI, item->session_sni);
	table_set_enum(table, RESULTS_BASIS, item->action == PROBE_NONE
	    ? BASIS_NONE : item->basis);
	if (item->action == PROBE_NONE)
		table_set_enum(table, RESULTS_REASON, (int)item->outcome);
	table_set_enum(table, RESULTS_TLS_CLASS, outcome_tls_class(outcome));
	if (session != NULL && session->chain.count > 0 &&
	    session->chain.certificates[0].x509 != NULL)
		table_set_bool(table, RESULTS_NAME_MATCH, certificate_has_name(
		    &session->chain.certificates[0], judged->host.name, false,
		    &hostile));
	table_set_enum(table, RESULTS_TLSA_STATUS, judged->tlsa_status);
	if (judged->asking != 0) {
		table_set_time(table, RESULTS_TLSA_ASKED_AT,
		    judged->tlsa_asked_at);
		table_set_number(table, RESULTS_ASKING, judged->asking);
	}
	write_dane(table, session, judged);
	table_set_time(table, RESULTS_MEASURED_AT, session != NULL
	    ? session->measured_at : item->measured_at);
	table_end_row(table);
}
