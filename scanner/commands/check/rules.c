/* rules: the table of advice, in its order. It is a part of advice. */
#include "scanner/commands/check/conditions.h"
#include "scanner/commands/words.h"

/* {why} ******************************************************************* */

static void
put_bogus(const struct check_case *here, struct buffer *text)
{
	const char *why = here->host == NULL ? here->domain->bogus_text
	    : here->host->tlsa_status == TLSA_STATUS_BOGUS
	    ? here->host->tlsa_bogus_text : here->host->bogus_text;

	buffer_append_text(text, why[0] != '\0' ? why
	    : "the validator does not say why");
}

static void
put_unusable(const struct check_case *here, struct buffer *text)
{
	const char *between = "";

	for (const struct check_record *record = here->host->records;
	    record != NULL; record = record->next) {
		if (record->is_usable)
			continue;
		buffer_printf(text, "%s%u %u %u: ", between, record->usage,
		    record->selector, record->matching_type);
		words_append(text, WORDS_UNUSABLE_REASON,
		    record->unusable_reason);
		between = ", ";
	}
}

static void
put_outcome(const struct check_case *here, struct buffer *text)
{
	const struct check_result *result = &here->address->mx;
	const struct check_session *session = result->session;

	if (!result->is_made) {
		words_append(text, WORDS_ADDRESS_CLASS,
		    address_class_texts.texts[here->address->class]);
		return;
	}
	words_append(text, WORDS_OUTCOME,
	    outcome_texts.texts[result->outcome]);
	if (session == NULL || session->phase == PHASE_CONNECT)
		return;
	buffer_append_text(text, ", ");
	words_append(text, WORDS_PHASE, phase_texts.texts[session->phase]);
	if (session->starttls_code != 0)
		buffer_printf(text, ", code %d", session->starttls_code);
	else if (session->greeting_code >= 400)
		buffer_printf(text, ": %d %s", session->greeting_code,
		    session->greeting);
}

/* The reply of a server that offers STARTTLS and then refuses it. */
static void
put_refusal(const struct check_case *here, struct buffer *text)
{
	const struct check_session *session = here->address->mx.session;

	if (session != NULL && session->starttls_code != 0)
		buffer_printf(text, "reply %d", session->starttls_code);
	else
		buffer_append_text(text, "without a reply code");
}

static void
put_end(const struct check_case *here, struct buffer *text)
{
	check_put_when(text, here->now_ms,
	    check_mx_leaf(here->address)->not_after);
}

static void
put_error(const struct check_case *here, struct buffer *text)
{
	words_append(text, WORDS_CHAIN_ERROR,
	    here->address->mx.session->chain_error);
}

/* The last presented certificate names the issuer that should come next. */
static void
put_issuer(const struct check_case *here, struct buffer *text)
{
	const struct check_chain *chain = here->address->mx.session->chain;
	const struct check_certificate *last =
	    chain->certificates[chain->count - 1];

	buffer_append_text(text, last != NULL && last->issuer != NULL
	    ? last->issuer : "its issuer");
}

static void
put_names(const struct check_case *here, struct buffer *text)
{
	const char *names = check_mx_leaf(here->address)->san;

	if (names != NULL && names[0] != '\0')
		check_put_names(names, text);
	else
		buffer_append_text(text, "it has no subjectAltName");
}

static void
put_fetch(const struct check_case *here, struct buffer *text)
{
	const struct check_policy *policy = here->domain->policy;

	if (policy->fault >= 0)
		words_append(text, WORDS_MTA_STS_FAULT,
		    mta_sts_fault_texts.texts[policy->fault]);
	if (policy->tls_error[0] != '\0') {
		buffer_append_text(text, ": ");
		words_append(text, WORDS_CHAIN_ERROR, policy->tls_error);
	}
	if (policy->http_code != 0)
		buffer_printf(text, ", HTTP %d", policy->http_code);
}

static void
put_not_ready(const struct check_case *here, struct buffer *text)
{
	const char *between = "";

	for (size_t i = 0; i < here->domain->mx_count; i++) {
		if (check_mx_is_ready(&here->domain->mx[i]))
			continue;
		buffer_printf(text, "%s%s", between, here->domain->mx[i].name);
		between = ", ";
	}
}

static void
put_reasons(const struct check_case *here, struct buffer *text)
{
	size_t before = text->length;

	check_append_reasons(text, here->domain->reasons, NULL);
	if (text->length == before)
		buffer_append_text(text, "no more is known");
}

/* The table *************************************************************** */

#define RULE(id, scope, urgency, condition, text)			\
	id, SCOPE_##scope, URGENCY_##urgency, condition, text

const struct check_rule check_rules[] = {
	{ RULE("opted-out", DOMAIN, LATER, check_opted_out,
	    "{domain} is left out by --opt-out."), NULL, NULL, NULL },
	{ RULE("mx-bogus", DOMAIN, NOW, check_mx_bogus,
	    "DNSSEC of {domain} is broken ({why}). Validating senders cannot "
	    "deliver. Sign the zone again, or have the DS record at the parent "
	    "replaced with one for the present key."), put_bogus, NULL, NULL },
	{ RULE("nxdomain", DOMAIN, MEND, check_mx_nxdomain,
	    "{domain} does not exist."), NULL, NULL, NULL },
	{ RULE("mx-servfail", DOMAIN, LATER, check_mx_servfail,
	    "The name servers of {domain} do not answer for its MX "
	    "(SERVFAIL). Try again; if they still do not, look at the servers "
	    "and the delegation."), NULL, NULL, NULL },
	{ RULE("mx-timeout", DOMAIN, LATER, check_mx_timeout,
	    "The name servers of {domain} do not answer in time. Try again "
	    "later."), NULL, NULL, NULL },
	{ RULE("resolver-crashed", DOMAIN, LATER, check_mx_crashed,
	    "The resolver crashed over {domain}; nothing is known."), NULL,
	    NULL, NULL },
	{ RULE("mx-is-address", MX, MEND, check_mx_is_address,
	    "An MX record has the address {host} where the name of a host "
	    "belongs (RFC 5321 5.1). Give the server a name, such as the one "
	    "below, and put that into the MX record."), NULL,
	    check_publish_named_mx, NULL },
	{ RULE("mx-is-localhost", MX, MEND, check_mx_is_localhost,
	    "An MX record names {host}: every sender would deliver to itself. "
	    "Remove it. If no other is left, name the mail server, or publish "
	    "a null MX."), NULL, check_remove_mx, NULL },
	{ RULE("mx-is-tld", MX, MEND, check_mx_is_tld,
	    "An MX record names {host}, which is not a host. Perhaps the "
	    "name was cut short. Correct it, or remove it."), NULL,
	    check_remove_mx, NULL },
	{ RULE("mx-is-cname", MX, MEND, check_mx_is_cname,
	    "The MX host {host} is an alias of {target}, which RFC 2181 10.3 "
	    "forbids. Name the host itself."), NULL, check_publish_canonical,
	    NULL },
	{ RULE("null-mx-mixed", DOMAIN, MEND, check_null_mx_mixed,
	    "{domain} has a null MX beside others, which RFC 7505 3 forbids. "
	    "Remove it."), NULL, check_remove_null_mx, NULL },
	{ RULE("host-nxdomain", MX, MEND, check_host_nxdomain,
	    "The MX host {host} does not exist. Give it an address, or "
	    "remove its MX record."), NULL, check_remove_mx, NULL },
	{ RULE("host-no-address", MX, MEND, check_host_no_address,
	    "The MX host {host} has no address. Give it one, or remove its "
	    "MX record."), NULL, check_remove_mx, NULL },
	{ RULE("host-special", MX, MEND, check_host_special,
	    "The MX host {host} has special-purpose addresses only: nobody on "
	    "the Internet can reach it."), NULL, check_remove_mx, NULL },
	{ RULE("special-address", ADDRESS, MEND, check_special_address,
	    "One address of {host} is a special-purpose address: nobody on the "
	    "Internet can reach it. Remove it."), NULL, NULL, NULL },
	{ RULE("host-bogus", MX, NOW, check_host_bogus,
	    "DNSSEC of {host} is broken ({why}). Validating senders cannot "
	    "deliver there. Sign its zone again, or correct the DS record at "
	    "the parent."),
	    put_bogus, NULL, NULL },
	{ RULE("tlsa-bogus", MX, NOW, check_tlsa_bogus,
	    "DNSSEC of the TLSA record of {host} is broken ({why}). Senders "
	    "with DANE cannot deliver there. Sign the zone again."), put_bogus,
	    NULL, NULL },
	{ RULE("tlsa-servfail", MX, NOW, check_tlsa_servfail,
	    "The name servers of {host} fail when they are asked for TLSA "
	    "(SERVFAIL). Senders with DANE wait, and give up (RFC 7672 "
	    "2.1.2). The server, or a firewall in front of it, must answer "
	    "for every type, with a signed denial if it has no such record."),
	    NULL, NULL, NULL },
	{ RULE("tlsa-mismatch", ADDRESS, NOW, check_mismatch,
	    "No TLSA record of {host} matches the certificate that it shows: "
	    "senders with DANE refuse it. Publish the record of the key that "
	    "is in use, and remove the records of old keys."), NULL,
	    check_replace_keys, NULL },
	{ RULE("tlsa-differs", ADDRESS, MEND, check_differs,
	    "The TLSA records of {host} match only at some of its addresses. "
	    "Publish a record for each key, or use one key at all addresses."),
	    NULL, check_publish_keys, NULL },
	{ RULE("tlsa-anchor-missing", ADDRESS, NOW, check_ta_not_presented,
	    "The CA that the TLSA record of {host} names is not in the chain "
	    "that it presents: senders with DANE refuse it. Have the server "
	    "present it, or publish a record of the server's own key."), NULL,
	    check_replace_keys, NULL },
	{ RULE("tlsa-anchor-expired", ADDRESS, NOW, check_ta_expired,
	    "The certificate of {host} is out of date, which matters for a "
	    "TLSA record of usage 2: senders with DANE refuse it. Renew it; "
	    "until then, a record of the server's own key (usage 3) is enough."),
	    NULL, check_publish_keys, NULL },
	{ RULE("tlsa-chain-broken", ADDRESS, NOW, check_ta_broken,
	    "The chain of {host} does not lead to the CA that its TLSA record "
	    "names: senders with DANE refuse it. Have the server present the "
	    "whole chain, or publish a record of its own key."), NULL,
	    check_publish_keys, NULL },
	{ RULE("tlsa-name", ADDRESS, NOW, check_ta_name,
	    "The certificate of {host} is for other names, which matters for a "
	    "TLSA record of usage 2: senders with DANE refuse it. Get a "
	    "certificate for the host's name, or publish a record of its own "
	    "key (usage 3)."), NULL,
	    check_publish_keys, NULL },
	{ RULE("sts-unlisted", MX, MEND, check_sts_unlisted,
	    "The MTA-STS policy does not list {host}: senders that enforce it "
	    "do not deliver there. Serve this policy, then change the id."),
	    NULL, check_publish_policy, check_is_enforced },
	{ RULE("no-starttls", ADDRESS, MEND, check_no_starttls,
	    "{host} does not offer STARTTLS: mail goes in the clear."), NULL,
	    NULL, check_tls_is_demanded },
	{ RULE("starttls-stripped", ADDRESS, MEND, check_stripped,
	    "The STARTTLS offer of {host} is overwritten on the network path. "
	    "A firewall that inspects SMTP does that: turn it off there."),
	    NULL, NULL, check_tls_is_demanded },
	{ RULE("starttls-refused", ADDRESS, MEND, check_refused,
	    "{host} offers STARTTLS and then refuses it ({why}). Perhaps it "
	    "cannot read its certificate or key."), put_refusal, NULL,
	    check_tls_is_demanded },
	{ RULE("certificate-undecodable", ADDRESS, MEND, check_undecodable,
	    "A certificate of the chain of {host} cannot be decoded, so the "
	    "TLS handshake with it fails (RFC 5280 4.1; are its dates "
	    "complete?). Have it reissued."), NULL, NULL,
	    check_tls_is_demanded },
	{ RULE("handshake-failed", ADDRESS, MEND, check_handshake_failed,
	    "The TLS handshake with {host} fails, with old versions too. Look "
	    "in its log for faults of certificate, key or ciphers."), NULL,
	    NULL, check_tls_is_demanded },
	{ RULE("starttls-injected", ADDRESS, MEND, check_injected,
	    "{host} sends more data after it agreed to STARTTLS and before TLS "
	    "begins: "
	    "an attacker can insert commands (RFC 3207 4.2). Update the "
	    "server."), NULL, NULL, check_tls_is_demanded },
	{ RULE("legacy-tls", ADDRESS, MEND, check_legacy_tls,
	    "{host} supports only old versions of TLS (before 1.2, or ciphers "
	    "of that time; RFC 8996). Update the server."), NULL, NULL,
	    check_is_enforced },
	{ RULE("certificate-expired", ADDRESS, MEND, check_certificate_expired,
	    "The certificate of {host} ended {why}. Renew it, and have the "
	    "server load it."), put_end, NULL, check_is_enforced },
	{ RULE("certificate-early", ADDRESS, MEND, check_certificate_early,
	    "The certificate of {host} is not valid yet. Check the clock of "
	    "the machine that made it."), NULL, NULL, check_is_enforced },
	{ RULE("missing-intermediate", ADDRESS, MEND, check_no_intermediate,
	    "{host} does not present the whole chain: the certificate of {why} "
	    "is missing. Have it present leaf and intermediates "
	    "(\"fullchain\")."), put_issuer, NULL, check_is_enforced },
	{ RULE("self-signed", ADDRESS, MEND, check_self_signed,
	    "The certificate of {host} is self-signed, and no secure TLSA "
	    "record vouches for it. {certificate}; or sign the zones and "
	    "publish the record."), NULL, check_publish_keys,
	    check_is_enforced },
	{ RULE("untrusted", ADDRESS, MEND, check_untrusted,
	    "The certificate of {host} is not trusted ({why}). {certificate}; "
	    "or sign the zones and publish the record."), put_error,
	    check_publish_keys, check_is_enforced },
	{ RULE("certificate-name", ADDRESS, MEND, check_other_name,
	    "The certificate of {host} is not for this name ({why}). "
	    "{certificate}."), put_names, NULL,
	    check_is_enforced },
	{ RULE("certificate-ends", ADDRESS, MEND, check_certificate_ends,
	    "The certificate of {host} ends {why}. Renew it now."), put_end,
	    NULL, NULL },
	{ RULE("tlsa-unusable", MX, MEND, check_tlsa_unusable,
	    "{host} has TLSA records, but none that senders can use (RFC 7672 "
	    "3.1.3; {why}), so no sender verifies it. Publish a 3 1 1 record."),
	    put_unusable, check_replace_unusable, NULL },
	{ RULE("tlsa-insecure", MX, MEND, check_tlsa_insecure,
	    "{host} has TLSA records in a zone that is not signed: senders "
	    "ignore them. Sign it and have the DS published."), NULL, NULL,
	    NULL },
	{ RULE("ds-missing", DOMAIN, MEND, check_signed_without_ds,
	    "The zone of {domain} is signed, but its parent has no DS record "
	    "that leads to it (or none that validators support), so senders "
	    "treat it as unsigned. "
	    "Have the registrar publish the DS of its key signing key."),
	    NULL, NULL, NULL },
	{ RULE("sts-multiple", DOMAIN, MEND, check_sts_multiple,
	    "{domain} has several MTA-STS records: none of them counts (RFC "
	    "8461 3.1). Keep only one."), NULL, check_publish_policy, NULL },
	{ RULE("sts-invalid-record", DOMAIN, MEND, check_sts_invalid_record,
	    "The MTA-STS record of {domain} is invalid: it needs an id of 1 to "
	    "32 letters and digits (RFC 8461 3.1)."), NULL,
	    check_publish_policy, NULL },
	{ RULE("sts-fetch-failed", DOMAIN, MEND, check_sts_unfetched,
	    "{domain} has an MTA-STS record, but its policy cannot be fetched: "
	    "{why}. Serve it with status 200 and without a redirect."),
	    put_fetch, check_publish_policy, NULL },
	{ RULE("sts-invalid-policy", DOMAIN, MEND, check_sts_invalid,
	    "The MTA-STS policy of {domain} is invalid (RFC 8461 3.2)."), NULL,
	    check_publish_policy, NULL },
	{ RULE("tlsrpt-multiple", DOMAIN, MEND, check_tlsrpt_multiple,
	    "{domain} has several TLSRPT records: none of them counts (RFC "
	    "8460 3). Keep only one."), NULL, check_publish_tlsrpt, NULL },
	{ RULE("tlsrpt-invalid", DOMAIN, MEND, check_tlsrpt_invalid,
	    "The TLSRPT record of {domain} is invalid: it needs rua= with "
	    "mailto: or https: (RFC 8460 3)."), NULL, check_publish_tlsrpt,
	    NULL },
	{ RULE("host-servfail", MX, LATER, check_host_servfail,
	    "The name servers of {host} do not answer for its addresses "
	    "(SERVFAIL). Try again later."), NULL, NULL, NULL },
	{ RULE("host-timeout", MX, LATER, check_host_timeout,
	    "The name servers of {host} do not answer in time. Try again "
	    "later."), NULL, NULL, NULL },
	{ RULE("host-opted-out", MX, LATER, check_host_opted_out,
	    "{host} is left out by --opt-out."), NULL, NULL, NULL },
	{ RULE("host-crashed", MX, LATER, check_host_crashed,
	    "The resolver crashed over {host}; nothing is known."), NULL, NULL,
	    NULL },
	{ RULE("tlsa-timeout", MX, LATER, check_tlsa_timeout,
	    "The name servers of {host} do not answer for TLSA in time; "
	    "senders with DANE then wait. Try again later."), NULL, NULL,
	    NULL },
	{ RULE("not-reached", ADDRESS, LATER, check_not_reached,
	    "{host} {why}. Check that port 25 is open there, and that this "
	    "machine may connect to port 25. Try again later."), put_outcome,
	    NULL, NULL },
	{ RULE("rejected", ADDRESS, LATER, check_rejected,
	    "{host} {why}. It may accept others: try again later, or from "
	    "another machine."), put_outcome,
	    NULL, NULL },
	{ RULE("not-allowed", ADDRESS, LATER, check_not_allowed,
	    "An address of {host} was not contacted: it is not in a network of "
	    "--allow-network. To measure it, say who you are (--ehlo and "
	    "--contact)."), NULL, NULL, NULL },
	{ RULE("not-seen", ADDRESS, LATER, check_not_seen,
	    "What {host} offers could not be seen ({why}). Try again later."),
	    put_outcome, NULL, NULL },
	{ RULE("sts-error", DOMAIN, LATER, check_sts_error,
	    "Whether {domain} has MTA-STS could not be determined. Try again "
	    "later."), NULL, NULL, NULL },
	{ RULE("tlsrpt-error", DOMAIN, LATER, check_tlsrpt_error,
	    "Whether {domain} has TLSRPT could not be determined. Try again "
	    "later."), NULL, NULL, NULL },
	{ RULE("tlsa-absent", MX, SUGGESTION, check_tlsa_absent,
	    "The zones of {domain} and {host} are signed, and {host} has no "
	    "TLSA record. With one, mail is protected by DANE (RFC 7672)."),
	    NULL, check_publish_keys, NULL },
	{ RULE("no-protection", DOMAIN, SUGGESTION, check_unprotected,
	    "An attacker on the network path can read mail for {domain}: it "
	    "has neither DANE nor MTA-STS. Begin with an MTA-STS policy in "
	    "mode testing; enforce it when every certificate is right."), NULL,
	    check_publish_policy, NULL },
	{ RULE("sts-testing", DOMAIN, SUGGESTION, check_sts_ready,
	    "The MTA-STS policy of {domain} is in mode testing, which protects "
	    "nothing. Every certificate is right: if the reports of senders "
	    "show no failure either, enforce it."), NULL,
	    check_publish_enforce, NULL },
	{ RULE("sts-not-ready", DOMAIN, SUGGESTION, check_sts_not_ready,
	    "The MTA-STS policy of {domain} is in mode testing, which protects "
	    "nothing. Do not enforce it yet: mail to {why} would be lost. "
	    "Every MX host needs TLS 1.2 or later and a valid certificate for "
	    "its name first."), put_not_ready, NULL, NULL },
	{ RULE("sts-none", DOMAIN, SUGGESTION, check_sts_none,
	    "The MTA-STS policy of {domain} is in mode none, which protects "
	    "nothing."), NULL, check_publish_policy, NULL },
	{ RULE("sts-max-age", DOMAIN, SUGGESTION, check_sts_max_age,
	    "max_age of the MTA-STS policy is over a year (RFC 8461 3.2)."),
	    NULL, check_publish_policy, NULL },
	{ RULE("sts-content-type", DOMAIN, SUGGESTION, check_sts_content_type,
	    "The MTA-STS policy is not served as text/plain (RFC 8461 3.2): "
	    "some senders refuse it."), NULL, NULL, NULL },
	{ RULE("mx-insecure", DOMAIN, SUGGESTION, check_mx_insecure,
	    "The zone of {domain} is not signed: an attacker can redirect its "
	    "mail, and DANE is not possible. Sign it and have the DS "
	    "published."), NULL, NULL, NULL },
	{ RULE("implicit-mx", DOMAIN, SUGGESTION, check_mx_implicit,
	    "{domain} has no MX record, so mail goes to its address. Publish "
	    "an MX record that says so."), NULL,
	    check_publish_implicit, NULL },
	{ RULE("null-mx-preference", DOMAIN, SUGGESTION,
	    check_null_mx_preference,
	    "The preference of a null MX must be 0 (RFC 7505 3)."), NULL,
	    check_publish_null_mx, NULL },
	{ RULE("tlsa-some-unusable", MX, SUGGESTION, check_tlsa_some_unusable,
	    "{host} has TLSA records that senders cannot use ({why})."),
	    put_unusable, check_remove_unusable, NULL },
	{ RULE("tlsa-unmatched", MX, SUGGESTION, check_tlsa_unmatched,
	    "{host} has TLSA records that match no key in use. Keep the record "
	    "of the next key, if there is one, and remove the records of old "
	    "keys."), NULL, check_remove_unmatched, NULL },
	{ RULE("tlsa-alone", MX, SUGGESTION, check_tlsa_alone,
	    "{host} is not ready for a new key. Publish the 3 1 1 record of "
	    "the next key two TTLs before the key is used (RFC 7671 8.1), or "
	    "now a 2 1 1 record of the CA that issues the certificates (RFC "
	    "7671 8.4)."), NULL, check_publish_issuer, NULL },
	{ RULE("weak-certificate", ADDRESS, SUGGESTION, check_weak,
	    "The certificate of {host} has a weak key or signature (RSA below "
	    "2048, SHA-1)."), NULL, NULL, NULL },
	{ RULE("tlsrpt-absent", DOMAIN, SUGGESTION, check_tlsrpt_absent,
	    "{domain} does not ask for reports of TLS failures (RFC 8460)."),
	    NULL, check_publish_tlsrpt, NULL },
	{ RULE("refused", REST, MEND, check_otherwise_refused,
	    "Some senders do not deliver to {domain}: {why}."), put_reasons,
	    NULL, NULL },
	{ RULE("undetermined", REST, LATER, check_otherwise_unknown,
	    "The result of some senders at {domain} could not be determined "
	    "({why}). Try again later."), put_reasons, NULL, NULL },
};

const size_t check_rule_count = sizeof check_rules / sizeof check_rules[0];
