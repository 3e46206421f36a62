/* buckets: writes what the inputs say about names into bucket files, as
 * records, by the hash of the name. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/planner.h"

#define BUCKET_BUFFER	(32 * 1024)
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
	char path[64];

	planner->recent = xcalloc(RECENT, sizeof *planner->recent);
	for (int i = 0; i < BUCKETS; i++) {
		bucket_path(path, i);
		planner->buckets[i] = open_bucket(planner, path);
		if (planner->buckets[i] == NULL)
			return false;
	}
	return true;
}

void
buckets_close(struct planner *planner)
{
	char path[64];

	free(planner->recent);
	for (int i = 0; i < BUCKETS; i++) {
		if (planner->buckets[i] != NULL)
			fclose(planner->buckets[i]);
		bucket_path(path, i);
		(void)folder_remove(planner->folder, path);
	}
}

/* Records ****************************************************************** */

/* Begins a record about a name. False if --sample leaves the name out. */
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
	wire_put_number(&planner->record, planner->source, SOURCE_BYTES);
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
write_record(struct planner *planner)
{
	/* The most significant byte of the hash, which is stored
	 * little-endian. */
	if (!record_write(&planner->record,
	    planner->buckets[planner->record.bytes[7]]))
		planner->failed = true;
}

static void
end_record(struct planner *planner, int kind)
{
	if (!is_repeated(planner, planner->record.length, kind))
		write_record(planner);
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
	wire_put_number(&planner->record, rank, 8);
	write_record(planner);
}

/* A glue record is given to every name above it that may be the delegation it
 * belongs to. */
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
		end_record(planner, HAS_GLUE);
	}
}

void
planner_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	int kind = found->kind == DELEGATION_NS ? HAS_SERVER : HAS_DS;
	char server[NAME_TEXT_MAX];

	if (found->kind == DELEGATION_GLUE) {
		on_glue(planner, found);
		return;
	}
	if (!begin_record(planner, found->owner, found->owner_length, kind))
		return;
	if (found->kind == DELEGATION_NS) {
		name_to_text(found->server, server);
		wire_put_text(&planner->record, server);
	} else {
		wire_put_number(&planner->record, found->algorithm, 1);
	}
	end_record(planner, kind);
}
