#include "scanner/dns/direct/keys.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

#define CHAINS	16384

struct keys {
	struct siphash_key hash_key;
	unsigned	 idle_max;
	unsigned	 idle_count;
	struct list	 idle;		/* the least recently used first */
	struct list	 chains[CHAINS];
};

struct keys *
keys_new(const struct siphash_key *hash_key, unsigned idle_max)
{
	struct keys *keys = xcalloc(1, sizeof *keys);

	keys->hash_key = *hash_key;
	keys->idle_max = idle_max;
	list_init(&keys->idle);
	for (unsigned i = 0; i < CHAINS; i++)
		list_init(&keys->chains[i]);
	return keys;
}

static void
entry_free(struct keys_entry *entry)
{
	list_remove(&entry->chain);
	list_remove(&entry->idle);
	if (entry->state == KEYS_KNOWN)
		secure_keys_free(&entry->keys);
	free(entry);
}

static void
free_oldest(struct keys *keys)
{
	keys->idle_count--;
	entry_free(list_entry(keys->idle.next, struct keys_entry, idle));
}

void
keys_free(struct keys *keys)
{
	if (keys == NULL)
		return;
	while (!list_is_empty(&keys->idle))
		free_oldest(keys);
	for (unsigned i = 0; i < CHAINS; i++)
		assert(list_is_empty(&keys->chains[i]));
	free(keys);
}

/* The name ends with its NUL. */
static struct keys_entry *
entry_new(const struct delegation *delegation)
{
	size_t name = strlen(delegation->name) + 1;
	size_t length = name + delegation->ds_length;
	struct keys_entry *entry = xcalloc(1, sizeof *entry + length);

	entry->length = length;
	memcpy(entry->id, delegation->name, name);
	memcpy(entry->id + name, delegation->ds, delegation->ds_length);
	list_init(&entry->waiting);
	list_init(&entry->chain);
	list_init(&entry->idle);
	return entry;
}

static bool
is_of(const struct keys_entry *entry, const struct delegation *delegation)
{
	size_t name = strlen(delegation->name) + 1;

	return entry->length == name + delegation->ds_length &&
	    memcmp(entry->id, delegation->name, name) == 0 &&
	    memcmp(entry->id + name, delegation->ds,
	    delegation->ds_length) == 0;
}

/* Only the name determines the chain, so entries of one name with different DS
 * records are in the same chain. */
static size_t
chain_of(const struct keys *keys, const char *name)
{
	return siphash(&keys->hash_key, name, strlen(name)) % CHAINS;
}

static struct keys_entry *
find(const struct list *chain, const struct delegation *delegation)
{
	for (struct list *link = chain->next; link != chain;
	    link = link->next) {
		struct keys_entry *entry = list_entry(link, struct keys_entry,
		    chain);

		if (is_of(entry, delegation))
			return entry;
	}
	return NULL;
}

static void
hold(struct keys *keys, struct keys_entry *entry)
{
	if (entry->holders++ > 0)
		return;
	keys->idle_count -= !list_is_empty(&entry->idle);
	list_remove(&entry->idle);
}

struct keys_entry *
keys_hold(struct keys *keys, const struct delegation *delegation, int64_t now_s)
{
	struct list *chain = &keys->chains[chain_of(keys, delegation->name)];
	struct keys_entry *entry = find(chain, delegation);

	assert(delegation->ds_length > 0);
	if (entry != NULL && entry->state == KEYS_KNOWN &&
	    now_s >= entry->until_s) {
		/* Its holders keep it, since they began before it expired. */
		list_remove(&entry->chain);
		if (entry->holders == 0) {
			keys->idle_count--;
			entry_free(entry);
		}
		entry = NULL;
	}
	if (entry == NULL) {
		entry = entry_new(delegation);
		list_append(chain, &entry->chain);
	}
	hold(keys, entry);
	return entry;
}

bool
keys_has(const struct keys *keys, const struct delegation *delegation,
    int64_t now_s)
{
	const struct keys_entry *entry = find(&keys->chains[chain_of(keys,
	    delegation->name)], delegation);

	return entry != NULL && entry->state == KEYS_KNOWN &&
	    now_s < entry->until_s;
}

struct keys_entry *
keys_hold_more(struct keys_entry *entry)
{
	assert(entry->holders > 0);
	entry->holders++;
	return entry;
}

void
keys_release(struct keys *keys, struct keys_entry *entry)
{
	assert(entry->holders > 0);
	if (--entry->holders > 0)
		return;
	assert(list_is_empty(&entry->waiting));
	if (entry->state != KEYS_KNOWN || list_is_empty(&entry->chain)) {
		entry_free(entry);
		return;
	}
	list_append(&keys->idle, &entry->idle);
	if (++keys->idle_count > keys->idle_max)
		free_oldest(keys);
}

void
keys_are_known(struct keys_entry *entry, const struct secure_keys *found,
    unsigned verifications, int64_t now_s)
{
	assert(entry->state == KEYS_ASKED);
	entry->state = KEYS_KNOWN;
	entry->keys = *found;
	entry->verifications = verifications;
	entry->until_s = now_s + found->ttl;
}

void
keys_have_failed(struct keys_entry *entry)
{
	assert(entry->state == KEYS_ASKED);
	entry->state = KEYS_FAILED;
	list_remove(&entry->chain);
}

size_t
keys_count(const struct keys *keys)
{
	return keys->idle_count;
}
