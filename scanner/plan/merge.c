/* plan_merge: turns the records of one name into a domain in the names file. */
#include "scanner/plan/merge.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/plan/cuts.h"
#include "scanner/plan/ds_set.h"
#include "scanner/plan/ns_sets.h"

#define NO_ZONE		UINT32_MAX

void
writer_put(struct writer *writer, uint32_t set_id, const uint8_t *bytes,
    size_t length)
{
	struct chunk *chunk = writer->count == 0 ? NULL
	    : &writer->chunks[writer->count - 1];
	uint32_t most = writer->chunk_names > 0 ? writer->chunk_names
	    : CHUNK_NAMES;

	if (chunk == NULL || chunk->items == most) {
		if (writer->count == writer->size) {
			writer->size = writer->size * 2 + 64;
			writer->chunks = xreallocarray(writer->chunks,
			    writer->size, sizeof *writer->chunks);
		}
		chunk = &writer->chunks[writer->count++];
		*chunk = (struct chunk){
			.offset = writer->offset, .set_id = set_id,
		};
	}
	(void)fwrite_unlocked(bytes, length, 1, writer->file);
	chunk->items++;
	chunk->length += length;
	writer->offset += length;
}

static void
write_item(struct writer *writer, const struct domain_item *item)
{
	writer->item.length = 0;
	domain_item_put(&writer->item, item);
	writer_put(writer, 0, writer->item.bytes, writer->item.length);
}

/* Everything that the records of one name say. */
struct merged {
	struct domain_item item;
	uint64_t	 occurrences;
	struct ns_list	 servers;
	uint32_t	 zone;		/* the input whose delegation counts */
	bool		 has_servers;	/* it has name servers */
	bool		 has_ds;	/* or a signature: planner->ds is of
					 * this name */
	uint32_t	 last_zone;	/* source of the last name server */
};

/* A delegation is taken whole from one input. A DS without name servers counts
 * only if no input has name servers. */
static void
choose_zone(struct planner *planner, struct merged *merged,
    struct entry *entry)
{
	bool has_servers = entry->kind == HAS_SERVER;

	if (entry->kind != HAS_SERVER && entry->kind != HAS_DS)
		return;
	if (merged->zone != NO_ZONE && (has_servers != merged->has_servers
	    ? !has_servers : !source_precedes(planner->plan, entry->source,
	    merged->zone)))
		return;
	merged->zone = entry->source;
	merged->has_servers = has_servers;
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

/* A file of --delegations names no domains. */
static void
occur_in_zone(struct planner *planner, struct merged *merged, uint32_t source)
{
	merged->last_zone = source;
	if (planner->plan->sources[source].is_delegations)
		return;
	planner->plan->counts.records++;
	planner->plan->sources[source].records++;
	occur(merged, source, 0);
}

static void
add_servers(struct planner *planner, struct merged *merged, struct wire *rest)
{
	if (merged->item.parent_ds == PARENT_DS_UNKNOWN)
		merged->item.parent_ds = PARENT_DS_NO;
	ns_sets_get(planner->sets, rest, &merged->servers);
}

static struct ds_set *
ds_of(struct planner *planner, struct merged *merged)
{
	if (!merged->has_ds)
		ds_set_clear(planner->ds);
	merged->has_ds = true;
	return planner->ds;
}

static void
merge_record(struct planner *planner, struct merged *merged,
    struct entry *entry)
{
	struct wire *rest = &entry->rest;

	switch (entry->kind) {
	case IS_NAMED:
		occur(merged, entry->source, wire_number(rest, 8));
		return;
	case HAS_SERVER:
		/* This is counted once for each zone file, however many servers
		 * it has. */
		if (entry->source != merged->last_zone)
			occur_in_zone(planner, merged, entry->source);
		if (entry->source == merged->zone)
			add_servers(planner, merged, rest);
		return;
	case HAS_DS:
		if (entry->source != merged->zone)
			return;
		merged->item.parent_ds = PARENT_DS_YES;
		ds_set_take_record(ds_of(planner, merged), rest);
		return;
	case HAS_DS_SIGNATURE:
		if (entry->source == merged->zone)
			ds_set_take_signature(ds_of(planner, merged), rest);
		return;
	default:
		return;
	}
}

/* Returns the registrable domain that most of the name servers are in; of equal
 * ones, the first by name. */
static const char *
find_operator(const struct planner *planner, const struct merged *merged)
{
	const struct ns_list *servers = &merged->servers;
	const char *domains[SERVERS_MAX], *best = "";
	size_t most = 0;

	for (size_t i = 0; i < servers->count; i++) {
		const char *name = ns_sets_host(planner->sets,
		    servers->hosts[i]);

		domains[i] = suffix_registrable(planner->suffixes, name);
		if (domains[i] == NULL)
			domains[i] = name;
	}
	for (size_t i = 0; i < servers->count; i++) {
		size_t count = 0;

		for (size_t j = 0; j < servers->count; j++)
			count += strcmp(domains[i], domains[j]) == 0;
		if (count > most || (count == most &&
		    strcmp(domains[i], best) < 0)) {
			most = count;
			best = domains[i];
		}
	}
	return best;
}

/* It depends only on the set, and most sets have many names. */
static const char *
operator_of(struct planner *planner, const struct merged *merged)
{
	uint32_t set = merged->servers.set;

	if (set == 0)
		return "";
	if (ns_sets_operator(planner->sets, set) == NULL)
		ns_sets_set_operator(planner->sets, set,
		    find_operator(planner, merged));
	return ns_sets_operator(planner->sets, set);
}

static void
write_merged(struct planner *planner, struct merged *merged,
    struct writer *writer)
{
	merged->item.parent_ds_algorithms = "";
	if (merged->has_ds)
		ds_set_tell(planner->ds, &merged->item);
	merged->item.set_id = ns_sets_take(planner->sets, &merged->servers,
	    merged->item.parent_ds == PARENT_DS_YES);
	merged->item.dns_operator = operator_of(planner, merged);
	merged->item.is_occluded = merged->has_servers &&
	    cuts_occlude(planner->cuts, merged->zone, merged->item.name);
	if (merged->has_servers &&
	    planner->plan->sources[merged->zone].is_delegations)
		planner->plan->sources[merged->zone].records++;
	write_item(writer, &merged->item);
}

/* The records of one name become a domain, unless they only describe one (glue,
 * a DS without delegation, a delegation that is not in an input), or --limit
 * leaves it out. */
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
		.zone = NO_ZONE,
	};

	for (size_t i = 0; i < count; i++)
		choose_zone(planner, &merged, &entries[i]);
	for (size_t i = 0; i < count; i++)
		merge_record(planner, &merged, &entries[i]);
	if (is_domain(planner, &merged))
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

/* A record has its hash, the name as a counted text, its kind, its source, and
 * then the set (said.c). */
void
entry_prefetch(const struct planner *planner, const uint8_t *bytes)
{
	uint32_t length, set;

	memcpy(&length, bytes + 8, sizeof length);
	bytes += 8 + sizeof length + le32toh(length);
	if (*bytes != HAS_SERVER)
		return;
	memcpy(&set, bytes + 1 + 4, sizeof set);
	ns_sets_prefetch(planner->sets, le32toh(set));
}

int
bucket_next(FILE *bucket, struct buffer *record)
{
	uint32_t length;

	record->length = 0;
	if (fread_unlocked(&length, sizeof length, 1, bucket) != 1)
		return ferror(bucket) ? -1 : 0;
	if (fread_unlocked(buffer_reserve(record, length), length, 1, bucket) != 1)
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

/* Finds the first name after the given one, which it replaces. */
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

/* Calls the callback for each record of a name. Returns 0, or -1 with errno. */
static int
each_record(struct planner *planner, FILE *bucket, struct buffer *record,
    struct merged *merged, void (*found)(struct planner *, struct merged *,
    struct entry *))
{
	struct entry entry;
	int result;

	rewind(bucket);
	while ((result = next_entry(bucket, record, &entry)) == 1)
		if (strcmp(entry.name, merged->item.name) == 0)
			found(planner, merged, &entry);
	return result;
}

/* Merges one name; the records do not stay in memory. */
static bool
merge_name(struct planner *planner, FILE *bucket, struct buffer *record,
    const char *name, struct writer *writer)
{
	struct merged merged = {
		.item = { .name = name }, .last_zone = NO_ZONE,
		.zone = NO_ZONE,
	};
	int result = each_record(planner, bucket, record, &merged,
	    choose_zone);

	if (result == 0)
		result = each_record(planner, bucket, record, &merged,
		    merge_record);
	if (result == 0 && is_domain(planner, &merged))
		write_merged(planner, &merged, writer);
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
