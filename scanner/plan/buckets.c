/* buckets: writes what the inputs say about names as records into bucket files,
 * by the hash of the name. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/cuts.h"
#include "scanner/plan/ds_set.h"
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
	if (getrandom(&planner->recent_key, sizeof planner->recent_key, 0) !=
	    (ssize_t)sizeof planner->recent_key)
		abort();
	planner->ds = xcalloc(1, sizeof *planner->ds);
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
	if (planner->ds != NULL)
		ds_set_fini(planner->ds);
	free(planner->ds);
	cuts_free(planner->cuts);
	ns_sets_free(planner->sets);
	wanted_free(planner->wanted);
	buffer_fini(&planner->last_owner);
	buffer_fini(&planner->servers);
	if (planner->glue != NULL)
		fclose(planner->glue);
	if (planner->owners != NULL)
		fclose(planner->owners);
	for (int i = 0; i < BUCKETS; i++) {
		buffer_fini(&planner->buckets[i].held);
		if (planner->buckets[i].file != NULL)
			fclose(planner->buckets[i].file);
		/* A scan that was killed while planning may have left it. */
		bucket_path(path, i);
		(void)folder_remove(planner->folder, path);
	}
}

/* Records ****************************************************************** */

/* Appends a name as a counted text. The text is made where it stays: a copy
 * would have to wait until its bytes, which are stored one by one, are there. */
static void
put_name(struct buffer *record, const uint8_t *wire)
{
	uint32_t length, count;
	uint8_t *at = buffer_reserve(record, sizeof count + NAME_TEXT_MAX);

	length = (uint32_t)name_to_text(wire, (char *)at + sizeof count) + 1;
	count = htole32(length);
	memcpy(at, &count, sizeof count);
	record->length += sizeof count + length;
}

/* Returns the record, which is the planner's. */
static struct buffer *
start_record(struct planner *planner, const uint8_t *wire, size_t length,
    int kind, uint32_t source)
{
	struct buffer *record = &planner->record;

	record->length = 0;
	wire_put_number(record, siphash(&planner->order, wire, length), 8);
	put_name(record, wire);
	wire_put_number(record, (uint64_t)kind, 1);
	wire_put_number(record, source, SOURCE_BYTES);
	return record;
}

/* Does --sample leave the name out? */
static bool
is_left_out(const struct planner *planner, const uint8_t *wire, size_t length)
{
	return planner->options->sample > 1 && siphash(&planner->sample, wire,
	    length) % planner->options->sample != 0;
}

bool
record_write(const struct buffer *record, FILE *bucket)
{
	uint32_t length = (uint32_t)record->length;

	/* This process has one thread. The macro of the name writes byte by
	 * byte. */
	return (fwrite_unlocked)(&length, sizeof length, 1, bucket) == 1 &&
	    (fwrite_unlocked)(record->bytes, length, 1, bucket) == 1;
}

/* Was the same record written recently? Without this check, an input that
 * repeats one name would fill the disk. Looks at the first `length` bytes of
 * the record. */
static bool
is_repeated(struct planner *planner, const struct buffer *record,
    size_t length)
{
	struct siphash_pair hash = siphash_pair(&planner->recent_key,
	    record->bytes, length);
	struct siphash_pair *recent = &planner->recent[hash.first % RECENT];

	if (recent->first == hash.first && recent->second == hash.second)
		return true;
	*recent = hash;
	return false;
}

static void
write_to(struct planner *planner, const struct buffer *record, FILE *file)
{
	if (!record_write(record, file))
		planner->failed = true;
}

static void
write_record(struct planner *planner, const struct buffer *record)
{
	/* The most significant byte of the hash, which is stored
	 * little-endian. */
	int number = record->bytes[7];
	struct buffer *held = &planner->buckets[number].held;
	uint32_t length = (uint32_t)record->length;

	buffer_append(held, &length, sizeof length);
	buffer_append(held, record->bytes, length);
	if (held->length >= BUCKET_BUFFER && !bucket_spill(planner, number))
		planner->failed = true;
}

/* The name is in the plan, so files of --delegations may say something about
 * it. */
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
	struct buffer *record;

	planner->plan->counts.records++;
	planner->plan->sources[planner->source].records++;
	if (is_left_out(planner, wire, length)) {
		planner->plan->counts.not_sampled++;
		return;
	}
	/* The first input that has a name counts. */
	planner_flush(planner);
	record = start_record(planner, wire, length, IS_NAMED,
	    planner->source);
	/* The rank and source of the first input count (docs/schema.md), so
	 * what follows the kind makes no difference. */
	if (is_repeated(planner, record, record->length - SOURCE_BYTES)) {
		planner->plan->counts.duplicates++;
		return;
	}
	want(planner, wire, length);
	wire_put_number(record, rank, 8);
	write_record(planner, record);
}

static size_t
apex_length(const struct delegation_record *found)
{
	return found->apex == NULL ? 1
	    : name_wire_length(found->apex, NAME_WIRE_MAX);
}

/* An address counts for all delegations of its file that name its server
 * (ns_sets_write). */
static void
on_glue(struct planner *planner, const struct delegation_record *found)
{
	struct address address = { .family = found->family };
	struct buffer *record = &planner->record;

	memcpy(address.bytes, found->address, found->family == 4 ? 4 : 16);
	record->length = 0;
	wire_put_number(record, planner->source, SOURCE_BYTES);
	wire_put_bytes(record, found->owner, found->owner_length);
	address_put(record, &address);
	if (!is_repeated(planner, record, record->length))
		write_to(planner, record, planner->glue);
}

static void
on_ds(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (is_left_out(planner, found->owner, found->owner_length))
		return;
	record = start_record(planner, found->owner, found->owner_length,
	    HAS_DS, planner->source);
	ds_set_put_record(record, found->ttl, &found->ds);
	if (!is_repeated(planner, record, record->length))
		write_record(planner, record);
}

static void
on_ds_signature(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (planner->options->ds == CHOOSE_DS_TRUST ||
	    is_left_out(planner, found->owner, found->owner_length))
		return;
	record = start_record(planner, found->owner, found->owner_length,
	    HAS_DS_SIGNATURE, planner->source);
	ds_set_put_signature(record, found->signature,
	    found->signature_length);
	if (!is_repeated(planner, record, record->length))
		write_record(planner, record);
}

/* A delegation and its servers ********************************************* */

void
planner_flush(struct planner *planner)
{
	struct buffer *owner = &planner->last_owner, *record;

	if (planner->server_count > 0) {
		record = start_record(planner, owner->bytes, owner->length,
		    HAS_SERVER, planner->last_source);
		ns_sets_put(planner->sets, planner->servers.bytes,
		    planner->servers.length, record);
		if (!is_repeated(planner, record, record->length))
			write_record(planner, record);
	}
	planner->servers.length = planner->server_count = 0;
	owner->length = 0;
}

static bool
is_delegations(const struct planner *planner)
{
	return planner->plan->sources[planner->source].is_delegations;
}

/* --sample may leave out the delegation above a name that it takes. */
static void
on_left_out(struct planner *planner, const struct delegation_record *found)
{
	struct buffer *record;

	if (!is_delegations(planner)) {
		planner->plan->counts.records++;
		planner->plan->sources[planner->source].records++;
		planner->plan->counts.not_sampled++;
	}
	record = start_record(planner, found->owner, found->owner_length,
	    IS_OWNER, planner->source);
	if (!is_repeated(planner, record, record->length))
		write_to(planner, record, planner->owners);
}

/* Most of a file of --delegations is about names that are not measured. */
static bool
may_be_needed(const struct planner *planner,
    const struct delegation_record *found)
{
	return !is_delegations(planner) || wanted_has(planner->wanted,
	    &planner->order, found->owner, found->owner_length);
}

/* Its servers follow. They do not count if --sample leaves it out. */
static void
begin_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	size_t apex = apex_length(found);

	planner_flush(planner);
	planner->last_source = planner->source;
	buffer_append(&planner->last_owner, found->owner,
	    found->owner_length);
	planner->is_left_out = true;
	if (!may_be_needed(planner, found))
		return;
	/* A reader that an input has taken over may claim any apex. */
	if (found->owner_length > apex)
		cuts_note(planner->cuts, planner->source, found->owner,
		    found->owner_length - apex);
	planner->is_left_out = is_left_out(planner, found->owner,
	    found->owner_length);
	if (planner->is_left_out)
		on_left_out(planner, found);
	else if (!is_delegations(planner))
		want(planner, found->owner, found->owner_length);
}

static bool
has_server(const struct planner *planner, const uint8_t *server,
    size_t length)
{
	const uint8_t *at = planner->servers.bytes;

	for (unsigned i = 0; i < planner->server_count; i++) {
		if (planner->server_lengths[i] == length &&
		    memcmp(at, server, length) == 0)
			return true;
		at += planner->server_lengths[i];
	}
	return false;
}

static bool
is_last_owner(const struct planner *planner,
    const struct delegation_record *found)
{
	const struct buffer *last = &planner->last_owner;

	return planner->last_source == planner->source &&
	    last->length == found->owner_length &&
	    memcmp(last->bytes, found->owner, last->length) == 0;
}

/* The lines of a delegation are usually together, so most delegations have one
 * record. Servers that follow SERVERS_MAX others never count (merge.c). */
static bool
on_server(struct planner *planner, const struct delegation_record *found)
{
	if (found->owner != NULL && !is_last_owner(planner, found))
		begin_delegation(planner, found);
	if (planner->last_owner.length == 0 ||
	    planner->last_source != planner->source)
		return false;
	if (planner->is_left_out || planner->server_count == SERVERS_MAX ||
	    has_server(planner, found->server, found->server_length))
		return true;
	planner->server_lengths[planner->server_count++] =
	    (uint8_t)found->server_length;
	buffer_append(&planner->servers, found->server,
	    found->server_length);
	return true;
}

bool
planner_delegation(struct planner *planner,
    const struct delegation_record *found)
{
	/* Which addresses are wanted is known only at the end. */
	if (found->kind == DELEGATION_GLUE)
		on_glue(planner, found);
	else if (found->kind == DELEGATION_NS)
		return on_server(planner, found);
	else if (!may_be_needed(planner, found))
		return true;
	else if (found->kind == DELEGATION_DS)
		on_ds(planner, found);
	else
		on_ds_signature(planner, found);
	return true;
}
