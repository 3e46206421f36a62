#include "scanner/dns/recursive/resolver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unbound.h>
#include <unbound-event.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/bogus_reason.h"
#include "scanner/dns/lane.h"
#include "scanner/dns/recursive/places.h"
#include "scanner/dns/recursive/resolver_internal.h"
#include "scanner/dns/recursive/unbound_loop.h"

/* A question that libunbound works on. It may outlive its lookup. */
struct question {
	struct resolver	*resolver;
	struct lookup	*lookup;	/* NULL: no lookup waits for it */
	struct place	 place;		/* while it has a lookup */
};

struct resolver {
	struct lane		 lane;		/* first: what lookups see */
	struct ev_loop		*ev;
	struct ub_event_base	*base;
	struct ub_ctx		*unbound;
	FILE			*silence;	/* where libunbound logs */
	int64_t			 deadline_ms;	/* of a question */
	bool			 has_crash;
	uint8_t			 crash_at[NAME_WIRE_MAX];
	const char		*crash_how;
	struct list		 waiting;	/* lookups */
	struct places		 places;	/* of questions with a lookup */
	struct list		 answered;	/* lookups */
	struct resolver_counts	 counts;
	ev_timer		 deliver;	/* defers done() to the loop */
	ev_timer		 look;		/* when a question is late, or at
						 * its deadline */
	bool			 closing;
};

/* How many questions may linger inside libunbound, as a multiple of the window,
 * before no more are asked. */
#define LINGER 4

static struct resolver *
resolver_of(struct lane *lane)
{
	return list_entry(lane, struct resolver, lane);
}

static void
finish(struct lookup *lookup)
{
	struct resolver *resolver = resolver_of(lookup->lane);

	lookup->answer->milliseconds =
	    (unsigned)(clock_ms() - lookup->started_ms);
	list_append(&resolver->answered, &lookup->link);
	if (!ev_is_active(&resolver->deliver))
		ev_timer_start(resolver->ev, &resolver->deliver);
}

static void
take_bogus(struct answer *answer, const char *why)
{
	if (bogus_is_unanswered(why)) {
		answer->status = LOOKUP_SERVFAIL;
		answer->verdict = VERDICT_SERVERS_FAILED;
		return;
	}
	answer->dnssec = DNSSEC_BOGUS;
	answer->status = LOOKUP_BOGUS;
	snprintf(answer->bogus_text, sizeof answer->bogus_text, "%s", why);
	/* Of the whole text: its end may be cut off. */
	answer->bogus_reason = bogus_reason_of(why);
}

/* libunbound owns the packet and the text, so they are copied first. */
static void
take_answer(struct lookup *lookup, int rcode, const void *packet, int length,
    int secure, const char *why_bogus)
{
	struct answer *answer = lookup_new_answer(lookup);

	/* A non-zero rcode comes with a stale packet and no verdict. */
	if (rcode != 0 || packet == NULL || length <= 0) {
		answer->status = LOOKUP_SERVFAIL;
		answer->verdict = VERDICT_SERVERS_FAILED;
		return;
	}
	if (secure == 1) {
		take_bogus(answer, why_bogus != NULL ? why_bogus : "");
		return;
	}
	answer->dnssec = secure == 2 ? DNSSEC_SECURE : DNSSEC_INSECURE;
	answer->packet = xmemdup(packet, (size_t)length);
	answer->packet_length = (size_t)length;
	if (!answer_read(answer, lookup->name, lookup->type)) {
		free(answer->packet);
		answer->packet = NULL;
		answer->status = LOOKUP_SERVFAIL;
		answer->verdict = VERDICT_ODD;
		answer->dnssec = DNSSEC_UNCHECKED;
	}
}

static void
leave(struct resolver *resolver, struct question *question)
{
	struct lookup *lookup = question->lookup;

	/* A failure comes when libunbound gives up, which says nothing about
	 * how long an answer takes. */
	if (lookup->answer->verdict == VERDICT_ANSWERED)
		places_answered(&resolver->places, &question->place,
		    clock_ms());
	places_leave(&resolver->places, &question->place);
	lookup->question = NULL;
}

/* For tests. */
static void
crash(const char *how)
{
	volatile bool is_spinning = how != NULL && strcmp(how, "spin") == 0;

	while (is_spinning)
		;
	if (how != NULL && strcmp(how, "memory") == 0)
		free(xmalloc(SIZE_MAX / 4));
	abort();
}

static void
on_answer(void *argument, int rcode, void *packet, int length, int secure,
    char *why_bogus, int was_ratelimited)
{
	struct question *question = argument;
	struct resolver *resolver = question->resolver;
	struct lookup *lookup = question->lookup;

	(void)was_ratelimited;
	if (resolver->has_crash && lookup != NULL && memcmp(lookup->name,
	    resolver->crash_at, name_wire_length(lookup->name,
	    NAME_WIRE_MAX)) == 0)
		crash(resolver->crash_how);
	resolver->counts.in_flight--;
	if (lookup != NULL) {
		take_answer(lookup, rcode, packet, length, secure, why_bogus);
		leave(resolver, question);
		finish(lookup);
	} else if (!resolver->closing && !ev_is_active(&resolver->deliver)) {
		/* A place in the window may be free now. */
		ev_timer_start(resolver->ev, &resolver->deliver);
	}
	free(question);
}

static void
set_look(struct resolver *resolver)
{
	int64_t next_ms = places_next_ms(&resolver->places,
	    resolver->deadline_ms);
	int64_t left_ms = next_ms - clock_ms();

	ev_timer_stop(resolver->ev, &resolver->look);
	if (next_ms < 0)
		return;
	ev_timer_set(&resolver->look,
	    left_ms > 0 ? (double)left_ms / 1000 : 0, 0);
	ev_timer_start(resolver->ev, &resolver->look);
}

static void
ask(struct resolver *resolver, struct lookup *lookup)
{
	struct question *question = xcalloc(1, sizeof *question);
	char name[NAME_TEXT_MAX];

	question->resolver = resolver;
	question->lookup = lookup;
	lookup->started_ms = clock_ms();
	lookup->question = question;
	places_take(&resolver->places, &question->place, lookup->started_ms);
	resolver->counts.in_flight++;
	resolver->counts.asked++;
	name_to_text(lookup->name, name);
	/* on_answer may run inside this call, if the answer is cached. */
	if (ub_resolve_event(resolver->unbound, name, lookup->type, 1,
	    question, on_answer, NULL) != 0)
		on_answer(question, 2, NULL, 0, 0, NULL, 0);
}

static void
fill_window(struct resolver *resolver)
{
	struct places *places = &resolver->places;

	places_look(places, clock_ms());
	while (!list_is_empty(&resolver->waiting) &&
	    places_has_free(places) && resolver->counts.in_flight <
	    places->window * LINGER + places->room) {
		resolver->counts.waiting--;
		ask(resolver, list_entry(list_take(&resolver->waiting),
		    struct lookup, link));
	}
	set_look(resolver);
}

static void
on_deliver(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct resolver *resolver = watcher->data;
	struct list ready;

	(void)ev;
	(void)revents;
	/* A question that done() starts may be answered at once; its answer
	 * waits for the next turn of the loop. */
	list_init(&ready);
	while (!list_is_empty(&resolver->answered))
		list_append(&ready, list_take(&resolver->answered));
	while (!list_is_empty(&ready))
		lookup_end(list_entry(list_take(&ready), struct lookup, link));
	fill_window(resolver);
}

static void
expire(struct resolver *resolver, int64_t now_ms)
{
	struct place *place;

	while ((place = places_oldest(&resolver->places)) != NULL &&
	    now_ms - place->since_ms >= resolver->deadline_ms) {
		struct question *question = list_entry(place, struct question,
		    place);
		struct lookup *lookup = question->lookup;
		struct answer *answer = lookup_new_answer(lookup);

		places_leave(&resolver->places, place);
		resolver->counts.timed_out++;
		question->lookup = NULL;
		lookup->question = NULL;
		answer->status = LOOKUP_TIMEOUT;
		answer->verdict = VERDICT_SERVERS_FAILED;
		finish(lookup);
	}
}

static void
on_look(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct resolver *resolver = watcher->data;

	(void)ev;
	(void)revents;
	expire(resolver, clock_ms());
	fill_window(resolver);
}

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	struct resolver *resolver = resolver_of(lane);

	list_append(&resolver->waiting, &lookup->link);
	resolver->counts.waiting++;
	/* Questions are asked from the loop, so that a chain of cached answers
	 * does not become a chain of calls on the stack. */
	if (!ev_is_active(&resolver->deliver))
		ev_timer_start(resolver->ev, &resolver->deliver);
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	struct resolver *resolver = resolver_of(lane);

	if (lookup->question != NULL) {
		places_leave(&resolver->places, &lookup->question->place);
		lookup->question->lookup = NULL;
		lookup->question = NULL;
	} else {
		/* Waiting, or answered and not yet delivered. */
		if (lookup->started_ms == 0)
			resolver->counts.waiting--;
		list_remove(&lookup->link);
	}
}

struct resolver *
resolver_new(struct ev_loop *ev, const struct resolver_options *options,
    char why[256])
{
	struct resolver *resolver = xcalloc(1, sizeof *resolver);
	unsigned room;
	size_t length;

	resolver->lane = (struct lane){
		.kind = LANE_RECURSIVE, .ask = take_lookup,
		.cancel = drop_lookup,
	};
	resolver->ev = ev;
	resolver->deadline_ms = (int64_t)(1000 * (options->is_patient
	    ? RESOLVER_PATIENT_SECONDS : RESOLVER_DEADLINE_SECONDS));
	room = options->sockets / 3 * 2;
	places_init(&resolver->places, options->sockets - room, room);
	places_set_window(&resolver->places, options->window);
	if (options->crash_at != NULL)
		resolver->has_crash = name_from_text(options->crash_at,
		    strlen(options->crash_at), resolver->crash_at, &length) ==
		    NAME_OK;
	resolver->crash_how = options->crash_how;
	list_init(&resolver->waiting);
	list_init(&resolver->answered);
	ev_timer_init(&resolver->deliver, on_deliver, 0, 0);
	ev_init(&resolver->look, on_look);
	resolver->deliver.data = resolver->look.data = resolver;
	resolver->base = unbound_loop_new(ev);
	resolver->unbound = ub_ctx_create_ub_event(resolver->base);
	resolver->silence = fopen("/dev/null", "w");
	if (resolver->unbound == NULL || resolver->silence == NULL) {
		snprintf(why, 256, "the resolver cannot be made");
		resolver_free(resolver);
		return NULL;
	}
	ub_ctx_debugout(resolver->unbound, resolver->silence);
	if (!resolver_set_options(resolver->unbound, options, why)) {
		resolver_free(resolver);
		return NULL;
	}
	return resolver;
}

static void
drop_all(struct list *lookups)
{
	while (!list_is_empty(lookups))
		lookup_cancel(list_entry(lookups->next, struct lookup, link));
}

void
resolver_free(struct resolver *resolver)
{
	struct place *place;

	if (resolver == NULL)
		return;
	resolver->closing = true;
	drop_all(&resolver->waiting);
	drop_all(&resolver->answered);
	while ((place = places_oldest(&resolver->places)) != NULL)
		lookup_cancel(list_entry(place, struct question,
		    place)->lookup);
	/* This calls the callback of every outstanding question. */
	if (resolver->unbound != NULL)
		ub_ctx_delete(resolver->unbound);
	ev_timer_stop(resolver->ev, &resolver->deliver);
	ev_timer_stop(resolver->ev, &resolver->look);
	unbound_loop_free(resolver->base);
	if (resolver->silence != NULL)
		fclose(resolver->silence);
	free(resolver);
}

struct lane *
resolver_lane(struct resolver *resolver)
{
	return &resolver->lane;
}

void
resolver_set_window(struct resolver *resolver, unsigned window)
{
	places_set_window(&resolver->places, window);
	if (!ev_is_active(&resolver->deliver))
		ev_timer_start(resolver->ev, &resolver->deliver);
}

void
resolver_count(const struct resolver *resolver, struct resolver_counts *counts)
{
	*counts = resolver->counts;
	counts->late = resolver->places.in_room;
}
