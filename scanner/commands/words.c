#include "scanner/commands/words.h"

#include <string.h>

struct word {
	const char	*code, *words;
};

/* A list ends with NULL. If the words are the same as the code, the code is not
 * added. */
static const struct word host_status[] = {
	{ "usable", "usable" },
	{ "no_address", "has no address" },
	{ "nxdomain", "does not exist" },
	{ "servfail", "its name servers fail" },
	{ "timeout", "its name servers did not answer in time" },
	{ "bogus", "DNSSEC validation of its addresses fails" },
	{ "invalid_name", "not a valid host name" },
	{ "special_address", "has special-purpose addresses only" },
	{ "opted_out", "left out by --opt-out" },
	{ "resolver_crashed", "the resolver crashed over it" },
	{ NULL, NULL },
};

static const struct word address_class[] = {
	{ "public", "public" },
	{ "special", "a special-purpose address, which is not contacted" },
	{ "opted_out", "left out by --opt-out" },
	{ "no_route", "this machine has no route to it" },
	{ "not_allowed", "not in a network of --allow-network" },
	{ NULL, NULL },
};

static const struct word tlsa_status[] = {
	{ "usable", "usable" },
	{ "unusable_only", "none that senders can use" },
	{ "insecure", "not signed, so senders ignore it" },
	{ "absent", "none" },
	{ "absent_insecure", "none, and the zone is not signed" },
	{ "bogus", "DNSSEC validation fails" },
	{ "servfail", "the name servers fail" },
	{ "timeout", "the name servers did not answer in time" },
	{ "not_asked", "not asked for, since the host is not signed" },
	{ "resolver_crashed", "the resolver crashed" },
	{ NULL, NULL },
};

static const struct word unusable_reason[] = {
	{ "usage", "senders do not use this usage" },
	{ "selector", "unknown selector" },
	{ "matching_type", "unknown matching type" },
	{ "length", "the data have the wrong length" },
	{ "undecodable", "the data cannot be decoded" },
	{ NULL, NULL },
};

static const struct word outcome[] = {
	{ "tls_established", "TLS" },
	{ "starttls_absent", "does not offer STARTTLS" },
	{ "starttls_stripped",
	    "its STARTTLS offer is overwritten on the network path" },
	{ "starttls_refused", "offers STARTTLS and then refuses it" },
	{ "starttls_temporary", "refuses STARTTLS for now" },
	{ "plaintext_injected", "sent plain text after it agreed to STARTTLS" },
	{ "handshake_failed", "the TLS handshake failed" },
	{ "handshake_too_large", "its TLS handshake is too large" },
	{ "rejected", "rejected our connection" },
	{ "temporary_reject", "rejected our connection for now" },
	{ "protocol_error", "violated SMTP" },
	{ "closed", "closed the connection" },
	{ "reset", "reset the connection" },
	{ "timeout", "did not answer in time" },
	{ "connect_refused", "refused the connection" },
	{ "connect_timeout", "did not accept a connection in time" },
	{ "unreachable", "cannot be reached" },
	{ "special_address", "a special-purpose address" },
	{ "opted_out", "left out by --opt-out" },
	{ "not_allowed", "not in a network of --allow-network" },
	{ "paced_out", "left out: too many names have its address" },
	{ "local_error", "a fault of this machine" },
	{ "worker_crashed", "the worker crashed over it" },
	{ NULL, NULL },
};

static const struct word phase[] = {
	{ "connect", "while connecting" },
	{ "greeting", "at its greeting" },
	{ "ehlo", "after EHLO" },
	{ "helo", "after HELO" },
	{ "starttls", "after STARTTLS" },
	{ "handshake", "in the TLS handshake" },
	{ "ehlo_tls", "after EHLO inside TLS" },
	{ "quit", "after QUIT" },
	{ "done", "at the end" },
	{ NULL, NULL },
};

static const struct word dane_verdict[] = {
	{ "match", "match" },
	{ "match_ta_from_dns", "match, with the CA from the TLSA record" },
	{ "name_mismatch", "the certificate is for other names" },
	{ "undetermined", "undetermined" },
	{ "expired", "the certificate is out of date" },
	{ "chain_broken", "the chain does not lead to the CA of the record" },
	{ "ta_not_presented", "the CA of the record is not in the chain" },
	{ "mismatch", "no TLSA record matches" },
	{ "no_tls", "no TLS" },
	{ "none_usable", "no usable TLSA record" },
	{ "not_applicable", "no TLSA record" },
	{ NULL, NULL },
};

static const struct word chain_error[] = {
	{ "ok", "ok" },
	{ "unable_to_get_issuer_cert", "a certificate of the chain is missing" },
	{ "unable_to_get_issuer_cert_locally",
	    "a certificate of the chain is missing" },
	{ "unable_to_verify_leaf_signature",
	    "the certificate of its CA is missing" },
	{ "depth_zero_self_signed_cert", "self-signed" },
	{ "self_signed_cert_in_chain", "its CA is not trusted" },
	{ "cert_has_expired", "out of date" },
	{ "cert_not_yet_valid", "not valid yet" },
	{ "cert_signature_failure", "a signature is wrong" },
	{ "hostname_mismatch", "it is for other names" },
	{ "invalid_ca", "its issuer is not a CA" },
	{ "invalid_purpose", "it is not for servers" },
	{ "path_length_exceeded", "the chain is longer than a CA in it allows" },
	{ "ee_key_too_small", "its key is too short" },
	{ "ca_key_too_small", "the key of its CA is too short" },
	{ "ca_md_too_weak", "signed with a broken hash (SHA-1 or MD5)" },
	{ "undecodable", "it cannot be decoded" },
	{ "chain_truncated", "the chain is too long to judge" },
	{ NULL, NULL },
};

static const struct word record[] = {
	{ "found", "found" },
	{ "absent", "none" },
	{ "multiple", "several records, so none counts" },
	{ "invalid", "the record is invalid" },
	{ "error", "the name servers failed" },
	{ "not_asked", "not asked for" },
	{ NULL, NULL },
};

static const struct word mta_sts_status[] = {
	{ "valid", "valid" },
	{ "absent", "none" },
	{ "multiple", "several records, so none counts" },
	{ "invalid_record", "the record is invalid" },
	{ "fetch_failed", "the policy cannot be fetched" },
	{ "invalid_policy", "the policy is invalid" },
	{ "error", "could not be determined" },
	{ "not_asked", "not asked for" },
	{ NULL, NULL },
};

static const struct word mta_sts_fault[] = {
	{ "redirect", "the web server redirects" },
	{ "status", "the web server has no policy there" },
	{ "certificate", "the certificate of the policy host is not valid" },
	{ "too_large", "more than 64 KiB" },
	{ "timeout", "the policy host did not answer in time" },
	{ "connect", "no connection to the policy host" },
	{ "protocol", "the response is broken" },
	{ "dns", "the policy host has no address" },
	{ "special_address", "the policy host has a special-purpose address" },
	{ "not_allowed",
	    "the policy host is not in a network of --allow-network" },
	{ "syntax", "its syntax is invalid" },
	{ NULL, NULL },
};

static const struct word delivery[] = {
	{ "cleartext", "not encrypted" },
	{ "encrypted", "encrypted" },
	{ "authenticated_insecure_mx",
	    "authenticated, but the MX records are not signed" },
	{ "authenticated", "authenticated" },
	{ "refused", "mail is not delivered" },
	{ "unreachable", "no MX host can be reached" },
	{ "undetermined", "undetermined" },
	{ "no_mail", "accepts no mail" },
	{ "not_probed", "not measured" },
	{ "mixed", "differs from host to host" },
	{ NULL, NULL },
};

void
words_append(struct buffer *text, enum words_kind kind, const char *code)
{
	static const struct word *const lists[] = {
		[WORDS_HOST_STATUS] = host_status,
		[WORDS_ADDRESS_CLASS] = address_class,
		[WORDS_TLSA_STATUS] = tlsa_status,
		[WORDS_UNUSABLE_REASON] = unusable_reason,
		[WORDS_OUTCOME] = outcome, [WORDS_PHASE] = phase,
		[WORDS_DANE_VERDICT] = dane_verdict,
		[WORDS_CHAIN_ERROR] = chain_error, [WORDS_RECORD] = record,
		[WORDS_MTA_STS_STATUS] = mta_sts_status,
		[WORDS_MTA_STS_FAULT] = mta_sts_fault,
		[WORDS_DELIVERY] = delivery,
	};
	size_t start = text->length;

	for (const struct word *word = lists[kind]; word->code != NULL; word++)
		if (strcmp(word->code, code) == 0) {
			buffer_append_text(text, word->words);
			/* The code of a phase would add nothing to its
			 * words. */
			if (kind != WORDS_PHASE &&
			    strcmp(word->words, code) != 0)
				buffer_printf(text, " [%s]", code);
			return;
		}
	buffer_append_text(text, code);
	for (size_t i = start; i < text->length; i++)
		if (text->bytes[i] == '_')
			text->bytes[i] = ' ';
	if (strchr(code, '_') != NULL)
		buffer_printf(text, " [%s]", code);
}
