/*
 * signed: gets the keys of the zone, which a question about a signed delegation
 * needs before it is sent. For the first question that needs them, they are
 * asked for at the same name servers; that question and all others wait in the
 * entry of keys.h for the answer. If the keys cannot be obtained, all waiting
 * questions end.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/direct/direct_internal.h"

/* The question for the keys. It can outlive those that wait for it, so it has
 * its own copy of the delegation. */
struct key_question {
	struct lookup	 lookup;
	struct direct	*direct;
	struct keys_entry *entry;	/* held */
	struct list	 link;		/* direct->key_questions */
	struct delegation delegation;
	uint8_t		 bytes[];	/* its name, servers, and DS */
};

static struct key_question *
key_question_new(const struct delegation *delegation)
{
	size_t name = strlen(delegation->name) + 1;
	size_t servers = delegation->length, ds = delegation->ds_length;
	struct key_question *asked = xcalloc(1, sizeof *asked + name +
	    servers + ds);

	memcpy(asked->bytes, delegation->name, name);
	memcpy(asked->bytes + name, delegation->servers, servers);
	memcpy(asked->bytes + name + servers, delegation->ds, ds);
	asked->delegation = *delegation;
	asked->delegation.name = (const char *)asked->bytes;
	asked->delegation.servers = asked->bytes + name;
	asked->delegation.ds = asked->bytes + name + servers;
	return asked;
}

static void
key_question_free(struct key_question *asked)
{
	keys_release(asked->direct->keys, asked->entry);
	list_remove(&asked->link);
	free(asked);
}

static int64_t
now_s(void)
{
	return clock_wall_ms() / 1000;
}

/* RULES L36: the first waiting question pays for the packets. A server that it
 * would not have asked itself counts as its own first server. */
static void
charge(struct question *question, const struct answer *answer)
{
	for (unsigned i = 0; i < answer->asked_count; i++) {
		const struct asked_server *asked = &answer->asked[i];
		unsigned at = question->server_count;

		while (at > 0 && address_compare(&asked->address,
		    &question->servers[at - 1]) != 0)
			at--;
		question->questions[at > 0 ? at - 1 : 0] +=
		    (uint8_t)asked->questions;
	}
}

static enum oddity
read_keys(struct key_question *asked)
{
	struct answer *answer = asked->lookup.answer;
	struct secure_check check = {
		.zone = asked->lookup.name, .now_s = now_s(),
	};
	struct secure_keys keys;
	enum oddity oddity;

	if (answer->verdict != VERDICT_ANSWERED)
		return answer->oddity;
	oddity = secure_keys_read(&keys, &check, &asked->delegation,
	    answer->packet, answer->packet_length);
	if (oddity == ODDITY_NONE)
		keys_are_known(asked->entry, &keys, check.verifications,
		    check.now_s);
	else
		answer->verdict = VERDICT_ODD;
	return oddity;
}

static void
on_keys(struct lookup *lookup)
{
	struct key_question *asked = list_entry(lookup, struct key_question,
	    lookup);
	struct keys_entry *entry = asked->entry;
	enum oddity oddity = read_keys(asked);
	bool is_first = true;

	if (entry->state != KEYS_KNOWN)
		keys_have_failed(entry);
	while (!list_is_empty(&entry->waiting)) {
		struct question *question = list_entry(
		    list_take(&entry->waiting), struct question, waits);

		if (is_first)
			charge(question, lookup->answer);
		is_first = false;
		if (entry->state == KEYS_KNOWN)
			question_send(question);
		else
			question_end_without(question, lookup->answer->verdict,
			    oddity == ODDITY_NONE ? lookup->answer->status
			    : LOOKUP_SERVFAIL, oddity);
	}
	key_question_free(asked);
}

/* The lane of these questions. They need no room in the window, since the
 * questions that wait for them have taken it. */
static struct direct *
direct_of(struct lane *lane)
{
	return list_entry(lane, struct direct, key_lane);
}

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	question_start(direct_of(lane), lookup);
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	if (lookup->question != NULL) {
		question_free(lookup->question);
		return;
	}
	list_remove(&lookup->link);
}

bool
question_is_for_keys(const struct question *question)
{
	return question->lookup->lane == &question->direct->key_lane;
}

void
key_question_is_late(struct question *question)
{
	struct keys_entry *entry = list_entry(question->lookup,
	    struct key_question, lookup)->entry;

	entry->is_late = true;
	for (struct list *link = entry->waiting.next; link != &entry->waiting;
	    link = link->next)
		question_is_late(list_entry(link, struct question, waits));
}

static void
ask_for_keys(const struct question *question)
{
	struct direct *direct = question->direct;
	struct key_question *asked = key_question_new(
	    question->exchange.delegation);

	asked->direct = direct;
	asked->entry = keys_hold_more(question->keys);
	asked->entry->state = KEYS_ASKED;
	list_init(&asked->link);
	list_append(&direct->key_questions, &asked->link);
	lookup_start(&asked->lookup, &direct->key_lane, &asked->delegation,
	    question->exchange.zone, DNS_DNSKEY, on_keys);
}

void
question_await_keys(struct question *question)
{
	struct direct *direct = question->direct;

	question->keys = keys_hold(direct->keys, question->exchange.delegation,
	    now_s());
	if (question->keys->state == KEYS_KNOWN) {
		question_send(question);
		return;
	}
	list_append(&question->keys->waiting, &question->waits);
	if (question->keys->state == KEYS_NEW)
		ask_for_keys(question);
	else if (question->keys->is_late)
		question_is_late(question);
}

bool
direct_has_keys(const struct direct *direct,
    const struct delegation *delegation)
{
	return keys_has(direct->keys, delegation, now_s());
}

void
key_questions_init(struct direct *direct)
{
	struct siphash_key hash_key;

	randomness_take(&direct->randomness, &hash_key, sizeof hash_key);
	direct->keys = keys_new(&hash_key, KEYS_IDLE_MAX);
	list_init(&direct->key_questions);
	direct->key_lane = (struct lane){
		.kind = LANE_DIRECT, .ask = take_lookup, .cancel = drop_lookup,
	};
}

void
key_questions_drop(struct direct *direct)
{
	while (!list_is_empty(&direct->key_questions)) {
		struct key_question *asked = list_entry(
		    direct->key_questions.next, struct key_question, link);
		struct list *waiting = &asked->entry->waiting;

		while (!list_is_empty(waiting))
			lookup_cancel(list_entry(waiting->next,
			    struct question, waits)->lookup);
		lookup_cancel(&asked->lookup);
		keys_have_failed(asked->entry);
		key_question_free(asked);
	}
}
