/* facts_hosts: reads MX hosts with addresses, TLSA records, sessions and
 * certificates. It is a part of facts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/commands/check/facts_internal.h"
#include "scanner/out/field.h"

#define KEY_MAX (NAME_TEXT_MAX + 96)

static bool
has(const struct table_reader *row, unsigned column)
{
	return table_get_number(row, column) != 0;
}

/* Hosts ******************************************************************* */

bool
check_take_host(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	bool is_ipv4 = table_get_enum(row, HOSTS_IPV4_STATUS) == LOOKUP_FOUND;
	int dnssec = table_get_enum(row, is_ipv4 ? HOSTS_IPV4_DNSSEC
	    : HOSTS_IPV6_DNSSEC);
	struct check_host *host = arena_take(&facts->arena, sizeof *host);
	const char *name;

	*map_place(facts->hosts, table_get(row, HOSTS_HOST), &name) = host;
	*host = (struct check_host){
		.name = name,
		.status = (enum host_status)table_get_enum(row,
		    HOSTS_HOST_STATUS),
		.dnssec = dnssec < 0 ? DNSSEC_UNCHECKED : (enum dnssec)dnssec,
		.bogus_text = check_text(facts, row, table_is_null(row,
		    HOSTS_IPV4_BOGUS_TEXT) ? HOSTS_IPV6_BOGUS_TEXT
		    : HOSTS_IPV4_BOGUS_TEXT),
		.tlsa_bogus_text = check_text(facts, row,
		    HOSTS_TLSA_BOGUS_TEXT),
		.tlsa_target = check_text(facts, row,
		    HOSTS_TLSA_CNAME_TARGET),
		.wildcard_parent = check_text(facts, row,
		    HOSTS_TLSA_WILDCARD_PARENT),
		.is_wildcard = (table_get_flags(row, HOSTS_FLAGS) &
		    1u << HOST_FLAG_WILDCARD) != 0,
		.canonical = check_text(facts, row, HOSTS_CANONICAL_NAME),
		.tlsa_base = check_text(facts, row, HOSTS_TLSA_BASE),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    HOSTS_TLSA_STATUS),
		.rollover_ready = has(row, HOSTS_ROLLOVER_READY),
	};
	return true;
}

static struct check_address *
address_of(struct check_facts *facts, const char *name, const char *address)
{
	struct check_host *host = map_get(facts->hosts, name);
	struct check_address **place, *made;

	if (host == NULL)
		return NULL;
	for (place = &host->addresses; *place != NULL;
	    place = &(*place)->next)
		if (strcmp((*place)->text, address) == 0)
			return *place;
	made = arena_take(&facts->arena, sizeof *made);
	made->text = arena_text(&facts->arena, address);
	return *place = made;
}

bool
check_take_address(void *tag, const struct table_reader *row)
{
	struct check_address *address = address_of(tag,
	    table_get(row, ADDRESSES_HOST), table_get(row, ADDRESSES_ADDRESS));

	if (address != NULL)
		address->class = (enum address_class)table_get_enum(row,
		    ADDRESSES_CLASS);
	return true;
}

/* The last asking counts: records that it replaces are no longer published. */
bool
check_take_record(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_host *host = map_get(facts->hosts,
	    table_get(row, TLSA_HOST));
	unsigned asking = (unsigned)table_get_number(row, TLSA_ASKING);
	struct check_record **place, *record;

	if (host == NULL || asking < host->asking)
		return true;
	if (asking > host->asking)
		host->records = NULL;
	host->asking = asking;
	for (place = &host->records; *place != NULL; place = &(*place)->next)
		;
	*place = record = arena_take(&facts->arena, sizeof *record);
	*record = (struct check_record){
		.usage = (unsigned)table_get_number(row, TLSA_COLUMN_USAGE),
		.selector = (unsigned)table_get_number(row,
		    TLSA_COLUMN_SELECTOR),
		.matching_type = (unsigned)table_get_number(row,
		    TLSA_COLUMN_MATCHING_TYPE),
		.position = (unsigned)table_get_number(row, TLSA_POSITION),
		.hex = check_text(facts, row, TLSA_DATA_HEX),
		.is_usable = has(row, TLSA_COLUMN_USABLE),
		.unusable_reason = check_text(facts, row, TLSA_UNUSABLE_REASON),
	};
	return true;
}

/* Sessions **************************************************************** */

static void
session_key(char key[KEY_MAX], const struct table_reader *row,
    const unsigned columns[4])
{
	snprintf(key, KEY_MAX, "%s %s %s %s", table_get(row, columns[0]),
	    table_get(row, columns[1]), table_get(row, columns[2]),
	    table_get(row, columns[3]));
}

static struct check_chain *
chain_of(struct check_facts *facts, const char *id)
{
	const char *copy;
	void **place = map_place(facts->chains, id, &copy);
	struct check_chain *chain = *place;

	if (chain != NULL)
		return chain;
	*place = chain = arena_take(&facts->arena, sizeof *chain);
	chain->id = copy;
	return chain;
}

bool
check_take_session(void *tag, const struct table_reader *row)
{
	static const unsigned columns[] = {
		PROBES_ADDRESS, PROBES_SNI, PROBES_PROFILE, PROBES_ATTEMPT,
	};
	struct check_facts *facts = tag;
	struct check_session *session = arena_take(&facts->arena,
	    sizeof *session);
	char key[KEY_MAX];

	session_key(key, row, columns);
	*map_place(facts->sessions, key, NULL) = session;
	*session = (struct check_session){
		.outcome = (enum outcome)table_get_enum(row, PROBES_OUTCOME),
		.phase = (enum phase)table_get_enum(row, PROBES_PHASE),
		.tls_version = check_text(facts, row, PROBES_TLS_VERSION),
		.cipher = check_text(facts, row, PROBES_CIPHER),
		.chain_error = check_text(facts, row, PROBES_CHAIN_ERROR),
		.greeting = check_text(facts, row, PROBES_GREETING_TEXT),
		.greeting_code = (int)table_get_number(row,
		    PROBES_GREETING_CODE),
		.starttls_code = (int)table_get_number(row,
		    PROBES_STARTTLS_CODE),
		.chain_trusted = has(row, PROBES_CHAIN_TRUSTED),
		.in_dates = has(row, PROBES_IN_DATES),
		.chain_truncated = (table_get_flags(row, PROBES_FLAGS) &
		    1u << PROBE_CHAIN_TRUNCATED) != 0,
		.chain = table_is_null(row, PROBES_CHAIN_ID) ? NULL
		    : chain_of(facts, table_get(row, PROBES_CHAIN_ID)),
	};
	return true;
}

/* RULES 9: the latest attempt that saw TLS or its absence; or else the
 * latest. */
static bool
says_more(const struct check_result *old, enum tls_class class)
{
	return !old->is_made || class == TLS_CLASS_TLS ||
	    class == TLS_CLASS_NO_TLS || (old->tls_class != TLS_CLASS_TLS &&
	    old->tls_class != TLS_CLASS_NO_TLS);
}

static void
mark_matching(const struct check_host *host, const char *positions)
{
	unsigned long position;

	while (field_next_number(&positions, &position))
		for (struct check_record *record = host->records;
		    record != NULL; record = record->next)
			record->matches |= record->position == position;
}

bool
check_take_result(void *tag, const struct table_reader *row)
{
	static const unsigned columns[] = {
		RESULTS_ADDRESS, RESULTS_SESSION_SNI, RESULTS_PROFILE,
		RESULTS_ATTEMPT,
	};
	struct check_facts *facts = tag;
	const char *name = table_get(row, RESULTS_HOST);
	const struct check_host *host = map_get(facts->hosts, name);
	struct check_address *address = address_of(facts, name,
	    table_get(row, RESULTS_ADDRESS));
	enum tls_class class = (enum tls_class)table_get_enum(row,
	    RESULTS_TLS_CLASS);
	bool is_mx = strcmp(table_get(row, RESULTS_SNI), name) == 0;
	struct check_result result;
	char key[KEY_MAX];

	if (host == NULL || address == NULL)
		return true;
	session_key(key, row, columns);
	result = (struct check_result){
		.is_made = true, .tls_class = class,
		.session = map_get(facts->sessions, key),
		.profile = table_is_null(row, RESULTS_PROFILE) ? PROFILE_MODERN
		    : (enum profile)table_get_enum(row, RESULTS_PROFILE),
		.name_match = has(row, RESULTS_NAME_MATCH),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    RESULTS_TLSA_STATUS),
		.dane = (enum dane_verdict)table_get_enum(row,
		    RESULTS_DANE_VERDICT),
		.positions = check_text(facts, row,
		    RESULTS_DANE_MATCHING_POSITIONS),
		.flags = table_get_flags(row, RESULTS_FLAGS),
	};
	result.outcome = result.session != NULL ? result.session->outcome
	    : (enum outcome)table_get_enum(row, RESULTS_REASON);
	if ((unsigned)table_get_number(row, RESULTS_ASKING) == host->asking)
		mark_matching(host, result.positions);
	if (is_mx && says_more(&address->mx, class))
		address->mx = result;
	if ((!is_mx || strcmp(host->tlsa_base, name) == 0 ||
	    host->tlsa_base[0] == '\0') && says_more(&address->base, class))
		address->base = result;
	return true;
}

/* Certificates ************************************************************ */

static struct check_certificate *
certificate_of(struct check_facts *facts, const char *sha256)
{
	const char *copy;
	void **place = map_place(facts->certificates, sha256, &copy);
	struct check_certificate *certificate = *place;

	if (certificate != NULL)
		return certificate;
	*place = certificate = arena_take(&facts->arena, sizeof *certificate);
	certificate->sha256 = copy;
	return certificate;
}

bool
check_take_chain(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_chain *chain = chain_of(facts,
	    table_get(row, CHAINS_CHAIN_ID));
	int64_t position = table_get_number(row, CHAINS_POSITION);

	if (position >= CHECK_CHAIN_MAX)
		return true;
	chain->certificates[position] = certificate_of(facts,
	    table_get(row, CHAINS_CERTIFICATE_SHA256));
	if (chain->count <= position)
		chain->count = (unsigned)position + 1;
	return true;
}

bool
check_take_certificate(void *tag, const struct table_reader *row)
{
	struct check_facts *facts = tag;
	struct check_certificate *certificate = certificate_of(facts,
	    table_get(row, CERTIFICATES_SHA256));

	*certificate = (struct check_certificate){
		.sha256 = certificate->sha256,
		.der_base64 = check_text(facts, row, CERTIFICATES_DER_BASE64),
		.spki_sha256 = check_text(facts, row, CERTIFICATES_SPKI_SHA256),
		.subject = check_text(facts, row, CERTIFICATES_SUBJECT_TEXT),
		.issuer = check_text(facts, row, CERTIFICATES_ISSUER_TEXT),
		.san = check_text(facts, row, CERTIFICATES_SAN_TEXT),
		.not_before = table_get_time(row, CERTIFICATES_NOT_BEFORE),
		.not_after = table_get_time(row, CERTIFICATES_NOT_AFTER),
		.is_ca = has(row, CERTIFICATES_IS_CA),
		.self_signed = has(row, CERTIFICATES_SELF_SIGNED),
		.weak_key = has(row, CERTIFICATES_WEAK_KEY),
		.weak_signature = has(row, CERTIFICATES_WEAK_SIGNATURE),
	};
	return true;
}
