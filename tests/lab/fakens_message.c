/*
 * fakens_message: reads what a message asks and writes answers (RFC 1035 4).
 *
 * It shares nothing with the scanner's parser: if the lab read messages as the
 * scanner does, it could not show that both are wrong.
 */
#include "fakens.h"

#include <assert.h>
#include <string.h>

#define HEADER		12
#define TTL		3600
#define DO_BIT		0x8000

uint16_t
read16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

void
write16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The OPT record of a query is the one of its additional section; a query has
 * no other records (except TSIG, which is not used here). */
static void
read_edns(struct query *query, const uint8_t *message, size_t length)
{
	const uint8_t *opt = message + query->end;

	query->udp_max = 512;
	if (read16(message + 10) == 0 || length < query->end + 11 ||
	    opt[0] != 0 || read16(opt + 1) != TYPE_OPT)
		return;
	query->has_edns = true;
	query->wants_dnssec = (read16(opt + 7) & DO_BIT) != 0;
	if (read16(opt + 3) > query->udp_max)
		query->udp_max = read16(opt + 3);
}

bool
query_read(struct query *query, const uint8_t *message, size_t length)
{
	size_t at;

	memset(query, 0, sizeof *query);
	if (length < HEADER || (read16(message + 2) & FLAG_QR) != 0 ||
	    read16(message + 4) != 1)
		return false;
	at = name_read(&query->name, message, length, HEADER);
	if (at == 0 || at + 4 > length)
		return false;
	for (size_t i = HEADER; i < at; i += 1 + (size_t)message[i])
		for (size_t j = 1; j <= message[i]; j++)
			query->has_capital = query->has_capital ||
			    (message[i + j] >= 'A' && message[i + j] <= 'Z');
	query->type = read16(message + at);
	query->end = at + 4;
	read_edns(query, message, length);
	return true;
}

void
answer_bytes(struct answer *answer, const void *bytes, size_t length)
{
	assert(answer->length + length <= sizeof answer->bytes);
	memcpy(answer->bytes + answer->length, bytes, length);
	answer->length += length;
}

void
answer_number(struct answer *answer, uint32_t number, unsigned bytes)
{
	for (unsigned shift = 8 * bytes; shift > 0; shift -= 8) {
		uint8_t byte = (uint8_t)(number >> (shift - 8));

		answer_bytes(answer, &byte, 1);
	}
}

/* The question goes back as it came, in its own mix of cases. */
void
answer_start(struct answer *answer, const struct query *query,
    const uint8_t *question, unsigned flags, enum rcode rcode)
{
	answer->query = query;
	answer->length = 0;
	answer_bytes(answer, question, 2);
	answer_number(answer, FLAG_QR | flags | (unsigned)rcode |
	    (read16(question + 2) & (OPCODE_MASK | FLAG_RD)), 2);
	answer_number(answer, 1, 2);
	answer_number(answer, 0, 4);
	answer_number(answer, 0, 2);
	answer_bytes(answer, question + HEADER, query->end - HEADER);
}

/* As far as its end is one of the question's name, a name points there. */
void
answer_name(struct answer *answer, const struct name *name)
{
	const struct name *asked = &answer->query->name;
	size_t at = 0;

	while (name->bytes[at] != 0) {
		struct name rest = { .length = name->length - at };

		memcpy(rest.bytes, name->bytes + at, rest.length);
		if (name_is_below(asked, &rest)) {
			answer_number(answer, (uint32_t)(0xc000 | (HEADER +
			    asked->length - rest.length)), 2);
			return;
		}
		answer_bytes(answer, name->bytes + at,
		    1 + (size_t)name->bytes[at]);
		at += 1 + (size_t)name->bytes[at];
	}
	answer_number(answer, 0, 1);
}

void
answer_raw(struct answer *answer, const uint8_t *question,
    const uint8_t *bytes, size_t length)
{
	answer->length = 0;
	answer_bytes(answer, question, 2);
	answer_bytes(answer, bytes, 2);
	answer_number(answer, 1, 2);
	answer_bytes(answer, bytes + 2, 6);
	answer_bytes(answer, question + HEADER, answer->query->end - HEADER);
	answer_bytes(answer, bytes + 8, length - 8);
}

static void
count_record(struct answer *answer, enum section section)
{
	uint8_t *count = answer->bytes + 6 + 2 * section;

	write16(count, (uint16_t)(read16(count) + 1));
}

size_t
record_start(struct answer *answer, enum section section,
    const struct name *owner, uint16_t type)
{
	count_record(answer, section);
	answer_name(answer, owner);
	answer_number(answer, type, 2);
	answer_number(answer, 1, 2);
	answer_number(answer, TTL, 4);
	answer_number(answer, 0, 2);
	return answer->length;
}

void
record_end(struct answer *answer, size_t start)
{
	write16(answer->bytes + start - 2,
	    (uint16_t)(answer->length - start));
}

void
answer_end(struct answer *answer)
{
	if (!answer->query->has_edns)
		return;
	count_record(answer, ADDITIONAL);
	answer_number(answer, 0, 1);
	answer_number(answer, TYPE_OPT, 2);
	answer_number(answer, UDP_MAX, 2);
	answer_number(answer, answer->query->wants_dnssec ? DO_BIT : 0, 4);
	answer_number(answer, 0, 2);
}
