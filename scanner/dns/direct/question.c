#include "scanner/dns/direct/direct_internal.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/delegation.h"

/* If there is only one server, a question that was lost gets a second
 * chance. */
#define TRIES_MIN	2
/* After this many responses to other questions, an attacker is assumed to forge
 * answers. */
#define MISMATCHES_MAX	3
/* How often a question is asked again because we lost the response. */
#define LOST_MAX	3

/* There are tens of thousands. */
_Static_assert(sizeof(struct question) <= DIRECT_QUESTION_BYTES,
    "a question is small");

static struct question *
find(struct udp_socket *socket, const struct address *from, uint16_t id)
{
	struct list *chain = &socket->chains[id % SOCKET_CHAINS];

	for (struct list *link = chain->next; link != chain;
	    link = link->next) {
		struct question *question = list_entry(link, struct question,
		    link);

		if (question->exchange.id == id && (from == NULL ||
		    address_compare(from,
		    &question->servers[question->server]) == 0))
			return question;
	}
	return NULL;
}

void
question_enter_socket(struct question *question, struct udp_socket *socket)
{
	do
		question->exchange.id =
		    randomness_16(&question->direct->randomness);
	while (find(socket, NULL, question->exchange.id) != NULL);
	udp_socket_begin(socket, question->exchange.id, &question->link);
	question->socket = socket;
}

void
question_leave_socket(struct question *question)
{
	if (question->socket == NULL)
		return;
	udp_socket_end(question->socket, &question->link);
	question->socket = NULL;
}

void
question_free(struct question *question)
{
	question_leave_socket(question);
	list_remove(&question->waits);
	question->lookup->question = NULL;
	if (question->keys != NULL)
		keys_release(question->direct->keys, question->keys);
	question->direct->counts.in_flight -= !question_is_for_keys(question);
	question->direct->counts.late -= question->is_late;
	free(question);
}

static void
deliver_later(struct direct *direct, struct lookup *lookup)
{
	list_append(&direct->answered, &lookup->link);
	direct_wake(direct);
}

static void
say_who_was_asked(const struct question *question, struct answer *answer)
{
	_Static_assert(ASKED_MAX == SERVERS_ASKED_MAX, "all have a place");
	for (unsigned i = 0; i < question->server_count; i++)
		if (question->questions[i] > 0)
			answer->asked[answer->asked_count++] = (struct asked_server){
				question->servers[i], question->questions[i],
			};
}

/* The answer is filled. */
static void
finish(struct question *question)
{
	struct direct *direct = question->direct;
	struct lookup *lookup = question->lookup;

	lookup->answer->milliseconds =
	    (unsigned)(clock_ms() - lookup->started_ms);
	say_who_was_asked(question, lookup->answer);
	question_free(question);
	deliver_later(direct, lookup);
}

void
question_end_without(struct question *question, enum answer_verdict verdict,
    enum lookup_status status, enum oddity oddity)
{
	struct answer *answer = lookup_new_answer(question->lookup);

	answer->verdict = verdict;
	answer->status = status;
	answer->oddity = oddity;
	finish(question);
}

static void
finish_odd(struct question *question, enum oddity oddity)
{
	question_end_without(question, VERDICT_ODD, LOOKUP_SERVFAIL, oddity);
}

void
question_send(struct question *question)
{
	struct direct *direct = question->direct;
	const struct address *to = &question->servers[question->server];

	question_leave_socket(question);
	list_remove(&question->waits);
	list_append(&direct->sending[to->family == 6], &question->waits);
	direct_wake(direct);
}

static bool
all_are_struck(const struct question *question)
{
	return question->struck == (1u << question->server_count) - 1;
}

/* All servers have failed, have been silent often enough, or cannot be asked. A
 * failure of our own is not a failure of the servers. */
static void
give_up(struct question *question)
{
	if (!question->was_asked)
		finish_odd(question, ODDITY_NO_SERVER);
	else if (question->lost > LOST_MAX || question->is_cut_off)
		finish_odd(question, ODDITY_OURS);
	else
		question_end_without(question, VERDICT_SERVERS_FAILED,
		    question->has_failed ? LOOKUP_SERVFAIL : LOOKUP_TIMEOUT,
		    ODDITY_NONE);
}

static void
ask_next_server(struct question *question)
{
	if (all_are_struck(question)) {
		give_up(question);
		return;
	}
	do
		question->server = (uint8_t)((question->server + 1) %
		    question->server_count);
	while (question->struck >> question->server & 1);
	question->exchange.has_edns = true;
	question_send(question);
}

/* The server is not asked again for this lookup. */
static void
strike(struct question *question)
{
	question->struck |= (uint8_t)(1u << question->server);
	ask_next_server(question);
}

void
question_unreachable(struct question *question)
{
	question->is_cut_off = true;
	strike(question);
}

void
question_is_late(struct question *question)
{
	if (question_is_for_keys(question)) {
		key_question_is_late(question);
	} else if (!question->is_late) {
		question->is_late = true;
		question->direct->counts.late++;
	}
}

void
question_silent(struct question *question)
{
	unsigned tries = 0;

	for (unsigned i = 0; i < question->server_count; i++)
		tries += (question->struck >> i & 1) == 0;
	question->direct->counts.timed_out++;
	if (++question->silences >= (tries > TRIES_MIN ? tries : TRIES_MIN))
		give_up(question);
	else
		ask_next_server(question);
}

/* The response may have been lost here. */
static void
ask_again(struct question *question)
{
	if (++question->lost > LOST_MAX) {
		give_up(question);
		return;
	}
	question->direct->counts.lost++;
	question_send(question);
}

static void
count_mismatch(struct question *question)
{
	if (++question->mismatches == MISMATCHES_MAX)
		finish_odd(question, ODDITY_MISMATCH);
}

/* No question has the id of this packet. Is it about the same name as a
 * question to this server that has another id? A late response rarely arrives
 * at the socket of the next question, so this is an attacker who guesses
 * ids. */
static void
judge_unmatched(struct udp_socket *socket, const struct address *from,
    const uint8_t *packet, size_t length)
{
	struct dns_message message;

	if (!dns_message_open(&message, packet, length))
		return;
	for (unsigned i = 0; i < SOCKET_CHAINS; i++) {
		struct list *chain = &socket->chains[i], *next;

		for (struct list *link = chain->next; link != chain;
		    link = next) {
			struct question *question = list_entry(link,
			    struct question, link);
			const uint8_t *name = question->exchange.name;

			next = link->next;
			if (address_compare(from,
			    &question->servers[question->server]) == 0 &&
			    question->exchange.type == message.question_type &&
			    memcmp(name, message.question, name_wire_length(
			    name, NAME_WIRE_MAX)) == 0)
				count_mismatch(question);
		}
	}
}

static enum exchange_end
read_response(const struct question *question, const uint8_t *packet,
    size_t length)
{
	const struct keys_entry *keys = question->keys;
	struct answer *answer = lookup_new_answer(question->lookup);
	struct exchange_proof proof;
	enum exchange_end end;

	if (keys != NULL)
		proof = (struct exchange_proof){
			.keys = &keys->keys, .now_s = clock_wall_ms() / 1000,
			.verifications = keys->verifications,
		};
	end = exchange_read(&question->exchange, keys != NULL ? &proof : NULL,
	    packet, length, answer);
	if (end != EXCHANGE_CLEAN && end != EXCHANGE_ODD)
		lookup_drop_answer(question->lookup);
	return end;
}

void
question_received(void *tag, struct udp_socket *socket,
    const struct address *from, const uint8_t *packet, size_t length)
{
	struct direct *direct = tag;
	struct question *question = NULL;

	if (length >= 2)
		question = find(socket, from, (uint16_t)(packet[0] << 8 |
		    packet[1]));
	if (question == NULL) {
		direct->counts.unmatched++;
		judge_unmatched(socket, from, packet, length);
		return;
	}
	switch (read_response(question, packet, length)) {
	case EXCHANGE_CLEAN:
	case EXCHANGE_ODD:
		finish(question);
		break;
	case EXCHANGE_REFUSED:
	case EXCHANGE_SERVFAIL:
	case EXCHANGE_LAME:
	case EXCHANGE_FORMERR:
		question->has_failed = true;
		strike(question);
		break;
	case EXCHANGE_WITHOUT_EDNS:
		question->exchange.has_edns = false;
		question_send(question);
		break;
	case EXCHANGE_MISMATCH:
		direct->counts.unmatched++;
		count_mismatch(question);
		break;
	}
}

void
question_lost(void *tag, struct udp_socket *socket)
{
	struct direct *direct = tag;

	direct->counts.drops++;
	for (unsigned i = 0; i < SOCKET_CHAINS; i++)
		while (!list_is_empty(&socket->chains[i]))
			ask_again(list_entry(socket->chains[i].next,
			    struct question, link));
}

void
question_start(struct direct *direct, struct lookup *lookup)
{
	struct question *question = xcalloc(1, sizeof *question);
	const struct delegation *delegation = lookup->delegation;

	lookup->started_ms = clock_ms();
	lookup->question = question;
	question->direct = direct;
	question->lookup = lookup;
	list_init(&question->link);
	list_init(&question->waits);
	question->exchange = (struct exchange){
		.delegation = delegation, .name = lookup->name,
		.type = lookup->type, .has_edns = true,
		.is_for_referral = question_is_for_referral(question),
	};
	direct->counts.lookups++;
	direct->counts.in_flight += !question_is_for_keys(question);
	if (delegation != NULL && lookup->type != DNS_CNAME) {
		question->exchange.zone = exchange_zone(lookup->name,
		    delegation->name);
		question->server_count = (uint8_t)servers_choose(delegation,
		    direct->may_ask, direct->tag, question->servers);
	}
	if (question->exchange.zone == NULL || question->server_count == 0)
		finish_odd(question, ODDITY_NO_SERVER);
	else if (delegation->ds_length > 0 && !question_is_for_keys(question))
		question_await_keys(question);
	else
		question_send(question);
}
