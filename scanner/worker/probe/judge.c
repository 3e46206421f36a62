#include "scanner/worker/probe/judge.h"

bool
judged_host_is_stale(const struct judged_host *judged, int64_t now)
{
	const struct probe_host *host = &judged->host;

	return host->judge_dane && host->next_asking != 0 &&
	    (host->ask_again ||
	    now > host->tlsa_asked_at + (int64_t)host->tlsa_ttl_s * 1000);
}

static unsigned
flags_of(const struct session *session, const char *sni)
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
	if (session->chain.is_truncated)
		flags |= 1u << PROBE_CHAIN_TRUNCATED;
	return flags;
}

void
session_judge(const struct session *session, const char *sni,
    struct trust *trust, struct session_judgement *judgement)
{
	*judgement = (struct session_judgement){
		.flags = flags_of(session, sni),
		.has_pkix = session->chain.count > 0 &&
		    !session->chain.is_truncated,
	};
	if (judgement->has_pkix)
		trust_judge(trust, &session->chain,
		    session->measured_at / 1000, &judgement->pkix);
}

/* RULES 4 (TLSA matching), only for the name of the TLSA base domain. The next
 * hop is judged for each domain in `outcomes`. */
static void
judge_dane(const struct session *session, const struct judged_host *judged,
    struct dane_facts *dane)
{
	const char *base = judged->host.tlsa_base;

	*dane = (struct dane_facts){ .depth = -1 };
	if (!judged->host.judge_dane ||
	    (judged->tlsa_status != TLSA_STATUS_USABLE &&
	    judged->tlsa_status != TLSA_STATUS_UNUSABLE_ONLY))
		dane->verdict = dane->verdict_no_agility = DANE_NOT_APPLICABLE;
	else if (judged->tlsa_status == TLSA_STATUS_UNUSABLE_ONLY)
		dane->verdict = dane->verdict_no_agility = DANE_NONE_USABLE;
	else if (session != NULL &&
	    session->smtp.outcome == OUTCOME_HANDSHAKE_TOO_LARGE)
		dane->verdict = dane->verdict_no_agility = DANE_UNDETERMINED;
	else if (session == NULL ||
	    session->smtp.outcome != OUTCOME_TLS_ESTABLISHED)
		dane->verdict = dane->verdict_no_agility = DANE_NO_TLS;
	else
		dane_judge(&session->chain, judged->set.records,
		    judged->set.count, &base, 1, session->measured_at / 1000,
		    dane);
}

/* T11: a failure is looked at twice, and this is the first one, since the
 * records were there for the earlier session. */
static bool
has_failed(enum tlsa_status status)
{
	return status == TLSA_STATUS_BOGUS || status == TLSA_STATUS_SERVFAIL ||
	    status == TLSA_STATUS_TIMEOUT;
}

void
host_judge(const struct probe_item *item, const struct session *session,
    const struct judged_host *judged, struct host_judgement *judgement)
{
	bool hostile = false;

	*judgement = (struct host_judgement){
		.basis = item->action == PROBE_NONE ? BASIS_NONE : item->basis,
		.has_reason = item->action == PROBE_NONE,
		.reason = item->outcome,
		.tls_class = outcome_tls_class(session != NULL
		    ? session->smtp.outcome : item->outcome),
		.measured_at = session != NULL ? session->measured_at
		    : item->measured_at,
		.has_name_match = session != NULL &&
		    session->chain.count > 0 &&
		    session->chain.certificates[0].x509 != NULL,
	};
	if (judgement->has_name_match)
		judgement->name_match = certificate_has_name(
		    &session->chain.certificates[0], judged->host.name, false,
		    &hostile);
	judge_dane(session, judged, &judgement->dane);
	if (judgement->dane.expired)
		judgement->flags |= 1u << RESULT_EXPIRED;
	if (!judged->host.ask_again)
		return;
	if (judged->has_changed && !has_failed(judged->tlsa_status))
		judgement->flags |= 1u << RESULT_TLSA_CHANGED;
	/* U10: a mismatch is looked at twice. It was seen again, with the same
	 * RRset and nothing cached. */
	judgement->has_confirmed = true;
	judgement->confirmed = !judged->has_changed &&
	    judgement->dane.verdict == DANE_MISMATCH;
}
