/* sort: turns buckets into names. Each bucket is sorted by itself, in memory
 * (records). A bucket that is too large for that is first split by further bits
 * of the hash. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/cuts.h"
#include "scanner/plan/heavy.h"
#include "scanner/plan/interrupt.h"
#include "scanner/plan/merge.h"
#include "scanner/plan/ns_sets.h"
#include "scanner/plan/records.h"

/* Only a few, because all buckets from the first to the smallest one are open
 * at the same time. */
#define SPLIT_BITS	4
#define SPLIT		(1 << SPLIT_BITS)
#define NAMES_BUFFER	((size_t)256 << 10)

/* Sorts what is in a file, and what is in memory and came after it. */
static bool
sort_in_memory(struct planner *planner, FILE *bucket, size_t length,
    const struct buffer *held, struct writer *writer)
{
	uint8_t *bytes = xmalloc(length + held->length);
	bool good;

	rewind(bucket);
	good = length == 0 || fread(bytes, length, 1, bucket) == 1;
	if (held->length > 0)
		memcpy(bytes + length, held->bytes, held->length);
	good = good && records_sort(planner, bytes, length + held->length,
	    writer);
	free(bytes);
	return good;
}

/* A bucket that is too large for memory ************************************ */

static bool sort_bucket(struct planner *, FILE *bucket, struct writer *);

/* Its smallest and its greatest hash. */
static bool
find_range(FILE *bucket, struct buffer *record, uint64_t *least,
    uint64_t *most)
{
	struct entry entry;
	int result;

	*least = UINT64_MAX;
	*most = 0;
	rewind(bucket);
	while ((result = bucket_next(bucket, record)) == 1) {
		entry_read(&entry, record->bytes, record->length);
		*least = entry.hash < *least ? entry.hash : *least;
		*most = entry.hash > *most ? entry.hash : *most;
	}
	return result == 0;
}

/* The position of the bits that distinguish the smaller buckets. The first is
 * the highest bit in which two hashes differ, so that no bucket gets all
 * records. */
static unsigned
split_shift(uint64_t least, uint64_t most)
{
	unsigned top = 63;

	while (((least ^ most) >> top & 1) == 0)
		top--;
	return top < SPLIT_BITS ? 0 : top - SPLIT_BITS + 1;
}

/* Each record goes to the smaller bucket of its hash, in the order in which they
 * came. */
static bool
deal(FILE *bucket, struct buffer *record, FILE *smaller[], unsigned shift)
{
	struct entry entry;
	int result;

	rewind(bucket);
	while ((result = bucket_next(bucket, record)) == 1) {
		entry_read(&entry, record->bytes, record->length);
		if (!record_write(record, smaller[entry.hash >> shift &
		    (SPLIT - 1)]))
			return false;
	}
	return result == 0;
}

static bool
split_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	struct buffer record = { 0 };
	FILE *smaller[SPLIT] = { NULL };
	uint64_t least, most;
	bool good = find_range(bucket, &record, &least, &most);

	if (good && least == most) {
		buffer_fini(&record);
		return merge_bucket(planner, bucket, writer);
	}
	for (size_t i = 0; i < SPLIT && good; i++) {
		smaller[i] = bucket_nameless(planner);
		good = smaller[i] != NULL;
	}
	good = good && deal(bucket, &record, smaller, split_shift(least,
	    most)) && fflush(bucket) == 0 &&
	    /* Its records are in the smaller ones now. */
	    ftruncate(fileno(bucket), 0) == 0;
	buffer_fini(&record);
	for (size_t i = 0; i < SPLIT; i++) {
		good = good && sort_bucket(planner, smaller[i], writer);
		if (smaller[i] != NULL)
			fclose(smaller[i]);
	}
	return good;
}

static bool
file_length(FILE *bucket, uint64_t *length)
{
	struct stat status;

	if (fflush(bucket) != 0 || fstat(fileno(bucket), &status) != 0)
		return false;
	*length = (uint64_t)status.st_size;
	return true;
}

static bool
sort_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	static const struct buffer none;
	uint64_t length;

	if (!file_length(bucket, &length))
		return false;
	assert(planner->bucket_bytes <= UINT32_MAX);
	return length <= planner->bucket_bytes
	    ? sort_in_memory(planner, bucket, (size_t)length, &none, writer)
	    : split_bucket(planner, bucket, writer);
}

/* What is only in memory is not written first, unless the whole is too large.
 * A bucket that was never written is sorted where it is. */
static bool
sort_held(struct planner *planner, int number, struct writer *writer)
{
	const struct bucket *bucket = &planner->buckets[number];
	const struct buffer *held = &bucket->held;
	uint64_t length = 0;

	if (bucket->file != NULL && !file_length(bucket->file, &length))
		return false;
	if (length + held->length > planner->bucket_bytes)
		return bucket_spill(planner, number) &&
		    sort_bucket(planner, bucket->file, writer);
	return length == 0
	    ? records_sort(planner, held->bytes, held->length, writer)
	    : sort_in_memory(planner, bucket->file, (size_t)length, held,
	    writer);
}

static bool
sort_one(struct planner *planner, int number, struct writer *writer)
{
	struct bucket *bucket = &planner->buckets[number];
	bool good = sort_held(planner, number, writer);

	/* Its names are in the file of names now. */
	buffer_fini(&bucket->held);
	return good && (bucket->file == NULL ||
	    ftruncate(fileno(bucket->file), 0) == 0);
}

/* 0: chunks are as large as ever. */
static uint32_t
tested_chunk_names(void)
{
	const char *names = getenv(CHUNK_NAMES_ENVIRONMENT);

	return names == NULL ? 0 : (uint32_t)strtoul(names, NULL, 10);
}

static bool
sort_all(struct planner *planner)
{
	int descriptor = own_file_create(planner->folder->descriptor,
	    NAMES_FILE);
	struct writer writer = { .chunk_names = tested_chunk_names() };
	char *buffer;
	bool good = true;

	writer.file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (writer.file == NULL)
		return false;
	buffer = xmalloc(NAMES_BUFFER);
	(void)setvbuf(writer.file, buffer, _IOFBF, NAMES_BUFFER);
	for (int i = 0; i < BUCKETS && good; i++)
		good = !interrupt_has_come() &&
		    sort_one(planner, i, &writer);
	good = good && fflush(writer.file) == 0 && fsync(descriptor) == 0;
	good = fclose(writer.file) == 0 && good;
	free(buffer);
	buffer_fini(&writer.item);
	planner->plan->chunks = writer.chunks;
	planner->plan->chunk_count = writer.count;
	return good;
}

/* Nearly all delegations are in the buckets. */
static bool
settle_cuts(struct planner *planner)
{
	bool good = !cuts_are_open(planner->cuts) ||
	    cuts_settle(planner->cuts, planner->owners);

	for (int i = 0; i < BUCKETS && good &&
	    cuts_are_open(planner->cuts); i++)
		good = bucket_spill(planner, i) &&
		    (planner->buckets[i].file == NULL || cuts_settle(
		    planner->cuts, planner->buckets[i].file));
	return good;
}

bool
plan_sort(struct planner *planner)
{
	bool good;

	planner_flush(planner);
	good = !planner->failed && settle_cuts(planner) &&
	    sort_all(planner) && ns_sets_write(planner->sets, planner);
	/* What follows reads the files of servers and sets. */
	ns_sets_free(planner->sets);
	planner->sets = NULL;
	return good && heavy_set_apart(planner);
}
