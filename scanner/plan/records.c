#include "scanner/plan/records.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

/* The set of a record is fetched this many records before its turn, and the
 * record twice as many. */
#define AHEAD		6

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

bool
records_sort(struct planner *planner, const uint8_t *bytes, size_t length,
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
