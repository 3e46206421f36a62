/*
 * zone_signature: RDATA of RRSIG records that cover DS (RFC 4034 3.1; 3.2 for
 * the text).
 */
#include <string.h>

#include "parsers/zone/zone_internal.h"
#include "scanner/base/calendar.h"

#define HEAD		18	/* bytes, in front of the signer */
#define SECONDS_DIGITS	10
#define DAY_S		86400

/* A place to write to. Bytes that do not fit are dropped. */
struct sink {
	uint8_t	*bytes;
	size_t	 length;
};

static void
put(struct sink *sink, uint32_t number, unsigned bytes)
{
	while (bytes-- > 0 && sink->length < ZONE_SIGNATURE_MAX)
		sink->bytes[sink->length++] = (uint8_t)(number >> 8 * bytes);
}

bool
zone_covers_ds(struct zone_cursor cursor)
{
	uint8_t covered[2] = { 0 };
	size_t length;

	if (zone_next(&cursor) != ZONE_TOKEN || cursor.is_quoted)
		return false;
	if (!zone_is_unknown(&cursor))
		return zone_type(cursor.token, cursor.length) == ZONE_DS;
	/* Reading the entry later finds what is wrong with the digits. */
	if (zone_word(&cursor))
		(void)zone_read_hex(&cursor, covered, sizeof covered, &length);
	return covered[0] == 0 && covered[1] == ZONE_DS;
}

bool
zone_read_date(const char *text, uint32_t *time)
{
	static const struct { unsigned digits, least, most; } parts[] = {
		{ 4, 1970, 9999 }, { 2, 1, 12 }, { 2, 1, 31 }, { 2, 0, 23 },
		{ 2, 0, 59 }, { 2, 0, 59 },
	};
	uint32_t found[6];
	int64_t days;

	for (unsigned i = 0; i < 6; i++) {
		if (!zone_number(text, parts[i].digits, parts[i].most,
		    &found[i]) || found[i] < parts[i].least)
			return false;
		text += parts[i].digits;
	}
	if (found[2] > (uint32_t)calendar_days_in_month((int)found[0],
	    (int)found[1]))
		return false;
	days = calendar_days(found[0], found[1], found[2]);
	/* The time is modulo 2^32, so that it also works after 2106 (RFC 4034
	 * 3.1.5). */
	*time = (uint32_t)(days * DAY_S + found[3] * 3600 + found[4] * 60 +
	    found[5]);
	return true;
}

/* A date, or a number of seconds: the number of digits tells which (RFC 4034
 * 3.2). */
static bool
read_time(struct zone_cursor *cursor, uint32_t *time)
{
	if (!zone_word(cursor))
		return false;
	return (cursor->length == ZONE_DATE_DIGITS
	    ? zone_read_date(cursor->token, time)
	    : cursor->length <= SECONDS_DIGITS && zone_number(cursor->token,
	    cursor->length, UINT32_MAX, time)) ||
	    zone_fail(cursor, ZONE_SYNTAX, cursor->token);
}

/* The value of a base64 digit, plus 1; 0 if it is not a digit. */
static const uint8_t digits[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6,
	['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12,
	['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17,
	['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
	['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
	['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
	['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37,
	['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47,
	['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52,
	['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
	['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
	['+'] = 63, ['/'] = 64,
};

static int
sextet(char byte)
{
	return digits[(uint8_t)byte] - 1;
}

/* A text of base64 (RFC 4648 4), which comes in pieces. */
struct base64 {
	uint32_t bits;
	unsigned count;		/* digits and padding of the group */
	unsigned padding;
};

/* Takes a digit. Returns false if it is not one, or if the text has ended
 * before it. */
static bool
take_digit(struct base64 *text, char byte, struct sink *sink)
{
	int value = sextet(byte);

	if (byte == '=' && text->count >= 2)
		text->padding++;
	else if (value < 0 || text->padding > 0)
		return false;
	text->bits = text->bits << 6 | (value < 0 ? 0 : (uint32_t)value);
	if (++text->count < 4)
		return true;
	put(sink, text->bits >> 8 * text->padding, 3 - text->padding);
	if (text->padding == 0)
		text->count = 0;
	/* The unused bits of the last digit must be 0. */
	return (text->bits & ((1u << 8 * text->padding) - 1)) == 0;
}

/* Takes whole groups without padding, as many as there are. Returns how many
 * bytes of the text they have. */
static size_t
take_groups(const char *at, size_t length, struct sink *sink)
{
	size_t taken = 0;

	for (; length - taken >= 4; taken += 4, at += 4) {
		int a = sextet(at[0]), b = sextet(at[1]);
		int c = sextet(at[2]), d = sextet(at[3]);
		uint8_t *to = sink->bytes + sink->length;

		if ((a | b | c | d) < 0 ||
		    sink->length > ZONE_SIGNATURE_MAX - 3)
			break;
		to[0] = (uint8_t)(a << 2 | b >> 4);
		to[1] = (uint8_t)(b << 4 | c >> 2);
		to[2] = (uint8_t)(c << 6 | d);
		sink->length += 3;
	}
	return taken;
}

/* Takes a word. False if the text has ended before it does, or it has what is no
 * digit. */
static bool
take_word(struct base64 *text, const char *word, size_t length,
    struct sink *sink)
{
	size_t i = text->count == 0 ? take_groups(word, length, sink) : 0;

	while (i < length && text->count < 4 && take_digit(text, word[i], sink))
		i++;
	return i == length;
}

static bool
read_base64(struct zone_cursor *cursor, struct sink *sink)
{
	struct base64 text = { 0 };
	size_t before = sink->length;
	enum zone_next next;

	while ((next = zone_next(cursor)) == ZONE_TOKEN)
		if (!take_word(&text, cursor->token, cursor->length, sink) ||
		    cursor->is_quoted)
			return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
	if (next == ZONE_FAULT)
		return false;
	return (text.count % 4 == 0 && sink->length > before) ||
	    zone_fail(cursor, ZONE_SYNTAX, cursor->end);
}

/* What stands in front of the signature. */
static struct sink
put_head(struct zone_parser *parser, const struct zone_signature *numbers)
{
	struct sink sink = { parser->signature, 0 };
	const struct zone_name *signer = &parser->target;

	put(&sink, ZONE_DS, 2);
	put(&sink, numbers->algorithm, 1);
	put(&sink, numbers->labels, 1);
	put(&sink, numbers->ttl, 4);
	put(&sink, numbers->expiration, 4);
	put(&sink, numbers->inception, 4);
	put(&sink, numbers->tag, 2);
	memcpy(sink.bytes + sink.length, signer->bytes, signer->length);
	sink.length += signer->length;
	return sink;
}

bool
zone_make_signature(struct zone_parser *parser,
    const struct zone_signature *numbers, const char *word, size_t length,
    struct zone_record *record)
{
	struct sink sink = put_head(parser, numbers);
	struct base64 text = { 0 };

	record->rdata.signature.bytes = sink.bytes;
	if (length == 0 || !take_word(&text, word, length, &sink))
		return false;
	record->rdata.signature.length = sink.length;
	return text.count % 4 == 0;
}

bool
zone_read_signature(struct zone_parser *parser, struct zone_cursor *cursor,
    struct zone_record *record)
{
	struct zone_signature numbers;
	struct sink sink;

	/* The type covered is known. */
	if (!zone_word(cursor) ||
	    !zone_read_algorithm(cursor, &numbers.algorithm) ||
	    !zone_read_number(cursor, UINT8_MAX, &numbers.labels) ||
	    !zone_read_number(cursor, UINT32_MAX, &numbers.ttl) ||
	    !read_time(cursor, &numbers.expiration) ||
	    !read_time(cursor, &numbers.inception) ||
	    !zone_read_number(cursor, UINT16_MAX, &numbers.tag) ||
	    !zone_word(cursor) ||
	    !zone_read_name(parser, cursor, &parser->target))
		return false;
	sink = put_head(parser, &numbers);
	if (!read_base64(cursor, &sink))
		return false;
	record->rdata.signature.bytes = sink.bytes;
	record->rdata.signature.length = sink.length;
	return true;
}

bool
zone_take_signature(struct zone_parser *parser, struct zone_record *record,
    const uint8_t *bytes, size_t length)
{
	size_t signer = length <= HEAD ? 0
	    : name_wire_length(bytes + HEAD, length - HEAD);

	if (signer == 0 || length <= HEAD + signer)
		return false;
	memcpy(parser->signature, bytes, length);
	name_lower(parser->signature + HEAD);
	record->rdata.signature.bytes = parser->signature;
	record->rdata.signature.length = length;
	return true;
}
