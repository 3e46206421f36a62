/*
 * host: the addresses of an MX host, and its TLSA records (RFC 7672 2.1, 2.2,
 * RFC 7671 7; RULES 3). Each host is asked once in a run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/lookup.h"
#include "scanner/worker/job.h"
#include "scanner/worker/mx_set.h"
#include "scanner/worker/tlsa_set.h"
#include "scanner/worker/worker.h"

#define ADDRESSES_MAX 64	/* of one host; the rest: addresses_truncated */

struct host {
	struct job	*job;
	const char	*name;			/* inside job->input */
	uint32_t	 slot;			/* while it is in flight */
	uint8_t		 wire[NAME_WIRE_MAX];
	int64_t		 started_ms;
	struct lookup	 ipv4, ipv6, cname, tlsa;
	struct answer	 answers[2];		/* of ipv4, ipv6; no packets */
	struct address	 addresses[ADDRESSES_MAX];
	size_t		 address_count, addresses_found;
	enum host_status status;
	enum dnssec	 cname_dnssec;
	uint8_t		 canonical[NAME_WIRE_MAX];
	bool		 has_cname;
	bool		 is_asked;		/* there are answers */
	/* T2: the expanded name first, then the original. */
	bool		 original_is_next;
	uint8_t		 base[NAME_WIRE_MAX];
	bool		 has_base;
	enum tlsa_status tlsa_status;
	struct answer	 tlsa_answer;		/* no packet */
	int64_t		 tlsa_asked_at;
	struct tlsa_set	 set;
};

static enum address_class
class_of(const struct host *host, const struct address *address)
{
	const struct worker *worker = host->job->worker;

	if (address_is_special(address, &worker->options->allow_network))
		return CLASS_SPECIAL;
	if (opt_out_has_address(&worker->opt_out, address))
		return CLASS_OPTED_OUT;
	if (!(address->family == 4 ? worker->has_ipv4 : worker->has_ipv6))
		return CLASS_NO_ROUTE;
	return CLASS_PUBLIC;
}

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
		table_set_enum(table, ADDRESSES_CLASS, class_of(host, address));
		table_end_row(table);
	}
}

static void
write_tlsa_columns(const struct host *host)
{
	struct table *table = host->job->tables[HOSTS_TO_HOSTS];
	const struct answer *answer = &host->tlsa_answer;
	char base[NAME_TEXT_MAX];

	table_set_enum(table, HOSTS_TLSA_STATUS, host->tlsa_status);
	if (!host->has_base)
		return;
	name_to_text(host->base, base);
	table_set(table, HOSTS_TLSA_BASE, base);
	table_set_enum(table, HOSTS_TLSA_DNSSEC, answer->dnssec);
	table_set_text(table, HOSTS_TLSA_BOGUS_TEXT, answer->bogus_text,
	    strlen(answer->bogus_text));
	table_set_bool(table, HOSTS_TLSA_WILDCARD, answer->is_wildcard);
	table_set_number(table, HOSTS_TLSA_COUNT, (int64_t)host->set.found);
	table_set_number(table, HOSTS_TLSA_USABLE_COUNT,
	    (int64_t)host->set.usable);
	if (answer->dnssec != DNSSEC_UNCHECKED)
		table_set_number(table, HOSTS_TLSA_TTL_S, answer->ttl);
	table_set_bool(table, HOSTS_ROLLOVER_READY,
	    tlsa_set_rollover_ready(&host->set));
}

static void
write_row(const struct host *host)
{
	struct table *table = host->job->tables[HOSTS_TO_HOSTS];
	const char *registrable = suffix_registrable(
	    host->job->worker->suffixes, host->name);
	static const struct { unsigned status, dnssec, bogus; } columns[2] = {
		{ HOSTS_IPV4_STATUS, HOSTS_IPV4_DNSSEC, HOSTS_IPV4_BOGUS_TEXT },
		{ HOSTS_IPV6_STATUS, HOSTS_IPV6_DNSSEC, HOSTS_IPV6_BOGUS_TEXT },
	};
	char canonical[NAME_TEXT_MAX];

	table_set(table, HOSTS_HOST, host->name);
	table_set(table, HOSTS_REGISTRABLE_DOMAIN,
	    registrable != NULL ? registrable : "");
	table_set_enum(table, HOSTS_HOST_STATUS, host->status);
	if (host->has_cname) {
		name_to_text(host->canonical, canonical);
		table_set(table, HOSTS_CANONICAL_NAME, canonical);
		table_set_enum(table, HOSTS_CNAME_DNSSEC, host->cname_dnssec);
		table_set_flags(table, HOSTS_FLAGS, 1u << HOST_FLAG_HAS_CNAME);
	}
	for (int i = 0; i < 2 && host->is_asked; i++) {
		const struct answer *answer = &host->answers[i];

		table_set_enum(table, columns[i].status, answer->status);
		table_set_enum(table, columns[i].dnssec, answer->dnssec);
		table_set_text(table, columns[i].bogus, answer->bogus_text,
		    strlen(answer->bogus_text));
	}
	table_set_number(table, HOSTS_ADDRESS_COUNT,
	    (int64_t)host->addresses_found);
	table_set_bool(table, HOSTS_ADDRESSES_TRUNCATED,
	    host->addresses_found > host->address_count);
	write_tlsa_columns(host);
	table_set_number(table, HOSTS_ATTEMPTS, host->job->attempt);
	table_set_time(table, HOSTS_MEASURED_AT, host->has_base
	    ? host->tlsa_asked_at : host->started_ms);
	table_end_row(table);
}

/* A question that got no answer: worth a second pass. */
static bool
failed_once(const struct host *host)
{
	for (int i = 0; i < 2; i++)
		if (host->answers[i].status == ADDRESS_SERVFAIL ||
		    host->answers[i].status == ADDRESS_TIMEOUT)
			return true;
	return host->tlsa_status == TLSA_STATUS_SERVFAIL ||
	    host->tlsa_status == TLSA_STATUS_TIMEOUT;
}

static void
finish(struct host *host)
{
	struct job *job = host->job;

	worker_land(job->worker, host->slot);
	if (host->is_asked && failed_once(host) &&
	    job->attempt < job->worker->options->attempts) {
		struct host_item item = { host->name, ITEM_FAILED };

		host_item_put(&job->deferred, &item);
	} else {
		char base[NAME_TEXT_MAX] = "";

		if (host->has_base)
			name_to_text(host->base, base);
		write_addresses(host);
		tlsa_set_write(&host->set, job->tables[HOSTS_TO_TLSA],
		    host->name, 1, base);
		write_row(host);
	}
	tlsa_set_fini(&host->set);
	free(host);
	job_item_ended(job);
}

static void on_tlsa(struct lookup *);

static void
ask_tlsa(struct host *host, const uint8_t *base)
{
	uint8_t owner[NAME_WIRE_MAX];

	memcpy(host->base, base, name_wire_length(base, NAME_WIRE_MAX));
	host->has_base = true;
	host->tlsa_asked_at = clock_ms();
	if (!tlsa_owner(base, (uint16_t)host->job->worker->options->port,
	    owner)) {
		/* Too long for a name: nothing can be published there. */
		host->tlsa_status = TLSA_STATUS_ABSENT;
		host->tlsa_answer.dnssec = DNSSEC_UNCHECKED;
		finish(host);
		return;
	}
	lookup_start(&host->tlsa, host->job->worker->resolver, owner, DNS_TLSA,
	    on_tlsa);
}

static void
on_tlsa(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, tlsa);

	tlsa_set_fini(&host->set);
	host->tlsa_status = tlsa_set_read(&host->set, lookup);
	host->tlsa_answer = lookup->answer;
	host->tlsa_answer.packet = NULL;
	/* T2: only where the expanded name has no secure TLSA, and no error. */
	if (host->original_is_next &&
	    (host->tlsa_status == TLSA_STATUS_ABSENT ||
	    host->tlsa_status == TLSA_STATUS_ABSENT_INSECURE ||
	    host->tlsa_status == TLSA_STATUS_INSECURE)) {
		host->original_is_next = false;
		ask_tlsa(host, host->wire);
		return;
	}
	finish(host);
}

static void
no_tlsa(struct host *host)
{
	if (host->job->worker->options->tlsa == ANSWER_ALWAYS) {
		ask_tlsa(host, host->wire);
		return;
	}
	host->tlsa_status = TLSA_STATUS_NOT_ASKED;
	finish(host);
}

/* DS7, T3: the validator gives one status for the whole chain, so the alias is
 * asked for by itself. */
static void
on_cname(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, cname);

	host->cname_dnssec = lookup->answer.dnssec;
	if (lookup->answer.status == ADDRESS_FOUND &&
	    lookup->answer.dnssec == DNSSEC_SECURE)
		ask_tlsa(host, host->wire);
	else
		no_tlsa(host);
}

static void
discover_tlsa(struct host *host)
{
	bool secure = true;

	for (int i = 0; i < 2; i++)
		if (host->answers[i].status == ADDRESS_FOUND &&
		    host->answers[i].dnssec != DNSSEC_SECURE)
			secure = false;
	if (host->job->worker->options->tlsa == ANSWER_NEVER) {
		host->tlsa_status = TLSA_STATUS_NOT_ASKED;
		finish(host);
	} else if (secure && host->has_cname) {
		host->cname_dnssec = DNSSEC_SECURE;
		host->original_is_next = true;
		ask_tlsa(host, host->canonical);
	} else if (secure) {
		ask_tlsa(host, host->wire);
	} else if (host->has_cname) {
		lookup_start(&host->cname, host->job->worker->resolver,
		    host->wire, DNS_CNAME, on_cname);
	} else {
		no_tlsa(host);
	}
}

/* T5 to T7. */
static enum host_status
status_of(const struct host *host)
{
	static const struct {
		enum address_status	address;
		enum host_status	host;
	} worst_first[] = {
		{ ADDRESS_BOGUS, HOST_BOGUS },
		{ ADDRESS_SERVFAIL, HOST_SERVFAIL },
		{ ADDRESS_TIMEOUT, HOST_TIMEOUT },
		{ ADDRESS_NXDOMAIN, HOST_NXDOMAIN },
	};
	bool opted_out = false;

	for (size_t i = 0; i < host->address_count; i++) {
		enum address_class class = class_of(host, &host->addresses[i]);

		if (class == CLASS_PUBLIC || class == CLASS_NO_ROUTE)
			return HOST_USABLE;
		opted_out = opted_out || class == CLASS_OPTED_OUT;
	}
	if (host->address_count > 0)
		return opted_out ? HOST_OPTED_OUT : HOST_SPECIAL_ADDRESS;
	for (size_t i = 0; i < sizeof worst_first / sizeof worst_first[0]; i++)
		if (host->answers[0].status == worst_first[i].address ||
		    host->answers[1].status == worst_first[i].address)
			return worst_first[i].host;
	return HOST_NO_ADDRESS;
}

static int
compare_addresses(const void *a, const void *b)
{
	return address_compare(a, b);
}

/* Every address of the answer, sorted before the limit cuts them. */
static void
read_addresses(struct host *host, const struct lookup *lookup)
{
	size_t length = lookup->type == DNS_A ? 4 : 16, count = 0;
	struct answer_walk walk;
	struct address *found;

	if (lookup->answer.count == 0 || !answer_open(lookup, &walk))
		return;
	found = xcalloc(lookup->answer.count, sizeof *found);
	while (count < lookup->answer.count && answer_next(lookup, &walk)) {
		if (walk.record.rdata_length != length)
			continue;
		found[count].family = length == 4 ? 4 : 6;
		memcpy(found[count++].bytes, walk.record.rdata, length);
	}
	qsort(found, count, sizeof *found, compare_addresses);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && address_compare(&found[i - 1], &found[i]) == 0)
			continue;
		host->addresses_found++;
		if (host->address_count < ADDRESSES_MAX)
			host->addresses[host->address_count++] = found[i];
	}
	free(found);
}

static void
on_addresses(struct host *host)
{
	host->status = status_of(host);
	if (host->status == HOST_USABLE) {
		discover_tlsa(host);
		return;
	}
	host->cname_dnssec = host->answers[0].dnssec;
	host->tlsa_status = TLSA_STATUS_NOT_ASKED;
	finish(host);
}

static void
on_address(struct host *host, struct lookup *lookup, int index)
{
	host->answers[index] = lookup->answer;
	host->answers[index].packet = NULL;
	if (lookup->answer.has_cname) {
		host->has_cname = true;
		memcpy(host->canonical, lookup->answer.canonical,
		    NAME_WIRE_MAX);
	}
	if (lookup->answer.status == ADDRESS_FOUND)
		read_addresses(host, lookup);
}

static void on_ipv6(struct lookup *);

static void
on_ipv4(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, ipv4);

	on_address(host, lookup, 0);
	lookup_start(&host->ipv6, host->job->worker->resolver, host->wire,
	    DNS_AAAA, on_ipv6);
}

static void
on_ipv6(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, ipv6);

	on_address(host, lookup, 1);
	on_addresses(host);
}

bool
host_start(struct job *job)
{
	struct host_item item;
	struct host *host;
	size_t length;
	uint32_t index;

	if (!host_item_get(&job->next, &item))
		return false;
	host = xcalloc(1, sizeof *host);
	host->job = job;
	host->name = item.name;
	host->started_ms = clock_ms();
	if (name_from_text(item.name, strlen(item.name), host->wire,
	    &length) != NAME_OK) {
		free(host);
		return false;
	}
	index = job->started++;
	host->tlsa_status = TLSA_STATUS_NOT_ASKED;
	/* MX10: never resolved. */
	if (item.state == ITEM_CRASHED) {
		host->status = HOST_RESOLVER_CRASHED;
		host->tlsa_status = TLSA_STATUS_RESOLVER_CRASHED;
	} else if (opt_out_has_name(&job->worker->opt_out, item.name)) {
		host->status = HOST_OPTED_OUT;
	} else if (mx_name_flags(item.name) != 0) {
		host->status = HOST_INVALID_NAME;
	} else {
		host->is_asked = true;
	}
	if (!host->is_asked) {
		finish(host);
		return true;
	}
	host->slot = worker_fly(job->worker, job, index);
	/* A, then AAAA: so that the addresses stand in canonical order, and the
	 * delegation is walked once. */
	lookup_start(&host->ipv4, job->worker->resolver, host->wire, DNS_A,
	    on_ipv4);
	return true;
}
