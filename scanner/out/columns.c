#include "scanner/out/columns.h"

#include <string.h>

static const char *const unusable_list[] = {
	"", "usage", "selector", "matching_type", "length",
	"undecodable", NULL,
};
/* The order is the order of enum tlsa_fault (parsers/tlsa.h). A usable record
 * has no fault. */
static const struct enumeration unusable_texts = {
	"unusable_reason", unusable_list, 6,
};

#define NAME_(n, r, d)		{ n, COLUMN_NAME, NULL, r, d, 0 }
#define WORD_(n, r, d)		{ n, COLUMN_WORD, NULL, r, d, 0 }
#define TEXT_(n, d)		{ n, COLUMN_TEXT, NULL, false, d, 0 }
#define ENUM_(n, v, r, d)	{ n, COLUMN_ENUM, &v, r, d, 0 }
#define FLAGS_(n, v, d)		{ n, COLUMN_FLAGS, &v, false, d, 0 }
#define NUMBER_(n, r, d)	{ n, COLUMN_NUMBER, NULL, r, d, 0 }
#define UPTO_(n, most, r, d)	{ n, COLUMN_NUMBER, NULL, r, d, most }
#define BOOL_(n, r, d)		{ n, COLUMN_BOOL, NULL, r, d, 0 }
#define TIME_(n, r, d)		{ n, COLUMN_TIME, NULL, r, d, 0 }
#define HEX_(n, r, d)		{ n, COLUMN_HEX, NULL, r, d, 0 }
#define SHA256_(n, r, d)	{ n, COLUMN_HEX, NULL, r, d, 32 }
#define BASE64_(n, r, d)	{ n, COLUMN_BASE64, NULL, r, d, 0 }
#define LIST_(n, d)		{ n, COLUMN_LIST, NULL, false, d, 0 }
#define NUMBERS_(n, d)		{ n, COLUMN_NUMBERS, NULL, false, d, 0 }
/* The place of a run is in its run.json; a run that is merged of several has it
 * in its rows. */
#define VANTAGE_							\
	WORD_("vantage", false, "in a run that mxcensus merge made: the place "	\
	    "whose run the row is from; null in any other run")
#define REASON_(n)							\
	ENUM_(n, bogus_reason_texts, false, "the same as a value; null where "	\
	    "it is not bogus")

static const struct column domains[] = {
	NAME_("domain", true, "the domain, as it was given"),
	NUMBER_("source_id", true, "the input it came from, by its place in "
	    "run.json, from 0"),
	NUMBER_("rank", false, "its rank in that input"),
	NAME_("tld", true, "the last label"),
	NAME_("registrable_domain", false, "public suffix and one label "
	    "(Public Suffix List)"),
	BOOL_("parent_ds", false, "the zone file that delegates it (an input, "
	    "or one of --delegations) has a DS RRset for it"),
	NUMBERS_("parent_ds_algorithms", "DNSSEC algorithm numbers of these "
	    "DS records"),
	NAME_("dns_operator", false, "registrable domain of its name servers "
	    "in that zone file"),
	ENUM_("lane", lane_texts, true, "who answered: full recursion with "
	    "validation, or the domain's own server"),
	ENUM_("ds_source", ds_source_texts, false, "why the DS records of the "
	    "domain were believed, where lane is direct and it has some: "
	    "their signatures in a zone file, the file's word, or its ZONEMD; "
	    "or the signed answer of the parent zone's servers"),
	ENUM_("mx_status", mx_status_texts, true, "who takes mail for it "
	    "(RFC 5321 5.1, RFC 7505)"),
	ENUM_("mx_dnssec", dnssec_texts, true, "DNSSEC status of the MX RRset, "
	    "or of its denial (RFC 4035)"),
	TEXT_("mx_bogus_text", "why the validator calls it bogus"),
	REASON_("mx_bogus_reason"),
	BOOL_("mx_wildcard", false, "the MX RRset was expanded from a "
	    "wildcard"),
	NAME_("cname_target", false, "where the chain of CNAMEs from the "
	    "domain ends"),
	NUMBER_("mx_count", true, "distinct MX hosts in the answer, the null "
	    "MX not counted"),
	BOOL_("mx_truncated", true, "there were more than 100; the best 100 "
	    "are in mx"),
	ENUM_("mta_sts_record", txt_status_texts, true, "the TXT record at "
	    "_mta-sts (RFC 8461 3.1)"),
	ENUM_("tlsrpt_record", txt_status_texts, true, "the TXT record at "
	    "_smtp._tls (RFC 8460 3)"),
	FLAGS_("flags", domain_flag_texts, "what is odd about the domain or "
	    "its MX RRset"),
	NUMBER_("ttl_s", false, "lowest TTL of the answer"),
	NUMBER_("lookup_ms", true, "time from the first question to the last "
	    "answer"),
	NUMBER_("attempts", true, "passes it took, 1 or 2; 1 for a failure "
	    "that the first pass did not have"),
	TIME_("measured_at", true, "when it was asked"),	VANTAGE_,
};
_Static_assert(sizeof domains / sizeof domains[0] ==
    DOMAINS_VANTAGE + 1, "domains");

static const struct column mx[] = {
	NAME_("domain", true, "the domain"),
	UPTO_("preference", 65535, true, "the lowest preference of this host"),
	NUMBER_("tier", true, "hosts of equal preference, from 1, the best"),
	NAME_("host", true, "the MX host; in hosts, but for an implicit MX that "
	    "nobody else names"),
	FLAGS_("flags", mx_flag_texts, "implicit MX, or a name that is no host "
	    "name"),
};
_Static_assert(sizeof mx / sizeof mx[0] == MX_FLAGS + 1, "mx");

static const struct column hosts[] = {
	NAME_("host", true, "the MX host"),
	NAME_("registrable_domain", false, "public suffix and one label"),
	ENUM_("host_status", host_status_texts, true, "whether it can be "
	    "connected to (RFC 7672 2.2.1)"),
	NAME_("canonical_name", false, "where its chain of CNAMEs ends"),
	ENUM_("cname_dnssec", dnssec_texts, false, "DNSSEC status of the host's "
	    "own CNAME"),
	ENUM_("ipv4_status", lookup_status_texts, false, "answer to A"),
	ENUM_("ipv4_dnssec", dnssec_texts, false, "its DNSSEC status"),
	ENUM_("ipv6_status", lookup_status_texts, false, "answer to AAAA"),
	ENUM_("ipv6_dnssec", dnssec_texts, false, "its DNSSEC status"),
	NUMBER_("address_count", true, "distinct addresses in the answers"),
	BOOL_("addresses_truncated", true, "there were more than are in "
	    "addresses"),
	NAME_("tlsa_base", false, "TLSA base domain (RFC 7672 2.2.3): the name "
	    "behind _25._tcp"),
	ENUM_("tlsa_status", tlsa_status_texts, true, "what a sender may make "
	    "of its TLSA RRset (RFC 7672 2.1)"),
	ENUM_("tlsa_dnssec", dnssec_texts, false, "DNSSEC status of that "
	    "answer"),
	TEXT_("tlsa_bogus_text", "why the validator calls it bogus"),
	REASON_("tlsa_bogus_reason"),
	NAME_("tlsa_cname_target", false, "where the chain of CNAMEs from "
	    "_25._tcp and tlsa_base ends: the owner of the TLSA records"),
	BOOL_("tlsa_wildcard", false, "the TLSA RRset was expanded from a "
	    "wildcard"),
	NAME_("tlsa_wildcard_parent", false, "the name that follows the "
	    "asterisk in the owner of that wildcard (RFC 4592 2.1.1)"),
	NUMBER_("tlsa_count", false, "distinct TLSA records"),
	NUMBER_("tlsa_usable_count", false, "of them usable for SMTP "
	    "(RFC 7672 3.1)"),
	NUMBER_("tlsa_ttl_s", false, "lowest TTL of the answer"),
	BOOL_("rollover_ready", false, "the RRset covers a key change "
	    "(RFC 7671 8.1)"),
	TEXT_("ipv4_bogus_text", "why the answer to A is bogus"),
	REASON_("ipv4_bogus_reason"),
	TEXT_("ipv6_bogus_text", "why the answer to AAAA is bogus"),
	REASON_("ipv6_bogus_reason"),
	ENUM_("lane", lane_texts, true, "who answered: full recursion with "
	    "validation, or, for A and AAAA, the domain's own server"),
	FLAGS_("flags", host_flag_texts, "what is odd about it"),
	NUMBER_("attempts", true, "passes it took, 1 or 2; 1 for a failure "
	    "that the first pass did not have"),
	TIME_("measured_at", true, "when its TLSA records were asked for, else "
	    "its addresses"),	VANTAGE_,
};
_Static_assert(sizeof hosts / sizeof hosts[0] == HOSTS_VANTAGE + 1,
    "hosts");

static const struct column addresses[] = {
	NAME_("host", true, "the MX host"),
	WORD_("address", true, "IPv4, or IPv6 as RFC 5952 writes it"),
	UPTO_("family", 6, true, "4 or 6"),
	ENUM_("class", address_class_texts, true, "whether it is contacted"),
};
_Static_assert(sizeof addresses / sizeof addresses[0] ==
    ADDRESSES_CLASS + 1, "addresses");

static const struct column tlsa[] = {
	NAME_("host", true, "the MX host"),
	NUMBER_("asking", true, "1 with the host's addresses, higher where it "
	    "was asked again"),
	NAME_("base", true, "TLSA base domain"),
	NUMBER_("position", true, "in the canonical order of the RRset "
	    "(RFC 4034 6.3), from 0"),
	UPTO_("usage", 255, true, "certificate usage (RFC 6698 2.1.1)"),
	UPTO_("selector", 255, true, "selector (RFC 6698 2.1.2)"),
	UPTO_("matching_type", 255, true, "matching type (RFC 6698 2.1.3)"),
	HEX_("data_hex", false, "certificate association data"),
	BOOL_("usable", true, "SMTP may use it (RFC 7672 3.1)"),
	ENUM_("unusable_reason", unusable_texts, false, "why not"),
};
_Static_assert(sizeof tlsa / sizeof tlsa[0] == TLSA_UNUSABLE_REASON + 1,
    "tlsa");

static const struct column probes[] = {
	WORD_("address", true, "where the session went"),
	UPTO_("port", 65535, true, "TCP port"),
	NAME_("sni", true, "server name in the ClientHello"),
	ENUM_("profile", profile_texts, true, "modern: TLS 1.2 and 1.3; legacy: "
	    "TLS 1.0 up, where modern failed"),
	UPTO_("attempt", 255, true, "1, or 2 for the one made later"),
	ENUM_("outcome", outcome_texts, true, "how the session ended"),
	ENUM_("phase", phase_texts, true, "how far it came"),
	UPTO_("greeting_code", 999, false, "reply code of the greeting"),
	TEXT_("greeting_text", "its text, lines joined by a line feed"),
	UPTO_("ehlo_code", 999, false, "reply code to EHLO"),
	TEXT_("ehlo_text", "its text, lines joined by a line feed"),
	UPTO_("starttls_code", 999, false, "reply code to STARTTLS"),
	WORD_("tls_version", false, "as negotiated"),
	WORD_("cipher", false, "cipher suite, as OpenSSL names it"),
	WORD_("key_exchange_group", false, "TLS named group; null for RSA key "
	    "exchange and finite-field DHE"),
	WORD_("peer_signature", false, "signature scheme of the server (TLS 1.2 "
	    "and later)"),
	BOOL_("ocsp_stapled", false, "an OCSP response came with it"),
	SHA256_("chain_id", false, "the chain that was presented, as far as it "
	    "was kept; where the handshake failed, only if that was for an "
	    "undecodable one"),
	BOOL_("chain_trusted", false, "it leads to a root of the store at "
	    "OpenSSL's security level 1, dates apart; null where the chain is "
	    "truncated"),
	WORD_("chain_error", false, "X509_V_ERR of the verification with dates, "
	    "without prefix; ok; undecodable where OpenSSL cannot decode a "
	    "certificate of the chain; null where it is truncated"),
	BOOL_("in_dates", false, "every certificate of the path is within its "
	    "dates; null where the leaf is undecodable or the chain is "
	    "truncated"),
	FLAGS_("flags", probe_flag_texts, "what is odd about it"),
	NUMBER_("connect_ms", false, "until the connection stood"),
	NUMBER_("tls_ms", false, "the handshake"),
	NUMBER_("total_ms", false, "the whole session"),
	NUMBER_("received_bytes", false, "from the peer, on the wire"),
	TIME_("measured_at", true, "start of the connection"),	VANTAGE_,
};
_Static_assert(sizeof probes / sizeof probes[0] == PROBES_VANTAGE + 1,
    "probes");

static const struct column host_results[] = {
	NAME_("host", true, "the MX host that is judged"),
	WORD_("address", true, "one of its addresses"),
	NAME_("sni", true, "server name of the session"),
	UPTO_("attempt", 255, true, "1 or 2"),
	ENUM_("profile", profile_texts, false, "the last one used in this "
	    "attempt"),
	NAME_("session_sni", false, "server name of the session whose facts "
	    "these are: sni, or another at a shared address"),
	ENUM_("basis", basis_texts, true, "an own session, one shared from "
	    "other names at this address, or none"),
	ENUM_("reason", outcome_texts, false, "why no session took place"),
	ENUM_("tls_class", tls_class_texts, true, "what this attempt alone says "
	    "of TLS"),
	BOOL_("name_match", false, "the certificate has the host's name "
	    "(RFC 9525); null where it is undecodable"),
	ENUM_("tlsa_status", tlsa_status_texts, true, "of the TLSA RRset that "
	    "it was judged by"),
	TIME_("tlsa_asked_at", false, "when that RRset was asked for"),
	NUMBER_("asking", false, "which asking its records in tlsa are of"),
	ENUM_("dane_verdict", dane_verdict_texts, true, "RFC 7671, RFC 7672, "
	    "with digest agility"),
	ENUM_("dane_verdict_no_agility", dane_verdict_texts, true, "the same "
	    "without (RFC 7671 9)"),
	NUMBER_("dane_depth", false, "depth of the certificate that matched, 0 "
	    "the leaf"),
	NUMBERS_("dane_matching_positions", "positions of the TLSA records "
	    "that match"),
	BOOL_("confirmed", false, "a mismatch was seen again later"),
	FLAGS_("flags", host_result_flag_texts, "what else is to be known"),
	TIME_("measured_at", true, "start of the connection"),	VANTAGE_,
};
_Static_assert(sizeof host_results / sizeof host_results[0] ==
    RESULTS_VANTAGE + 1, "host_results");

static const struct column chains[] = {
	SHA256_("chain_id", true, "SHA-256 of the certificates' hashes in the "
	    "order presented"),
	NUMBER_("position", true, "from 0, the leaf"),
	SHA256_("certificate_sha256", true, "the certificate there"),
};
_Static_assert(sizeof chains / sizeof chains[0] ==
    CHAINS_CERTIFICATE_SHA256 + 1, "chains");

static const struct column certificates[] = {
	SHA256_("certificate_sha256", true, "SHA-256 of the DER"),
	SHA256_("spki_sha256", false, "SHA-256 of the SubjectPublicKeyInfo"),
	TEXT_("subject_text", "RFC 2253"),
	TEXT_("common_name_text", "the last common name of the subject"),
	TEXT_("issuer_text", "RFC 2253"),
	TEXT_("san_text", "dns:NAME and ip:ADDRESS, separated by spaces"),
	TIME_("not_before", false, "start of its validity"),
	TIME_("not_after", false, "end of its validity"),
	WORD_("key_type", false, "rsa ec ed25519 ed448 dsa other"),
	NUMBER_("key_bits", false, "size of the key"),
	WORD_("signature_algorithm", false, "OpenSSL's long name, lower case"),
	BOOL_("is_ca", false, "basicConstraints says CA"),
	BOOL_("self_signed", false, "signed with its own key"),
	BOOL_("weak_key", false, "RSA below 2048 bits, EC below 224"),
	BOOL_("weak_signature", false, "SHA-1 or MD5"),
	WORD_("serial_hex", false, "serial number"),
	BASE64_("der_base64", true, "the certificate itself (X.690 DER); where "
	    "nothing else is known of it, OpenSSL cannot decode it"),
};
_Static_assert(sizeof certificates / sizeof certificates[0] ==
    CERTIFICATES_DER_BASE64 + 1, "certificates");

#define SENDER_(name, who)						\
	ENUM_(name "_first", delivery_texts, true, "what " who " meets at "	\
	    "the best MX hosts that decide"),				\
	ENUM_(name "_deliver", delivery_texts, true, "the best it meets "	\
	    "at any MX host"),						\
	ENUM_(name "_worst", delivery_texts, true, "the least that an "	\
	    "attacker who blocks the other hosts can force")

static const struct column outcomes[] = {
	NAME_("domain", true, "the domain"),
	SENDER_("opportunistic", "a sender that takes TLS where it is "
	    "(RFC 7435)"),
	SENDER_("dane", "a sender with DANE (RFC 7672)"),
	SENDER_("mta_sts", "a sender with MTA-STS (RFC 8461)"),
	SENDER_("dane_or_mta_sts", "a sender with DANE where there is secure "
	    "TLSA, else MTA-STS"),
	SENDER_("policy_list", "a sender with the list of --policy-list"),
	SENDER_("webpki", "a sender that demands TLS 1.2 and a trusted "
	    "certificate of the MX name"),
	BOOL_("dane_domain", false, "secure MX, and a match at every "
	    "connecting address of the best tier; null where undetermined"),
	BOOL_("dane_domain_all", false, "the same over all tiers"),
	LIST_("reasons", "what kept a sender from a better outcome: "
	    "sender:host:status, host - for the domain's own"),
	FLAGS_("flags", verdict_flag_texts, "what else is to be known"),
};
_Static_assert(sizeof outcomes / sizeof outcomes[0] ==
    CONCLUSIONS_FLAGS + 1, "outcomes");

static const struct column policies[] = {
	NAME_("domain", true, "the domain"),
	NAME_("policy_host", false, "where its MTA-STS policy is fetched from"),
	ENUM_("mta_sts_status", mta_sts_status_texts, true, "what came of its "
	    "MTA-STS policy (RFC 8461)"),
	ENUM_("tlsrpt_status", tlsrpt_status_texts, true, "its TLSRPT record "
	    "(RFC 8460)"),
	NAME_("mta_sts_cname_target", false, "where the chain of CNAMEs from "
	    "_mta-sts ends: the owner of the record"),
	NAME_("tlsrpt_cname_target", false, "the same for _smtp._tls"),
	WORD_("mta_sts_txt", false, "the TXT record at _mta-sts, strings "
	    "joined, escaped as in columns that end in _text"),
	WORD_("mta_sts_id", false, "id of the record"),
	ENUM_("mta_sts_mode", mta_sts_mode_texts, false, "mode of the policy"),
	NUMBER_("mta_sts_max_age_s", false, "max_age, as it stands there"),
	LIST_("mta_sts_mx", "its mx patterns, lower case"),
	ENUM_("mta_sts_error", mta_sts_fault_texts, false, "why there is no "
	    "valid policy although there is a record"),
	WORD_("mta_sts_tls_error", false, "X509_V_ERR of the policy host's "
	    "certificate, without prefix"),
	UPTO_("mta_sts_http_code", 999, false, "HTTP status"),
	TEXT_("tlsrpt_rua_text", "where reports go: the URIs of every rua, "
	    "joined by commas"),
	FLAGS_("flags", policy_flag_texts, "what is odd about the policy"),
	TIME_("fetched_at", true, "when its record was asked for"),	VANTAGE_,
};
_Static_assert(sizeof policies / sizeof policies[0] ==
    POLICIES_VANTAGE + 1, "policies");

static const struct column rejects[] = {
	NUMBER_("source_id", true, "the input, or the file of --delegations, by "
	    "its number in run.json"),
	NUMBER_("line", true, "its line, from 1; in a JSON array or a policy "
	    "list the number of the entry"),
	ENUM_("reason", reject_texts, true, "why it is no domain name"),
	TEXT_("input_text", "the beginning of what stood there"),
};
_Static_assert(sizeof rejects / sizeof rejects[0] ==
    REJECTS_INPUT_TEXT + 1, "rejects");

#define TABLE(id, text, ...)						\
	.name = #id, .description = text, .columns = id,		\
	.column_count = sizeof id / sizeof id[0], __VA_ARGS__

const struct table_schema table_schemas[TABLE_COUNT] = {
	[TABLE_DOMAINS] = { TABLE(domains, "each domain, once",
	    .key = { DOMAINS_DOMAIN }, .key_count = 1) },
	[TABLE_MX] = { TABLE(mx, "the MX hosts of each domain",
	    .key = { MX_DOMAIN, MX_HOST }, .key_count = 2,
	    .foreign = { { { MX_DOMAIN }, 1, TABLE_DOMAINS },
		/* An implicit MX does not always have a row in hosts. */
		{ { MX_HOST }, 1, TABLE_HOSTS, .has_exceptions = true } },
	    .foreign_count = 2) },
	[TABLE_HOSTS] = { TABLE(hosts, "each MX host, once",
	    .key = { HOSTS_HOST }, .key_count = 1) },
	[TABLE_ADDRESSES] = { TABLE(addresses, "the addresses of each MX host",
	    .key = { ADDRESSES_HOST, ADDRESSES_ADDRESS }, .key_count = 2,
	    .foreign = { { { ADDRESSES_HOST }, 1, TABLE_HOSTS } },
	    .foreign_count = 1) },
	[TABLE_TLSA] = { TABLE(tlsa, "TLSA records, each time they were asked "
	    "for and differed",
	    .key = { TLSA_HOST, TLSA_ASKING, TLSA_POSITION }, .key_count = 3,
	    .foreign = { { { TLSA_HOST }, 1, TABLE_HOSTS } },
	    .foreign_count = 1) },
	[TABLE_PROBES] = { TABLE(probes, "each SMTP session",
	    .key = { PROBES_ADDRESS, PROBES_SNI, PROBES_PROFILE,
		PROBES_ATTEMPT }, .key_count = 4,
	    .foreign = { { { PROBES_CHAIN_ID }, 1, TABLE_CHAINS } },
	    .foreign_count = 1) },
	[TABLE_HOST_RESULTS] = { TABLE(host_results, "what each attempt says "
	    "of a host",
	    .key = { RESULTS_HOST, RESULTS_ADDRESS, RESULTS_SNI,
		RESULTS_ATTEMPT }, .key_count = 4,
	    .foreign = { { { RESULTS_HOST, RESULTS_ADDRESS }, 2,
		TABLE_ADDRESSES } }, .foreign_count = 1) },
	[TABLE_CHAINS] = { TABLE(chains, "certificate chains, as presented",
	    .key = { CHAINS_CHAIN_ID, CHAINS_POSITION }, .key_count = 2,
	    .foreign = { { { CHAINS_CERTIFICATE_SHA256 }, 1,
		TABLE_CERTIFICATES } }, .foreign_count = 1) },
	[TABLE_CERTIFICATES] = { TABLE(certificates, "each certificate, once",
	    .key = { CERTIFICATES_SHA256 }, .key_count = 1) },
	[TABLE_OUTCOMES] = { TABLE(outcomes, "what each kind of sender would "
	    "do, derived from the other tables",
	    .key = { CONCLUSIONS_DOMAIN }, .key_count = 1,
	    .foreign = { { { CONCLUSIONS_DOMAIN }, 1, TABLE_DOMAINS } },
	    .foreign_count = 1) },
	[TABLE_POLICIES] = { TABLE(policies, "MTA-STS and TLSRPT of each domain "
	    "that has a record of them",
	    .key = { POLICIES_DOMAIN }, .key_count = 1,
	    .foreign = { { { POLICIES_DOMAIN }, 1, TABLE_DOMAINS } },
	    .foreign_count = 1) },
	[TABLE_REJECTS] = { TABLE(rejects, "input that is no domain name",
	    .key = { REJECTS_SOURCE_ID, REJECTS_LINE }, .key_count = 2) },
};

int
table_column(const struct table_schema *schema, const char *name)
{
	for (unsigned i = 0; i < schema->column_count; i++)
		if (strcmp(schema->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}
