#include "tests/unit/answer_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/dns/answer.h"

static void
put(struct buffer *buffer, uint32_t number, unsigned bytes)
{
	while (bytes-- > 0)
		buffer_append_byte(buffer, (uint8_t)(number >> 8 * bytes));
}

void
answer_name(struct buffer *buffer, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	if (name_from_text(text, strlen(text), wire, &length) != NAME_OK)
		assert(!"a name of a test is well-formed");
	buffer_append(buffer, wire, length);
}

void
answer_begin(struct buffer *buffer, const char *question, uint16_t type,
    unsigned rcode)
{
	buffer_fini(buffer);
	put(buffer, 0x12348180, 4);
	buffer->bytes[3] |= (uint8_t)rcode;
	put(buffer, 0x00010000, 4);
	put(buffer, 0, 4);
	answer_name(buffer, question);
	put(buffer, type, 2);
	put(buffer, 1, 2);
}

void
answer_record(struct buffer *buffer, enum dns_section section,
    const char *owner, uint16_t type, uint32_t ttl, const void *rdata,
    size_t length)
{
	/* The low byte of the section's count; the high one at the carry. */
	uint8_t *count = buffer->bytes + 6 + 2 * section;

	if (++count[1] == 0)
		count[0]++;
	answer_name(buffer, owner);
	put(buffer, type, 2);
	put(buffer, 1, 2);
	put(buffer, ttl, 4);
	put(buffer, (uint32_t)length, 2);
	buffer_append(buffer, rdata, length);
}

void
answer_cname(struct buffer *buffer, const char *owner, const char *target)
{
	struct buffer rdata = { 0 };

	answer_name(&rdata, target);
	answer_record(buffer, DNS_ANSWER, owner, DNS_CNAME, 3600, rdata.bytes,
	    rdata.length);
	buffer_fini(&rdata);
}

void
answer_mx(struct buffer *buffer, const char *owner, uint16_t preference,
    const char *exchange)
{
	struct buffer rdata = { 0 };

	put(&rdata, preference, 2);
	answer_name(&rdata, exchange);
	answer_record(buffer, DNS_ANSWER, owner, DNS_MX, 3600, rdata.bytes,
	    rdata.length);
	buffer_fini(&rdata);
}

void
answer_rrsig(struct buffer *buffer, const char *owner, uint16_t covered,
    uint8_t labels)
{
	/* Type covered, algorithm 13, labels, TTL, two times, key tag, the
	 * root as signer, a signature of two bytes. */
	uint8_t rdata[18 + 1 + 2] = { (uint8_t)(covered >> 8),
		(uint8_t)covered, 13, labels };

	answer_record(buffer, DNS_ANSWER, owner, DNS_RRSIG, 3600, rdata,
	    sizeof rdata);
}

void
answer_soa(struct buffer *buffer, const char *owner, uint32_t ttl,
    uint32_t minimum)
{
	struct buffer rdata = { 0 };

	answer_name(&rdata, "ns.example");
	answer_name(&rdata, "hostmaster.example");
	/* Serial, refresh, retry, expire. */
	for (int i = 0; i < 4; i++)
		put(&rdata, 7200, 4);
	put(&rdata, minimum, 4);
	answer_record(buffer, DNS_AUTHORITY, owner, DNS_SOA, ttl, rdata.bytes,
	    rdata.length);
	buffer_fini(&rdata);
}

bool
lookup_answered(struct lookup *lookup, const struct buffer *packet,
    const char *question, uint16_t type)
{
	struct buffer name = { 0 };

	*lookup = (struct lookup){ .type = type };
	answer_name(&name, question);
	lookup->name = xmemdup(name.bytes, name.length);
	buffer_fini(&name);
	lookup->answer = xcalloc(1, sizeof *lookup->answer);
	lookup->answer->packet = xmemdup(packet->bytes, packet->length);
	lookup->answer->packet_length = packet->length;
	return answer_read(lookup->answer, lookup->name, type);
}

void
lookup_answered_fini(struct lookup *lookup)
{
	free(lookup->answer->packet);
	free(lookup->answer);
	free(lookup->name);
	*lookup = (struct lookup){ 0 };
}
