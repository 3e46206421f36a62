#include "scanner/dns/direct/direct_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"

/* The delay until a full send buffer may have room. */
#define FULL_SECONDS	0.005

static const double seconds_of[WAITS] = {
	DIRECT_LATE_SECONDS, DIRECT_FIRST_SECONDS, DIRECT_LATER_SECONDS,
};

static struct direct *
direct_of(struct lane *lane)
{
	return list_entry(lane, struct direct, lane);
}

void
direct_wake(struct direct *direct)
{
	if (!ev_is_active(&direct->deliver))
		ev_timer_start(direct->ev, &direct->deliver);
}

static void
set_timer(struct direct *direct, struct fifo *fifo)
{
	struct question *oldest;
	double seconds;

	if (ev_is_active(&fifo->timer) || list_is_empty(&fifo->questions))
		return;
	oldest = list_entry(fifo->questions.next, struct question, waits);
	seconds = seconds_of[fifo->waits] -
	    (double)(clock_ms() - oldest->sent_ms) / 1000;
	ev_timer_set(&fifo->timer, seconds > 0 ? seconds : 0, 0);
	ev_timer_start(direct->ev, &fifo->timer);
}

static void
on_due(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct direct *direct = watcher->data;
	struct fifo *fifo = list_entry(watcher, struct fifo, timer);
	int64_t expired = clock_ms() -
	    (int64_t)(seconds_of[fifo->waits] * 1000);

	(void)ev;
	(void)revents;
	while (!list_is_empty(&fifo->questions)) {
		struct question *question = list_entry(fifo->questions.next,
		    struct question, waits);

		if (question->sent_ms > expired)
			break;
		if (fifo->waits == WAITS_SOON) {
			list_remove(&question->waits);
			list_append(&direct->fifos[WAITS_FIRST].questions,
			    &question->waits);
			question_is_late(question);
		} else if (udp_socket_has_lost(question->socket))
			question_lost(direct, question->socket);
		else
			question_silent(question);
	}
	set_timer(direct, fifo);
	if (fifo->waits == WAITS_SOON) {
		set_timer(direct, &direct->fifos[WAITS_FIRST]);
		direct_wake(direct);
	}
}

static void
is_sent(struct question *question)
{
	struct direct *direct = question->direct;
	enum waits waits = question->silences == 0 ? WAITS_SOON : WAITS_LATER;

	question->was_asked = true;
	question->questions[question->server]++;
	question->sent_ms = clock_ms();
	direct->counts.questions++;
	list_remove(&question->waits);
	list_append(&direct->fifos[waits].questions, &question->waits);
}

/* Puts up to a batch of questions on the socket; returns how many. */
static unsigned
fill_batch(struct direct *direct, struct list *sending,
    struct udp_socket *socket, struct question *questions[SOCKETS_BATCH])
{
	unsigned count = 0;

	for (struct list *link = sending->next; link != sending &&
	    count < SOCKETS_BATCH && socket->count < socket->room;
	    link = link->next) {
		struct question *question = list_entry(link, struct question,
		    waits);
		struct outgoing *outgoing = &direct->batch[count];

		question_enter_socket(question, socket);
		randomness_take(&direct->randomness, question->exchange.upper,
		    EXCHANGE_CASE_BYTES);
		outgoing->to = question->servers[question->server];
		outgoing->length = exchange_write(&question->exchange,
		    outgoing->bytes);
		questions[count++] = question;
	}
	return count;
}

/* Returns false if the machine takes no more now. */
static bool
send_batch(struct direct *direct, struct list *sending,
    struct udp_socket *socket)
{
	struct question *questions[SOCKETS_BATCH];
	unsigned count = fill_batch(direct, sending, socket, questions), sent;
	int error;

	sent = udp_socket_send(socket, direct->batch, count, &error);
	for (unsigned i = 0; i < sent; i++)
		is_sent(questions[i]);
	/* These stay in `sending`. */
	for (unsigned i = sent; i < count; i++)
		question_leave_socket(questions[i]);
	if (error == EAGAIN)
		return false;
	if (sent < count)
		question_unreachable(questions[sent]);
	return true;
}

static void
send_all(struct direct *direct, uint8_t family)
{
	struct list *sending = &direct->sending[family == 6];

	while (!list_is_empty(sending)) {
		bool is_full;
		struct udp_socket *socket = sockets_choose(direct->sockets,
		    family, &is_full);

		/* A response makes room for other questions. */
		if (socket == NULL && is_full)
			return;
		if (socket == NULL) {
			question_unreachable(list_entry(sending->next,
			    struct question, waits));
		} else if (!send_batch(direct, sending, socket)) {
			ev_timer_again(direct->ev, &direct->full);
			return;
		}
	}
}

static bool
has_room(const struct direct *direct)
{
	const struct direct_counts *counts = &direct->counts;
	unsigned late = counts->late < DIRECT_LATE_MOST ? counts->late
							: DIRECT_LATE_MOST;

	return counts->in_flight < direct->window + late;
}

static void
fill_window(struct direct *direct)
{
	while (!list_is_empty(&direct->waiting) && has_room(direct)) {
		direct->counts.waiting--;
		question_start(direct, list_entry(
		    list_take(&direct->waiting), struct lookup, link));
	}
	send_all(direct, 4);
	send_all(direct, 6);
	for (unsigned i = 0; i < WAITS; i++)
		set_timer(direct, &direct->fifos[i]);
}

static void
on_deliver(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	struct direct *direct = watcher->data;
	struct list ready;

	(void)ev;
	(void)revents;
	list_init(&ready);
	while (!list_is_empty(&direct->answered))
		list_append(&ready, list_take(&direct->answered));
	while (!list_is_empty(&ready))
		lookup_end(list_entry(list_take(&ready), struct lookup, link));
	fill_window(direct);
}

static void
on_full(struct ev_loop *ev, ev_timer *watcher, int revents)
{
	(void)revents;
	ev_timer_stop(ev, watcher);
	direct_wake(watcher->data);
}

static void
take(struct direct *direct, struct lookup *lookup)
{
	list_append(&direct->waiting, &lookup->link);
	direct->counts.waiting++;
	direct_wake(direct);
}

static void
drop(struct direct *direct, struct lookup *lookup)
{
	if (lookup->question != NULL) {
		question_free(lookup->question);
		direct_wake(direct);
		return;
	}
	/* Waiting, or answered and not yet delivered. */
	if (lookup->started_ms == 0)
		direct->counts.waiting--;
	list_remove(&lookup->link);
}

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	take(direct_of(lane), lookup);
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	drop(direct_of(lane), lookup);
}

/* Of the lane for referrals. */
static struct direct *
direct_of_referrals(struct lane *lane)
{
	return list_entry(lane, struct direct, referral_lane);
}

static void
take_referral(struct lane *lane, struct lookup *lookup)
{
	take(direct_of_referrals(lane), lookup);
}

static void
drop_referral(struct lane *lane, struct lookup *lookup)
{
	drop(direct_of_referrals(lane), lookup);
}

bool
question_is_for_referral(const struct question *question)
{
	return question->lookup->lane == &question->direct->referral_lane;
}

struct direct *
direct_new(struct ev_loop *ev, const struct direct_options *options)
{
	struct direct *direct = xcalloc(1, sizeof *direct);
	const struct sockets_owner owner = {
		direct, question_received, question_lost,
	};

	direct->lane = (struct lane){
		.kind = LANE_DIRECT, .ask = take_lookup, .cancel = drop_lookup,
	};
	direct->referral_lane = (struct lane){
		.kind = LANE_DIRECT, .ask = take_referral,
		.cancel = drop_referral,
	};
	direct->ev = ev;
	direct->window = options->window;
	direct->may_ask = options->may_ask;
	direct->tag = options->tag;
	direct->sockets = sockets_new(ev, options->sockets,
	    options->receive_bytes, owner, &direct->randomness);
	list_init(&direct->waiting);
	list_init(&direct->answered);
	for (unsigned i = 0; i < FAMILIES; i++)
		list_init(&direct->sending[i]);
	for (unsigned i = 0; i < WAITS; i++) {
		list_init(&direct->fifos[i].questions);
		direct->fifos[i].waits = i;
		ev_init(&direct->fifos[i].timer, on_due);
		direct->fifos[i].timer.data = direct;
	}
	key_questions_init(direct);
	ev_timer_init(&direct->deliver, on_deliver, 0, 0);
	ev_timer_init(&direct->full, on_full, FULL_SECONDS, FULL_SECONDS);
	direct->deliver.data = direct->full.data = direct;
	return direct;
}

static void
drop_questions(struct list *questions)
{
	while (!list_is_empty(questions))
		lookup_cancel(list_entry(questions->next, struct question,
		    waits)->lookup);
}

static void
drop_lookups(struct list *lookups)
{
	while (!list_is_empty(lookups))
		lookup_cancel(list_entry(lookups->next, struct lookup, link));
}

void
direct_free(struct direct *direct)
{
	if (direct == NULL)
		return;
	drop_lookups(&direct->waiting);
	key_questions_drop(direct);
	drop_lookups(&direct->answered);
	for (unsigned i = 0; i < FAMILIES; i++)
		drop_questions(&direct->sending[i]);
	for (unsigned i = 0; i < WAITS; i++) {
		drop_questions(&direct->fifos[i].questions);
		ev_timer_stop(direct->ev, &direct->fifos[i].timer);
	}
	sockets_free(direct->sockets);
	keys_free(direct->keys);
	ev_timer_stop(direct->ev, &direct->deliver);
	ev_timer_stop(direct->ev, &direct->full);
	free(direct);
}

struct lane *
direct_lane(struct direct *direct)
{
	return &direct->lane;
}

struct lane *
direct_referral_lane(struct direct *direct)
{
	return &direct->referral_lane;
}

void
direct_set_window(struct direct *direct, unsigned window)
{
	direct->window = window;
	direct_wake(direct);
}

void
direct_count(const struct direct *direct, struct direct_counts *counts)
{
	*counts = direct->counts;
}
