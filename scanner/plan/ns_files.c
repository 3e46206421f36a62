/* ns_files: the addresses of name servers, and the files of the plan that have
 * hosts and sets. */
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/memory.h"
#include "scanner/base/own_file.h"
#include "scanner/plan/merge.h"
#include "scanner/plan/ns_state.h"

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

/* Takes a record of glue. The addresses of a host are taken from one input, as a
 * delegation is. */
static void
take_glue(struct ns_sets *sets, const struct plan *plan, struct wire *record)
{
	uint32_t source = (uint32_t)wire_number(record, 4), index;
	struct address address;
	struct ns_host *host;
	const uint8_t *name;
	size_t length;

	name = wire_bytes(record, &length);
	index = keymap_get(sets->by_name, name, length);
	host = index == 0 ? NULL : ns_host_at(sets, index);
	if (host == NULL || host->number == 0 ||
	    !address_get(record, &address))
		return;
	if (host->addresses != NULL && host->source != source) {
		if (!source_precedes(plan, source, host->source))
			return;
		host->addresses = NULL;
	}
	host->source = source;
	add_address(sets, host, &address);
}

static bool
take_all_glue(struct ns_sets *sets, const struct planner *planner)
{
	struct buffer record = { 0 };
	struct wire wire;
	int result;

	rewind(planner->glue);
	while ((result = bucket_next(planner->glue, &record)) == 1) {
		wire = (struct wire){ record.bytes, record.bytes +
		    record.length, false };
		take_glue(sets, planner->plan, &wire);
	}
	buffer_fini(&record);
	return result == 0;
}

/* Writing ****************************************************************** */

static void
put_host(const struct ns_sets *sets, const void *thing, struct buffer *buffer)
{
	const struct ns_host *host = thing;
	unsigned count = 0;

	(void)sets;
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
put_set(const struct ns_sets *sets, const void *thing, struct buffer *buffer)
{
	const struct ns_set *set = thing;
	uint32_t numbers[SERVERS_MAX];

	for (uint32_t i = 0; i < set->count; i++)
		numbers[i] = ns_host_at(sets, set->hosts[i])->number;
	ns_sort(numbers, set->count);
	wire_put_number(buffer, set->names, 4);
	wire_put_number(buffer, set->signed_names, 4);
	wire_put_number(buffer, set->count, 1);
	for (uint32_t i = 0; i < set->count; i++)
		wire_put_number(buffer, numbers[i], 4);
}

static bool
write_file(struct folder *folder, const char *path,
    const struct ns_sets *sets, void *const in_order[], size_t count,
    void (*put)(const struct ns_sets *, const void *, struct buffer *))
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
	for (size_t i = 0; i < count; i++) {
		record.length = 0;
		put(sets, in_order[i], &record);
		(void)fwrite_unlocked(record.bytes, record.length, 1, file);
	}
	buffer_fini(&record);
	good = !ferror(file) && fflush(file) == 0 && fsync(descriptor) == 0;
	return fclose(file) == 0 && good;
}

static bool
write_hosts(const struct ns_sets *sets, struct folder *folder)
{
	void **in_order = xcalloc(sets->hosts.numbered, sizeof *in_order);
	bool good;

	for (size_t i = 0; i < sets->hosts.count; i++) {
		struct ns_host *host = sets->hosts.at[i];

		if (host->number != 0)
			in_order[host->number - 1] = host;
	}
	good = write_file(folder, SERVERS_FILE, sets, in_order,
	    sets->hosts.numbered, put_host);
	free(in_order);
	return good;
}

static bool
write_sets(const struct ns_sets *sets, struct folder *folder)
{
	void **in_order = xcalloc(sets->sets.numbered, sizeof *in_order);
	bool good;

	for (size_t i = 0; i < sets->sets.count; i++) {
		struct ns_set *set = sets->sets.at[i];

		if (set->number != 0)
			in_order[set->number - 1] = set;
	}
	good = write_file(folder, SETS_FILE, sets, in_order,
	    sets->sets.numbered, put_set);
	free(in_order);
	return good;
}

/* A name counts at each host of its set. */
static void
count_names(struct ns_sets *sets)
{
	for (size_t i = 0; i < sets->sets.count; i++) {
		const struct ns_set *set = sets->sets.at[i];

		for (uint32_t j = 0; j < set->count; j++)
			ns_host_at(sets, set->hosts[j])->names += set->names;
	}
}

bool
ns_sets_write(struct ns_sets *sets, struct planner *planner)
{
	count_names(sets);
	return take_all_glue(sets, planner) &&
	    write_hosts(sets, planner->folder) &&
	    write_sets(sets, planner->folder);
}
