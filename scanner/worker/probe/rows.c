#include "scanner/worker/probe/rows.h"

#include "scanner/base/keyset.h"
#include "scanner/worker/job.h"

/* The columns that need a certificate that can be decoded. */
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

/* A chain, and a certificate, is staged once for each batch: the seal keeps the
 * first of equal rows. */
static void
stage_chain(struct job *job, const struct chain *chain)
{
	struct table *table = job->tables[PROBES_TO_CHAINS];

	if (chain->count == 0)
		return;
	if (job->staged == NULL)
		job->staged = keyset_new();
	if (!keyset_add(job->staged, chain->id, SHA256_BYTES))
		return;
	for (size_t i = 0; i < chain->count; i++) {
		table_set_hex(table, CHAINS_CHAIN_ID, chain->id, SHA256_BYTES);
		table_set_number(table, CHAINS_POSITION, (int64_t)i);
		table_set_hex(table, CHAINS_CERTIFICATE_SHA256,
		    chain->certificates[i].sha256, SHA256_BYTES);
		table_end_row(table);
		if (keyset_add(job->staged, chain->certificates[i].sha256,
		    SHA256_BYTES))
			write_certificate(job->tables[PROBES_TO_CERTIFICATES],
			    &chain->certificates[i]);
	}
}

static void
write_tls(struct table *table, const struct session *session,
    const struct session_judgement *judgement)
{
	const struct pkix_facts *pkix = &judgement->pkix;

	if (session->has_tls) {
		table_set(table, PROBES_TLS_VERSION, session->tls.version);
		table_set(table, PROBES_CIPHER, session->tls.cipher);
		table_set(table, PROBES_KEY_EXCHANGE_GROUP, session->tls.group);
		table_set(table, PROBES_PEER_SIGNATURE,
		    session->tls.peer_signature);
		table_set_bool(table, PROBES_OCSP_STAPLED,
		    session->tls.ocsp_stapled);
	}
	if (session->chain.count > 0)
		table_set_hex(table, PROBES_CHAIN_ID, session->chain.id,
		    SHA256_BYTES);
	if (!judgement->has_pkix)
		return;
	table_set_bool(table, PROBES_CHAIN_TRUSTED, pkix->chain_trusted);
	table_set(table, PROBES_CHAIN_ERROR,
	    chain_error_text(pkix->chain_error));
	if (session->chain.certificates[0].x509 != NULL)
		table_set_bool(table, PROBES_IN_DATES, pkix->in_dates);
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

void
session_write(const struct session *session,
    const struct session_judgement *judgement, const struct probe_item *item,
    struct job *job)
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
	write_tls(table, session, judgement);
	table_set_flags(table, PROBES_FLAGS, judgement->flags);
	set_milliseconds(table, PROBES_CONNECT_MS, session->connect_ms);
	set_milliseconds(table, PROBES_TLS_MS, session->tls_ms);
	set_milliseconds(table, PROBES_TOTAL_MS, session->total_ms);
	table_set_number(table, PROBES_RECEIVED_BYTES,
	    (int64_t)session->received_bytes);
	table_set_time(table, PROBES_MEASURED_AT, session->measured_at);
	table_end_row(table);
	stage_chain(job, &session->chain);
}

static void
write_positions(struct table *table, const struct dane_facts *facts)
{
	struct buffer list = { 0 };

	for (size_t i = 0; i < facts->matching_count; i++)
		buffer_printf(&list, "%s%u", i > 0 ? " " : "",
		    facts->matching[i]);
	table_set_numbers(table, RESULTS_DANE_MATCHING_POSITIONS,
	    buffer_text(&list));
	buffer_fini(&list);
}

static void
write_dane(struct table *table, const struct host_judgement *judgement)
{
	const struct dane_facts *dane = &judgement->dane;

	table_set_enum(table, RESULTS_DANE_VERDICT, dane->verdict);
	table_set_enum(table, RESULTS_DANE_VERDICT_NO_AGILITY,
	    dane->verdict_no_agility);
	if (dane->depth >= 0)
		table_set_number(table, RESULTS_DANE_DEPTH, dane->depth);
	write_positions(table, dane);
	if (judgement->has_confirmed)
		table_set_bool(table, RESULTS_CONFIRMED, judgement->confirmed);
}

void
judged_host_write(const struct judged_host *judged,
    const struct host_judgement *judgement, const struct session *session,
    const struct probe_item *item, struct job *job)
{
	struct table *table = job->tables[PROBES_TO_RESULTS];
	char address[ADDRESS_TEXT_MAX];

	address_to_text(&item->address, address);
	table_set(table, RESULTS_HOST, judged->host.name);
	table_set(table, RESULTS_ADDRESS, address);
	table_set(table, RESULTS_SNI, item->sni);
	table_set_number(table, RESULTS_ATTEMPT, item->attempt);
	if (session != NULL) {
		table_set_enum(table, RESULTS_PROFILE, session->profile);
		table_set(table, RESULTS_SESSION_SNI, item->session_sni);
	}
	table_set_enum(table, RESULTS_BASIS, judgement->basis);
	if (judgement->has_reason)
		table_set_enum(table, RESULTS_REASON, (int)judgement->reason);
	table_set_enum(table, RESULTS_TLS_CLASS, judgement->tls_class);
	if (judgement->has_name_match)
		table_set_bool(table, RESULTS_NAME_MATCH,
		    judgement->name_match);
	table_set_enum(table, RESULTS_TLSA_STATUS, judged->tlsa_status);
	if (judged->asking != 0) {
		table_set_time(table, RESULTS_TLSA_ASKED_AT,
		    judged->tlsa_asked_at);
		table_set_number(table, RESULTS_ASKING, judged->asking);
	}
	write_dane(table, judgement);
	table_set_flags(table, RESULTS_FLAGS, judgement->flags);
	table_set_time(table, RESULTS_MEASURED_AT, judgement->measured_at);
	table_end_row(table);
}
