/* plan_sort: buckets to names: each is sorted by itself, and the records of one
 * name become a domain. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/planner.h"

#define SERVERS_MAX	16	/* of a delegation */
#define GLUE_MAX	4	/* addresses of a server */

struct entry {
	uint64_t	 hash;
	uint64_t	 sequence;
	const char	*name;
	int		 kind;
	uint32_t	 source;
	struct wire	 rest;		/* behind the source */
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = strcmp(x->name, y->name);
	if (order != 0)
		return order;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

struct writer {
	FILE		*file;
	uint64_t	 offset;
	struct chunk	*chunks;
	uint64_t	 count, size;
	struct buffer	 item;
};

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
    struct entry *entry, uint32_t *last_zone)
{
	struct wire *rest = &entry->rest;
	const char *server;

	switch (entry->kind) {
	case IS_NAMED:
		occur(merged, entry->source, wire_number(rest, 8));
		return;
	case HAS_SERVER:
		/* However many servers: once for each zone file. */
		if (entry->source != *last_zone) {
			*last_zone = entry->source;
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
			    (struct server){ .name = server };
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
 * a DS without delegation). */
static void
merge(struct planner *planner, struct entry *entries, size_t count,
    struct writer *writer)
{
	struct plan_counts *counts = &planner->plan->counts;
	struct merged merged = { .item = { .name = entries[0].name } };
	uint32_t last_zone = UINT32_MAX;

	for (size_t i = 0; i < count; i++)
		merge_record(planner, &merged, &entries[i], &last_zone);
	if (merged.occurrences == 0)
		return;
	counts->duplicates += merged.occurrences - 1;
	if (planner->options->limit != 0 &&
	    counts->domains >= planner->options->limit) {
		counts->not_sampled++;
		return;
	}
	counts->domains++;
	if (merged.server_count > 0)
		for (size_t i = 0; i < count; i++)
			merge_glue(&merged, &entries[i]);
	write_merged(planner, &merged, writer);
}

static bool
read_bucket(FILE *bucket, uint8_t **bytes, size_t *length)
{
	struct stat status;

	if (fflush(bucket) != 0 || fstat(fileno(bucket), &status) != 0)
		return false;
	rewind(bucket);
	*length = (size_t)status.st_size;
	*bytes = xmalloc(*length);
	return *length == 0 || fread(*bytes, *length, 1, bucket) == 1;
}

static size_t
list_entries(const uint8_t *bytes, size_t length, struct entry **entries)
{
	size_t count = 0, size = 0, at = 0;

	*entries = NULL;
	while (at < length) {
		uint32_t record;
		struct entry *entry;

		memcpy(&record, bytes + at, sizeof record);
		at += sizeof record;
		if (count == size) {
			size = size * 2 + 1024;
			*entries = xreallocarray(*entries, size,
			    sizeof **entries);
		}
		entry = &(*entries)[count];
		entry->rest = (struct wire){
			bytes + at, bytes + at + record, false
		};
		entry->hash = wire_number(&entry->rest, 8);
		entry->name = wire_text(&entry->rest);
		entry->kind = (int)wire_number(&entry->rest, 1);
		entry->source = (uint32_t)wire_number(&entry->rest, 4);
		entry->sequence = count++;
		at += record;
	}
	return count;
}

/* Sorts one bucket in memory and writes its distinct names. */
static bool
sort_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	uint8_t *bytes = NULL;
	struct entry *entries;
	size_t length, count, first = 0;

	if (!read_bucket(bucket, &bytes, &length)) {
		free(bytes);
		return false;
	}
	count = list_entries(bytes, length, &entries);
	if (count > 0)
		qsort(entries, count, sizeof *entries, compare_entries);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && strcmp(entries[first].name,
		    entries[i].name) == 0)
			continue;
		merge(planner, entries + first, i - first, writer);
		first = i;
	}
	free(entries);
	free(bytes);
	return !ferror(writer->file);
}

bool
plan_sort(struct planner *planner)
{
	int descriptor = own_file_create(planner->folder->descriptor,
	    NAMES_FILE);
	struct writer writer = { 0 };
	bool good = true;

	writer.file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (writer.file == NULL)
		return false;
	for (int i = 0; i < BUCKETS && good; i++)
		good = sort_bucket(planner, planner->buckets[i], &writer);
	good = good && fflush(writer.file) == 0 && fsync(descriptor) == 0;
	good = fclose(writer.file) == 0 && good;
	buffer_fini(&writer.item);
	planner->plan->chunks = writer.chunks;
	planner->plan->chunk_count = writer.count;
	return good;
}
