/* sort: turns buckets into names. Each bucket is sorted by itself, in memory. A
 * bucket that is too large for that is first split by further bits of the
 * hash. */
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

/* Only a few, because all buckets on the way to the smallest one are open at a
 * time. */
#define SPLIT_BITS	4
#define SPLIT		(1 << SPLIT_BITS)

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

/* One bucket in memory ***************************************************** */

static size_t
count_records(const uint8_t *bytes, size_t length)
{
	size_t count = 0;
	uint32_t record;

	for (size_t at = 0; at < length; at += sizeof record + record) {
		memcpy(&record, bytes + at, sizeof record);
		count++;
	}
	return count;
}

static size_t
list_entries(const uint8_t *bytes, size_t length, struct entry **entries)
{
	size_t count = count_records(bytes, length), at = 0;

	*entries = xcalloc(count, sizeof **entries);
	for (size_t i = 0; i < count; i++) {
		uint32_t record;

		memcpy(&record, bytes + at, sizeof record);
		at += sizeof record;
		entry_read(&(*entries)[i], bytes + at, record);
		(*entries)[i].sequence = i;
		at += record;
	}
	return count;
}

/* Sorts records and writes their distinct names. */
static bool
sort_records(struct planner *planner, const uint8_t *bytes, size_t length,
    struct writer *writer)
{
	struct entry *entries;
	size_t count, first = 0;

	count = list_entries(bytes, length, &entries);
	if (count > 0)
		qsort(entries, count, sizeof *entries, compare_entries);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && strcmp(entries[first].name,
		    entries[i].name) == 0)
			continue;
		merge_entries(planner, entries + first, i - first, writer);
		first = i;
	}
	free(entries);
	return !ferror(writer->file);
}

static bool
sort_in_memory(struct planner *planner, FILE *bucket, size_t length,
    struct writer *writer)
{
	uint8_t *bytes = xmalloc(length);
	bool good = (length == 0 || fread(bytes, length, 1, bucket) == 1) &&
	    sort_records(planner, bytes, length, writer);

	free(bytes);
	return good;
}

/* A bucket that is too large for that ************************************** */

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

/* Where the bits begin that tell the smaller buckets apart: the first of them is
 * the highest bit in which two hashes differ, so that none gets all. */
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
sort_bucket(struct planner *planner, FILE *bucket, struct writer *writer)
{
	struct stat status;

	if (fflush(bucket) != 0 || fstat(fileno(bucket), &status) != 0)
		return false;
	rewind(bucket);
	return (uint64_t)status.st_size <= planner->bucket_bytes
	    ? sort_in_memory(planner, bucket, (size_t)status.st_size, writer)
	    : split_bucket(planner, bucket, writer);
}

/* A bucket that was never written is sorted where it is. */
static bool
sort_one(struct planner *planner, int number, struct writer *writer)
{
	struct bucket *bucket = &planner->buckets[number];

	if (bucket->file == NULL && bucket->held.length <=
	    planner->bucket_bytes)
		return sort_records(planner, bucket->held.bytes,
		    bucket->held.length, writer);
	return bucket_spill(planner, number) &&
	    sort_bucket(planner, bucket->file, writer);
}

static bool
sort_all(struct planner *planner)
{
	int descriptor = own_file_create(planner->folder->descriptor,
	    NAMES_FILE);
	struct writer writer = { 0 };
	bool good = true;

	writer.file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (writer.file == NULL)
		return false;
	for (int i = 0; i < BUCKETS && good; i++)
		good = !interrupt_has_come() &&
		    sort_one(planner, i, &writer);
	good = good && fflush(writer.file) == 0 && fsync(descriptor) == 0;
	good = fclose(writer.file) == 0 && good;
	buffer_fini(&writer.item);
	planner->plan->chunks = writer.chunks;
	planner->plan->chunk_count = writer.count;
	return good;
}

bool
plan_sort(struct planner *planner)
{
	return cuts_settle(planner->cuts, planner->owners) &&
	    sort_all(planner) && ns_sets_write(planner->sets, planner) &&
	    heavy_set_apart(planner);
}
