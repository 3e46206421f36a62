#include "scanner/coordinator/probing/pace.h"

#include <assert.h>
#include <stdlib.h>

#include "scanner/base/heap.h"
#include "scanner/base/memory.h"

#define BACK_OFF_MAX	64	/* times --pause */

struct pace_prefix {
	struct list	 ready;		/* peers at which a target may start */
	unsigned	 in_flight;
	unsigned	 factor;	/* factor of the pause, 1 to
					 * BACK_OFF_MAX */
	int64_t		 last_start_ms;
	int64_t		 next_start_ms;	/* a pause after the last start */
	bool		 queued;	/* the prefix is in pace->prefixes */
};

struct pace {
	const struct options	*options;
	struct map		*by_prefix;
	struct arena		 arena;
	struct heap		 delayed;	/* targets, by when they are due */
	struct heap		 prefixes;	/* by next_start_ms */
	uint64_t		 waiting, in_flight;
	uint64_t		 sessions_most;
	int64_t			 next_start_ms;	/* --rate */
	double			 start_debt_ms;
};

struct pace *
pace_new(const struct options *options)
{
	struct pace *pace = xcalloc(1, sizeof *pace);

	pace->options = options;
	pace->sessions_most = UINT64_MAX;
	pace->by_prefix = map_new();
	return pace;
}

void
pace_set_sessions(struct pace *pace, uint64_t most)
{
	pace->sessions_most = most;
}

void
pace_free(struct pace *pace)
{
	if (pace == NULL)
		return;
	map_free(pace->by_prefix);
	arena_fini(&pace->arena);
	heap_fini(&pace->delayed);
	heap_fini(&pace->prefixes);
	free(pace);
}

static struct pace_prefix *
prefix_of_peer(struct pace *pace, struct peer *peer)
{
	char text[ADDRESS_TEXT_MAX + 4];
	struct prefix network;
	void **slot;

	if (peer->prefix != NULL)
		return peer->prefix;
	network = address_network(&peer->address);
	prefix_to_text(&network, text);
	slot = map_place(pace->by_prefix, text, NULL);
	if (*slot == NULL) {
		struct pace_prefix *prefix = arena_take(&pace->arena,
		    sizeof *prefix);

		list_init(&prefix->ready);
		prefix->factor = 1;
		*slot = prefix;
	}
	peer->prefix = *slot;
	return peer->prefix;
}

/* A prefix is in the heap at most once, and only while it can start something. */
static void
queue_prefix(struct pace *pace, struct pace_prefix *prefix)
{
	if (prefix->queued || list_is_empty(&prefix->ready) ||
	    prefix->in_flight >= pace->options->per_prefix)
		return;
	prefix->queued = true;
	heap_push(&pace->prefixes, prefix->next_start_ms, prefix);
}

static void
make_ready(struct pace *pace, struct peer *peer)
{
	struct pace_prefix *prefix = prefix_of_peer(pace, peer);

	if (list_is_empty(&peer->waiting) || !list_is_empty(&peer->ready) ||
	    peer->in_flight >= pace->options->per_address)
		return;
	list_append(&prefix->ready, &peer->ready);
	queue_prefix(pace, prefix);
}

void
pace_add(struct pace *pace, struct target *target, int64_t due_ms)
{
	pace->waiting++;
	heap_push(&pace->delayed, due_ms, target);
}

static void
wake_delayed(struct pace *pace, int64_t now_ms)
{
	const struct heap_entry *first;

	while ((first = heap_first(&pace->delayed)) != NULL &&
	    first->key <= now_ms) {
		struct target *target = heap_pop(&pace->delayed);

		list_append(&target->peer->waiting, &target->link);
		make_ready(pace, target->peer);
	}
}

static bool
has_place(const struct pace *pace)
{
	return pace->in_flight < pace->options->probes &&
	    pace->in_flight < pace->sessions_most;
}

static int64_t
next_wake(const struct pace *pace)
{
	const struct heap_entry *delayed = heap_first(&pace->delayed);
	const struct heap_entry *prefix = heap_first(&pace->prefixes);
	int64_t wake = INT64_MAX;

	if (delayed != NULL)
		wake = delayed->key;
	if (prefix != NULL && has_place(pace)) {
		int64_t start = prefix->key > pace->next_start_ms
		    ? prefix->key : pace->next_start_ms;

		if (start < wake)
			wake = start;
	}
	return wake;
}

/* --rate limits the starts a second of the whole run. Fractions of a
 * millisecond add up. */
static void
charge_rate(struct pace *pace, int64_t now_ms)
{
	if (pace->options->rate == 0)
		return;
	pace->start_debt_ms += 1000. / (double)pace->options->rate;
	pace->next_start_ms = now_ms + (int64_t)pace->start_debt_ms;
	pace->start_debt_ms -= (double)(int64_t)pace->start_debt_ms;
}

static void
set_pause(const struct pace *pace, struct pace_prefix *prefix)
{
	prefix->next_start_ms = prefix->last_start_ms +
	    (int64_t)(pace->options->pause_ms * prefix->factor);
}

static struct target *
start_in(struct pace *pace, struct pace_prefix *prefix, int64_t now_ms)
{
	struct peer *peer = list_entry(list_take(&prefix->ready),
	    struct peer, ready);
	struct target *target = list_entry(list_take(&peer->waiting),
	    struct target, link);

	peer->in_flight++;
	prefix->in_flight++;
	pace->in_flight++;
	pace->waiting--;
	prefix->last_start_ms = now_ms;
	set_pause(pace, prefix);
	charge_rate(pace, now_ms);
	make_ready(pace, peer);
	queue_prefix(pace, prefix);
	return target;
}

/* Takes the prefix that may start something now out of the heap; NULL if there
 * is none. */
static struct pace_prefix *
take_prefix(struct pace *pace, int64_t now_ms)
{
	const struct heap_entry *first;

	wake_delayed(pace, now_ms);
	while (has_place(pace) &&
	    pace->next_start_ms <= now_ms &&
	    (first = heap_first(&pace->prefixes)) != NULL &&
	    first->key <= now_ms) {
		struct pace_prefix *prefix = heap_pop(&pace->prefixes);

		prefix->queued = false;
		if (list_is_empty(&prefix->ready) ||
		    prefix->in_flight >= pace->options->per_prefix)
			continue;
		if (prefix->next_start_ms > now_ms) {
			/* The prefix was postponed while it was in the
			 * queue. */
			queue_prefix(pace, prefix);
			continue;
		}
		return prefix;
	}
	return NULL;
}

struct target *
pace_next(struct pace *pace, int64_t now_ms, int64_t *wake_ms)
{
	struct pace_prefix *prefix = take_prefix(pace, now_ms);

	if (prefix != NULL)
		return start_in(pace, prefix, now_ms);
	*wake_ms = next_wake(pace);
	return NULL;
}

bool
pace_peek(struct pace *pace, int64_t now_ms, int64_t *wake_ms)
{
	struct pace_prefix *prefix = take_prefix(pace, now_ms);

	if (prefix != NULL) {
		queue_prefix(pace, prefix);
		return true;
	}
	*wake_ms = next_wake(pace);
	return false;
}

void
pace_release(struct pace *pace, struct target *target, bool back_off)
{
	struct peer *peer = target->peer;
	struct pace_prefix *prefix = peer->prefix;

	assert(peer->in_flight > 0 && prefix->in_flight > 0);
	peer->in_flight--;
	prefix->in_flight--;
	pace->in_flight--;
	if (back_off && prefix->factor < BACK_OFF_MAX) {
		/* Doubles the pause that is running now, and not only the next
		 * one. */
		prefix->factor *= 2;
		set_pause(pace, prefix);
	}
	make_ready(pace, peer);
	queue_prefix(pace, prefix);
}

uint64_t
pace_waiting(const struct pace *pace)
{
	return pace->waiting;
}

uint64_t
pace_in_flight(const struct pace *pace)
{
	return pace->in_flight;
}
