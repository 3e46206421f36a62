#include "scanner/coordinator/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/name.h"
#include "parsers/suffix.h"
#include "scanner/base/keyset.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"
#include "scanner/coordinator/input.h"
#include "scanner/crypto/digest.h"
#include "scanner/out/table.h"

#define BUCKETS		256
#define BUCKET_BUFFER	(32 * 1024)
#define NAMES_FILE	".work/plan/names"
#define DONE_FILE	".work/plan/done"
#define REJECTS_A_PART	50000
#define REJECTS_TOLD	10
#define SERVERS_MAX	16	/* of a delegation */
#define GLUE_MAX	4	/* addresses of a server */

struct planner {
	struct plan		*plan;
	struct folder		*folder;
	const struct options	*options;
	struct siphash_key	 order, sample;
	FILE			*buckets[BUCKETS];
	struct buffer		 record;
	uint32_t		 source;	/* index of the present input */
	struct suffix_list	*suffixes;
	struct table		*rejects;
	struct keyset		*rejected;	/* (source, line) seen */
	uint64_t		 reject_parts;
	uint64_t		 rejects_told;
	bool			 failed;	/* errno */
};

/* The key of the order, from --seed; that of --sample never changes, so that the
 * same share of names is drawn in every run. */
static struct siphash_key
key_of(const char *seed)
{
	uint8_t hash[32];
	struct siphash_key key;

	digest_of(seed, strlen(seed), hash);
	memcpy(&key, hash, sizeof key);
	return key;
}

static void
bucket_path(char path[64], int bucket)
{
	snprintf(path, 64, ".work/plan/bucket-%02x", bucket & 0xff);
}

static bool
open_buckets(struct planner *planner)
{
	char path[64];

	for (int i = 0; i < BUCKETS; i++) {
		int descriptor;

		bucket_path(path, i);
		descriptor = openat(planner->folder->descriptor, path,
		    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		planner->buckets[i] = descriptor < 0 ? NULL
		    : fdopen(descriptor, "w+");
		if (planner->buckets[i] == NULL)
			return false;
		setvbuf(planner->buckets[i], NULL, _IOFBF, BUCKET_BUFFER);
	}
	return true;
}

static void
close_buckets(struct planner *planner)
{
	char path[64];

	for (int i = 0; i < BUCKETS; i++) {
		if (planner->buckets[i] != NULL)
			fclose(planner->buckets[i]);
		bucket_path(path, i);
		(void)folder_remove(planner->folder, path);
	}
}

/* Rejects are committed in parts of their own, so that hostile input does not
 * fill the memory. */
static void
write_rejects(struct planner *planner)
{
	char open_name[PART_NAME_MAX], name[PART_NAME_MAX];
	int descriptor;

	part_name(name, "rejects", planner->reject_parts++, ".csv.gz");
	snprintf(open_name, sizeof open_name, "rejects");
	descriptor = folder_create(planner->folder, open_name);
	if (descriptor < 0 || !table_write(planner->rejects, descriptor,
	    (int)planner->options->level, false) || !folder_commit(
	    planner->folder, descriptor, open_name, name))
		planner->failed = true;
	if (descriptor >= 0)
		close(descriptor);
}

/* The operator sees the first few at once, with file, line and column. */
static void
tell_reject(struct planner *planner, enum reject reason, uint64_t line,
    unsigned column, const char *text, size_t length)
{
	const char *name = planner->plan->sources[planner->source].name;
	char shown[64];
	size_t i;

	if (planner->rejects_told++ == REJECTS_TOLD)
		log_line("and more: the table rejects has them all");
	if (planner->rejects_told > REJECTS_TOLD)
		return;
	for (i = 0; i < length && i < sizeof shown - 1; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	shown[i] = '\0';
	log_line("%s:%" PRIu64 ":%u: %s: %s", name, line, column,
	    reject_texts.texts[reason], shown);
}

static void
on_reject(void *tag, enum reject reason, uint64_t line, unsigned column,
    const char *text, size_t length)
{
	struct planner *planner = tag;
	uint64_t key[2] = { planner->source, line };

	/* A line is one record of the input, however much is wrong with it. */
	if (!keyset_add(planner->rejected, key, sizeof key))
		return;
	tell_reject(planner, reason, line, column, text, length);
	table_set_number(planner->rejects, REJECTS_SOURCE_ID,
	    planner->source);
	table_set_number(planner->rejects, REJECTS_LINE, (int64_t)line);
	table_set_enum(planner->rejects, REJECTS_REASON, (int)reason);
	table_set_text(planner->rejects, REJECTS_INPUT_TEXT, text,
	    length < 512 ? length : 512);
	table_end_row(planner->rejects);
	planner->plan->counts.records++;
	planner->plan->counts.rejected++;
	planner->plan->sources[planner->source].records++;
	planner->plan->sources[planner->source].rejected++;
	if (table_rows(planner->rejects) == REJECTS_A_PART)
		write_rejects(planner);
}

static enum reject
reject_of(enum name_error error)
{
	switch (error) {
	case NAME_TOO_LONG:
		return REJECT_NAME_TOO_LONG;
	case NAME_LABEL_TOO_LONG:
		return REJECT_LABEL_TOO_LONG;
	case NAME_EMPTY_LABEL:
		return REJECT_EMPTY_LABEL;
	case NAME_CONTROL_BYTE:
		return REJECT_CONTROL_BYTE;
	case NAME_IDNA:
		return REJECT_IDNA;
	default:
		return REJECT_SYNTAX;
	}
}

/* What a record in a bucket says of its name. */
enum { IS_NAMED, HAS_SERVER, HAS_DS, HAS_GLUE };

/* Begins a record of a name; false where --sample leaves the name out. */
static bool
begin_record(struct planner *planner, const uint8_t *wire, size_t length,
    int kind)
{
	char name[NAME_TEXT_MAX];

	if (planner->options->sample > 1 && siphash(&planner->sample, wire,
	    length) % planner->options->sample != 0)
		return false;
	planner->record.length = 0;
	wire_put_number(&planner->record,
	    siphash(&planner->order, wire, length), 8);
	name_to_text(wire, name);
	wire_put_text(&planner->record, name);
	wire_put_number(&planner->record, (uint64_t)kind, 1);
	wire_put_number(&planner->record, planner->source, 4);
	return true;
}

static void
end_record(struct planner *planner)
{
	uint32_t length = (uint32_t)planner->record.length;
	/* The high end of the hash, which is little-endian there. */
	FILE *bucket = planner->buckets[planner->record.bytes[7]];

	if (fwrite(&length, sizeof length, 1, bucket) != 1 ||
	    fwrite(planner->record.bytes, length, 1, bucket) != 1)
		planner->failed = true;
}

static void
on_name(void *tag, const char *text, size_t length, uint64_t line,
    uint64_t rank)
{
	struct planner *planner = tag;
	uint8_t wire[NAME_WIRE_MAX];
	size_t wire_length;
	enum name_error error = name_from_input(text, length, wire,
	    &wire_length);

	if (error == NAME_OK && wire_length == 1)
		error = NAME_SYNTAX;	/* the root takes no mail */
	if (error != NAME_OK) {
		on_reject(tag, reject_of(error), line, 1, text, length);
		return;
	}
	planner->plan->counts.records++;
	planner->plan->sources[planner->source].records++;
	if (!begin_record(planner, wire, wire_length, IS_NAMED)) {
		planner->plan->counts.not_sampled++;
		return;
	}
	wire_put_number(&planner->record, rank, 8);
	end_record(planner);
}

/* Glue goes to every name above it that may be the delegation that it is for. */
static void
on_glue(struct planner *planner, const struct delegation_record *found)
{
	size_t apex = found->apex == NULL ? 1
	    : name_wire_length(found->apex, NAME_WIRE_MAX);
	struct address address = { .family = found->family };
	char server[NAME_TEXT_MAX];

	memcpy(address.bytes, found->address, found->family == 4 ? 4 : 16);
	name_to_text(found->owner, server);
	for (size_t at = 0; at + apex < found->owner_length;
	    at += 1 + found->owner[at]) {
		if (!begin_record(planner, found->owner + at,
		    found->owner_length - at, HAS_GLUE))
			continue;
		wire_put_text(&planner->record, server);
		address_put(&planner->record, &address);
		end_record(planner);
	}
}

static void
on_delegation(void *tag, const struct delegation_record *found)
{
	struct planner *planner = tag;
	char server[NAME_TEXT_MAX];

	if (found->kind == DELEGATION_GLUE) {
		on_glue(planner, found);
		return;
	}
	if (!begin_record(planner, found->owner, found->owner_length,
	    found->kind == DELEGATION_NS ? HAS_SERVER : HAS_DS))
		return;
	if (found->kind == DELEGATION_NS) {
		name_to_text(found->server, server);
		wire_put_text(&planner->record, server);
	} else {
		wire_put_number(&planner->record, found->algorithm, 1);
	}
	end_record(planner);
}

/* Buckets to names ******************************************************** */

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
	/* Rank and source of the first input count (SCHEMA). */
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

static bool
write_names(struct planner *planner)
{
	int descriptor = openat(planner->folder->descriptor, NAMES_FILE,
	    O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
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

/* The marker ************************************************************** */

static bool
write_done(const struct plan *plan, struct folder *folder)
{
	struct buffer buffer = { 0 };
	bool good;

	wire_put_number(&buffer, plan->counts.records, 8);
	wire_put_number(&buffer, plan->counts.domains, 8);
	wire_put_number(&buffer, plan->counts.duplicates, 8);
	wire_put_number(&buffer, plan->counts.rejected, 8);
	wire_put_number(&buffer, plan->counts.opted_out, 8);
	wire_put_number(&buffer, plan->counts.not_sampled, 8);
	wire_put_number(&buffer, plan->input_is_whole, 1);
	wire_put_number(&buffer, plan->source_count, 4);
	for (size_t i = 0; i < plan->source_count; i++) {
		const struct source *source = &plan->sources[i];

		wire_put_text(&buffer, source->name);
		wire_put_bytes(&buffer, source->sha256, 32);
		wire_put_number(&buffer, source->bytes, 8);
		wire_put_number(&buffer, source->records, 8);
		wire_put_number(&buffer, source->rejected, 8);
		wire_put_number(&buffer, source->format, 1);
		wire_put_number(&buffer, source->is_whole, 1);
		wire_put_text(&buffer, source->apex);
		wire_put_number(&buffer, source->serial, 4);
	}
	wire_put_number(&buffer, plan->chunk_count, 8);
	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		wire_put_number(&buffer, plan->chunks[i].offset, 8);
		wire_put_number(&buffer, plan->chunks[i].length, 8);
		wire_put_number(&buffer, plan->chunks[i].items, 4);
	}
	good = folder_replace(folder, DONE_FILE, buffer.bytes, buffer.length);
	buffer_fini(&buffer);
	return good;
}

static void
read_sources(struct plan *plan, struct wire *wire)
{
	const uint8_t *hash;
	size_t length;

	plan->source_count = (size_t)wire_number(wire, 4);
	if (plan->source_count > 65536)
		wire->failed = true;
	if (wire->failed)
		plan->source_count = 0;
	plan->sources = xcalloc(plan->source_count, sizeof *plan->sources);
	for (size_t i = 0; i < plan->source_count; i++) {
		struct source *source = &plan->sources[i];

		source->name = xstrdup(wire_text(wire));
		hash = wire_bytes(wire, &length);
		if (length == 32)
			memcpy(source->sha256, hash, 32);
		source->bytes = wire_number(wire, 8);
		source->records = wire_number(wire, 8);
		source->rejected = wire_number(wire, 8);
		source->format = (int)wire_number(wire, 1);
		source->is_whole = wire_number(wire, 1);
		source->apex = xstrdup(wire_text(wire));
		source->serial = (uint32_t)wire_number(wire, 4);
	}
}

static bool
read_done(struct plan *plan, struct folder *folder)
{
	int descriptor = folder_read(folder, DONE_FILE);
	struct stat status;
	struct wire wire;
	uint8_t *bytes;
	bool good;

	if (descriptor < 0)
		return false;
	if (fstat(descriptor, &status) != 0) {
		close(descriptor);
		return false;
	}
	bytes = xmalloc((size_t)status.st_size);
	good = read(descriptor, bytes, (size_t)status.st_size) ==
	    status.st_size;
	close(descriptor);
	wire = (struct wire){ bytes, bytes + status.st_size, !good };
	plan->counts.records = wire_number(&wire, 8);
	plan->counts.domains = wire_number(&wire, 8);
	plan->counts.duplicates = wire_number(&wire, 8);
	plan->counts.rejected = wire_number(&wire, 8);
	plan->counts.opted_out = wire_number(&wire, 8);
	plan->counts.not_sampled = wire_number(&wire, 8);
	plan->input_is_whole = wire_number(&wire, 1);
	read_sources(plan, &wire);
	plan->chunk_count = wire_number(&wire, 8);
	if (plan->chunk_count > (uint64_t)status.st_size / 20)
		wire.failed = true;
	if (wire.failed)
		plan->chunk_count = 0;
	plan->chunks = xcalloc(plan->chunk_count, sizeof *plan->chunks);
	for (uint64_t i = 0; i < plan->chunk_count; i++) {
		plan->chunks[i].offset = wire_number(&wire, 8);
		plan->chunks[i].length = wire_number(&wire, 8);
		plan->chunks[i].items = (uint32_t)wire_number(&wire, 4);
	}
	free(bytes);
	return !wire.failed;
}

/* Inputs ****************************************************************** */

static bool
read_source(struct planner *planner, const char *name)
{
	const struct options *options = planner->options;
	struct source *source = &planner->plan->sources[planner->source];
	const struct input_sink sink = {
		planner, on_name, on_delegation, on_reject,
	};
	struct input_options how = {
		.format = (enum input_format)options->format,
		.allow_include = options->allow_include,
	};
	uint8_t origin[NAME_WIRE_MAX];
	struct input_facts facts;
	char apex[NAME_TEXT_MAX] = "", why[256];
	enum input_result result;
	size_t length;

	if (options->origin != NULL && name_from_text(options->origin,
	    strlen(options->origin), origin, &length) == NAME_OK)
		how.origin = origin;
	source->name = xstrdup(name);
	result = input_read(name, &how, &sink, &facts, why);
	if (facts.has_apex)
		name_to_text(facts.apex, apex);
	source->apex = xstrdup(apex);
	source->serial = facts.serial;
	source->format = (int)facts.format;
	source->bytes = facts.bytes;
	source->is_whole = result == INPUT_WHOLE;
	memcpy(source->sha256, facts.sha256, sizeof source->sha256);
	if (result == INPUT_WHOLE)
		return true;
	log_line("%s: %s%s", name, why, result == INPUT_TRUNCATED
	    ? "; the names before that are kept" : "");
	planner->plan->input_is_whole = false;
	return result == INPUT_TRUNCATED;
}

static void
clean(struct folder *folder)
{
	uint64_t *numbers;
	size_t count;
	char name[PART_NAME_MAX];

	/* What an earlier attempt at the plan left. */
	if (folder_parts(folder, "rejects", &numbers, &count))
		for (size_t i = 0; i < count; i++) {
			part_name(name, "rejects", numbers[i], ".csv.gz");
			(void)folder_remove(folder, name);
		}
	free(numbers);
}

static enum plan_result
make_new(struct planner *planner)
{
	const struct options *options = planner->options;
	struct plan *plan = planner->plan;
	bool good = true;

	clean(planner->folder);
	plan->input_is_whole = true;
	plan->source_count = options->argument_count;
	plan->sources = xcalloc(plan->source_count, sizeof *plan->sources);
	for (; planner->source < plan->source_count && good; planner->source++)
		good = read_source(planner,
		    options->arguments[planner->source]);
	if (!good)
		return PLAN_BAD_INPUT;
	if (table_rows(planner->rejects) > 0 || planner->reject_parts == 0)
		write_rejects(planner);
	if (planner->failed || !write_names(planner) ||
	    !write_done(plan, planner->folder)) {
		log_line("the plan cannot be written: %s", strerror(errno));
		return PLAN_OUTPUT_FAILED;
	}
	return PLAN_OK;
}

enum plan_result
plan_make(struct plan *plan, struct folder *folder,
    const struct options *options)
{
	struct planner planner = {
		.plan = plan, .folder = folder, .options = options,
		.order = key_of(options->seed), .sample = key_of("sample"),
	};
	enum plan_result result = PLAN_OK;

	*plan = (struct plan){ .names = -1 };
	if (!read_done(plan, folder)) {
		plan_fini(plan);
		*plan = (struct plan){ .names = -1 };
		planner.rejects = table_new(TABLE_REJECTS);
		planner.rejected = keyset_new();
		planner.suffixes = suffix_list_open();
		if (open_buckets(&planner)) {
			result = make_new(&planner);
		} else {
			log_line("the plan cannot be written: %s",
			    strerror(errno));
			result = PLAN_OUTPUT_FAILED;
		}
		close_buckets(&planner);
		table_free(planner.rejects);
		keyset_free(planner.rejected);
		suffix_list_free(planner.suffixes);
		buffer_fini(&planner.record);
	}
	if (result != PLAN_OK)
		return result;
	plan->names = folder_read(folder, NAMES_FILE);
	if (plan->names >= 0)
		return PLAN_OK;
	log_line("%s/%s: %s", folder->path, NAMES_FILE, strerror(errno));
	return PLAN_OUTPUT_FAILED;
}

bool
plan_read_chunk(const struct plan *plan, const struct chunk *chunk,
    struct buffer *items)
{
	uint8_t *to = buffer_reserve(items, chunk->length);

	if (pread(plan->names, to, chunk->length, (off_t)chunk->offset) !=
	    (ssize_t)chunk->length)
		return false;
	items->length += chunk->length;
	return true;
}

void
plan_fini(struct plan *plan)
{
	if (plan->names >= 0)
		close(plan->names);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].name);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].apex);
	free(plan->sources);
	free(plan->chunks);
}
