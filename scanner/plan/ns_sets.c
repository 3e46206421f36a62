#include "scanner/plan/ns_sets.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/merge.h"

#define KEY_MAX		(SERVERS_MAX * 9 + 1)
#define MEMO		1024
#define MEMO_TEXT	112

struct ns_address {
	struct ns_address *next;
	struct address	 address;
};

struct ns_host {
	const char	*name;		/* the map's */
	struct ns_address *addresses;
	uint32_t	 number;
	uint32_t	 names;		/* delegations to it; known when
					 * they are written */
	uint32_t	 source;	/* the input that has the addresses */
};

struct ns_set {
	const char	*operator;	/* NULL: not known yet */
	uint32_t	 number;
	uint32_t	 names, signed_names;
	uint32_t	 count;
	uint32_t	 hosts[];	/* their numbers, in order */
};

/* A recently looked-up set: most delegations have one of a few sets. If the
 * hash, which has no key, gives two sets the same place, both are looked up
 * each time. */
struct memo {
	struct ns_set	*set;		/* NULL: free */
	uint32_t	 length;
	char		 text[MEMO_TEXT];	/* its hosts, each with its NUL,
						 * then zeros */
};

/* Pointers in the order of their numbers. */
struct numbered {
	void		**at;
	size_t		 count, size;
};

struct ns_sets {
	struct map	*by_name;	/* hosts */
	struct map	*by_hosts;	/* sets, by the numbers of their hosts
					 * as a text */
	struct numbered	 hosts, sets;
	struct memo	*memos;
	struct arena	 arena;
};

struct ns_sets *
ns_sets_new(void)
{
	struct ns_sets *sets = xcalloc(1, sizeof *sets);

	sets->by_name = map_new();
	sets->by_hosts = map_new();
	sets->memos = xcalloc(MEMO, sizeof *sets->memos);
	return sets;
}

void
ns_sets_free(struct ns_sets *sets)
{
	if (sets == NULL)
		return;
	map_free(sets->by_name);
	map_free(sets->by_hosts);
	free(sets->hosts.at);
	free(sets->sets.at);
	free(sets->memos);
	arena_fini(&sets->arena);
	free(sets);
}

/* Returns the number. */
static uint32_t
number(struct numbered *all, void *thing)
{
	if (all->count == all->size) {
		all->size = all->size * 2 + 64;
		all->at = xreallocarray(all->at, all->size, sizeof *all->at);
	}
	all->at[all->count++] = thing;
	assert(all->count <= UINT32_MAX);
	return (uint32_t)all->count;
}

static struct ns_host *
host_of(struct ns_sets *sets, const char *name)
{
	const char *copy;
	void **place = map_place(sets->by_name, name, &copy);
	struct ns_host *host = *place;

	if (host != NULL)
		return host;
	host = *place = arena_take(&sets->arena, sizeof *host);
	host->name = copy;
	host->number = number(&sets->hosts, host);
	return host;
}

/* There are a few. */
static void
sort_numbers(uint32_t numbers[], size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t number = numbers[i];
		size_t at = i;

		for (; at > 0 && numbers[at - 1] > number; at--)
			numbers[at] = numbers[at - 1];
		numbers[at] = number;
	}
}

/* Appends the number in base 16, and a space. */
static char *
put_number(char *at, uint32_t number)
{
	unsigned shift = 28;

	while (shift > 0 && number >> shift == 0)
		shift -= 4;
	for (;; shift -= 4) {
		*at++ = "0123456789abcdef"[number >> shift & 15];
		if (shift == 0)
			break;
	}
	*at++ = ' ';
	return at;
}

static struct ns_set *
set_of(struct ns_sets *sets, const uint32_t hosts[], size_t count)
{
	char key[KEY_MAX], *at = key;
	struct ns_set *set;
	void **place;

	for (size_t i = 0; i < count; i++)
		at = put_number(at, hosts[i]);
	*at = '\0';
	place = map_place(sets->by_hosts, key, NULL);
	if (*place != NULL)
		return *place;
	set = *place = arena_take(&sets->arena, sizeof *set +
	    count * sizeof *hosts);
	set->count = (uint32_t)count;
	memcpy(set->hosts, hosts, count * sizeof *hosts);
	set->number = number(&sets->sets, set);
	return set;
}

static struct ns_set *
look_up(struct ns_sets *sets, const char *const servers[], size_t count)
{
	uint32_t hosts[SERVERS_MAX];

	for (size_t i = 0; i < count; i++)
		hosts[i] = host_of(sets, servers[i])->number;
	sort_numbers(hosts, count);
	return set_of(sets, hosts, count);
}

/* Returns the place of a set in the memo, and writes its content if it is this
 * set. Returns NULL if its names are too long. */
static struct memo *
memo_of(const struct ns_sets *sets, const char *const servers[], size_t count,
    struct memo *wanted)
{
	uint64_t hash = 0, word;

	*wanted = (struct memo){ 0 };
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(servers[i]) + 1;

		if (size > MEMO_TEXT - wanted->length)
			return NULL;
		memcpy(wanted->text + wanted->length, servers[i], size);
		wanted->length += (uint32_t)size;
	}
	for (size_t i = 0; i < wanted->length; i += sizeof word) {
		memcpy(&word, wanted->text + i, sizeof word);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	return &sets->memos[hash % MEMO];
}

static struct ns_set *
find_set(struct ns_sets *sets, const char *const servers[], size_t count)
{
	struct memo wanted, *memo = memo_of(sets, servers, count, &wanted);

	if (memo == NULL)
		return look_up(sets, servers, count);
	if (memo->set != NULL && memo->length == wanted.length &&
	    memcmp(memo->text, wanted.text, wanted.length) == 0)
		return memo->set;
	wanted.set = look_up(sets, servers, count);
	*memo = wanted;
	return memo->set;
}

uint32_t
ns_sets_take(struct ns_sets *sets, const char *const servers[], size_t count,
    bool has_ds)
{
	struct ns_set *set;

	if (count == 0)
		return 0;
	assert(count <= SERVERS_MAX);
	set = find_set(sets, servers, count);
	set->names++;
	set->signed_names += has_ds;
	return set->number;
}

const char *
ns_sets_operator(const struct ns_sets *sets, uint32_t set)
{
	return ((const struct ns_set *)sets->sets.at[set - 1])->operator;
}

void
ns_sets_set_operator(struct ns_sets *sets, uint32_t set, const char *operator)
{
	struct ns_set *one = sets->sets.at[set - 1];

	one->operator = arena_text(&sets->arena, operator);
}

/* Addresses **************************************************************** */

/* Appends the address to the list, unless it is there already or its family is
 * full. */
static void
add_address(struct ns_sets *sets, struct ns_host *host,
    const struct address *address)
{
	struct ns_address **last = &host->addresses;
	unsigned of_family = 0;

	for (; *last != NULL; last = &(*last)->next) {
		if (address_compare(&(*last)->address, address) == 0)
			return;
		of_family += (*last)->address.family == address->family;
	}
	if (of_family == PLAN_ADDRESSES_MAX)
		return;
	*last = arena_take(&sets->arena, sizeof **last);
	(*last)->address = *address;
}

/* The addresses of a host are taken from one input, as a delegation is. */
static void
take_glue(struct ns_sets *sets, const struct plan *plan, struct entry *entry)
{
	struct ns_host *host = map_get(sets->by_name, entry->name);
	struct address address;

	if (host == NULL || !address_get(&entry->rest, &address))
		return;
	if (host->addresses != NULL && host->source != entry->source) {
		if (!source_precedes(plan, entry->source, host->source))
			return;
		host->addresses = NULL;
	}
	host->source = entry->source;
	add_address(sets, host, &address);
}

static bool
take_all_glue(struct ns_sets *sets, const struct planner *planner)
{
	struct buffer record = { 0 };
	struct entry entry;
	int result;

	rewind(planner->glue);
	while ((result = bucket_next(planner->glue, &record)) == 1) {
		entry_read(&entry, record.bytes, record.length);
		take_glue(sets, planner->plan, &entry);
	}
	buffer_fini(&record);
	return result == 0;
}

/* Writing ****************************************************************** */

static void
put_host(struct buffer *buffer, const void *thing)
{
	const struct ns_host *host = thing;
	unsigned count = 0;

	for (const struct ns_address *at = host->addresses; at != NULL;
	    at = at->next)
		count++;
	wire_put_number(buffer, host->names, 4);
	wire_put_text(buffer, host->name);
	wire_put_number(buffer, count, 1);
	for (const struct ns_address *at = host->addresses; at != NULL;
	    at = at->next)
		address_put(buffer, &at->address);
}

static void
put_set(struct buffer *buffer, const void *thing)
{
	const struct ns_set *set = thing;

	wire_put_number(buffer, set->names, 4);
	wire_put_number(buffer, set->signed_names, 4);
	wire_put_number(buffer, set->count, 1);
	for (uint32_t i = 0; i < set->count; i++)
		wire_put_number(buffer, set->hosts[i], 4);
}

static bool
write_file(struct folder *folder, const char *path,
    const struct numbered *all, void (*put)(struct buffer *, const void *))
{
	int descriptor = own_file_create(folder->descriptor, path);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	struct buffer record = { 0 };
	bool good;

	if (file == NULL) {
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	for (size_t i = 0; i < all->count; i++) {
		record.length = 0;
		put(&record, all->at[i]);
		(void)fwrite(record.bytes, record.length, 1, file);
	}
	buffer_fini(&record);
	good = !ferror(file) && fflush(file) == 0 && fsync(descriptor) == 0;
	return fclose(file) == 0 && good;
}

/* A name counts at each host of its set. */
static void
count_names(struct ns_sets *sets)
{
	for (size_t i = 0; i < sets->sets.count; i++) {
		const struct ns_set *set = sets->sets.at[i];

		for (uint32_t j = 0; j < set->count; j++) {
			struct ns_host *host =
			    sets->hosts.at[set->hosts[j] - 1];

			host->names += set->names;
		}
	}
}

bool
ns_sets_write(struct ns_sets *sets, struct planner *planner)
{
	count_names(sets);
	return take_all_glue(sets, planner) &&
	    write_file(planner->folder, SERVERS_FILE, &sets->hosts,
	    put_host) &&
	    write_file(planner->folder, SETS_FILE, &sets->sets, put_set);
}
