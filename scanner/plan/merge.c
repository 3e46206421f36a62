/* plan_merge: the records of one name become a domain, in the names file. */
#include "scanner/plan/merge.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

#define SERVERS_MAX	16	/* of a delegation */
#define GLUE_MAX	4	/* addresses of a server */
#define NO_ZONE		UINT32_MAX

static void
write_item(struct writer *writer, const struct domain_item *item)
{
	struct chunk *chunk = writer->count == 0 ? NULL
	    : &writer->chunks[writer->count - 1];

	if (chunk == NULL || chunk->items == CHUNK_NAMES) {
		if (writer->count == writer->size) {
			writer->size = writer->size * 2 + 64;
			writer->chunks = xreallocarray(writer->chunks,
			    writer->size, sizeof *writer->chunks);
		}
		chunk = &writer->chunks[writer->count++];
		*chunk = (struct chunk){ .offset = writer->offset };
	}
	writer->item.length = 0;
	domain_item_put(&writer->item, item);
	(void)fwrite(writer->item.bytes, writer->item.length, 1,
	    writer->file);
	chunk->items++;
	chunk->length += writer->item.length;
	writer->offset += writer->item.length;
}

/* A name server of a delegation, with its glue. */
struct server {
	const char	*name;
	struct address	 glue[GLUE_MAX];
	size_t		 glue_count;
};

/* All that the records of one name say. */
struct merged {
	struct domain_item item;
	uint64_t	 occurrences;
	struct server	 servers[SERVERS_MAX];
	size_t		 server_count;
	bool		 algorithms[256];
	uint32_t	 last_zone;	/* source of the last name server */
	bool		 copies;	/* the names of servers are its own */
};

static struct server *
find_server(struct merged *merged, const char *name)
{
	for (size_t i = 0; i < merged->server_count; i++)
		if (strcmp(merged->servers[i].name, name) == 0)
			return &merged->servers[i];
	return NULL;
}

static void
occur(struct merged *merged, uint32_t source, uint64_t rank)
{
	/* Rank and source of the first input count (docs/schema.md). */
	if (merged->occurrences++ > 0)
		return;
	merged->item.source_id = source;
	merged->item.rank = rank;
}

static void
merge_record(struct planner *planner, struct merged *merged,
    struct entry *entry)
{
	struct wire *rest = &entry->rest;
	const char *server;

	switch (entry->kind) {
	case IS_NAMED:
		occur(merged, entry->source, wire_number(rest, 8));
		return;
	case HAS_SERVER:
		/* However many servers: once for each zone file. */
		if (entry->source != merged->last_zone) {
			merged->last_zone = entry->source;
			planner->plan->counts.records++;
			planner->plan->sources[entry->source].records++;
			occur(merged, entry->source, 0);
		}
		server = wire_text(rest);
		if (merged->item.parent_ds == PARENT_DS_UNKNOWN)
			merged->item.parent_ds = PARENT_DS_NO;
		if (merged->server_count < SERVERS_MAX &&
		    find_server(merged, server) == NULL)
			merged->servers[merged->server_count++] =
			    (struct server){ .name = merged->copies ?
			    xstrdup(server) : server };
		return;
	case HAS_DS:
		merged->item.parent_ds = PARENT_DS_YES;
		merged->algorithms[wire_number(rest, 1)] = true;
		return;
	default:
		return;
	}
}

/* After the servers, since it may stand before them in the file. */
static void
merge_glue(struct merged *merged, struct entry *entry)
{
	struct server *server;

	if (entry->kind != HAS_GLUE)
		return;
	server = find_server(merged, wire_text(&entry->rest));
	if (server != NULL && server->glue_count < GLUE_MAX &&
	    address_get(&entry->rest, &server->glue[server->glue_count]))
		server->glue_count++;
}

/* The registrable domain that most of the name servers are in; of equals the
 * first by name. */
static const char *
operator_of(const struct planner *planner, const struct merged *merged)
{
	const char *domains[SERVERS_MAX], *best = "";
	size_t most = 0;

	for (size_t i = 0; i < merged->server_count; i++) {
		const char *name = merged->servers[i].name;

		domains[i] = suffix_registrable(planner->suffixes, name);
		if (domains[i] == NULL)
			domains[i] = name;
	}
	for (size_t i = 0; i < merged->server_count; i++) {
		size_t count = 0;

		for (size_t j = 0; j < merged->server_count; j++)
			count += strcmp(domains[i], domains[j]) == 0;
		if (count > most || (count == most &&
		    strcmp(domains[i], best) < 0)) {
			most = count;
			best = domains[i];
		}
	}
	return best;
}

static void
write_merged(struct planner *planner, struct merged *merged,
    struct writer *writer)
{
	struct buffer algorithms = { 0 }, servers = { 0 };

	for (unsigned i = 0; i < 256; i++)
		if (merged->algorithms[i])
			buffer_printf(&algorithms, "%s%u",
			    algorithms.length > 0 ? " " : "", i);
	for (size_t i = 0; i < merged->server_count; i++) {
		const struct server *server = &merged->servers[i];

		wire_put_text(&servers, server->name);
		wire_put_number(&servers, server->glue_count, 1);
		for (size_t g = 0; g < server->glue_count; g++)
			address_put(&servers, &server->glue[g]);
	}
	merged->item.parent_ds_algorithms = buffer_text(&algorithms);
	merged->item.dns_operator = operator_of(planner, merged);
	merged->item.servers = servers.bytes;
	merged->item.servers_length = servers.length;
	write_item(writer, &merged->item);
	buffer_fini(&algorithms);
	buffer_fini(&servers);
}

/* The records of one name become a domain, unless they are only about one (glue,
 * a DS without delegation), or --limit leaves it out. */
static bool
is_domain(struct planner *planner, const struct merged *merged)
{
	struct plan_counts *counts = &planner->plan->counts;

	if (merged->occurrences == 0)
		return false;
	counts->duplicates += merged->occurrences - 1;
	if (planner->options->limit != 0 &&
	    counts->domains >= planner->options->limit) {
		counts->not_sampled++;
		return false;
	}
	counts->domains++;
	return true;
}

void
merge_entries(struct planner *planner, struct entry *entries, size_t count,
    struct writer *writer)
{
	struct merged merged = {
		.item = { .name = entries[0].name }, .last_zone = NO_ZONE,
	};

	for (size_t i = 0; i < count; i++)
		merge_record(planner, &merged, &entries[i]);
	if (!is_domain(planner, &merged))
		return;
	if (merged.server_count > 0)
		for (size_t i = 0; i < count; i++)
			merge_glue(&merged, &entries[i]);
	write_merged(planner, &merged, writer);
}

/* A bucket of one hash ***************************************************** */

void
entry_read(struct entry *entry, const uint8_t *bytes, size_t length)
{
	entry->rest = (struct wire){ bytes, bytes + length, false };
	entry->hash = wire_number(&entry->rest, 8);
	entry->name = wire_text(&entry->rest);
	entry->kind = (int)wire_number(&entry->rest, 1);
	entry->source = (uint32_t)wire_number(&entry->rest, 4);
}

int
bucket_next(FILE *bucket, struct buffer *record)
{
	uint32_t length;

	record->length = 0;
	if (fread(&length, sizeof length, 1, bucket) != 1)
		return ferror(bucket) ? -1 : 0;
	if (fread(buffer_reserve(record, length), length, 1, bucket) != 1)
		return -1;
	record->length = length;
	return 1;
}

static int
next_entry(FILE *bucket, struct buffer *record, struct entry *entry)
{
	int result = bucket_next(bucket, record);

	if (result == 1)
		entry_read(entry, record->bytes, record->length);
	return result;
}

/* The first name behind the one given, which it replaces. */
static int
next_name(FILE *bucket, struct buffer *record, char name[NAME_TEXT_MAX])
{
	char found[NAME_TEXT_MAX] = "";
	struct entry entry;
	int result;

	rewind(bucket);
	while ((result = next_entry(bucket, record, &entry)) == 1)
		if (strcmp(entry.name, name) > 0 &&
		    (found[0] == '\0' || strcmp(entry.name, found) < 0))
			snprintf(found, sizeof found, "%s", entry.name);
	strcpy(name, found);
	return result < 0 ? -1 : found[0] != '\0';
}

/* One name; the records do not stay in memory. */
static bool
merge_name(struct planner *planner, FILE *bucket, struct buffer *record,
    const char *name, struct writer *writer)
{
	struct merged merged = {
		.item = { .name = name }, .last_zone = NO_ZONE,
		.copies = true,
	};
	struct entry entry;
	int result;

	rewind(bucket);
	while ((result = next_entry(bucket, record, &entry)) == 1)
		if (strcmp(entry.name, name) == 0)
			merge_record(planner, &merged, &entry);
	if (result == 0 && is_domain(planner, &merged)) {
		rewind(bucket);
		while (merged.server_count > 0 && (result = next_entry(bucket,
		    record, &entry)) == 1)
			if (strcmp(entry.name, name) == 0)
				merge_glue(&merged, &entry);
		if (result == 0)
			write_merged(planner, &merged, writer);
	}
	for (size_t i = 0; i < merged.server_count; i++)
		free((char *)(uintptr_t)merged.servers[i].name);
	return result == 0;
}

bool
merge_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	char name[NAME_TEXT_MAX] = "";
	struct buffer record = { 0 };
	int result;

	while ((result = next_name(bucket, &record, name)) == 1)
		if (!merge_name(planner, bucket, &record, name, writer)) {
			result = -1;
			break;
		}
	buffer_fini(&record);
	return result == 0 && !ferror(writer->file);
}
