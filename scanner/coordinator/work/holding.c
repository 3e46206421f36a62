#include "scanner/coordinator/work/holding.h"

#include <stdlib.h>

#include "scanner/base/memory.h"
#include "scanner/options/command.h"

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
holding_new(const struct options *options)
{
	struct holding *holding = xcalloc(1, sizeof *holding);
	const char *time = getenv(HOLD_ENVIRONMENT);
	bool is_scan = (options->command->options & COMMAND_SCAN) != 0;

	list_init(&holding->held);
	holding->hold_ms = !is_scan ? 0 : time != NULL ? atoi(time) : HOLD_MS;
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

/* The state of the worst identity that its sessions met. */
static enum identity_state
worst_identity(const struct work *work, const struct harvest *harvest)
{
	static const unsigned char ranks[] = {
		[IDENTITY_USUAL] = 0, [IDENTITY_CLEARED] = 0,
		[IDENTITY_ALONE] = 1, [IDENTITY_SUSPECT] = 2,
		[IDENTITY_FORGED] = 3,
	};
	enum identity_state worst = IDENTITY_USUAL;

	for (size_t i = 0; i < harvest->probe_count; i++) {
		const char *identity = harvest->probes[i].identity;
		enum identity_state state = identity == NULL ? IDENTITY_USUAL
		    : network_identity(work->network, identity);

		if (ranks[state] > ranks[worst])
			worst = state;
	}
	return worst;
}

/* A forged session goes back, unless the operator wants it with a flag. */
static enum network_state
state_of(struct work *work, const struct held *held, int64_t now_ms)
{
	enum network_state state = network_state(work->network, held->faces,
	    now_ms);

	if (state != NETWORK_WORKS)
		return state;
	switch (worst_identity(work, held->harvest)) {
	case IDENTITY_SUSPECT:
		return NETWORK_ASKED;
	case IDENTITY_FORGED:
		return network_flags_forged(work->network) ? NETWORK_WORKS
		    : NETWORK_DOWN;
	default:
		return NETWORK_WORKS;
	}
}

bool
holding_wants(const struct work *work, const struct harvest *harvest)
{
	enum identity_state worst = worst_identity(work, harvest);

	if (worst != IDENTITY_USUAL && worst != IDENTITY_CLEARED)
		return true;
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

	for (; link != &holding->held && !work->has_failed &&
	    !work->is_held; link = next) {
		struct held *held = list_entry(link, struct held, link);
		struct batch *batch = held->batch;
		struct harvest *harvest = held->harvest;
		enum network_state state = state_of(work, held, now_ms);

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
