/*
 * absorb: what a batch wrote, read back. The same reading serves a batch that a
 * worker has just written (then every key is checked against the batch, since
 * the worker met strangers) and one that an earlier process committed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/coordinator.h"
#include "scanner/out/table_reader.h"

#define DEFERRED_BYTES_MAX ((off_t)64 << 20)

struct host_facts {
	const char		*name;
	enum host_status	 status;
	enum tlsa_status	 tlsa_status;
	const char		*tlsa_base;
	int64_t			 asked_at;
	uint32_t		 ttl_s;
	struct address		*addresses;
	enum address_class	*classes;
	size_t			 address_count, address_size;
	struct buffer		 records;
	uint32_t		 record_count;
};

struct probe_facts {
	struct address	 address;
	const char	*sni;
	uint8_t		 attempt;
	struct sighting	 sighting;
};

struct result_facts {
	const char	*host, *sni;
	struct address	 address;
	uint8_t		 attempt;
	enum basis	 basis;
	uint32_t	 asking;
	int64_t		 asked_at;
	enum tlsa_status tlsa_status;
	bool		 mismatched;
};

struct asked_again {		/* TLSA records of a later asking */
	const char	*host;
	uint32_t	 asking;
	struct buffer	 records;
	uint32_t	 record_count;
};

struct harvest {
	struct tally	 tally;
	size_t		 rows[JOB_OUTPUTS_MAX];
	struct arena	 arena;
	struct map	*keys;		/* of the batch: 1 given, 2 seen */
	const struct batch *batch;	/* NULL: committed, trusted */
	const char	**hosts;	/* of MX rows */
	size_t		 host_count, host_size;
	struct buffer	 deferred;
	uint32_t	 deferred_count;
	struct map	*facts_by_name;
	struct host_facts *facts;
	size_t		 facts_count, facts_size;
	struct probe_facts *probes;
	size_t		 probe_count, probe_size;
	struct result_facts *results;
	size_t		 result_count, result_size;
	struct asked_again *again;
	size_t		 again_count, again_size;
	char		*why;
};

#define GROW(array, count, size) do {					\
	if ((count) == (size)) {					\
		(size) = (size) * 2 + 16;				\
		(array) = xreallocarray((array), (size),		\
		    sizeof *(array));					\
	}								\
} while (0)

static char given[1], seen[1];	/* values of harvest->keys */

static bool
refuse(struct harvest *harvest, const char *what, const char *key)
{
	snprintf(harvest->why, 256, "%s: %.120s", what, key);
	return false;
}

/* The key table has the key of an item, once. */
static bool
see_key(struct harvest *harvest, const char *key)
{
	void **place;

	if (harvest->batch == NULL)
		return true;
	if (map_get(harvest->keys, key) != given)
		return refuse(harvest, "a row that was not asked for", key);
	place = map_place(harvest->keys, key, NULL);
	*place = seen;
	return true;
}

/* A dependent row belongs to a key row. */
static bool
depends(struct harvest *harvest, const char *key)
{
	if (harvest->batch == NULL || map_get(harvest->keys, key) == seen)
		return true;
	return refuse(harvest, "a row without its key row", key);
}

/* Reads all rows of one output through `take`. */
static bool
read_rows(struct harvest *harvest, enum table_id id, int descriptor,
    size_t *rows, bool (*take)(struct harvest *, struct table_reader *))
{
	struct table_reader *reader = table_reader_open(id, descriptor);
	int result = -1;

	while (reader != NULL && (result = table_reader_next(reader)) == 1) {
		if (!take(harvest, reader)) {
			table_reader_close(reader);
			return false;
		}
		(*rows)++;
	}
	if (result != 0)
		refuse(harvest, table_schemas[id].name,
		    reader != NULL ? table_reader_why(reader) : "unreadable");
	table_reader_close(reader);
	return result == 0;
}

/* Domains ***************************************************************** */

static bool
take_domain(struct harvest *harvest, struct table_reader *row)
{
	int status = table_get_enum(row, DOMAINS_MX_STATUS);
	int dnssec = table_get_enum(row, DOMAINS_MX_DNSSEC);

	harvest->tally.domains++;
	harvest->tally.mx_status[status][dnssec]++;
	return see_key(harvest, table_get(row, DOMAINS_DOMAIN));
}

static bool
take_mx(struct harvest *harvest, struct table_reader *row)
{
	if (!depends(harvest, table_get(row, MX_DOMAIN)))
		return false;
	/* An implicit MX is a host only if it is to be probed. */
	GROW(harvest->hosts, harvest->host_count, harvest->host_size);
	if ((table_get_flags(row, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) == 0)
		harvest->hosts[harvest->host_count++] = arena_text(
		    &harvest->arena, table_get(row, MX_HOST));
	return true;
}

static bool
take_mx_with_implicit(struct harvest *harvest, struct table_reader *row)
{
	if (!depends(harvest, table_get(row, MX_DOMAIN)))
		return false;
	GROW(harvest->hosts, harvest->host_count, harvest->host_size);
	harvest->hosts[harvest->host_count++] = arena_text(&harvest->arena,
	    table_get(row, MX_HOST));
	return true;
}

/* Deferred items, in the form in which they were handed out. */
static bool
read_deferred(struct harvest *harvest, enum job_kind kind, int descriptor)
{
	struct stat status;
	struct wire wire;

	if (descriptor < 0)
		return true;
	if (fstat(descriptor, &status) != 0 ||
	    status.st_size > DEFERRED_BYTES_MAX)
		return refuse(harvest, "deferred", "unreadable");
	(void)buffer_reserve(&harvest->deferred, (size_t)status.st_size);
	if (pread(descriptor, harvest->deferred.bytes,
	    (size_t)status.st_size, 0) != status.st_size)
		return refuse(harvest, "deferred", "unreadable");
	harvest->deferred.length = (size_t)status.st_size;
	wire = (struct wire){ harvest->deferred.bytes,
	    harvest->deferred.bytes + status.st_size, false };
	while (wire.at < wire.end) {
		struct domain_item domain;
		struct host_item host;
		const char *name;

		if (!(kind == JOB_DOMAINS ? domain_item_get(&wire, &domain)
		    : host_item_get(&wire, &host)))
			return refuse(harvest, "deferred", "not an item");
		name = kind == JOB_DOMAINS ? domain.name : host.name;
		if (!see_key(harvest, name))
			return false;
		harvest->deferred_count++;
	}
	return true;
}

static bool
read_domains(struct coordinator *coordinator, struct harvest *harvest,
    const int *descriptors)
{
	return read_rows(harvest, TABLE_DOMAINS,
	    descriptors[DOMAINS_TO_DOMAINS],
	    &harvest->rows[DOMAINS_TO_DOMAINS], take_domain) &&
	    read_rows(harvest, TABLE_MX, descriptors[DOMAINS_TO_MX],
	    &harvest->rows[DOMAINS_TO_MX], coordinator->options->probe_implicit
	    ? take_mx_with_implicit : take_mx) &&
	    read_deferred(harvest, JOB_DOMAINS,
	    descriptors[DOMAINS_TO_DEFERRED]);
}

/* Hosts ******************************************************************* */

static bool
take_host(struct harvest *harvest, struct table_reader *row)
{
	const char *name = table_get(row, HOSTS_HOST), *copy;
	struct host_facts *facts;
	void **place;

	if (!see_key(harvest, name))
		return false;
	GROW(harvest->facts, harvest->facts_count, harvest->facts_size);
	place = map_place(harvest->facts_by_name, name, &copy);
	*place = (void *)(uintptr_t)(harvest->facts_count + 1);
	facts = &harvest->facts[harvest->facts_count++];
	*facts = (struct host_facts){
		.name = copy,
		.status = (enum host_status)table_get_enum(row,
		    HOSTS_HOST_STATUS),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    HOSTS_TLSA_STATUS),
		.tlsa_base = arena_text(&harvest->arena,
		    table_get(row, HOSTS_TLSA_BASE)),
		.asked_at = table_get_time(row, HOSTS_MEASURED_AT),
		.ttl_s = (uint32_t)table_get_number(row, HOSTS_TLSA_TTL_S),
	};
	harvest->tally.hosts++;
	harvest->tally.host_status[facts->status]++;
	harvest->tally.tlsa_status[facts->tlsa_status]++;
	return true;
}

static struct host_facts *
facts_of(struct harvest *harvest, const char *name)
{
	uintptr_t index = (uintptr_t)map_get(harvest->facts_by_name, name);

	if (index == 0)
		refuse(harvest, "a row without its key row", name);
	return index == 0 ? NULL : &harvest->facts[index - 1];
}

static bool
take_address(struct harvest *harvest, struct table_reader *row)
{
	struct host_facts *facts = facts_of(harvest,
	    table_get(row, ADDRESSES_HOST));
	const char *text = table_get(row, ADDRESSES_ADDRESS);
	size_t size;

	if (facts == NULL)
		return false;
	size = facts->address_size;
	GROW(facts->addresses, facts->address_count, facts->address_size);
	if (size != facts->address_size)
		facts->classes = xreallocarray(facts->classes,
		    facts->address_size, sizeof *facts->classes);
	if (!address_from_text(text, strlen(text),
	    &facts->addresses[facts->address_count]))
		return refuse(harvest, "not an address", text);
	facts->classes[facts->address_count] = (enum address_class)
	    table_get_enum(row, ADDRESSES_CLASS);
	harvest->tally.addresses[facts->classes[facts->address_count++]]++;
	return true;
}

/* The record as RDATA, counted. */
static bool
put_record(struct harvest *harvest, struct table_reader *row,
    struct buffer *records)
{
	uint8_t rdata[65536];
	long length = table_get_bytes(row, TLSA_DATA_HEX, rdata + 3,
	    sizeof rdata - 3);

	if (length < 0)
		return refuse(harvest, "TLSA data", "too long");
	rdata[0] = (uint8_t)table_get_number(row, TLSA_COLUMN_USAGE);
	rdata[1] = (uint8_t)table_get_number(row, TLSA_COLUMN_SELECTOR);
	rdata[2] = (uint8_t)table_get_number(row, TLSA_COLUMN_MATCHING_TYPE);
	wire_put_bytes(records, rdata, (size_t)length + 3);
	return true;
}

static bool
take_tlsa(struct harvest *harvest, struct table_reader *row)
{
	struct host_facts *facts = facts_of(harvest, table_get(row, TLSA_HOST));

	if (facts == NULL)
		return false;
	if (facts->record_count == ITEM_RECORDS_MAX)
		return refuse(harvest, "too many TLSA records", facts->name);
	facts->record_count++;
	return put_record(harvest, row, &facts->records);
}

static bool
read_hosts(struct harvest *harvest, const int *descriptors)
{
	harvest->facts_by_name = map_new();
	return read_rows(harvest, TABLE_HOSTS, descriptors[HOSTS_TO_HOSTS],
	    &harvest->rows[HOSTS_TO_HOSTS], take_host) &&
	    read_rows(harvest, TABLE_ADDRESSES,
	    descriptors[HOSTS_TO_ADDRESSES],
	    &harvest->rows[HOSTS_TO_ADDRESSES], take_address) &&
	    read_rows(harvest, TABLE_TLSA, descriptors[HOSTS_TO_TLSA],
	    &harvest->rows[HOSTS_TO_TLSA], take_tlsa) &&
	    read_deferred(harvest, JOB_HOSTS, descriptors[HOSTS_TO_DEFERRED]);
}

/* Probes ****************************************************************** */

#define UNIT_KEY_MAX (ADDRESS_TEXT_MAX + NAME_TEXT_MAX + 8)

static void
unit_key(char key[UNIT_KEY_MAX], const char *address, const char *sni,
    int attempt)
{
	snprintf(key, UNIT_KEY_MAX, "%s %s %d", address, sni, attempt);
}

static bool
take_probe(struct harvest *harvest, struct table_reader *row)
{
	const char *text = table_get(row, PROBES_ADDRESS);
	struct probe_facts *facts;
	char key[UNIT_KEY_MAX];
	int64_t attempt = table_get_number(row, PROBES_ATTEMPT);

	GROW(harvest->probes, harvest->probe_count, harvest->probe_size);
	facts = &harvest->probes[harvest->probe_count++];
	*facts = (struct probe_facts){
		.sni = arena_text(&harvest->arena, table_get(row, PROBES_SNI)),
		.attempt = (uint8_t)attempt,
		.sighting = {
			.state = SIGHTING_DONE,
			.outcome = (enum outcome)table_get_enum(row,
			    PROBES_OUTCOME),
			.profile = (enum profile)table_get_enum(row,
			    PROBES_PROFILE),
			.measured_at = table_get_time(row, PROBES_MEASURED_AT),
			.has_chain = !table_is_null(row, PROBES_CHAIN_ID),
		},
	};
	if (!address_from_text(text, strlen(text), &facts->address) ||
	    attempt < 1 || attempt > ATTEMPTS_MAX)
		return refuse(harvest, "not an attempt", text);
	if (facts->sighting.has_chain && table_get_bytes(row, PROBES_CHAIN_ID,
	    facts->sighting.chain_id, 32) != 32)
		return refuse(harvest, "not a chain", text);
	unit_key(key, text, facts->sni, facts->attempt);
	/* One row, or two: modern and legacy. */
	if (harvest->batch != NULL && map_get(harvest->keys, key) != seen &&
	    !see_key(harvest, key))
		return false;
	harvest->tally.probes++;
	harvest->tally.outcome[facts->sighting.outcome]++;
	if (facts->sighting.has_chain) {
		harvest->tally.trusted[table_get_number(row,
		    PROBES_CHAIN_TRUSTED) != 0]++;
		harvest->tally.in_dates[table_get_number(row,
		    PROBES_IN_DATES) != 0]++;
	}
	return true;
}

static bool
take_result(struct harvest *harvest, struct table_reader *row)
{
	const char *text = table_get(row, RESULTS_ADDRESS);
	struct result_facts *facts;
	char key[UNIT_KEY_MAX + NAME_TEXT_MAX];
	int64_t attempt = table_get_number(row, RESULTS_ATTEMPT);
	size_t length;

	GROW(harvest->results, harvest->result_count, harvest->result_size);
	facts = &harvest->results[harvest->result_count++];
	*facts = (struct result_facts){
		.host = arena_text(&harvest->arena,
		    table_get(row, RESULTS_HOST)),
		.sni = arena_text(&harvest->arena, table_get(row, RESULTS_SNI)),
		.attempt = (uint8_t)attempt,
		.basis = (enum basis)table_get_enum(row, RESULTS_BASIS),
		.asking = (uint32_t)table_get_number(row, RESULTS_ASKING),
		.asked_at = table_get_time(row, RESULTS_TLSA_ASKED_AT),
		.tlsa_status = (enum tlsa_status)table_get_enum(row,
		    RESULTS_TLSA_STATUS),
		.mismatched = table_get_enum(row, RESULTS_DANE_VERDICT) ==
		    DANE_MISMATCH,
	};
	if (!address_from_text(text, strlen(text), &facts->address) ||
	    attempt < 1 || attempt > ATTEMPTS_MAX)
		return refuse(harvest, "not an attempt", text);
	unit_key(key, text, facts->sni, facts->attempt);
	length = strlen(key);
	snprintf(key + length, sizeof key - length, " %s", facts->host);
	if (!see_key(harvest, key))
		return false;
	harvest->tally.results++;
	harvest->tally.tls_class[table_get_enum(row, RESULTS_TLS_CLASS)]++;
	harvest->tally.dane_verdict[table_get_enum(row,
	    RESULTS_DANE_VERDICT)]++;
	if (!table_is_null(row, RESULTS_NAME_MATCH))
		harvest->tally.name_match[table_get_number(row,
		    RESULTS_NAME_MATCH) != 0]++;
	return true;
}

static bool
take_tlsa_again(struct harvest *harvest, struct table_reader *row)
{
	const char *host = table_get(row, TLSA_HOST);
	uint32_t asking = (uint32_t)table_get_number(row, TLSA_ASKING);
	struct asked_again *again = harvest->again_count == 0 ? NULL
	    : &harvest->again[harvest->again_count - 1];

	if (again == NULL || strcmp(again->host, host) != 0 ||
	    again->asking != asking) {
		GROW(harvest->again, harvest->again_count,
		    harvest->again_size);
		again = &harvest->again[harvest->again_count++];
		*again = (struct asked_again){
			.host = arena_text(&harvest->arena, host),
			.asking = asking,
		};
	}
	if (again->record_count == ITEM_RECORDS_MAX)
		return refuse(harvest, "too many TLSA records", host);
	again->record_count++;
	return put_record(harvest, row, &again->records);
}

static bool
take_any(struct harvest *harvest, struct table_reader *row)
{
	(void)harvest;
	(void)row;
	return true;
}

static bool
read_probes(struct harvest *harvest, const int *descriptors)
{
	static const struct { int output; enum table_id table; } staged[] = {
		{ PROBES_TO_CERTIFICATES, TABLE_CERTIFICATES },
		{ PROBES_TO_CHAINS, TABLE_CHAINS },
	};

	if (!read_rows(harvest, TABLE_PROBES, descriptors[PROBES_TO_PROBES],
	    &harvest->rows[PROBES_TO_PROBES], take_probe) ||
	    !read_rows(harvest, TABLE_HOST_RESULTS,
	    descriptors[PROBES_TO_RESULTS],
	    &harvest->rows[PROBES_TO_RESULTS], take_result))
		return false;
	if (descriptors[PROBES_TO_TLSA] >= 0 && !read_rows(harvest, TABLE_TLSA,
	    descriptors[PROBES_TO_TLSA], &harvest->rows[PROBES_TO_TLSA],
	    take_tlsa_again))
		return false;
	for (size_t i = 0; harvest->batch != NULL &&
	    i < sizeof staged / sizeof staged[0]; i++)
		if (!read_rows(harvest, staged[i].table,
		    descriptors[staged[i].output],
		    &harvest->rows[staged[i].output], take_any))
			return false;
	return true;
}

/* Checking **************************************************************** */

static void
give_key(struct harvest *harvest, const char *key)
{
	*map_place(harvest->keys, key, NULL) = given;
}

static bool
give_items(struct coordinator *coordinator, struct harvest *harvest)
{
	const struct batch *batch = harvest->batch;
	struct buffer chunk = { 0 };
	const struct buffer *input = &batch->input;
	struct wire wire;
	bool good = true;

	if (batch->is_chunk) {
		const struct chunk *place =
		    &coordinator->plan.chunks[batch->number];

		(void)buffer_reserve(&chunk, place->length);
		good = pread(coordinator->plan.names, chunk.bytes,
		    place->length, (off_t)place->offset) ==
		    (ssize_t)place->length;
		chunk.length = place->length;
		input = &chunk;
	}
	wire = (struct wire){ input->bytes, input->bytes + input->length,
	    !good };
	for (uint32_t i = 0; i < batch->items && good; i++) {
		struct domain_item domain;
		struct host_item host;

		if (batch->kind == JOB_DOMAINS)
			good = domain_item_get(&wire, &domain);
		else
			good = host_item_get(&wire, &host);
		if (good)
			give_key(harvest, batch->kind == JOB_DOMAINS
			    ? domain.name : host.name);
	}
	buffer_fini(&chunk);
	return good;
}

/* Of a probe batch: the attempts, and the hosts to be judged for each. Hosts
 * that were attached since are not among the first host_count. */
static void
give_granted(struct harvest *harvest)
{
	const struct batch *batch = harvest->batch;
	char key[UNIT_KEY_MAX + NAME_TEXT_MAX], address[ADDRESS_TEXT_MAX];

	for (uint32_t i = 0; i < batch->items; i++) {
		const struct granted *granted = &batch->granted[i];
		size_t length;

		address_to_text(&granted->unit->place->address, address);
		unit_key(key, address, granted->unit->sni, granted->attempt);
		if (granted->connects)
			give_key(harvest, key);
		length = strlen(key);
		for (uint32_t h = 0; h < granted->host_count; h++) {
			snprintf(key + length, sizeof key - length, " %s",
			    granted->hosts[h]->name);
			give_key(harvest, key);
		}
	}
}

/* Nothing may be missing: every key that was given was seen. */
static bool
all_seen(struct harvest *harvest)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(harvest->keys, &index, &key, &value))
		if (value == given)
			return refuse(harvest, "a row is missing", key);
	return true;
}

struct harvest *
absorb_read(struct coordinator *coordinator, enum job_kind kind,
    const int *descriptors, const struct batch *batch, char why[256])
{
	struct harvest *harvest = xcalloc(1, sizeof *harvest);
	bool good = true;

	harvest->batch = batch;
	harvest->why = why;
	if (batch != NULL) {
		harvest->keys = map_new();
		if (kind == JOB_PROBES)
			give_granted(harvest);
		else
			good = give_items(coordinator, harvest);
	}
	if (good && kind == JOB_DOMAINS)
		good = read_domains(coordinator, harvest, descriptors);
	else if (good && kind == JOB_HOSTS)
		good = read_hosts(harvest, descriptors);
	else if (good)
		good = read_probes(harvest, descriptors);
	if (good && batch != NULL)
		good = all_seen(harvest);
	map_free(harvest->keys);
	harvest->keys = NULL;
	if (good)
		return harvest;
	absorb_discard(harvest);
	return NULL;
}

size_t
absorb_rows(const struct harvest *harvest, unsigned output)
{
	return harvest->rows[output];
}

/* Taking it in ************************************************************ */

static void
apply_domains(struct coordinator *coordinator, struct harvest *harvest,
    uint64_t number)
{
	(void)number;
	for (size_t i = 0; i < harvest->host_count; i++)
		(void)registry_host(&coordinator->registry, harvest->hosts[i]);
	if (harvest->deferred_count > 0) {
		buffer_append(&coordinator->deferred_domains,
		    harvest->deferred.bytes, harvest->deferred.length);
		coordinator->deferred_domain_count += harvest->deferred_count;
	}
}

static void
apply_host(struct coordinator *coordinator, const struct host_facts *facts)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, facts->name);

	if (host->phase == HOST_WAITING) {	/* at a restart */
		list_remove(&host->link);
		registry->waiting_count--;
	}
	host->phase = HOST_KNOWN;
	host->status = facts->status;
	host->tlsa_status = facts->tlsa_status;
	host->tlsa_asked_at = facts->asked_at;
	host->tlsa_ttl_s = facts->ttl_s;
	if (facts->tlsa_base[0] != '\0')
		host->asking = host->askings = 1;
	host->tlsa_base = strcmp(facts->tlsa_base, facts->name) == 0
	    ? host->name : arena_text(&registry->arena, facts->tlsa_base);
	host->tlsa_records_length = (uint32_t)facts->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    facts->records.bytes, facts->records.length);
	host->tlsa_record_count = facts->record_count;
	schedule_host(coordinator, host, facts->addresses, facts->classes,
	    facts->address_count);
}

static void
apply_hosts(struct coordinator *coordinator, struct harvest *harvest)
{
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct host_item item;

	for (size_t i = 0; i < harvest->facts_count; i++)
		apply_host(coordinator, &harvest->facts[i]);
	while (wire.at < wire.end && host_item_get(&wire, &item)) {
		struct registry *registry = &coordinator->registry;
		struct host *host = registry_host(registry, item.name);

		if (host->phase == HOST_WAITING) {
			list_remove(&host->link);
			registry->waiting_count--;
		}
		host->phase = HOST_DEFERRED;
	}
	if (harvest->deferred_count > 0) {
		buffer_append(&coordinator->deferred_hosts,
		    harvest->deferred.bytes, harvest->deferred.length);
		coordinator->deferred_host_count += harvest->deferred_count;
	}
}

/* The legacy row, where there is one, is the last word of its attempt. */
static void
apply_probe(struct coordinator *coordinator, const struct probe_facts *facts,
    uint64_t number)
{
	bool is_new;
	struct unit *unit = registry_unit(&coordinator->registry,
	    registry_place(&coordinator->registry, &facts->address),
	    facts->sni, &is_new);
	struct sighting *sighting = &unit->attempts[facts->attempt - 1];

	if (sighting->state == SIGHTING_DONE &&
	    sighting->profile == PROFILE_LEGACY)
		return;
	*sighting = facts->sighting;
	sighting->part = number;
}

static void
apply_result(struct coordinator *coordinator, const struct result_facts *facts)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, facts->host);
	bool is_new;
	struct unit *unit = registry_unit(registry, registry_place(registry,
	    &facts->address), facts->sni, &is_new);
	struct attached *attached = registry_attach(unit, host);

	attached->judged |= (uint8_t)(1u << facts->attempt);
	if (facts->attempt == 1 && facts->mismatched)
		unit->mismatched = true;
	if (facts->asking > host->askings)
		host->askings = facts->asking;
	if (facts->asking > host->asking)
		host->asking = facts->asking;
	if (facts->asking != 0 && facts->asked_at > host->tlsa_asked_at) {
		host->tlsa_asked_at = facts->asked_at;
		host->tlsa_status = facts->tlsa_status;
	}
}

static void
apply_again(struct coordinator *coordinator, const struct asked_again *again)
{
	struct registry *registry = &coordinator->registry;
	struct host *host = registry_host(registry, again->host);

	host->tlsa_records_length = (uint32_t)again->records.length;
	host->tlsa_records = arena_copy(&registry->arena,
	    again->records.bytes, again->records.length);
	host->tlsa_record_count = again->record_count;
}

static void
apply_probes(struct coordinator *coordinator, struct harvest *harvest,
    uint64_t number)
{
	for (size_t i = 0; i < harvest->probe_count; i++)
		apply_probe(coordinator, &harvest->probes[i], number);
	for (size_t i = 0; i < harvest->again_count; i++)
		apply_again(coordinator, &harvest->again[i]);
	for (size_t i = 0; i < harvest->result_count; i++)
		apply_result(coordinator, &harvest->results[i]);
}

static void
tally_add(struct tally *tally, const struct tally *more)
{
	uint64_t *to = (uint64_t *)(void *)tally;
	const uint64_t *from = (const uint64_t *)(const void *)more;

	_Static_assert(sizeof *tally % sizeof *to == 0, "counts alone");
	for (size_t i = 0; i < sizeof *tally / sizeof *to; i++)
		to[i] += from[i];
}

void
absorb_apply(struct coordinator *coordinator, struct harvest *harvest,
    enum job_kind kind, uint64_t number)
{
	tally_add(&coordinator->tally, &harvest->tally);
	if (kind == JOB_DOMAINS)
		apply_domains(coordinator, harvest, number);
	else if (kind == JOB_HOSTS)
		apply_hosts(coordinator, harvest);
	else
		apply_probes(coordinator, harvest, number);
	absorb_discard(harvest);
}

void
absorb_discard(struct harvest *harvest)
{
	if (harvest == NULL)
		return;
	map_free(harvest->keys);
	map_free(harvest->facts_by_name);
	for (size_t i = 0; i < harvest->facts_count; i++) {
		free(harvest->facts[i].addresses);
		free(harvest->facts[i].classes);
		buffer_fini(&harvest->facts[i].records);
	}
	for (size_t i = 0; i < harvest->again_count; i++)
		buffer_fini(&harvest->again[i].records);
	free(harvest->facts);
	free(harvest->hosts);
	free(harvest->probes);
	free(harvest->results);
	free(harvest->again);
	buffer_fini(&harvest->deferred);
	arena_fini(&harvest->arena);
	free(harvest);
}
