/*
 * waiting_lane: in place of the lanes of a worker, one that answers what a test
 * says when the test says it. For the one source file of a test.
 */
#ifndef MXCENSUS_TESTS_WAITING_LANE_H
#define MXCENSUS_TESTS_WAITING_LANE_H

#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/lane.h"
#include "scanner/worker/worker.h"
#include "tests/unit/answer_builder.h"

static struct worker worker;
/* The lookups that wait for an answer, the oldest first. */
static struct list asked_lookups;
static unsigned asked_ever;

static void
take_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	list_append(&asked_lookups, &lookup->link);
	asked_ever++;
}

static void
drop_lookup(struct lane *lane, struct lookup *lookup)
{
	(void)lane;
	list_remove(&lookup->link);
}

static struct lane waiting_lane = {
	LANE_RECURSIVE, NULL, take_lookup, drop_lookup,
};

struct lane *
worker_lane(const struct worker *of, enum ask ask)
{
	assert_ptr_equal(of, &worker);
	assert_int_equal(ask, ASK_DOMAIN);
	return &waiting_lane;
}

static void
open_lane(void)
{
	list_init(&asked_lookups);
	asked_ever = 0;
	memset(&worker, 0, sizeof worker);
}

/* The lookup about a name that waits for an answer; NULL: there is none. */
static struct lookup *
asked_about(const char *text, uint16_t type)
{
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), name, &length),
	    NAME_OK);
	for (struct list *link = asked_lookups.next; link != &asked_lookups;
	    link = link->next) {
		struct lookup *lookup = list_entry(link, struct lookup, link);

		if (lookup->type == type &&
		    name_order(lookup->name, name) == 0)
			return lookup;
	}
	return NULL;
}

/* Answers, with a packet (or NULL), which it empties. */
static void
answer_with_packet(const char *name, uint16_t type, enum lookup_status status,
    enum dnssec dnssec, struct buffer *packet)
{
	struct lookup *lookup = asked_about(name, type);
	struct answer *answer;

	if (lookup == NULL)
		fail_msg("nobody asks for type %u of %s", type, name);
	list_remove(&lookup->link);
	answer = lookup_new_answer(lookup);
	answer->status = status;
	answer->dnssec = dnssec;
	if (packet != NULL) {
		answer->packet = xmemdup(packet->bytes, packet->length);
		answer->packet_length = packet->length;
		buffer_fini(packet);
	}
	lookup_end(lookup);
}

static inline void
answer_with(const char *name, uint16_t type, enum lookup_status status,
    enum dnssec dnssec)
{
	answer_with_packet(name, type, status, dnssec, NULL);
}

/* Answers with addresses of one family, which end with NULL. */
static inline void
answer_addresses(const char *name, uint32_t ttl, const char *const *texts)
{
	struct address address = { .family = 4 };
	struct buffer packet = { 0 };
	struct lookup *lookup;
	uint16_t type = DNS_A;

	for (; *texts != NULL; texts++) {
		assert_true(address_from_text(*texts, strlen(*texts),
		    &address));
		type = address.family == 4 ? DNS_A : DNS_AAAA;
		if (packet.length == 0)
			answer_begin(&packet, name, type, 0);
		answer_record(&packet, DNS_ANSWER, name, type, ttl,
		    address.bytes, address.family == 4 ? 4 : 16);
	}
	lookup = asked_about(name, type);
	if (lookup == NULL)
		fail_msg("nobody asks for addresses of %s", name);
	list_remove(&lookup->link);
	lookup_new_answer(lookup)->status = LOOKUP_FOUND;
	lookup->answer->ttl = ttl;
	lookup->answer->packet_length = packet.length;
	lookup->answer->packet = packet.bytes;
	lookup_end(lookup);
}

/* One address, and none of the other family. */
static inline void
answer_address(const char *name, uint32_t ttl, const char *text)
{
	const char *const texts[] = { text, NULL };

	answer_addresses(name, ttl, texts);
	answer_with(name, strchr(text, ':') == NULL ? DNS_AAAA : DNS_A,
	    LOOKUP_NODATA, DNSSEC_INSECURE);
}

#endif
