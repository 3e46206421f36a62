#include "scanner/worker/host/host.h"

#include <string.h>

#include "scanner/worker/conduct.h"
#include "scanner/worker/domain/mx_set.h"
#include "scanner/worker/worker.h"

static void
write_addresses(const struct host *host)
{
	struct table *table = host->job->tables[HOSTS_TO_ADDRESSES];
	char text[ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < host->address_count; i++) {
		const struct address *address = &host->addresses[i];

		address_to_text(address, text);
		table_set(table, ADDRESSES_HOST, host->name);
		table_set(table, ADDRESSES_ADDRESS, text);
		table_set_number(table, ADDRESSES_FAMILY, address->family);
		table_set_enum(table, ADDRESSES_CLASS, conduct_class_of(
		    host->job->worker, address));
		table_end_row(table);
	}
}

static void
write_bogus(struct table *table, unsigned text, unsigned reason,
    const struct answer_facts *answer)
{
	const char *bogus = answer->bogus_text != NULL ? answer->bogus_text
	    : "";

	table_set_text(table, text, bogus, strlen(bogus));
	if (answer->status == LOOKUP_BOGUS)
		table_set_enum(table, reason, answer->bogus_reason);
}

/* RFC 4592 2.1.1: `*` stands before as many labels of the owner as the RRSIG
 * counts. */
static void
write_owner(struct table *table, const struct answer_facts *answer)
{
	const uint8_t *parent = answer->canonical;
	unsigned labels;
	char text[NAME_TEXT_MAX];

	if (answer->has_cname) {
		name_to_text(answer->canonical, text);
		table_set(table, HOSTS_TLSA_CNAME_TARGET, text);
	}
	table_set_bool(table, HOSTS_TLSA_WILDCARD, answer->is_wildcard);
	if (!answer->is_wildcard || answer->wildcard_labels == 0)
		return;
	for (labels = name_labels(parent); labels > answer->wildcard_labels;
	    labels--)
		parent += 1 + parent[0];
	name_to_text(parent, text);
	table_set(table, HOSTS_TLSA_WILDCARD_PARENT, text);
}

static void
write_tlsa_columns(const struct host *host)
{
	struct table *table = host->job->tables[HOSTS_TO_HOSTS];
	const struct answer_facts *answer = &host->tlsa_answer;
	char base[NAME_TEXT_MAX];

	table_set_enum(table, HOSTS_TLSA_STATUS, host->tlsa_status);
	if (!host->has_base)
		return;
	name_to_text(host->base, base);
	table_set(table, HOSTS_TLSA_BASE, base);
	table_set_enum(table, HOSTS_TLSA_DNSSEC, answer->dnssec);
	write_bogus(table, HOSTS_TLSA_BOGUS_TEXT, HOSTS_TLSA_BOGUS_REASON,
	    answer);
	write_owner(table, answer);
	table_set_number(table, HOSTS_TLSA_COUNT, (int64_t)host->set.found);
	table_set_number(table, HOSTS_TLSA_USABLE_COUNT,
	    (int64_t)host->set.usable);
	if (answer->dnssec != DNSSEC_UNCHECKED)
		table_set_number(table, HOSTS_TLSA_TTL_S, answer->ttl);
	table_set_bool(table, HOSTS_ROLLOVER_READY,
	    tlsa_set_rollover_ready(&host->set));
}

/* L16 */
static enum lane_kind
lane_of(const struct host *host)
{
	return host->answers[0].lane == LANE_DIRECT &&
	    host->answers[1].lane == LANE_DIRECT ? LANE_DIRECT
	    : LANE_RECURSIVE;
}

static void
write_row(const struct host *host)
{
	struct table *table = host->job->tables[HOSTS_TO_HOSTS];
	const char *registrable = suffix_registrable(
	    host->job->worker->suffixes, host->name);
	static const struct {
		unsigned status, dnssec, text, reason;
	} columns[2] = {
		{ HOSTS_IPV4_STATUS, HOSTS_IPV4_DNSSEC, HOSTS_IPV4_BOGUS_TEXT,
		  HOSTS_IPV4_BOGUS_REASON },
		{ HOSTS_IPV6_STATUS, HOSTS_IPV6_DNSSEC, HOSTS_IPV6_BOGUS_TEXT,
		  HOSTS_IPV6_BOGUS_REASON },
	};
	char canonical[NAME_TEXT_MAX];
	unsigned flags = 0;

	table_set(table, HOSTS_HOST, host->name);
	table_set(table, HOSTS_REGISTRABLE_DOMAIN,
	    registrable != NULL ? registrable : "");
	table_set_enum(table, HOSTS_HOST_STATUS, host->status);
	if (host->has_cname) {
		name_to_text(host->canonical, canonical);
		table_set(table, HOSTS_CANONICAL_NAME, canonical);
		table_set_enum(table, HOSTS_CNAME_DNSSEC, host->cname_dnssec);
		flags |= 1u << HOST_FLAG_HAS_CNAME;
	}
	if (host->answers[0].is_wildcard || host->answers[1].is_wildcard)
		flags |= 1u << HOST_FLAG_WILDCARD;
	table_set_flags(table, HOSTS_FLAGS, flags);
	for (int i = 0; i < 2 && host->is_asked; i++) {
		const struct answer_facts *answer = &host->answers[i];

		table_set_enum(table, columns[i].status, answer->status);
		table_set_enum(table, columns[i].dnssec, answer->dnssec);
		write_bogus(table, columns[i].text, columns[i].reason, answer);
	}
	table_set_number(table, HOSTS_ADDRESS_COUNT,
	    (int64_t)host->addresses_found);
	table_set_bool(table, HOSTS_ADDRESSES_TRUNCATED,
	    host->addresses_found > host->address_count);
	write_tlsa_columns(host);
	table_set_enum(table, HOSTS_LANE, lane_of(host));
	table_set_number(table, HOSTS_ATTEMPTS, host->attempts);
	table_set_time(table, HOSTS_MEASURED_AT, host->has_base
	    ? host->tlsa_asked_at : host->started_ms);
	table_end_row(table);
}

void
host_write(const struct host *host)
{
	char base[NAME_TEXT_MAX] = "";

	if (host->has_base)
		name_to_text(host->base, base);
	write_addresses(host);
	tlsa_set_write(&host->set, host->job->tables[HOSTS_TO_TLSA],
	    host->name, 1, base);
	write_row(host);
}
