/* buckets: writes what the inputs say about names into bucket files, as
 * records, by the hash of the name. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/cuts.h"
#include "scanner/plan/ns_sets.h"
#include "scanner/plan/planner.h"
#include "scanner/plan/wanted.h"

#define BUCKET_BUFFER	(32 * 1024)	/* bytes */
#define SOURCE_BYTES	4

static void
bucket_path(char path[64], int bucket)
{
	snprintf(path, 64, ".work/plan/bucket-%02x", bucket & 0xff);
}

static FILE *
open_bucket(struct planner *planner, const char *path)
{
	int descriptor = own_file_create(planner->folder->descriptor, path);
	FILE *bucket = descriptor < 0 ? NULL : fdopen(descriptor, "w+");

	if (bucket != NULL)
		setvbuf(bucket, NULL, _IOFBF, BUCKET_BUFFER);
	else if (descriptor >= 0)
		close(descriptor);
	return bucket;
}

FILE *
bucket_nameless(struct planner *planner)
{
	static const char path[] = ".work/plan/bucket";
	FILE *bucket = open_bucket(planner, path);

	if (bucket != NULL)
		(void)folder_remove(planner->folder, path);
	return bucket;
}

bool
buckets_open(struct planner *planner)
{
	planner->recent = xcalloc(RECENT, sizeof *planner->recent);
	planner->cuts = cuts_new();
	planner->sets = ns_sets_new();
	if (planner->options->delegations.count > 0)
		planner->wanted = wanted_new();
	planner->glue = bucket_nameless(planner);
	planner->owners = bucket_nameless(planner);
	if (planner->glue == NULL || planner->owners == NULL)
		return false;
	return true;
}

bool
bucket_spill(struct planner *planner, int number)
{
	struct bucket *bucket = &planner->buckets[number];
	size_t length = bucket->held.length;
	char path[64];

	bucket_path(path, number);
	if (bucket->file == NULL)
		bucket->file = open_bucket(planner, path);
	if (bucket->file == NULL || (length > 0 && fwrite(bucket->held.bytes,
	    length, 1, bucket->file) != 1))
		return false;
	bucket->held.length = 0;
	return true;
}

void
buckets_close(struct planner *planner)
{
	char path[64];

	free(planner->recent);
	cuts_free(planner->cuts);
	ns_sets_free(planner->sets);
	wanted_free(planner->wanted);
	buffer_fini(&planner->last_owner);
	if (planner->glue != NULL)
		fclose(planner->glue);
	if (planner->owners != NULL)
		fclose(planner->owners);
	for (int i = 0; i < BUCKETS; i++) {
		buffer_fini(&planner->buckets[i].held);
		if (planner->buckets[i].file == NULL)
			continue;
		fclose(planner->buckets[i].file);
		bucket_path(path, i);
		(void)folder_remove(planner->folder, path);
	}
}

/* Records ****************************************************************** */

static void
start_record(struct planner *planner, const uint8_t *wire, size_t length,
    int kind)
{
	char name[NAME_TEXT_MAX];

	planner->record.length = 0;
	wire_put_number(&planner->record,
	    siphash(&planner->order, wire, length), 8);
	name_to_text(wire, name);
	wire_put_text(&planner->record, name);
	wire_put_number(&planner->record, (uint64_t)kind, 1);
	wire_put_number(&planner->record, planner->source, SOURCE_BYTES);
}

/* Begins a record about a name to be measured. False if --sample leaves the name
 * out. */
static bool
begin_record(struct planner *planner, const uint8_t *wire, size_t length,
    int kind)
{
	if (planner->options->sample > 1 && siphash(&planner->sample, wire,
	    length) % planner->options->sample != 0)
		return false;
	start_record(planner, wire, length, kind);
	return true;
}

bool
record_write(const struct buffer *record, FILE *bucket)
{
	uint32_t length = (uint32_t)record->length;

	return fwrite(&length, sizeof length, 1, bucket) == 1 &&
	    fwrite(record->bytes, length, 1, bucket) == 1;
}

/* Was the same record written a short time ago? Without this question, an input
 * that repeats one name fills the disk. Compares the first `length` bytes of
 * the record with the last record in its place of the table. */
static bool
is_repeated(struct planner *planner, size_t length, int kind)
{
	const uint8_t *bytes = planner->record.bytes;
	struct recent *recent = &planner->recent[((bytes[0] | bytes[1] << 8) ^
	    kind << 10) % RECENT];

	if (length > RECENT_BYTES)
		return false;
	if (recent->length == length &&
	    memcmp(recent->bytes, bytes, length) == 0)
		return true;
	recent->length = (uint32_t)length;
	memcpy(recent->bytes, bytes, length);
	return false;
}

static void
write_to(struct planner *planner, FILE *file)
{
	if (!record_write(&planner->record, file))
		planner->failed = true;
}

static void
write_record(struct planner *planner)
{
	/* The most significant byte of the hash, which is stored
	 * little-endian. */
	int number = planner->record.bytes[7];
	struct buffer *held = &planner->buckets[number].held;
	uint32_t length = (uint32_t)planner->record.length;

	buffer_append(held, &length, sizeof length);
	buffer_append(held, planner->record.bytes, length);
	if (held->length >= BUCKET_BUFFER && !bucket_spill(planner, number))
		planner->failed = true;
}

/* The name is in the plan: files of --delegations may speak of it. */
static void
want(struct planner *planner, const uint8_t *wire, size_t length)
{
	if (planner->wanted != NULL)
		wanted_add(planner->wanted, &planner->order, wire, length);
}

void
planner_name(struct planner *planner, const uint8_t *wire, size_t length,
    uint64_t rank)
{
	planner->plan->counts.records++;
	planner->plan->sources[planner->source].records++;
	if (!begin_record(planner, wire, length, IS_NAMED)) {
		planner->plan->counts.not_sampled++;
		return;
	}
	/* The rank and source of the first input count (docs/schema.md), so
	 * what follows the kind makes no difference. */
	if (is_repeated(planner, planner->record.length - SOURCE_BYTES,
	    IS_NAMED)) {
		planner->plan->counts.duplicates++;
		return;
	}
	want(planner, wire, length);
	wire_put_number(&planner->record, rank, 8);
	write_record(planner);
}

static size_t
apex_length(const struct delegation_record *found)
{
	return found->apex == NULL ? 1
	    : name_wire_length(found->apex, NAME_WIRE_MAX);
}

/* An address counts for all delegations of its file whose server it is. */
static void
on_glue(struct planner *planner, const struct delegation_record *found)
{
	struct address address = { .family = found->family };

	memcpy(address.bytes, found->address, found->family == 4 ? 4 : 16);
	start_record(planner, found->owner, found->owner_length, HAS_GLUE);
	address_put(&planner->record, &address);
	if (!is_repeated(planner, planner->record.length, HAS_GLUE))
		write_to(planner, planner->glue);
}

/* --sample may leave out the delegation above a name that it takes. */
static void
on_owner(struct planner *planner, const struct delegation_record *found)
{
	size_t apex = apex_length(found);
	struct buffer *last = &planner->last_owner;

	/* The lines of a delegation stand together. */
	if (planner->last_source == planner->source &&
	    last->length == found->owner_length && memcmp(last->bytes,
	    found->owner, last->length) == 0)
		return;
	planner->last_source = planner->source;
	last->length = 0;
	buffer_append(last, found->owner, found->owner_length);
	/* A reader that an input has taken over may claim any apex. */
	if (found->owner_length > apex)
		cuts_note(planner->cuts, planner->source, found->owner,
		    found->owner_length - apex);
	start_record(planner, found->owner, found->owner_length, IS_OWNER);
	if (!is_repeated(planner, planner->record.length, IS_OWNER))
		write_to(planner, planner->owners);
}

static bool
is_delegations(const struct planner *planner)
{
	return planner->plan->sources[planner->source].is_delegations;
}

/* Most of a file of --delegations is about names that are not measured. */
static bool
may_be_needed(const struct planner *planner,
    const struct delegation_record *found)
{
	return !is_delegations(planner) || wanted_has(planner->wanted,
	    &planner->order, found->owner, found->owner_length);
}

void
planner_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	int kind = found->kind == DELEGATION_NS ? HAS_SERVER : HAS_DS;
	char server[NAME_TEXT_MAX];

	/* Whose addresses are wanted shows at the end. */
	if (found->kind == DELEGATION_GLUE) {
		on_glue(planner, found);
		return;
	}
	if (!may_be_needed(planner, found))
		return;
	if (found->kind == DELEGATION_NS)
		on_owner(planner, found);
	if (!begin_record(planner, found->owner, found->owner_length, kind))
		return;
	if (found->kind == DELEGATION_NS) {
		if (!is_delegations(planner))
			want(planner, found->owner, found->owner_length);
		name_to_text(found->server, server);
		wire_put_text(&planner->record, server);
	} else {
		wire_put_number(&planner->record, found->algorithm, 1);
	}
	if (!is_repeated(planner, planner->record.length, kind))
		write_record(planner);
}
