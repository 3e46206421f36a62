#include "scanner/coordinator/work/holding.h"

#include <stdlib.h>

#include "scanner/base/memory.h"

struct held {
	struct list	 link;
	struct batch	*batch;
	struct harvest	*harvest;
	unsigned	 faces;		/* bits of those that failed */
	int64_t		 until_ms;
};

struct holding {
	struct list	 held;		/* in the order of until_ms */
	uint64_t	 count;
	int64_t		 hold_ms;
};

struct holding *
holding_new(void)
{
	struct holding *holding = xcalloc(1, sizeof *holding);
	const char *time = getenv(HOLD_ENVIRONMENT);

	list_init(&holding->held);
	holding->hold_ms = time != NULL ? atoi(time) : HOLD_MS;
	return holding;
}

static void
held_free(struct holding *holding, struct held *held)
{
	list_remove(&held->link);
	holding->count--;
	free(held);
}

void
holding_free(struct holding *holding)
{
	while (!list_is_empty(&holding->held)) {
		struct held *held = list_entry(holding->held.next, struct held,
		    link);

		batch_free(held->batch);
		harvest_free(held->harvest);
		held_free(holding, held);
	}
	free(holding);
}

bool
holding_wants(const struct harvest *harvest)
{
	for (int face = 0; face < FACE_KINDS; face++)
		if (harvest->faces.bad[face] > 0)
			return true;
	return false;
}

void
holding_put(struct work *work, struct batch *batch, struct harvest *harvest,
    int64_t now_ms)
{
	struct held *held = xcalloc(1, sizeof *held);

	held->batch = batch;
	held->harvest = harvest;
	for (int face = 0; face < FACE_KINDS; face++)
		if (harvest->faces.bad[face] > 0)
			held->faces |= 1u << face;
	held->until_ms = now_ms + work->holding->hold_ms;
	list_append(&work->holding->held, &held->link);
	work->holding->count++;
}

void
holding_look(struct work *work, int64_t now_ms)
{
	struct holding *holding = work->holding;
	struct list *link = holding->held.next, *next;

	for (; link != &holding->held && !work->has_failed; link = next) {
		struct held *held = list_entry(link, struct held, link);
		struct batch *batch = held->batch;
		struct harvest *harvest = held->harvest;
		enum network_state state = network_state(work->network,
		    held->faces, now_ms);

		next = link->next;
		if (state == NETWORK_ASKED ||
		    (state == NETWORK_WORKS && now_ms < held->until_ms))
			continue;
		held_free(holding, held);
		if (state == NETWORK_WORKS)
			work_commit(work, batch, harvest);
		else
			work_give_back(work, batch, harvest);
	}
}

uint64_t
holding_count(const struct work *work)
{
	return work->holding->count;
}

int64_t
holding_wake_ms(const struct work *work)
{
	const struct holding *holding = work->holding;

	return list_is_empty(&holding->held) ? INT64_MAX : list_entry(
	    holding->held.next, struct held, link)->until_ms;
}
