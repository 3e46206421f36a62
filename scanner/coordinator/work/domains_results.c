/*
 * domains_results: what follows from committed batches of domains, and from
 * their parts when a restart reads them back: new hosts, names that wait, and
 * policies to be asked for.
 */
#include "scanner/coordinator/work/domains_internal.h"

#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/coordinator/work/policies.h"

static bool
expect(const struct batch *batch, struct map *expected)
{
	return harvest_expect_names(expected, batch, domain_item_next_name);
}

static void
take_hosts(struct work *work, const struct harvest *harvest)
{
	for (size_t i = 0; i < harvest->host_count; i++)
		(void)registry_host(&work->registry, harvest->hosts[i]);
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	work->domains->chunks_committed += batch->queue == &chunks_queue;
	work->run->opted_out += batch->left_out;
	take_hosts(work, harvest);
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		domains_put_in_line(work, &item, clock_ms());
	if (harvest->has_policies)
		policies_want(work, batch->number);
}

/* The domains of a later batch: their rows are there. */
static bool
note_done(struct work *work, uint64_t number)
{
	char name[PART_NAME_MAX];
	struct table_reader *row;
	struct map *done = work->domains->done;
	int descriptor, result = -1;

	batch_output_name(job_outputs_of(JOB_DOMAINS), number,
	    DOMAINS_TO_DOMAINS, name);
	descriptor = folder_read(&work->run->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(TABLE_DOMAINS, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1)
		*map_place(done, table_get(row, DOMAINS_DOMAIN), NULL) = done;
	table_reader_close(row);
	if (descriptor >= 0)
		close(descriptor);
	if (result != 0)
		log_line("%s/%s cannot be read back", work->run->folder.path,
		    name);
	return result == 0;
}

/* Names that were deferred are looked at together when all parts are read. */
static bool
read_back(struct work *work, uint64_t number, const struct harvest *harvest)
{
	struct domains *domains = work->domains;
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	take_hosts(work, harvest);
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		item_line_put_domain(&domains->read_back, &item);
	if (harvest->has_policies)
		policies_want_back(work, number);
	if (number >= work->plan->chunk_count) {
		domains->next_part = number + 1;
		return note_done(work, number);
	}
	work->run->opted_out += work->plan->chunks[number].items -
	    harvest->rows[DOMAINS_TO_DOMAINS] -
	    harvest->rows[DOMAINS_TO_DEFERRED];
	domains->chunk_done[number] = true;
	domains->chunks_committed++;
	return true;
}

/* A name may have been deferred several times, each time from a later part. The
 * last time counts, unless its row has come since. */
static void
all_read_back(struct work *work)
{
	struct domains *domains = work->domains;
	struct item_line *line = &domains->read_back;
	struct wire wire = { line->items.bytes,
	    line->items.bytes + line->items.length, false };
	struct domain_item item;
	uintptr_t ordinal = 0;

	while (wire.at < wire.end && domain_item_get(&wire, &item)) {
		void **last = map_place(domains->done, item.name, NULL);

		ordinal++;
		if (*last != domains->done)
			*last = (void *)ordinal;
	}
	wire.at = line->items.bytes;
	ordinal = 0;
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (map_get(domains->done, item.name) == (void *)++ordinal)
			domains_put_in_line(work, &item, clock_ms());
	item_line_fini(line);
	map_free(domains->done);
	domains->done = NULL;
}

const struct work_kind domains_job = {
	.read = harvest_domains, .expect = expect, .committed = committed,
	.read_back = read_back, .all_read_back = all_read_back,
	.share = { .unstarted_most = 2 },
};
