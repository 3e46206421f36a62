#include "analysis/diff/domain_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

#define BITS_OF_A_FIRST	4
#define MARKED		(UINT32_C(1) << 30)
#define USED		(UINT32_C(1) << 31)
#define EXPECTED_LEAST	1024

_Static_assert(sizeof(struct domain_entry) == 20, "20 bytes a domain");
_Static_assert(DELIVERY_COUNT <= 1 << BITS_OF_A_FIRST, "a first has 4 bits");
_Static_assert(SENDER_COUNT * BITS_OF_A_FIRST <= 30, "bits of the flags");

struct domain_table {
	struct siphash_key keys[2];
	struct domain_entry *entries;
	uint64_t	 size, count;
};

struct domain_table *
domain_table_new(uint64_t expected)
{
	struct domain_table *table = xcalloc(1, sizeof *table);

	if (getrandom(table->keys, sizeof table->keys, 0) !=
	    (ssize_t)sizeof table->keys)
		abort();
	if (expected < EXPECTED_LEAST)
		expected = EXPECTED_LEAST;
	table->size = expected + expected / 2;
	table->entries = xcalloc(table->size, sizeof *table->entries);
	return table;
}

void
domain_table_free(struct domain_table *table)
{
	if (table == NULL)
		return;
	free(table->entries);
	free(table);
}

uint64_t
domain_table_count(const struct domain_table *table)
{
	return table->count;
}

static bool
is_of(const struct domain_entry *entry, const uint32_t hash[3])
{
	return memcmp(entry->hash, hash, sizeof entry->hash) == 0;
}

/* Returns the entry of the hash, or the free entry where it goes. 32 bits of
 * the hash, as a fraction of 2^32, say where in the table the search begins,
 * since the size of the table is not a power of two. */
static struct domain_entry *
place_of(struct domain_table *table, const uint32_t hash[3])
{
	uint64_t at = hash[0] * table->size >> 32;

	while ((table->entries[at].bits & USED) != 0 &&
	    !is_of(&table->entries[at], hash))
		at = at + 1 == table->size ? 0 : at + 1;
	return &table->entries[at];
}

static void
grow(struct domain_table *table)
{
	struct domain_entry *old = table->entries;
	uint64_t size = table->size;

	table->size = size + size / 3;
	table->entries = xcalloc(table->size, sizeof *table->entries);
	for (uint64_t i = 0; i < size; i++)
		if ((old[i].bits & USED) != 0)
			*place_of(table, old[i].hash) = old[i];
	free(old);
}

static void
hash_name(const struct domain_table *table, const char *name,
    uint32_t hash[3])
{
	size_t length = strlen(name);
	uint64_t one = siphash(&table->keys[0], name, length);

	hash[0] = (uint32_t)(one >> 32);
	hash[1] = (uint32_t)one;
	hash[2] = (uint32_t)siphash(&table->keys[1], name, length);
}

struct domain_entry *
domain_table_add(struct domain_table *table, const char *name)
{
	struct domain_entry *entry;
	uint32_t hash[3];

	if (table->count >= table->size / 8 * 7)
		grow(table);
	hash_name(table, name, hash);
	entry = place_of(table, hash);
	if ((entry->bits & USED) != 0)
		return NULL;
	memcpy(entry->hash, hash, sizeof hash);
	entry->bits = USED;
	table->count++;
	return entry;
}

struct domain_entry *
domain_table_find(struct domain_table *table, const char *name)
{
	struct domain_entry *entry;
	uint32_t hash[3];

	hash_name(table, name, hash);
	entry = place_of(table, hash);
	return (entry->bits & USED) != 0 ? entry : NULL;
}

void
domain_entry_set(struct domain_entry *entry,
    const enum delivery firsts[SENDER_COUNT])
{
	for (unsigned i = 0; i < SENDER_COUNT; i++)
		entry->bits |= (uint32_t)firsts[i] << i * BITS_OF_A_FIRST;
}

enum delivery
domain_entry_first(const struct domain_entry *entry, enum sender sender)
{
	return (enum delivery)(entry->bits >> sender * BITS_OF_A_FIRST &
	    ((1 << BITS_OF_A_FIRST) - 1));
}

void
domain_entry_mark(struct domain_entry *entry)
{
	entry->bits |= MARKED;
}

bool
domain_entry_is_marked(const struct domain_entry *entry)
{
	return (entry->bits & MARKED) != 0;
}
