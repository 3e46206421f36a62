#include "scanner/coordinator/work/server_hosts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/base/write_all.h"
#include "scanner/coordinator/work/domains.h"

#define FOLDER		".work/servers"
#define NAMES_LEAST	5	/* that are delegated to a host */
#define HOSTS_A_BATCH	256
#define FIRST_MS	2000	/* for which chunks wait, at most */

struct server_hosts {
	bool		 is_listed;
	uint32_t	*wanted;	/* the numbers of hosts; those that most
					 * names use come first */
	size_t		 next, count;
	unsigned	 out;		/* batches at workers */
	uint64_t	 next_number;	/* of a batch */
	uint64_t	 next_part;
	uint64_t	 taken;		/* batches with a result */
	int64_t		 since_ms;	/* when a chunk first waited; 0: none */
};

/* The content of a batch. */
struct asked {
	uint32_t	count;
	uint32_t	numbers[HOSTS_A_BATCH];
};

struct server_hosts *
server_hosts_new(void)
{
	return xcalloc(1, sizeof(struct server_hosts));
}

void
server_hosts_free(struct server_hosts *hosts)
{
	free(hosts->wanted);
	free(hosts);
}

/* Making batches *********************************************************** */

struct candidate {
	uint32_t	number, names;
};

static int
compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->names != y->names)
		return x->names > y->names ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static size_t
find_candidates(const struct plan_servers *servers,
    struct candidate **candidates)
{
	size_t count = 0, size = 0;
	struct plan_host host;

	*candidates = NULL;
	for (uint32_t i = 1; plan_host(servers, i, &host); i++) {
		if (host.names < NAMES_LEAST || host.address_count > 0 ||
		    plan_host_is_learned(servers, i))
			continue;
		GROW(*candidates, count, size);
		(*candidates)[count++] = (struct candidate){ i, host.names };
	}
	return count;
}

/* When all parts are read back. */
static void
list(struct work *work)
{
	struct server_hosts *hosts = work->server_hosts;
	struct candidate *candidates;

	if (hosts->is_listed)
		return;
	hosts->is_listed = true;
	hosts->count = find_candidates(work->plan->servers, &candidates);
	if (hosts->count > 0)
		qsort(candidates, hosts->count, sizeof *candidates,
		    compare_candidates);
	hosts->wanted = xcalloc(hosts->count, sizeof *hosts->wanted);
	for (size_t i = 0; i < hosts->count; i++)
		hosts->wanted[i] = candidates[i].number;
	free(candidates);
}

/* A worker has one batch of them at most on average, so that MX hosts never wait
 * for long. */
static bool
has_next(struct work *work, int64_t now_ms)
{
	const struct server_hosts *hosts = work->server_hosts;

	(void)now_ms;
	list(work);
	return hosts->next < hosts->count &&
	    hosts->out < work->options->workers && domains_has_chunk(work);
}

static void
free_asked(struct batch *batch)
{
	free(batch->cargo);
}

static struct batch *
next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct server_hosts *hosts = work->server_hosts;
	/* Far from the numbers of parts, and from the canary's. */
	struct batch *batch = batch_new(JOB_HOSTS, UINT64_MAX / 2 +
	    hosts->next_number++, 1);
	struct asked *asked = xcalloc(1, sizeof *asked);
	struct buffer items = { 0 };
	struct plan_host host;

	(void)worker;
	(void)now_ms;
	batch->cargo = asked;
	batch->free_cargo = free_asked;
	batch->is_scratch = true;
	while (asked->count < HOSTS_A_BATCH && hosts->next < hosts->count) {
		uint32_t number = hosts->wanted[hosts->next++];

		(void)plan_host(work->plan->servers, number, &host);
		host_item_put(&items, &(struct host_item){
		    .name = host.name, .is_name_server = true });
		asked->numbers[asked->count++] = number;
	}
	batch->items = asked->count;
	hosts->out++;
	if (!batch_set_input(batch, &items)) {
		work_output_failed(work, "a batch");
		batch_free(batch);
		batch = NULL;
	}
	buffer_fini(&items);
	return batch;
}

/* Another worker is asked, but never about a host that may have crashed one. */
static void
lost(struct work *work, struct batch *batch)
{
	struct server_hosts *hosts = work->server_hosts;
	const struct asked *asked = batch->cargo;

	hosts->out--;
	for (uint32_t i = asked->count; i-- > 0;)
		if (!batch_is_accused(batch, i))
			hosts->wanted[--hosts->next] = asked->numbers[i];
}

/* A run does not wait for hosts that were not asked yet. */
static bool
is_done(const struct work *work)
{
	(void)work;
	return true;
}

const struct work_queue server_hosts_queue = {
	.kind = JOB_HOSTS, .seat = SEAT_ANY, .has_next = has_next,
	.next = next, .lost = lost, .is_done = is_done,
};

/* Results ****************************************************************** */

/* Did the lookups of its addresses end well, with addresses or without? */
static bool
is_known(const struct host_facts *facts)
{
	return facts->status == HOST_USABLE ||
	    facts->status == HOST_NO_ADDRESS ||
	    facts->status == HOST_NXDOMAIN ||
	    facts->status == HOST_SPECIAL_ADDRESS;
}

/* As of the file: also if this machine has no route to it just now. */
static bool
is_wanted(enum address_class class)
{
	return class == CLASS_PUBLIC || class == CLASS_NO_ROUTE;
}

/* The host with its addresses that may be contacted. */
static void
put_host(struct buffer *part, uint32_t number, const struct host_facts *facts)
{
	struct buffer addresses = { 0 };
	unsigned of_family[2] = { 0 }, count = 0;

	for (size_t i = 0; i < facts->address_count; i++) {
		unsigned *found = &of_family[facts->addresses[i].family == 6];

		if (!is_wanted(facts->classes[i]) || *found == PLAN_ADDRESSES_MAX)
			continue;
		address_put(&addresses, &facts->addresses[i]);
		++*found;
		count++;
	}
	wire_put_number(part, number, 4);
	wire_put_number(part, count, 1);
	buffer_append(part, addresses.bytes, addresses.length);
	buffer_fini(&addresses);
}

/* Results of the worker about other hosts are ignored. */
static void
put_hosts(struct buffer *part, const struct plan_servers *servers,
    const struct asked *asked, const struct harvest *harvest)
{
	struct plan_host host;

	for (uint32_t i = 0; i < asked->count; i++) {
		uintptr_t index;

		(void)plan_host(servers, asked->numbers[i], &host);
		index = (uintptr_t)map_get(harvest->facts_by_name, host.name);
		if (index > 0 && is_known(&harvest->facts[index - 1]))
			put_host(part, asked->numbers[i],
			    &harvest->facts[index - 1]);
	}
}

/* Returns false with errno. */
static bool
write_part(struct work *work, const struct buffer *part,
    char name[PART_NAME_MAX])
{
	struct server_hosts *hosts = work->server_hosts;
	struct folder *folder = &work->run->folder;
	char open[PART_NAME_MAX];
	int descriptor;
	bool good;

	snprintf(open, sizeof open, "servers-%06" PRIu64, hosts->next_part);
	part_name(name, FOLDER, hosts->next_part++, "");
	descriptor = folder_create(folder, open);
	if (descriptor < 0)
		return false;
	good = write_all(descriptor, part->bytes, part->length) &&
	    folder_commit(folder, descriptor, open, name);
	if (!good) {
		int error = errno;

		folder_discard(folder, open);
		errno = error;
	}
	close(descriptor);
	return good;
}

void
server_hosts_take(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct plan_servers *servers = work->plan->servers;
	struct buffer part = { 0 };
	char name[PART_NAME_MAX];

	work->server_hosts->taken++;
	put_hosts(&part, servers, batch->cargo, harvest);
	if (part.length > 0 && !write_part(work, &part, name)) {
		work_batch_failed(work, name);
		lost(work, batch);
	} else {
		work->server_hosts->out--;
		(void)plan_servers_learn(servers, part.bytes, part.length);
	}
	buffer_fini(&part);
	work->events.changed(work->events.tag);
}

bool
server_hosts_first_are_known(const struct work *work)
{
	const struct server_hosts *hosts = work->server_hosts;

	return hosts->taken > 0 ||
	    (hosts->next == hosts->count && hosts->out == 0);
}

bool
server_hosts_are_worth_waiting(const struct work *work, int64_t now_ms)
{
	struct server_hosts *hosts = work->server_hosts;

	if (work->options->lane == CHOOSE_LANE_RECURSIVE ||
	    hosts->taken >= work->options->workers ||
	    (hosts->next == hosts->count && hosts->out == 0))
		return false;
	if (hosts->since_ms == 0)
		hosts->since_ms = now_ms;
	return now_ms - hosts->since_ms < FIRST_MS;
}

/* A restart **************************************************************** */

static bool
read_part(struct work *work, struct folder *folder, const char *name)
{
	struct buffer part = { 0 };
	bool good = folder_read_all(folder, name, &part) &&
	    plan_servers_learn(work->plan->servers, part.bytes, part.length);

	buffer_fini(&part);
	if (!good)
		log_line("%s/%s cannot be read back", folder->path, name);
	return good;
}

bool
server_hosts_read(struct work *work, struct folder *folder,
    uint64_t *next_part)
{
	char name[PART_NAME_MAX];
	uint64_t *numbers;
	size_t count;
	bool good = folder_parts(folder, FOLDER, &numbers, &count);

	if (!good)
		log_line("%s: %s", folder->path, strerror(errno));
	for (size_t i = 0; i < count && good; i++) {
		part_name(name, FOLDER, numbers[i], "");
		*next_part = numbers[i] + 1;
		good = read_part(work, folder, name);
	}
	free(numbers);
	return good;
}

bool
server_hosts_read_back(struct work *work)
{
	return server_hosts_read(work, &work->run->folder,
	    &work->server_hosts->next_part);
}
