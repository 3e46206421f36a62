/*
 * domains_results: what follows from committed batches of domains, and from
 * their parts when a restart reads them back: new hosts, names that wait, and
 * policies to be asked for.
 */
#include "scanner/coordinator/work/domains_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/clock.h"
#include "scanner/base/log.h"
#include "scanner/base/memory.h"
#include "scanner/coordinator/work/host_hints.h"
#include "scanner/coordinator/work/policies.h"

static bool
expect(const struct batch *batch, struct map *expected)
{
	return harvest_expect_names(expected, batch, domain_item_next_name);
}

/* If a hint cannot be derived, the host is only asked by another lane. */
static void
take_hosts(struct work *work, const struct batch *batch,
    const struct harvest *harvest)
{
	struct buffer items = { 0 };

	if (work->options->stage == STAGE_DOMAINS)
		return;
	if (host_hints_want(harvest) && !batch_read_input(batch, &items))
		items.length = 0;
	host_hints_take(work->options, &work->registry, harvest, &items,
	    batch->worker);
	buffer_fini(&items);
}

/* At a restart, and in the stage of hosts, the items of a chunk are in the
 * plan. */
void
domains_take_hosts(struct work *work, uint64_t number,
    const struct harvest *harvest)
{
	struct buffer items = { 0 };

	if (work->options->stage == STAGE_DOMAINS)
		return;
	if (number >= work->plan->chunk_count)
		late_hints_note(work->domains->late, work->options, harvest);
	else if (host_hints_want(harvest) && !plan_read_chunk(work->plan,
	    &work->plan->chunks[number], &items))
		items.length = 0;
	host_hints_take(work->options, &work->registry, harvest, &items,
	    HINTS_OF_NOBODY);
	buffer_fini(&items);
}

/* A hint that cannot be found only means another lane. */
static void
take_late_hints(struct work *work)
{
	struct domains *domains = work->domains;

	(void)late_hints_take(domains->late, work->plan, &work->registry);
	late_hints_free(domains->late);
	domains->late = NULL;
}

static void
committed(struct work *work, struct batch *batch,
    const struct harvest *harvest)
{
	struct wire wire = { harvest->deferred.bytes,
	    harvest->deferred.bytes + harvest->deferred.length, false };
	struct domain_item item;

	work->domains->chunks_committed += batch->number <
	    work->plan->chunk_count;
	domains_end_heavy(work->domains, batch);
	work->run->opted_out += batch->left_out;
	take_hosts(work, batch, harvest);
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
	struct keyset *done = work->domains->done;
	int descriptor, result = -1;

	batch_output_name(job_outputs_of(JOB_DOMAINS), number,
	    DOMAINS_TO_DOMAINS, name);
	descriptor = folder_read(&work->run->folder, name);
	row = descriptor < 0 ? NULL
	    : table_reader_open(TABLE_DOMAINS, descriptor);
	while (row != NULL && (result = table_reader_next(row)) == 1) {
		const char *domain = table_get(row, DOMAINS_DOMAIN);

		(void)keyset_add(done, domain, strlen(domain));
	}
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

	domains_take_hosts(work, number, harvest);
	if (harvest->deferred.length > 0) {
		GROW(domains->deferring, domains->deferring_count,
		    domains->deferring_size);
		domains->deferring[domains->deferring_count++] = number;
	}
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

/* Queues the names again that a batch deferred, unless a later batch has them.
 * Returns false with errno. */
static bool
take_deferred(struct work *work, uint64_t number)
{
	struct keyset *done = work->domains->done;
	char name[PART_NAME_MAX];
	struct buffer items = { 0 };
	struct domain_item item;
	struct wire wire;
	bool good;

	batch_output_name(job_outputs_of(JOB_DOMAINS), number,
	    DOMAINS_TO_DEFERRED, name);
	good = folder_read_all(&work->run->folder, name, &items);
	wire = (struct wire){ items.bytes, items.bytes + items.length, !good };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (keyset_add(done, item.name, strlen(item.name)))
			domains_put_in_line(work, &item, clock_ms());
	buffer_fini(&items);
	return good;
}

/* A name may have been deferred several times, each time from a later batch. The
 * last time counts, unless its row has come since. So the last batch comes
 * first. */
static bool
all_read_back(struct work *work)
{
	struct domains *domains = work->domains;
	bool good = true;

	while (good && domains->deferring_count > 0)
		good = take_deferred(work,
		    domains->deferring[--domains->deferring_count]);
	if (!good)
		log_line("%s: deferred names cannot be read back: %s",
		    work->run->folder.path, strerror(errno));
	keyset_free(domains->done);
	domains->done = NULL;
	take_late_hints(work);
	return good;
}

const struct work_kind domains_job = {
	.read = harvest_domains, .expect = expect, .committed = committed,
	.read_back = read_back, .all_read_back = all_read_back,
	.share = { .unstarted_most = 2 },
};
