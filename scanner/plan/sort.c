/* sort: turns buckets into names. Each bucket is sorted by itself, in memory. A
 * bucket that is too large for that is first split by further bits of the
 * hash. */
#include <assert.h>
#include <endian.h>
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

/* Only a few, because all buckets from the first to the smallest one are open
 * at the same time. */
#define SPLIT_BITS	4
#define SPLIT		(1 << SPLIT_BITS)
/* The set of a record is fetched this many records before its turn, and the
 * record twice as many. */
#define AHEAD		6
#define NAMES_BUFFER	((size_t)256 << 10)

/* A record of a bucket in memory. */
struct key {
	uint64_t	hash;
	uint32_t	at;		/* where it is in the bucket */
};

/* The records of one hash. */
struct run {
	struct entry	*entries;
	size_t		 count, size;
};

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

/* A record begins with its hash. */
static void
list_keys(const uint8_t *bytes, size_t length, struct key keys[])
{
	uint32_t record;

	for (size_t at = 0; at < length; at += sizeof record + record) {
		uint64_t hash;

		memcpy(&record, bytes + at, sizeof record);
		memcpy(&hash, bytes + at + sizeof record, sizeof hash);
		*keys++ = (struct key){ le64toh(hash), (uint32_t)at };
	}
}

/* Sorts by the bits of the hash from `shift` on, byte by byte from the lowest
 * one. Keys that are equal in these bits stay in their order. Returns `keys` or
 * `other`. */
static struct key *
sort_by_bytes(struct key *keys, struct key *other, size_t count,
    unsigned shift)
{
	for (; shift < 64 && count > 1; shift += 8) {
		size_t starts[257] = { 0 };
		struct key *sorted = other;

		for (size_t i = 0; i < count; i++)
			starts[(keys[i].hash >> shift & 255) + 1]++;
		/* All keys have this byte. */
		if (starts[(keys[0].hash >> shift & 255) + 1] == count)
			continue;
		for (size_t i = 1; i < 256; i++)
			starts[i] += starts[i - 1];
		for (size_t i = 0; i < count; i++)
			sorted[starts[keys[i].hash >> shift & 255]++] =
			    keys[i];
		other = keys;
		keys = sorted;
	}
	return keys;
}

static bool
are_sorted(const struct key *keys, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (keys[i - 1].hash > keys[i].hash)
			return false;
	return true;
}

/* Sorts by the hash. Records with the same hash stay in the order in which they
 * came. The hashes make the time twice as long at most, since someone who knows
 * --seed can choose names by their hashes: the high bits nearly always decide,
 * and all bits do if they do not. */
static struct key *
sort_keys(struct key *keys, struct key *other, size_t count)
{
	struct key *sorted = sort_by_bytes(keys, other, count, 24);

	return are_sorted(sorted, count) ? sorted : sort_by_bytes(sorted,
	    sorted == keys ? other : keys, count, 0);
}

static void
run_add(struct run *run, const uint8_t *bytes)
{
	struct entry *entry;
	uint32_t record;

	if (run->count == run->size) {
		run->size = run->size * 2 + 16;
		run->entries = xreallocarray(run->entries, run->size,
		    sizeof *run->entries);
	}
	entry = &run->entries[run->count];
	memcpy(&record, bytes, sizeof record);
	entry_read(entry, bytes + sizeof record, record);
	entry->sequence = run->count++;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order != 0)
		return order;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Nearly always, a hash belongs to one name. */
static void
run_merge(struct planner *planner, struct run *run, struct writer *writer)
{
	struct entry *entries = run->entries;
	size_t first = 0, last = run->count - 1;

	while (last > 0 && strcmp(entries[0].name, entries[last].name) == 0)
		last--;
	if (last > 0)
		qsort(entries, run->count, sizeof *entries, compare_entries);
	for (size_t i = 1; i <= run->count; i++) {
		if (i < run->count && (last == 0 || strcmp(
		    entries[first].name, entries[i].name) == 0))
			continue;
		merge_entries(planner, entries + first, i - first, writer);
		first = i;
	}
	run->count = 0;
}

/* The records of a name are scattered over the bucket, which is larger than the
 * caches. */
static void
prefetch(const uint8_t *record)
{
	__builtin_prefetch(record);
	__builtin_prefetch(record + 64);
}

/* Sorts records and writes their distinct names. */
static bool
sort_records(struct planner *planner, const uint8_t *bytes, size_t length,
    struct writer *writer)
{
	struct key *keys, *other, *sorted;
	struct run run = { 0 };
	size_t count;

	count = count_records(bytes, length);
	keys = xcalloc(count, sizeof *keys);
	other = xcalloc(count, sizeof *other);
	list_keys(bytes, length, keys);
	sorted = sort_keys(keys, other, count);
	for (size_t i = 0; i < count; i++) {
		if (i + 2 * AHEAD < count)
			prefetch(bytes + sorted[i + 2 * AHEAD].at);
		if (i + AHEAD < count)
			entry_prefetch(planner, bytes + sizeof(uint32_t) +
			    sorted[i + AHEAD].at);
		run_add(&run, bytes + sorted[i].at);
		if (i + 1 == count || sorted[i].hash != sorted[i + 1].hash)
			run_merge(planner, &run, writer);
	}
	free(run.entries);
	free(keys);
	free(other);
	return !ferror(writer->file);
}

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
	good = good && sort_records(planner, bytes, length + held->length,
	    writer);
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
	    ? sort_records(planner, held->bytes, held->length, writer)
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
