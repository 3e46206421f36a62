/*
 * domains_left: names of the plan that wait after their chunk: for a name
 * server's budget, for their second pass, or, as suspects, until everything
 * else is done.
 */
#include "scanner/coordinator/work/domains_internal.h"

#include <errno.h>

#include "scanner/coordinator/work/name_servers.h"

/* A batch has at most this many names that waited for name servers. */
#define RELEASE_MOST	1024

void
domains_put_in_line(struct work *work, const struct domain_item *item,
    int64_t failed_ms)
{
	struct domains *domains = work->domains;
	void **place;

	switch (item->state) {
	case ITEM_HELD:
		name_servers_hold(work->name_servers, item);
		break;
	case ITEM_SUSPECT:
	case ITEM_CRASHED:
		item_line_put_domain(&domains->suspects, item);
		place = map_place(domains->aside, item->name, NULL);
		domains->aside_count -= *place != NULL;
		*place = NULL;
		break;
	default:
		second_pass_put_domain(&domains->failed, work->options, item,
		    failed_ms);
		break;
	}
}

void
domains_take_back(struct work *work, struct batch *batch)
{
	struct buffer items = { 0 };
	struct wire wire;
	struct domain_item item;

	if (!batch_read_input(batch, &items))
		work_output_failed(work, "a batch");
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < batch->items &&
	    domain_item_get(&wire, &item); i++) {
		if (batch_is_accused(batch, i))
			item.state = batch->is_convicted ? ITEM_CRASHED
			    : ITEM_SUSPECT;
		domains_put_in_line(work, &item, ALREADY_DUE);
	}
	buffer_fini(&items);
}

/* Names that cannot be read back are lost to this process, so it must end; the
 * next start finds them in the parts of deferred names. */
static void
check_spill(struct work *work)
{
	errno = spill_error(work->spill);
	if (errno != 0)
		work_output_failed(work, "names that wait");
}

static bool
held_has_next(struct work *work, int64_t now_ms)
{
	(void)now_ms;
	return name_servers_held(work->name_servers) > 0;
}

static struct batch *
held_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct batch *batch = NULL;

	if (name_servers_release(work->name_servers, worker, RELEASE_MOST,
	    now_ms, &items) > 0)
		batch = domains_make_batch(work, &items, 1);
	check_spill(work);
	buffer_fini(&items);
	return batch;
}

static bool
held_is_done(const struct work *work)
{
	return name_servers_held(work->name_servers) == 0;
}

const struct work_queue held_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_EACH, .has_next = held_has_next,
	.next = held_next, .lost = domains_take_back, .is_done = held_is_done,
};

static bool
second_has_next(struct work *work, int64_t now_ms)
{
	return now_ms >= second_pass_due_ms(&work->domains->failed);
}

static struct batch *
second_next(struct work *work, unsigned worker, int64_t now_ms)
{
	struct buffer items = { 0 };
	struct batch *batch;

	(void)worker;
	(void)second_pass_take_domains(&work->domains->failed, work->options,
	    now_ms, &items);
	batch = domains_make_batch(work, &items, 2);
	check_spill(work);
	buffer_fini(&items);
	return batch;
}

static bool
second_is_done(const struct work *work)
{
	return work->domains->failed.line.count == 0;
}

static int64_t
second_due_ms(const struct work *work)
{
	return second_pass_due_ms(&work->domains->failed);
}

const struct work_queue domains_second_queue = {
	.kind = JOB_DOMAINS, .seat = SEAT_ANY, .has_next = second_has_next,
	.next = second_next, .lost = domains_take_back,
	.is_done = second_is_done, .due_ms = second_due_ms,
};

bool
domains_has_suspect(const struct work *work)
{
	return work->domains->suspects.count > 0;
}

struct batch *
domains_next_suspect(struct work *work)
{
	struct buffer items = { 0 };
	struct batch *batch;

	(void)item_line_take_domains(&work->domains->suspects, 1, &items);
	batch = domains_make_batch(work, &items, 1);
	buffer_fini(&items);
	return batch;
}
