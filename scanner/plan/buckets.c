/* buckets: keeps records in bucket files, by the hash of the name. */
#include <endian.h>
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

#define HELD_BITS	12
#define CACHE_LINE	64	/* a record has fewer bytes, mostly */
#define RECENT		4096

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

	if (bucket == NULL && descriptor >= 0)
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
	planner->held = xcalloc(1 << HELD_BITS, sizeof *planner->held);
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
	bucket->spills++;
	return true;
}

void
buckets_close(struct planner *planner)
{
	char path[64];

	free(planner->held);
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

bool
record_write(const struct buffer *record, FILE *bucket)
{
	uint32_t length = (uint32_t)record->length;

	/* This process has one thread. The macro of the name writes byte by
	 * byte. */
	return (fwrite_unlocked)(&length, sizeof length, 1, bucket) == 1 &&
	    (fwrite_unlocked)(record->bytes, length, 1, bucket) == 1;
}

/* Was the same record written to a file recently? Without this check, an input
 * that repeats one name would fill the disk. */
static bool
is_repeated(struct planner *planner, const struct buffer *record)
{
	struct siphash_pair hash = siphash_pair(&planner->recent_key,
	    record->bytes, record->length);
	struct siphash_pair *recent = &planner->recent[hash.first % RECENT];

	if (recent->first == hash.first && recent->second == hash.second)
		return true;
	*recent = hash;
	return false;
}

void
file_put(struct planner *planner, const struct buffer *record, FILE *file)
{
	if (!is_repeated(planner, record) && !record_write(record, file))
		planner->failed = true;
}

void
bucket_prefetch(const struct planner *planner, uint64_t hash)
{
	const struct buffer *held = &planner->buckets[hash >> 56].held;

	if (held->length + CACHE_LINE >= held->size)
		return;
	__builtin_prefetch(held->bytes + held->length, 1);
	__builtin_prefetch(held->bytes + held->length + CACHE_LINE, 1);
}

/* Is the record that was put last with the same tag equal in its first `same`
 * bytes, and still in memory? */
static bool
is_held(const struct bucket *bucket, const struct held *held,
    const struct buffer *record, size_t same)
{
	uint32_t length = (uint32_t)record->length;
	const uint8_t *there;

	if (held->spills != bucket->spills ||
	    held->at + sizeof length + length > bucket->held.length)
		return false;
	there = bucket->held.bytes + held->at;
	return memcmp(there, &length, sizeof length) == 0 &&
	    memcmp(there + sizeof length, record->bytes, same) == 0;
}

bool
bucket_put(struct planner *planner, const struct buffer *record, size_t same)
{
	/* The most significant byte of the hash, which is stored
	 * little-endian. */
	int number = record->bytes[7];
	struct bucket *bucket = &planner->buckets[number];
	uint32_t length = (uint32_t)record->length;
	uint64_t mixed, last;
	struct held *held;

	memcpy(&mixed, record->bytes, sizeof mixed);
	memcpy(&last, record->bytes + same - sizeof last, sizeof last);
	mixed = (le64toh(mixed) + le64toh(last)) * 0x9e3779b97f4a7c15;
	held = &planner->held[mixed >> (64 - HELD_BITS)];
	if (held->bucket == number && held->tag == (uint32_t)mixed &&
	    is_held(bucket, held, record, same))
		return false;
	*held = (struct held){
		.at = (uint32_t)bucket->held.length, .tag = (uint32_t)mixed,
		.spills = bucket->spills, .bucket = (uint8_t)number,
	};
	buffer_append(&bucket->held, &length, sizeof length);
	buffer_append(&bucket->held, record->bytes, length);
	if (bucket->held.length >= BUCKET_BUFFER &&
	    !bucket_spill(planner, number))
		planner->failed = true;
	return true;
}
