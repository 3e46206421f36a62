/*
 * fuzz_exchange: the response of a delegated name server. The first four bytes
 * are the type that was asked (two), how many labels of the question are above
 * the delegated name, and whether it had EDNS. The question is the question of
 * the packet, in its own case, so that most input gets that far. The delegation
 * has ns1.d.example and ns2.host.example.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"
#include "scanner/dns/delegation.h"
#include "scanner/dns/direct/exchange.h"

#define HEADER_BYTES 12

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const uint8_t servers[] = "\16\0\0\0ns1.d.example\0\0"
    "\21\0\0\0ns2.host.example\0\0";

static enum exchange_end
judge(const struct exchange *exchange, const uint8_t *packet, size_t length,
    struct answer *answer)
{
	enum exchange_end end;

	*answer = (struct answer){
		.dnssec = DNSSEC_UNCHECKED, .lane = LANE_DIRECT,
	};
	end = exchange_read(exchange, NULL, packet, length, answer);
	assert((answer->packet != NULL) == (end == EXCHANGE_CLEAN));
	assert((answer->oddity != ODDITY_NONE) == (end == EXCHANGE_ODD));
	assert((answer->verdict == VERDICT_ODD) == (end == EXCHANGE_ODD));
	assert((answer->dnssec == DNSSEC_INSECURE) == (end == EXCHANGE_CLEAN));
	assert(end != EXCHANGE_WITHOUT_EDNS || exchange->has_edns);
	assert(end != EXCHANGE_FORMERR || !exchange->has_edns);
	return end;
}

/* The end of a packet that differs in one bit. */
static enum exchange_end
judge_changed(const struct exchange *exchange, const uint8_t *packet,
    size_t length, size_t at, uint8_t bit)
{
	uint8_t *copy = xmemdup(packet, length);
	struct answer answer;
	enum exchange_end end;

	copy[at] ^= bit;
	end = judge(exchange, copy, length, &answer);
	free(answer.packet);
	free(copy);
	return end;
}

static void
check_records(const struct exchange *exchange, const uint8_t *packet,
    size_t length, bool is_denial)
{
	struct dns_message message;
	struct dns_record record;
	bool has_soa = false;

	assert(dns_message_open(&message, packet, length));
	while (dns_message_next(&message, &record)) {
		uint8_t target[NAME_WIRE_MAX];

		assert(record.class == 1 || record.type == DNS_OPT);
		if (record.section == DNS_ADDITIONAL)
			continue;
		assert(record.type != DNS_RRSIG);
		if (record.section == DNS_AUTHORITY) {
			assert((record.type != DNS_SOA &&
			    record.type != DNS_NS) || name_find(record.owner,
			    exchange->zone) == record.owner);
			has_soa = has_soa || record.type == DNS_SOA;
			continue;
		}
		assert(name_find(record.owner, exchange->zone) != NULL);
		assert(record.type == exchange->type ||
		    record.type == DNS_CNAME);
		if (record.type != DNS_CNAME)
			continue;
		assert(name_find(record.owner, exchange->zone) != record.owner);
		assert(dns_record_name(&message, &record, target));
		assert(name_find(target, exchange->zone) != NULL);
	}
	assert(!message.malformed && message.offset == length);
	assert(has_soa || !is_denial);
}

static void
check_clean(const struct exchange *exchange, const uint8_t *packet,
    size_t length, const struct answer *answer)
{
	struct answer read = {
		.packet = answer->packet, .packet_length = length,
	};

	assert((packet[2] & 0xfe) == 0x84);
	assert((packet[3] & 0x0f) == 0 || (packet[3] & 0x0f) == 3);
	assert(answer->packet_length == length);
	assert(memcmp(answer->packet, packet, length) == 0);
	assert(name_find(answer->canonical, exchange->zone) != NULL);
	/* As the recursive lane reads it. */
	assert(answer_read(&read, exchange->name, exchange->type));
	assert(read.status == answer->status);
	assert(read.count == answer->count);
	assert(read.has_cname == answer->has_cname);
	assert(memcmp(read.canonical, answer->canonical,
	    name_wire_length(answer->canonical, NAME_WIRE_MAX)) == 0);
	assert(read.ttl >= answer->ttl);
	assert(read.ttl == answer->ttl || answer->ttl == 3600 ||
	    answer->ttl == 86400);
	assert((answer->count > 0) == (answer->status == LOOKUP_FOUND));
	check_records(exchange, packet, length,
	    answer->status != LOOKUP_FOUND);
	/* Without AA, with TC, with another id or as a question. */
	assert(judge_changed(exchange, packet, length, 2, 4) ==
	    EXCHANGE_LAME);
	assert(judge_changed(exchange, packet, length, 2, 2) == EXCHANGE_ODD);
	assert(judge_changed(exchange, packet, length, 1, 1) ==
	    EXCHANGE_MISMATCH);
	assert(judge_changed(exchange, packet, length, 2, 0x80) ==
	    EXCHANGE_MISMATCH);
	assert(judge_changed(exchange, packet, length, 3, 5) ==
	    ((packet[3] & 0x0f) == 0 ? EXCHANGE_REFUSED : EXCHANGE_ODD));
}

/* The question of the packet, if it has one; its case is the case that was
 * sent. */
static void
take_question(struct exchange *exchange, const uint8_t *packet, size_t length,
    uint8_t name[NAME_WIRE_MAX])
{
	struct dns_message message;

	memcpy(name, "\1d\7example", 11);
	if (length >= 2)
		exchange->id = (uint16_t)(packet[0] << 8 | packet[1]);
	if (!dns_message_open(&message, packet, length))
		return;
	memcpy(name, message.question, NAME_WIRE_MAX);
	for (size_t i = 0; i < name_wire_length(name, NAME_WIRE_MAX); i++)
		if (name[i] >= 'a' && name[i] <= 'z' &&
		    packet[HEADER_BYTES + i] != name[i])
			exchange->upper[i / 8] |= (uint8_t)(1 << i % 8);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct delegation delegation = {
		.name = "d.example", .servers = servers,
		.length = sizeof servers - 1,
	};
	struct exchange exchange = { .delegation = &delegation };
	uint8_t name[NAME_WIRE_MAX], question[EXCHANGE_QUESTION_MAX];
	struct answer answer;
	enum exchange_end end;
	size_t asked;

	if (length < 4)
		return 0;
	exchange.type = (uint16_t)(bytes[0] << 8 | bytes[1]);
	if (exchange.type == DNS_CNAME)
		return 0;
	exchange.has_edns = bytes[3] & 1;
	take_question(&exchange, bytes + 4, length - 4, name);
	exchange.name = exchange.zone = name;
	for (unsigned i = 0; i < bytes[2] && *exchange.zone != 0; i++)
		exchange.zone += 1 + *exchange.zone;
	asked = exchange_write(&exchange, question);
	assert(asked <= sizeof question);
	end = judge(&exchange, bytes + 4, length - 4, &answer);
	if (end == EXCHANGE_CLEAN)
		check_clean(&exchange, bytes + 4, length - 4, &answer);
	free(answer.packet);
	/* A question is not an answer to itself. */
	assert(judge(&exchange, question, asked, &answer) ==
	    EXCHANGE_MISMATCH);
	return 0;
}
