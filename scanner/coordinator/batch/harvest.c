#include "scanner/coordinator/batch/harvest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/base/memory.h"
#include "scanner/base/read_all.h"

#define DEFERRED_BYTES_MAX ((off_t)64 << 20)

static char given[1], seen[1];	/* values of harvest->expected */

bool
harvest_refuse(struct harvest *harvest, const char *what, const char *key)
{
	snprintf(harvest->why, 256, "%s: %.120s", what, key);
	return false;
}

bool
harvest_see(struct harvest *harvest, const char *key)
{
	void **place;

	if (harvest->expected == NULL)
		return true;
	if (map_get(harvest->expected, key) != given)
		return harvest_refuse(harvest, "a row that was not asked for", key);
	place = map_place(harvest->expected, key, NULL);
	*place = seen;
	return true;
}

bool
harvest_was_seen(const struct harvest *harvest, const char *key)
{
	return map_get(harvest->expected, key) == seen;
}

/* Each dependent row must belong to a key row. */
static bool
depends(struct harvest *harvest, const char *key)
{
	if (harvest->expected == NULL || harvest_was_seen(harvest, key))
		return true;
	return harvest_refuse(harvest, "a row without its key row", key);
}

bool
harvest_rows(struct harvest *harvest, enum table_id id, int descriptor,
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
		harvest_refuse(harvest, table_schemas[id].name,
		    reader != NULL ? table_reader_why(reader) : "unreadable");
	table_reader_close(reader);
	return result == 0;
}

void
harvest_count(struct harvest *harvest, enum face_kind face, struct fault fault)
{
	if (fault.blame >= BLAME_SUSPECTED)
		harvest->faces.bad[face]++;
	else
		harvest->faces.good[face]++;
}

/* A deferred item that was asked has failed once. */
static void
count_deferred(struct harvest *harvest, enum item_state state)
{
	if (state == ITEM_FAILED || state == ITEM_TLSA_FAILED ||
	    state == ITEM_PARTLY)
		harvest_count(harvest, FACE_NAME_SERVERS,
		    fault_of_lookup(LOOKUP_SERVFAIL));
}

bool
harvest_deferred(struct harvest *harvest, int descriptor, size_t *items,
    const char *(*next)(struct wire *, enum item_state *))
{
	struct stat status;
	struct wire wire;

	if (descriptor < 0)
		return true;
	if (fstat(descriptor, &status) != 0 ||
	    status.st_size > DEFERRED_BYTES_MAX)
		return harvest_refuse(harvest, "deferred", "unreadable");
	if (!read_all_at(descriptor, buffer_reserve(&harvest->deferred,
	    (size_t)status.st_size), (size_t)status.st_size, 0))
		return harvest_refuse(harvest, "deferred", "unreadable");
	harvest->deferred.length = (size_t)status.st_size;
	wire = (struct wire){ harvest->deferred.bytes,
	    harvest->deferred.bytes + status.st_size, false };
	while (wire.at < wire.end) {
		enum item_state state = ITEM_NEW;
		const char *name = next(&wire, &state);

		if (name == NULL)
			return harvest_refuse(harvest, "deferred",
			    "not an item");
		if (!harvest_see(harvest, name))
			return false;
		count_deferred(harvest, state);
		(*items)++;
	}
	return true;
}

/* Domains ***************************************************************** */

/* The result of the MX lookup, by its status. */
static void
count_domain(struct harvest *harvest, enum mx_status status)
{
	static const enum lookup_status lookups[MX_STATUS_COUNT] = {
		[MX_FOUND] = LOOKUP_FOUND, [MX_IMPLICIT] = LOOKUP_NODATA,
		[MX_NULL] = LOOKUP_FOUND, [MX_NO_MAIL] = LOOKUP_NODATA,
		[MX_NXDOMAIN] = LOOKUP_NXDOMAIN,
		[MX_SERVFAIL] = LOOKUP_SERVFAIL,
		[MX_TIMEOUT] = LOOKUP_TIMEOUT, [MX_BOGUS] = LOOKUP_BOGUS,
	};

	if (status != MX_RESOLVER_CRASHED)
		harvest_count(harvest, FACE_NAME_SERVERS,
		    fault_of_lookup(lookups[status]));
}

bool
harvest_has_policy(const struct table_reader *row)
{
	return txt_status_is_record((enum txt_status)table_get_enum(row,
	    DOMAINS_MTA_STS_RECORD)) || txt_status_is_record(
	    (enum txt_status)table_get_enum(row, DOMAINS_TLSRPT_RECORD));
}

static bool
take_domain(struct harvest *harvest, struct table_reader *row)
{
	int status = table_get_enum(row, DOMAINS_MX_STATUS);
	int dnssec = table_get_enum(row, DOMAINS_MX_DNSSEC);

	harvest->tally.domains++;
	harvest->tally.mx_status[status][dnssec]++;
	count_domain(harvest, (enum mx_status)status);
	if (harvest_has_policy(row)) {
		harvest->has_policies = true;
		harvest->tally.with_policy++;
	}
	return harvest_see(harvest, table_get(row, DOMAINS_DOMAIN));
}

/* Finds the domain in the name of a host at or below it. Both are in canonical
 * text form, in which each dot ends a label. */
static void
find_domain(struct mx_host *host, const char *domain)
{
	size_t length = strlen(host->name), tail = strlen(domain);
	const char *at = host->name + length - tail;

	if (length < tail || strcmp(at, domain) != 0 ||
	    (at > host->name && at[-1] != '.'))
		return;
	host->domain = at;
	for (const char *byte = host->name; byte < at; byte++)
		host->labels_below += *byte == '.';
}

static bool
take_mx(struct harvest *harvest, struct table_reader *row)
{
	struct mx_host *host;

	if (!depends(harvest, table_get(row, MX_DOMAIN)))
		return false;
	/* An implicit MX is a host only if the run probes implicit MXs. */
	if (!harvest->with_implicit &&
	    (table_get_flags(row, MX_FLAGS) & 1u << MX_FLAG_IMPLICIT) != 0)
		return true;
	GROW(harvest->hosts, harvest->host_count, harvest->host_size);
	host = &harvest->hosts[harvest->host_count++];
	*host = (struct mx_host){
		.name = arena_text(&harvest->arena, table_get(row, MX_HOST)),
	};
	find_domain(host, table_get(row, MX_DOMAIN));
	return true;
}

static const char *
next_domain(struct wire *wire, enum item_state *state)
{
	struct domain_item item;

	if (!domain_item_get(wire, &item))
		return NULL;
	*state = item.state;
	return item.name;
}

bool
harvest_domains(struct harvest *harvest, const int *descriptors)
{
	return harvest_rows(harvest, TABLE_DOMAINS,
	    descriptors[DOMAINS_TO_DOMAINS],
	    &harvest->rows[DOMAINS_TO_DOMAINS], take_domain) &&
	    harvest_rows(harvest, TABLE_MX, descriptors[DOMAINS_TO_MX],
	    &harvest->rows[DOMAINS_TO_MX], take_mx) &&
	    harvest_deferred(harvest, descriptors[DOMAINS_TO_DEFERRED],
	    &harvest->rows[DOMAINS_TO_DEFERRED], next_domain);
}

/* Policies **************************************************************** */

static void
count_policy(struct harvest *harvest, const struct table_reader *row,
    enum mta_sts_status status)
{
	int error = table_get_enum(row, POLICIES_MTA_STS_ERROR);
	bool failed = status == MTA_STS_ERROR ||
	    (status == MTA_STS_FETCH_FAILED && (error == MTA_STS_TIMEOUT ||
	    error == MTA_STS_CONNECT || error == MTA_STS_DNS));

	/* A name server that is asked for a text record may be silent, too,
	 * which is an equally good reason to look. */
	failed = failed || table_get_enum(row, POLICIES_TLSRPT_STATUS) ==
	    TLSRPT_ERROR;
	harvest_count(harvest, FACE_WEB_SERVERS, fault_of_lookup(failed
	    ? LOOKUP_TIMEOUT : LOOKUP_FOUND));
}

static bool
take_policy(struct harvest *harvest, struct table_reader *row)
{
	int mta_sts = table_get_enum(row, POLICIES_MTA_STS_STATUS);
	int tlsrpt = table_get_enum(row, POLICIES_TLSRPT_STATUS);

	harvest->tally.policies++;
	harvest->tally.mta_sts_status[mta_sts]++;
	harvest->tally.tlsrpt_status[tlsrpt]++;
	count_policy(harvest, row, (enum mta_sts_status)mta_sts);
	return harvest_see(harvest, table_get(row, POLICIES_DOMAIN));
}

bool
harvest_policies(struct harvest *harvest, const int *descriptors)
{
	return harvest_rows(harvest, TABLE_POLICIES,
	    descriptors[POLICIES_TO_POLICIES],
	    &harvest->rows[POLICIES_TO_POLICIES], take_policy);
}

/* Checking **************************************************************** */

void
harvest_expect(struct map *expected, const char *key)
{
	*map_place(expected, key, NULL) = given;
}

bool
harvest_expect_names(struct map *expected, const struct batch *batch,
    const char *(*next)(struct wire *))
{
	struct buffer items = { 0 };
	struct wire wire;
	bool good = batch_read_input(batch, &items);

	wire = (struct wire){ items.bytes, items.bytes + items.length, !good };
	for (uint32_t i = 0; i < batch->items && good; i++) {
		const char *name = next(&wire);

		good = name != NULL;
		if (good)
			harvest_expect(expected, name);
	}
	buffer_fini(&items);
	return good;
}

/* Nothing may be missing: every expected key must have been seen. */
static bool
all_seen(struct harvest *harvest)
{
	const char *key;
	void *value;
	size_t index = 0;

	while (map_next(harvest->expected, &index, &key, &value))
		if (value == given)
			return harvest_refuse(harvest, "a row is missing", key);
	return true;
}

struct harvest *
harvest_read(harvest_reader *read, const int *descriptors,
    struct map *expected, bool is_committed, bool with_implicit,
    char why[256])
{
	struct harvest *harvest = xcalloc(1, sizeof *harvest);
	bool good;

	harvest->expected = expected;
	harvest->is_committed = is_committed;
	harvest->with_implicit = with_implicit;
	harvest->why = why;
	good = read(harvest, descriptors) &&
	    (expected == NULL || all_seen(harvest));
	map_free(expected);
	harvest->expected = NULL;
	if (good)
		return harvest;
	harvest_free(harvest);
	return NULL;
}

void
harvest_free(struct harvest *harvest)
{
	if (harvest == NULL)
		return;
	map_free(harvest->facts_by_name);
	map_free(harvest->leaves);
	map_free(harvest->keys);
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
