/*
 * fuzz_answer: a response as the validator hands it on. The first two bytes are
 * the type that was asked; the question is that of the packet.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dns/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
check_answer(const struct lookup *lookup)
{
	const struct answer *answer = lookup->answer;
	struct answer_walk walk;
	unsigned records = 0;

	assert(answer->status == LOOKUP_FOUND ||
	    answer->status == LOOKUP_NODATA ||
	    answer->status == LOOKUP_NXDOMAIN);
	assert(answer->status != LOOKUP_FOUND || answer->count > 0);
	assert(answer->status != LOOKUP_NODATA || answer->count == 0);
	assert(answer->ttl <= INT32_MAX);
	assert(name_wire_length(answer->canonical, NAME_WIRE_MAX) > 0);
	assert(answer->has_cname || memcmp(answer->canonical, lookup->name,
	    name_wire_length(lookup->name, NAME_WIRE_MAX)) == 0);
	assert(!answer->has_cname || lookup->type != DNS_CNAME);
	/* The walk finds as many records as were counted. */
	assert(answer_open(lookup, &walk));
	while (answer_next(lookup, &walk))
		records++;
	assert(records == answer->count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	uint8_t name[NAME_WIRE_MAX] = { 0 };
	struct answer answer = { .status = 0 };
	struct lookup lookup = { .name = name, .answer = &answer };
	struct dns_message message;

	if (length < 2)
		return 0;
	lookup.type = (uint16_t)(bytes[0] << 8 | bytes[1]);
	answer.packet = (uint8_t *)(uintptr_t)(bytes + 2);
	answer.packet_length = length - 2;
	if (dns_message_open(&message, bytes + 2, length - 2))
		memcpy(name, message.question, NAME_WIRE_MAX);
	if (answer_read(&answer, name, lookup.type))
		check_answer(&lookup);
	return 0;
}
