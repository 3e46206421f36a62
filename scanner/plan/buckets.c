/* plan_bucket: what the inputs say of names, as records in bucket files by the
 * hash of the name. */
#include <string.h>

#include "scanner/base/own_file.h"
#include "scanner/plan/planner.h"

#define BUCKET_BUFFER	(32 * 1024)

static void
bucket_path(char path[64], int bucket)
{
	snprintf(path, 64, ".work/plan/bucket-%02x", bucket & 0xff);
}

bool
buckets_open(struct planner *planner)
{
	char path[64];

	for (int i = 0; i < BUCKETS; i++) {
		int descriptor;

		bucket_path(path, i);
		descriptor = own_file_create(planner->folder->descriptor,
		    path);
		planner->buckets[i] = descriptor < 0 ? NULL
		    : fdopen(descriptor, "w+");
		if (planner->buckets[i] == NULL)
			return false;
		setvbuf(planner->buckets[i], NULL, _IOFBF, BUCKET_BUFFER);
	}
	return true;
}

void
buckets_close(struct planner *planner)
{
	char path[64];

	for (int i = 0; i < BUCKETS; i++) {
		if (planner->buckets[i] != NULL)
			fclose(planner->buckets[i]);
		bucket_path(path, i);
		(void)folder_remove(planner->folder, path);
	}
}
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

void
planner_delegation(struct planner *planner,
    const struct delegation_record *found)
{
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
