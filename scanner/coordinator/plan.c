#include "scanner/coordinator/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/name.h"
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

struct planner {
	struct plan		*plan;
	struct folder		*folder;
	const struct options	*options;
	struct siphash_key	 order, sample;
	FILE			*buckets[BUCKETS];
	struct buffer		 record;
	uint32_t		 source;	/* index of the present input */
	struct table		*rejects;
	uint64_t		 reject_parts;
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

static void
on_reject(void *tag, enum reject reason, uint64_t line, const char *text,
    size_t length)
{
	struct planner *planner = tag;

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

static void
on_name(void *tag, const char *text, size_t length, uint64_t line,
    uint64_t rank)
{
	struct planner *planner = tag;
	uint8_t wire[NAME_WIRE_MAX];
	char name[NAME_TEXT_MAX];
	size_t wire_length;
	enum name_error error = name_from_input(text, length, wire,
	    &wire_length);
	struct domain_item item = {
		.name = name, .source_id = planner->source, .rank = rank,
		.parent_ds_algorithms = "", .dns_operator = "",
	};
	uint32_t length32;
	uint64_t hash;
	FILE *bucket;

	if (error == NAME_OK && wire_length == 1)
		error = NAME_SYNTAX;	/* the root takes no mail */
	if (error != NAME_OK) {
		on_reject(tag, reject_of(error), line, text, length);
		return;
	}
	name_to_text(wire, name);
	planner->plan->counts.records++;
	planner->plan->sources[planner->source].records++;
	if (planner->options->sample > 1 && siphash(&planner->sample, wire,
	    wire_length) % planner->options->sample != 0) {
		planner->plan->counts.not_sampled++;
		return;
	}
	hash = siphash(&planner->order, wire, wire_length);
	bucket = planner->buckets[hash >> 56];
	planner->record.length = 0;
	wire_put_number(&planner->record, hash, 8);
	domain_item_put(&planner->record, &item);
	length32 = (uint32_t)planner->record.length;
	if (fwrite(&length32, sizeof length32, 1, bucket) != 1 ||
	    fwrite(planner->record.bytes, length32, 1, bucket) != 1)
		planner->failed = true;
}

/* Buckets to names ******************************************************** */

struct entry {
	uint64_t		 hash;
	uint64_t		 sequence;
	struct domain_item	 item;
	const uint8_t		*bytes;		/* of the item */
	size_t			 length;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = strcmp(x->item.name, y->item.name);
	if (order != 0)
		return order;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

struct writer {
	FILE		*file;
	uint64_t	 offset;
	struct chunk	*chunks;
	uint64_t	 count, size;
};

static void
write_name(struct writer *writer, const struct entry *entry)
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
	(void)fwrite(entry->bytes, entry->length, 1, writer->file);
	chunk->items++;
	chunk->length += entry->length;
	writer->offset += entry->length;
}

/* Sorts one bucket in memory and writes its distinct names. */
static bool
sort_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	struct plan_counts *counts = &planner->plan->counts;
	struct stat status;
	uint8_t *bytes;
	struct entry *entries = NULL;
	size_t count = 0, size = 0, at = 0, length;

	if (fflush(bucket) != 0 || fstat(fileno(bucket), &status) != 0)
		return false;
	rewind(bucket);
	length = (size_t)status.st_size;
	bytes = xmalloc(length);
	if (length > 0 && fread(bytes, length, 1, bucket) != 1) {
		free(bytes);
		return false;
	}
	while (at < length) {
		uint32_t record;
		struct wire wire;
		struct entry *entry;

		memcpy(&record, bytes + at, sizeof record);
		at += sizeof record;
		wire = (struct wire){ bytes + at, bytes + at + record, false };
		if (count == size) {
			size = size * 2 + 1024;
			entries = xreallocarray(entries, size, sizeof *entries);
		}
		entry = &entries[count];
		entry->hash = wire_number(&wire, 8);
		entry->sequence = count++;
		entry->bytes = wire.at;
		(void)domain_item_get(&wire, &entry->item);
		entry->length = (size_t)(wire.at - entry->bytes);
		at += record;
	}
	if (count > 0)
		qsort(entries, count, sizeof *entries, compare_entries);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(entries[i - 1].item.name,
		    entries[i].item.name) == 0) {
			counts->duplicates++;
		} else if (planner->options->limit != 0 &&
		    counts->domains >= planner->options->limit) {
			counts->not_sampled++;
		} else {
			write_name(writer, &entries[i]);
			counts->domains++;
		}
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
		source->format = "list";
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
	struct source *source = &planner->plan->sources[planner->source];
	const struct input_sink sink = { planner, on_name, on_reject };
	struct stat status;
	int descriptor = strcmp(name, "-") == 0 ? dup(STDIN_FILENO)
	    : open(name, O_RDONLY | O_CLOEXEC);

	source->name = xstrdup(name);
	source->format = "list";
	if (descriptor < 0 || fstat(descriptor, &status) != 0 ||
	    S_ISDIR(status.st_mode)) {
		log_line("%s: %s", name, descriptor < 0 ? strerror(errno)
		    : "is a folder, not a list of names");
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	if (!input_read(descriptor, &sink)) {
		log_line("%s: %s", name, strerror(errno));
		close(descriptor);
		return false;
	}
	source->bytes = (uint64_t)status.st_size;
	if (S_ISREG(status.st_mode))
		(void)digest_of_descriptor(descriptor, source->sha256);
	close(descriptor);
	return true;
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
		if (open_buckets(&planner)) {
			result = make_new(&planner);
		} else {
			log_line("the plan cannot be written: %s",
			    strerror(errno));
			result = PLAN_OUTPUT_FAILED;
		}
		close_buckets(&planner);
		table_free(planner.rejects);
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

void
plan_fini(struct plan *plan)
{
	if (plan->names >= 0)
		close(plan->names);
	for (size_t i = 0; i < plan->source_count; i++)
		free(plan->sources[i].name);
	free(plan->sources);
	free(plan->chunks);
}
