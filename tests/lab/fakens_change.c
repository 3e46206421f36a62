/* fakens_change: changes a message of the upstream server on its way back. */
#include "fakens.h"

#include <ctype.h>
#include <string.h>

#define HEADER	12

/* Names in RDATA that may be compressed (RFC 3597 4): how many bytes stand
 * before them, how many there are. */
static const struct { uint16_t type; unsigned before, names; } compressed[] = {
	{ TYPE_NS, 0, 1 }, { TYPE_CNAME, 0, 1 }, { TYPE_SOA, 0, 2 },
	{ TYPE_PTR, 0, 1 }, { TYPE_MX, 2, 1 },
};

/* RDATA at another place: pointers in it would lead astray. */
static bool
copy_rdata(struct answer *answer, uint16_t type, const uint8_t *message,
    size_t from, size_t end)
{
	for (size_t i = 0; i < sizeof compressed / sizeof compressed[0]; i++) {
		if (compressed[i].type != type)
			continue;
		answer_bytes(answer, message + from, compressed[i].before);
		from += compressed[i].before;
		for (unsigned j = 0; j < compressed[i].names; j++) {
			struct name name;

			from = name_read(&name, message, end, from);
			if (from == 0)
				return false;
			answer_name(answer, &name);
		}
	}
	answer_bytes(answer, message + from, end - from);
	return true;
}

/* Is it one of these, up to a 0? */
static bool
is_listed(uint16_t type, const uint16_t *types)
{
	while (*types != 0 && *types != type)
		types++;
	return *types != 0;
}

size_t
copy_record(struct answer *answer, const uint8_t *message, size_t length,
    size_t from, enum section section, const uint16_t *without)
{
	uint8_t *count = answer->bytes + 6 + 2 * section;
	struct name owner;
	uint16_t type;
	size_t at = name_read(&owner, message, length, from), end, start;

	if (at == 0 || at + 10 > length)
		return 0;
	type = read16(message + at);
	end = at + 10 + read16(message + at + 8);
	if (end > length)
		return 0;
	if (is_listed(type, without))
		return end;
	write16(count, (uint16_t)(read16(count) + 1));
	answer_name(answer, &owner);
	answer_bytes(answer, message + at, 10);
	start = answer->length;
	if (!copy_rdata(answer, type, message, at + 10, end))
		return 0;
	record_end(answer, start);
	return end;
}

void
strip_rrsig(struct answer *answer, const struct query *query,
    const uint8_t *message, size_t length)
{
	static const uint16_t signatures[] = { TYPE_RRSIG, 0 };
	size_t at = query->end;

	answer->query = query;
	answer->length = 0;
	answer_bytes(answer, message, at);
	memset(answer->bytes + 6, 0, HEADER - 6);
	for (unsigned section = ANSWER; section <= ADDITIONAL; section++)
		for (unsigned i = read16(message + 6 + 2 * section);
		    i > 0 && at != 0; i--)
			at = copy_record(answer, message, length, at,
			    section, signatures);
}

/* Another first letter, which is the owner's too where it points here. */
void
change_question(uint8_t *message, size_t length)
{
	if (length > HEADER + 1 && message[HEADER] != 0)
		message[HEADER + 1] = message[HEADER + 1] == 'x' ? 'y' : 'x';
}

void
change_preference(uint8_t *message, size_t length, const struct query *query,
    uint16_t preference)
{
	size_t at = query->end;

	for (unsigned i = read16(message + 6); i > 0; i--) {
		struct name owner;

		at = name_read(&owner, message, length, at);
		if (at == 0 || at + 12 > length)
			return;
		if (read16(message + at) == TYPE_MX)
			write16(message + at + 10, preference);
		at += 10 + (size_t)read16(message + at + 8);
	}
}

/* The lengths of labels are below 'A'. */
void
lower_question(uint8_t *message, size_t end)
{
	for (size_t at = HEADER; at + 4 < end; at++)
		message[at] = (uint8_t)tolower(message[at]);
}
