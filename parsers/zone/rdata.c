/*
 * zone_rdata: RDATA of the types that are decoded: NS, A, SOA (RFC 1035 3.3),
 * AAAA (RFC 3596), DS (RFC 4034 5.3), RRSIG (signature.c), each also as \#
 * (RFC 3597 5).
 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "parsers/zone/zone_internal.h"

/* An SOA record, with two names and five numbers, is shorter. */
#define UNKNOWN_MAX	ZONE_SIGNATURE_MAX

void
zone_emit(struct zone_parser *parser, struct zone_record *record,
    uint16_t type, uint32_t ttl)
{
	const struct zone_name *owner = &parser->owners[parser->owner];

	record->owner = owner->bytes;
	record->owner_length = owner->length;
	record->type = type;
	record->ttl = ttl;
	record->line = parser->entry_line;
	if (type == ZONE_SOA) {
		parser->soa_count++;
		if (parser->apex.length == 0)
			parser->apex = *owner;
	}
	parser->handler.on_record(parser->handler.tag, record);
}

/* Reads four decimal numbers without leading zeros, as inet_pton does, but
 * faster. */
bool
zone_ipv4(const char *text, size_t length, uint8_t address[4])
{
	const char *at = text, *end = text + length;

	for (unsigned i = 0; i < 4; i++) {
		const char *first;
		unsigned value = 0;

		if (i != 0 && (at == end || *at++ != '.'))
			return false;
		first = at;
		while (at < end && zone_is_digit(*at) && at - first < 3)
			value = value * 10 + (unsigned)(*at++ - '0');
		if (at == first || value > 255 ||
		    (*first == '0' && at - first > 1))
			return false;
		address[i] = (uint8_t)value;
	}
	return at == end;
}

bool
zone_ipv6(const char *text, size_t length, uint8_t address[16])
{
	char copy[INET6_ADDRSTRLEN];

	if (length >= sizeof copy || memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return inet_pton(AF_INET6, copy, address) == 1;
}

bool
zone_is_unknown(const struct zone_cursor *cursor)
{
	return !cursor->is_quoted && cursor->length == 2 &&
	    memcmp(cursor->token, "\\#", 2) == 0;
}

/* The value of a hexadecimal digit, plus 1; 0: it is none. */
static const uint8_t hex_digits[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
	['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int
hex_digit(char byte)
{
	return hex_digits[(uint8_t)byte] - 1;
}

bool
zone_hex(const char *text, size_t length, uint8_t *bytes, size_t room)
{
	if (length % 2 != 0)
		return false;
	for (size_t i = 0; i < length / 2; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		if (i < room)
			bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* RFC 3597 allows no word with an odd number of digits, and no software writes
 * a DS like that. */
bool
zone_read_hex(struct zone_cursor *cursor, uint8_t *bytes, size_t room,
    size_t *length)
{
	enum zone_next next;

	*length = 0;
	while ((next = zone_next(cursor)) == ZONE_TOKEN) {
		size_t kept = *length < room ? *length : room;

		if (cursor->is_quoted || !zone_hex(cursor->token,
		    cursor->length, bytes + kept, room - kept))
			return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
		*length += cursor->length / 2;
	}
	return next == ZONE_END;
}

bool
zone_read_number(struct zone_cursor *cursor, uint32_t max, uint32_t *number)
{
	return zone_word(cursor) &&
	    (zone_number(cursor->token, cursor->length, max, number) ||
	    zone_fail(cursor, ZONE_SYNTAX, cursor->token));
}

bool
zone_read_algorithm(struct zone_cursor *cursor, uint32_t *number)
{
	static const struct { const char *name; uint8_t number; } names[] = {
		{ "RSAMD5", 1 }, { "DH", 2 }, { "DSA", 3 }, { "ECC", 4 },
		{ "RSASHA1", 5 }, { "DSA-NSEC3-SHA1", 6 },
		{ "RSASHA1-NSEC3-SHA1", 7 }, { "RSASHA256", 8 },
		{ "RSASHA512", 10 }, { "ECC-GOST", 12 },
		{ "ECDSAP256SHA256", 13 }, { "ECDSAP384SHA384", 14 },
		{ "ED25519", 15 }, { "ED448", 16 }, { "INDIRECT", 252 },
		{ "PRIVATEDNS", 253 }, { "PRIVATEOID", 254 },
	};

	if (!zone_word(cursor))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strlen(names[i].name) == cursor->length &&
		    strncasecmp(names[i].name, cursor->token,
		    cursor->length) == 0) {
			*number = names[i].number;
			return true;
		}
	}
	return zone_number(cursor->token, cursor->length, UINT8_MAX, number) ||
	    zone_fail(cursor, ZONE_SYNTAX, cursor->token);
}

/* The digest has at least one byte. Bytes that do not fit are dropped. */
static bool
read_ds(struct zone_cursor *cursor, struct zone_record *record)
{
	uint32_t key_tag, algorithm, digest_type;
	size_t length;

	if (!zone_read_number(cursor, UINT16_MAX, &key_tag) ||
	    !zone_read_algorithm(cursor, &algorithm) ||
	    !zone_read_number(cursor, UINT8_MAX, &digest_type) ||
	    !zone_read_hex(cursor, record->rdata.ds.digest,
	    sizeof record->rdata.ds.digest, &length))
		return false;
	if (length == 0)
		return zone_fail(cursor, ZONE_SYNTAX, cursor->end);
	record->rdata.ds.key_tag = (uint16_t)key_tag;
	record->rdata.ds.algorithm = (uint8_t)algorithm;
	record->rdata.ds.digest_type = (uint8_t)digest_type;
	record->rdata.ds.digest_length =
	    length < sizeof record->rdata.ds.digest ? length :
	    sizeof record->rdata.ds.digest;
	return true;
}

static bool
read_soa(struct zone_parser *parser, struct zone_cursor *cursor,
    struct zone_record *record)
{
	uint32_t time;

	for (unsigned i = 0; i < 2; i++)
		if (!zone_word(cursor) ||
		    !zone_read_name(parser, cursor, &parser->target))
			return false;
	if (!zone_read_number(cursor, UINT32_MAX, &record->rdata.soa.serial))
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (!zone_word(cursor) ||
		    !(zone_ttl_value(cursor->token, cursor->length, &time) ||
		    zone_fail(cursor, ZONE_SYNTAX, cursor->token)))
			return false;
	return zone_end(cursor);
}

static bool
take_ns(struct zone_parser *parser, struct zone_record *record)
{
	record->rdata.ns.name = parser->target.bytes;
	record->rdata.ns.length = parser->target.length;
	return true;
}

/* Reads RDATA in wire form. Returns false if it is not RDATA of the type. */
static bool
decode(struct zone_parser *parser, struct zone_record *record, uint16_t type,
    const uint8_t *bytes, size_t length)
{
	size_t name;

	switch (type) {
	case ZONE_NS:
		if (length == 0 || length > NAME_WIRE_MAX ||
		    name_wire_length(bytes, length) != length)
			return false;
		parser->target.length = length;
		memcpy(parser->target.bytes, bytes, length);
		name_lower(parser->target.bytes);
		return take_ns(parser, record);
	case ZONE_DS:
		if (length <= 4)
			return false;
		record->rdata.ds.key_tag =
		    (uint16_t)(bytes[0] << 8 | bytes[1]);
		record->rdata.ds.algorithm = bytes[2];
		record->rdata.ds.digest_type = bytes[3];
		length -= 4;
		if (length > sizeof record->rdata.ds.digest)
			length = sizeof record->rdata.ds.digest;
		record->rdata.ds.digest_length = length;
		memcpy(record->rdata.ds.digest, bytes + 4, length);
		return true;
	case ZONE_RRSIG:
		return zone_take_signature(parser, record, bytes, length);
	case ZONE_SOA:
		name = name_wire_length(bytes, length);
		if (name == 0 || length != name + 20 +
		    name_wire_length(bytes + name, length - name) ||
		    length == name + 20)
			return false;
		bytes += length - 20;
		record->rdata.soa.serial = (uint32_t)bytes[0] << 24 |
		    (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
		    bytes[3];
		return true;
	default:
		memcpy(record->rdata.address, bytes, length < 16 ? length : 16);
		return length == (type == ZONE_A ? 4 : 16);
	}
}

/* Reads \# length hex..., RFC 3597 5. */
static bool
read_unknown(struct zone_parser *parser, struct zone_cursor *cursor,
    struct zone_record *record, uint16_t type)
{
	const char *start = cursor->token;
	uint8_t bytes[UNKNOWN_MAX] = { 0 };
	uint32_t stated;
	size_t length;

	if (!zone_read_number(cursor, UINT16_MAX, &stated) ||
	    !zone_read_hex(cursor, bytes, sizeof bytes, &length))
		return false;
	if (length != stated)
		return zone_fail(cursor, ZONE_SYNTAX, start);
	/* Only these can be longer than what is kept. */
	if (length > sizeof bytes && (type == ZONE_DS || type == ZONE_RRSIG))
		length = sizeof bytes;
	return (length <= sizeof bytes &&
	    decode(parser, record, type, bytes, length)) ||
	    zone_fail(cursor, ZONE_SYNTAX, start);
}

static bool
read_known(struct zone_parser *parser, struct zone_cursor *cursor,
    struct zone_record *record, uint16_t type)
{
	switch (type) {
	case ZONE_NS:
		return zone_word(cursor) &&
		    zone_read_name(parser, cursor, &parser->target) &&
		    zone_end(cursor) && take_ns(parser, record);
	case ZONE_DS:
		return read_ds(cursor, record);
	case ZONE_RRSIG:
		return zone_read_signature(parser, cursor, record);
	case ZONE_SOA:
		return read_soa(parser, cursor, record);
	default:
		if (!zone_word(cursor))
			return false;
		if (!(type == ZONE_A ? zone_ipv4 : zone_ipv6)(cursor->token,
		    cursor->length, record->rdata.address))
			return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
		return zone_end(cursor);
	}
}

bool
zone_read_rdata(struct zone_parser *parser, struct zone_cursor *cursor,
    uint16_t type, uint32_t ttl, struct zone_record *record)
{
	struct zone_cursor start = *cursor;

	if (zone_next(cursor) == ZONE_TOKEN && zone_is_unknown(cursor)) {
		if (!read_unknown(parser, cursor, record, type))
			return false;
	} else {
		*cursor = start;
		if (!read_known(parser, cursor, record, type))
			return false;
	}
	zone_emit(parser, record, type, ttl);
	return true;
}
