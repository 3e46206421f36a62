/*
 * facts: the enumerations that the tables are written in (docs/schema.md), each
 * declared once. X(NAME, text) gives the C value and the text of the column.
 */
#ifndef MXCENSUS_BASE_FACTS_H
#define MXCENSUS_BASE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#define DNSSEC_VALUES(X)						\
	X(DNSSEC_SECURE, "secure") X(DNSSEC_INSECURE, "insecure")	\
	X(DNSSEC_BOGUS, "bogus") X(DNSSEC_UNCHECKED, "unchecked")

/* Why an answer is bogus (DS2), as far as the validator tells. bad_denial: a
 * denial does not prove what it should. ds_mismatch: no key matches a DS. */
#define BOGUS_REASON_VALUES(X)						\
	X(BOGUS_EXPIRED, "expired") X(BOGUS_NOT_YET_VALID, "not_yet_valid") \
	X(BOGUS_NO_SIGNATURE, "no_signature")				\
	X(BOGUS_DS_MISMATCH, "ds_mismatch")				\
	X(BOGUS_BAD_SIGNATURE, "bad_signature")				\
	X(BOGUS_BAD_DENIAL, "bad_denial") X(BOGUS_OTHER, "other")

#define LANE_VALUES(X)							\
	X(LANE_RECURSIVE, "recursive") X(LANE_DIRECT, "direct")

/* Why the DS records that a secure answer of the direct lane rests on are
 * believed (RULES L31, L32). FILE_SIGNED: their signatures in the zone file were
 * verified; FILE: the file says so; ZONEMD: the digest of the file was
 * verified. */
#define DS_SOURCE_VALUES(X)						\
	X(DS_SOURCE_FILE_SIGNED, "file_signed") X(DS_SOURCE_FILE, "file") \
	X(DS_SOURCE_ZONEMD, "zonemd") X(DS_SOURCE_PARENT, "parent")

/* Why a response is not believed (RULES L8). The recursive lane has the first
 * ones, to RCODE.
 *
 * MALFORMED: not a DNS message, or cut off; ALIAS_LOOP: RFC 1034 3.6.2; RCODE:
 * neither NOERROR nor NXDOMAIN; MISMATCH: answers to other questions came
 * instead; CASE: the question came back with the case of its letters changed;
 * CLASS: a record of another class than IN; SIGNED: signatures, although the
 * parent has no DS; ALIAS_AT_APEX: a CNAME at the delegated name;
 * ALIAS_OUTSIDE: a CNAME at, or to, a name that is not at or below the
 * delegated name; REFERRAL: name servers of a zone below; OTHER_ZONE: SOA or
 * name servers of another zone; OTHER_SERVERS: none of the zone's name servers
 * is in its delegation; STRAY: records that do not belong to the answer;
 * NO_SOA: a denial that no SOA record confirms; NO_SERVER: the delegation has
 * no address that may be asked, or none that can be; OURS: this machine lost
 * responses, or could not reach a server. Of delegations with DS: UNPROVEN: no
 * signature, key or denial proves the response; DS_MISMATCH: no key matches the
 * DS records; CRYPTO_LIMIT: too many keys, signatures or hashes to look at them
 * all. */
#define ODDITY_VALUES(X)						\
	X(ODDITY_NONE, "none") X(ODDITY_MALFORMED, "malformed")		\
	X(ODDITY_ALIAS_LOOP, "alias_loop") X(ODDITY_RCODE, "rcode")	\
	X(ODDITY_MISMATCH, "mismatch") X(ODDITY_CASE, "case")		\
	X(ODDITY_TRUNCATED, "truncated") X(ODDITY_CLASS, "class")	\
	X(ODDITY_SIGNED, "signed") X(ODDITY_DNAME, "dname")		\
	X(ODDITY_ALIAS_AT_APEX, "alias_at_apex")			\
	X(ODDITY_ALIAS_OUTSIDE, "alias_outside")			\
	X(ODDITY_REFERRAL, "referral")					\
	X(ODDITY_OTHER_ZONE, "other_zone")				\
	X(ODDITY_OTHER_SERVERS, "other_servers")			\
	X(ODDITY_STRAY, "stray") X(ODDITY_NO_SOA, "no_soa")		\
	X(ODDITY_NO_SERVER, "no_server") X(ODDITY_OURS, "ours")		\
	X(ODDITY_UNPROVEN, "unproven")					\
	X(ODDITY_DS_MISMATCH, "ds_mismatch")				\
	X(ODDITY_CRYPTO_LIMIT, "crypto_limit")

/* What the two lanes said about a name that was asked both ways (RULES L11).
 * CHANGED: they said two things, and not again. */
#define SAMPLE_RESULT_VALUES(X)						\
	X(SAMPLE_AGREED, "agreed")					\
	X(SAMPLE_DISAGREED, "disagreed")				\
	X(SAMPLE_CHANGED, "changed")

#define MX_STATUS_VALUES(X)						\
	X(MX_FOUND, "mx") X(MX_IMPLICIT, "implicit")			\
	X(MX_NULL, "null_mx") X(MX_NO_MAIL, "no_mail")			\
	X(MX_NXDOMAIN, "nxdomain") X(MX_SERVFAIL, "servfail")		\
	X(MX_TIMEOUT, "timeout") X(MX_BOGUS, "bogus")			\
	X(MX_RESOLVER_CRASHED, "resolver_crashed")

/* Belongs to one question to the resolver: ipv4_status, ipv6_status. */
#define LOOKUP_STATUS_VALUES(X)						\
	X(LOOKUP_FOUND, "found") X(LOOKUP_NODATA, "nodata")		\
	X(LOOKUP_NXDOMAIN, "nxdomain") X(LOOKUP_SERVFAIL, "servfail")	\
	X(LOOKUP_TIMEOUT, "timeout") X(LOOKUP_BOGUS, "bogus")

#define HOST_STATUS_VALUES(X)						\
	X(HOST_USABLE, "usable") X(HOST_NO_ADDRESS, "no_address")	\
	X(HOST_NXDOMAIN, "nxdomain") X(HOST_SERVFAIL, "servfail")	\
	X(HOST_TIMEOUT, "timeout") X(HOST_BOGUS, "bogus")		\
	X(HOST_INVALID_NAME, "invalid_name")				\
	X(HOST_SPECIAL_ADDRESS, "special_address")			\
	X(HOST_OPTED_OUT, "opted_out")					\
	X(HOST_RESOLVER_CRASHED, "resolver_crashed")

#define ADDRESS_CLASS_VALUES(X)						\
	X(CLASS_PUBLIC, "public") X(CLASS_SPECIAL, "special")		\
	X(CLASS_OPTED_OUT, "opted_out") X(CLASS_NO_ROUTE, "no_route")	\
	X(CLASS_NOT_ALLOWED, "not_allowed")

#define TLSA_STATUS_VALUES(X)						\
	X(TLSA_STATUS_USABLE, "usable")					\
	X(TLSA_STATUS_UNUSABLE_ONLY, "unusable_only")			\
	X(TLSA_STATUS_INSECURE, "insecure")				\
	X(TLSA_STATUS_ABSENT, "absent")					\
	X(TLSA_STATUS_ABSENT_INSECURE, "absent_insecure")		\
	X(TLSA_STATUS_BOGUS, "bogus") X(TLSA_STATUS_SERVFAIL, "servfail") \
	X(TLSA_STATUS_TIMEOUT, "timeout")				\
	X(TLSA_STATUS_NOT_ASKED, "not_asked")				\
	X(TLSA_STATUS_RESOLVER_CRASHED, "resolver_crashed")

#define OUTCOME_VALUES(X)						\
	X(OUTCOME_TLS_ESTABLISHED, "tls_established")			\
	X(OUTCOME_STARTTLS_ABSENT, "starttls_absent")			\
	X(OUTCOME_STARTTLS_STRIPPED, "starttls_stripped")		\
	X(OUTCOME_STARTTLS_REFUSED, "starttls_refused")			\
	X(OUTCOME_STARTTLS_TEMPORARY, "starttls_temporary")		\
	X(OUTCOME_PLAINTEXT_INJECTED, "plaintext_injected")		\
	X(OUTCOME_HANDSHAKE_FAILED, "handshake_failed")			\
	X(OUTCOME_HANDSHAKE_TOO_LARGE, "handshake_too_large")		\
	X(OUTCOME_REJECTED, "rejected")					\
	X(OUTCOME_TEMPORARY_REJECT, "temporary_reject")			\
	X(OUTCOME_PROTOCOL_ERROR, "protocol_error")			\
	X(OUTCOME_CLOSED, "closed") X(OUTCOME_RESET, "reset")		\
	X(OUTCOME_TIMEOUT, "timeout")					\
	X(OUTCOME_CONNECT_REFUSED, "connect_refused")			\
	X(OUTCOME_CONNECT_TIMEOUT, "connect_timeout")			\
	X(OUTCOME_UNREACHABLE, "unreachable")				\
	X(OUTCOME_SPECIAL_ADDRESS, "special_address")			\
	X(OUTCOME_OPTED_OUT, "opted_out")				\
	X(OUTCOME_NOT_ALLOWED, "not_allowed")				\
	X(OUTCOME_PACED_OUT, "paced_out")				\
	X(OUTCOME_LOCAL_ERROR, "local_error")				\
	X(OUTCOME_WORKER_CRASHED, "worker_crashed")

#define PHASE_VALUES(X)							\
	X(PHASE_CONNECT, "connect") X(PHASE_GREETING, "greeting")	\
	X(PHASE_EHLO, "ehlo") X(PHASE_HELO, "helo")			\
	X(PHASE_STARTTLS, "starttls") X(PHASE_HANDSHAKE, "handshake")	\
	X(PHASE_EHLO_TLS, "ehlo_tls") X(PHASE_QUIT, "quit")		\
	X(PHASE_DONE, "done")

#define PROFILE_VALUES(X)						\
	X(PROFILE_MODERN, "modern") X(PROFILE_LEGACY, "legacy")

#define TLS_CLASS_VALUES(X)						\
	X(TLS_CLASS_TLS, "tls") X(TLS_CLASS_NO_TLS, "no_tls")		\
	X(TLS_CLASS_UNREACHABLE, "unreachable")				\
	X(TLS_CLASS_UNDETERMINED, "undetermined")			\
	X(TLS_CLASS_NOT_PROBED, "not_probed")

#define BASIS_VALUES(X)							\
	X(BASIS_OWN, "own") X(BASIS_SHARED, "shared") X(BASIS_NONE, "none")

/* The best comes first, as RULES U11 compares them; values after mismatch are
 * never compared. match_ta_from_dns: U7; undetermined: U13; name_mismatch,
 * expired, chain_broken, ta_not_presented: usage 2; no_tls, not_applicable:
 * there is no chain or no RRset to judge; none_usable: T9. */
#define DANE_VERDICT_VALUES(X)						\
	X(DANE_MATCH, "match")						\
	X(DANE_MATCH_TA_FROM_DNS, "match_ta_from_dns")			\
	X(DANE_NAME_MISMATCH, "name_mismatch")				\
	X(DANE_UNDETERMINED, "undetermined")				\
	X(DANE_EXPIRED, "expired")					\
	X(DANE_CHAIN_BROKEN, "chain_broken")				\
	X(DANE_TA_NOT_PRESENTED, "ta_not_presented")			\
	X(DANE_MISMATCH, "mismatch")					\
	X(DANE_NO_TLS, "no_tls")					\
	X(DANE_NONE_USABLE, "none_usable")				\
	X(DANE_NOT_APPLICABLE, "not_applicable")

#define TXT_STATUS_VALUES(X)						\
	X(TXT_FOUND, "found") X(TXT_ABSENT, "absent")			\
	X(TXT_MULTIPLE, "multiple") X(TXT_INVALID, "invalid")		\
	X(TXT_ERROR, "error") X(TXT_NOT_ASKED, "not_asked")

/* The status of a policy (RFC 8461), with its fetch; invalid_record: P2. */
#define MTA_STS_STATUS_VALUES(X)					\
	X(MTA_STS_VALID, "valid") X(MTA_STS_ABSENT, "absent")		\
	X(MTA_STS_MULTIPLE, "multiple")					\
	X(MTA_STS_INVALID_RECORD, "invalid_record")			\
	X(MTA_STS_FETCH_FAILED, "fetch_failed")				\
	X(MTA_STS_INVALID_POLICY, "invalid_policy")			\
	X(MTA_STS_ERROR, "error") X(MTA_STS_NOT_ASKED, "not_asked")

#define MTA_STS_MODE_VALUES(X)						\
	X(MTA_STS_ENFORCE, "enforce") X(MTA_STS_TESTING, "testing")	\
	X(MTA_STS_NONE, "none")

/* Why a policy could not be fetched, or could not be read (syntax). */
#define MTA_STS_FAULT_VALUES(X)						\
	X(MTA_STS_REDIRECT, "redirect") X(MTA_STS_STATUS, "status")	\
	X(MTA_STS_CERTIFICATE, "certificate")				\
	X(MTA_STS_TOO_LARGE, "too_large") X(MTA_STS_TIMEOUT, "timeout")	\
	X(MTA_STS_CONNECT, "connect") X(MTA_STS_PROTOCOL, "protocol")	\
	X(MTA_STS_DNS, "dns")						\
	X(MTA_STS_SPECIAL_ADDRESS, "special_address")			\
	X(MTA_STS_NOT_ALLOWED, "not_allowed")				\
	X(MTA_STS_SYNTAX, "syntax")

#define TLSRPT_STATUS_VALUES(X)						\
	X(TLSRPT_VALID, "valid") X(TLSRPT_ABSENT, "absent")		\
	X(TLSRPT_MULTIPLE, "multiple") X(TLSRPT_INVALID, "invalid")	\
	X(TLSRPT_ERROR, "error") X(TLSRPT_NOT_ASKED, "not_asked")

#define REJECT_VALUES(X)						\
	X(REJECT_SYNTAX, "syntax") X(REJECT_NAME_TOO_LONG, "name_too_long") \
	X(REJECT_LABEL_TOO_LONG, "label_too_long")			\
	X(REJECT_EMPTY_LABEL, "empty_label")				\
	X(REJECT_CONTROL_BYTE, "control_byte") X(REJECT_IDNA, "idna")	\
	X(REJECT_INCLUDE_REFUSED, "include_refused")			\
	X(REJECT_GENERATE_LIMIT, "generate_limit")			\
	X(REJECT_TOO_LARGE, "too_large") X(REJECT_URL, "url")		\
	X(REJECT_MAILBOX, "mailbox") X(REJECT_WILDCARD, "wildcard")	\
	X(REJECT_ADDRESS, "address")

/* What happens to a sender's mail (RULES 9). Degrees of protection come first,
 * from worst to best. */
#define DELIVERY_VALUES(X)						\
	X(DELIVERY_CLEARTEXT, "cleartext")				\
	X(DELIVERY_ENCRYPTED, "encrypted")				\
	X(DELIVERY_AUTHENTICATED_INSECURE_MX,				\
	    "authenticated_insecure_mx")				\
	X(DELIVERY_AUTHENTICATED, "authenticated")			\
	X(DELIVERY_REFUSED, "refused")					\
	X(DELIVERY_UNREACHABLE, "unreachable")				\
	X(DELIVERY_UNDETERMINED, "undetermined")			\
	X(DELIVERY_NO_MAIL, "no_mail")					\
	X(DELIVERY_NOT_PROBED, "not_probed")				\
	X(DELIVERY_MIXED, "mixed")

#define SENDER_VALUES(X)						\
	X(SENDER_OPPORTUNISTIC, "opportunistic")			\
	X(SENDER_DANE, "dane") X(SENDER_MTA_STS, "mta_sts")		\
	X(SENDER_DANE_OR_MTA_STS, "dane_or_mta_sts")			\
	X(SENDER_POLICY_LIST, "policy_list") X(SENDER_WEBPKI, "webpki")

/* Flags: bits; in a column the texts of the bits, sorted. */
#define DOMAIN_FLAG_VALUES(X)						\
	X(DOMAIN_NULL_MX_MIXED, "null_mx_mixed")			\
	X(DOMAIN_NULL_MX_PREFERENCE, "null_mx_preference")		\
	X(DOMAIN_SIGNED_INSECURE, "signed_insecure")			\
	X(DOMAIN_DELEGATION_DIFFERS, "delegation_differs")		\
	X(DOMAIN_NOT_HOST_NAME, "not_host_name")			\
	X(DOMAIN_MTA_STS_ALIAS, "mta_sts_alias")			\
	X(DOMAIN_TLSRPT_ALIAS, "tlsrpt_alias")

#define MX_FLAG_VALUES(X)						\
	X(MX_FLAG_IMPLICIT, "implicit") X(MX_FLAG_CNAME, "mx_cname")	\
	X(MX_FLAG_IS_ADDRESS, "mx_is_address")				\
	X(MX_FLAG_IS_TLD, "mx_is_tld")					\
	X(MX_FLAG_IS_LOCALHOST, "mx_is_localhost")

#define HOST_FLAG_VALUES(X)						\
	X(HOST_FLAG_HAS_CNAME, "has_cname")				\
	X(HOST_FLAG_WILDCARD, "wildcard")

#define HOST_RESULT_FLAG_VALUES(X)					\
	X(RESULT_EXPIRED, "expired") X(RESULT_TLSA_CHANGED, "tlsa_changed")

#define PROBE_FLAG_VALUES(X)						\
	X(PROBE_LONG_REPLY, "long_reply") X(PROBE_BARE_LF, "bare_lf")	\
	X(PROBE_HOSTILE_BYTES, "hostile_bytes")				\
	X(PROBE_STARTTLS_IN_TLS, "starttls_in_tls")			\
	X(PROBE_LEGACY_RENEGOTIATION, "legacy_renegotiation")		\
	X(PROBE_CLIENT_CERTIFICATE, "client_certificate_requested")	\
	X(PROBE_INTERCEPTED, "intercepted")				\
	X(PROBE_HOSTILE_NAME, "hostile_name")				\
	X(PROBE_CHAIN_TRUNCATED, "chain_truncated")

/* Other facts about a domain (column `flags` of `outcomes`). */
#define VERDICT_FLAG_VALUES(X)						\
	X(VERDICT_FLAG_PARTIAL_DANE_FAILURE, "partial_dane_failure")	\
	X(VERDICT_FLAG_ADDRESSES_DIFFER, "addresses_differ")		\
	X(VERDICT_FLAG_INSECURE_MX, "insecure_mx")				\
	X(VERDICT_FLAG_WOULD_FAIL, "would_fail")				\
	X(VERDICT_FLAG_LEGACY_TLS, "legacy_tls")				\
	X(VERDICT_FLAG_TLSA_CHANGED, "tlsa_changed")

#define POLICY_FLAG_VALUES(X)						\
	X(POLICY_MAX_AGE_OVER, "max_age_over")				\
	X(POLICY_CONTENT_TYPE, "content_type")

#define FACTS_VALUE(name, text) name,

enum dnssec { DNSSEC_VALUES(FACTS_VALUE) DNSSEC_COUNT };
enum bogus_reason { BOGUS_REASON_VALUES(FACTS_VALUE) BOGUS_REASON_COUNT };
enum lane_kind { LANE_VALUES(FACTS_VALUE) LANE_COUNT };
enum ds_source { DS_SOURCE_VALUES(FACTS_VALUE) DS_SOURCE_COUNT };
enum oddity { ODDITY_VALUES(FACTS_VALUE) ODDITY_COUNT };
enum sample_result { SAMPLE_RESULT_VALUES(FACTS_VALUE) SAMPLE_RESULT_COUNT };
/* Names are counted apart if their zone names other servers than their
 * delegation (DOMAIN_DELEGATION_DIFFERS). */
enum sample_group { SAMPLED_NAMES, SAMPLED_DIFFERING,
	SAMPLE_GROUPS };
enum mx_status { MX_STATUS_VALUES(FACTS_VALUE) MX_STATUS_COUNT };
enum lookup_status { LOOKUP_STATUS_VALUES(FACTS_VALUE) LOOKUP_STATUS_COUNT };
enum host_status { HOST_STATUS_VALUES(FACTS_VALUE) HOST_STATUS_COUNT };
enum address_class { ADDRESS_CLASS_VALUES(FACTS_VALUE) ADDRESS_CLASS_COUNT };
enum tlsa_status { TLSA_STATUS_VALUES(FACTS_VALUE) TLSA_STATUS_COUNT };
enum outcome { OUTCOME_VALUES(FACTS_VALUE) OUTCOME_COUNT };
enum phase { PHASE_VALUES(FACTS_VALUE) PHASE_COUNT };
enum profile { PROFILE_VALUES(FACTS_VALUE) PROFILE_COUNT };
enum tls_class { TLS_CLASS_VALUES(FACTS_VALUE) TLS_CLASS_COUNT };
enum basis { BASIS_VALUES(FACTS_VALUE) BASIS_COUNT };
enum dane_verdict { DANE_VERDICT_VALUES(FACTS_VALUE) DANE_VERDICT_COUNT };
enum txt_status { TXT_STATUS_VALUES(FACTS_VALUE) TXT_STATUS_COUNT };
enum mta_sts_status { MTA_STS_STATUS_VALUES(FACTS_VALUE) MTA_STS_STATUS_COUNT };
enum mta_sts_mode { MTA_STS_MODE_VALUES(FACTS_VALUE) MTA_STS_MODE_COUNT };
enum mta_sts_fault { MTA_STS_FAULT_VALUES(FACTS_VALUE) MTA_STS_FAULT_COUNT };
enum tlsrpt_status { TLSRPT_STATUS_VALUES(FACTS_VALUE) TLSRPT_STATUS_COUNT };
enum reject { REJECT_VALUES(FACTS_VALUE) REJECT_COUNT };
enum delivery { DELIVERY_VALUES(FACTS_VALUE) DELIVERY_COUNT };
enum sender { SENDER_VALUES(FACTS_VALUE) SENDER_COUNT };
enum domain_flag { DOMAIN_FLAG_VALUES(FACTS_VALUE) DOMAIN_FLAG_COUNT };
enum mx_flag { MX_FLAG_VALUES(FACTS_VALUE) MX_FLAG_COUNT };
enum host_flag { HOST_FLAG_VALUES(FACTS_VALUE) HOST_FLAG_COUNT };
enum host_result_flag {
	HOST_RESULT_FLAG_VALUES(FACTS_VALUE) HOST_RESULT_FLAG_COUNT
};
enum probe_flag { PROBE_FLAG_VALUES(FACTS_VALUE) PROBE_FLAG_COUNT };
enum verdict_flag { VERDICT_FLAG_VALUES(FACTS_VALUE) VERDICT_FLAG_COUNT };
enum policy_flag { POLICY_FLAG_VALUES(FACTS_VALUE) POLICY_FLAG_COUNT };

#undef FACTS_VALUE

/* The texts of an enumeration by value. NULL ends the list; count does not
 * include it. */
struct enumeration {
	const char		*name;		/* for documents: "mx_status" */
	const char *const	*texts;
	size_t			 count;
};

extern const struct enumeration dnssec_texts, bogus_reason_texts, lane_texts,
	    ds_source_texts,
    oddity_texts, sample_result_texts, mx_status_texts,
    lookup_status_texts, host_status_texts, address_class_texts,
    tlsa_status_texts, outcome_texts, phase_texts, profile_texts,
    tls_class_texts, basis_texts, dane_verdict_texts, txt_status_texts,
    mta_sts_status_texts, mta_sts_mode_texts, mta_sts_fault_texts,
    tlsrpt_status_texts, reject_texts, delivery_texts, sender_texts,
    domain_flag_texts, mx_flag_texts, host_flag_texts, host_result_flag_texts,
    probe_flag_texts, verdict_flag_texts, policy_flag_texts;

/* Returns the value of a text, or -1 if no value has it. */
int	enumeration_value(const struct enumeration *, const char *text);

/* Did the answer contain a record, readable or not? Such a domain has a row in
 * `policies` (docs/schema.md). */
bool	txt_status_is_record(enum txt_status);
/* What an attempt with this outcome says about TLS (RULES 9, table "TLS
 * class"), without other attempts. */
enum tls_class outcome_tls_class(enum outcome);
/* Why no connection is made to an address of that class. The class must not be
 * public, or no_route, which is never granted. */
enum outcome address_class_outcome(enum address_class);

#endif
