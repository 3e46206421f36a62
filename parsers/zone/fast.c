/*
 * zone_fast: the common line in one pass: [owner] [TTL] [IN] type RDATA, names
 * without escapes, and no quotes, parentheses or comments. It declines every
 * other line, above all those with errors, before anything has changed; entry.c
 * then reads it. Both paths give the same result for a line that both can read:
 * tests cut the input everywhere, and an entry that a cut divides is never read
 * here.
 *
 * The only bound of each loop is the line end, which is known to come.
 */
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "parsers/zone/zone_internal.h"

/* One bit for each of ZONE_BLOCK bytes. */
struct masks {
	unsigned stops, dots;
};

#if defined(__SSE2__) && !defined(ZONE_PORTABLE)

static inline __m128i
equal(__m128i block, char byte)
{
	return _mm_cmpeq_epi8(block, _mm_set1_epi8(byte));
}

/* `(` and `)` differ only in the lowest bit. */
static inline __m128i
special(__m128i block)
{
	__m128i either = _mm_or_si128(block, _mm_set1_epi8(1));

	return _mm_or_si128(
	    _mm_or_si128(equal(block, '"'), equal(either, ')')),
	    _mm_or_si128(equal(block, ';'), equal(block, '\\')));
}

/* Copies a block in lower case to `to`, and finds the end of a plain name and
 * the dots. */
static inline struct masks
name_block(const char *text, uint8_t *to)
{
	__m128i block = _mm_loadu_si128((const __m128i *)(const void *)text);
	__m128i letter = _mm_sub_epi8(block, _mm_set1_epi8('A'));
	__m128i upper = _mm_cmpeq_epi8(letter,
	    _mm_min_epu8(letter, _mm_set1_epi8('Z' - 'A')));
	__m128i blank = _mm_cmpeq_epi8(block,
	    _mm_min_epu8(block, _mm_set1_epi8(' ')));
	__m128i stops = _mm_or_si128(_mm_or_si128(blank, equal(block, 0x7f)),
	    special(block));

	_mm_storeu_si128((__m128i *)(void *)to, _mm_or_si128(block,
	    _mm_and_si128(upper, _mm_set1_epi8(0x20))));
	return (struct masks){ (unsigned)_mm_movemask_epi8(stops),
	    (unsigned)_mm_movemask_epi8(equal(block, '.')) };
}

static inline unsigned
special_block(const char *text)
{
	__m128i block = _mm_loadu_si128((const __m128i *)(const void *)text);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(special(block),
	    equal(block, '\n')));
}

#else

static inline bool
is_special(char byte)
{
	return byte == '"' || byte == '(' || byte == ')' || byte == ';' ||
	    byte == '\\';
}

static inline struct masks
name_block(const char *text, uint8_t *to)
{
	struct masks masks = { 0, 0 };

	for (unsigned i = 0; i < ZONE_BLOCK; i++) {
		uint8_t byte = (uint8_t)text[i];

		masks.stops |= (unsigned)(byte <= ' ' || byte == 0x7f ||
		    is_special(text[i])) << i;
		masks.dots |= (unsigned)(byte == '.') << i;
		to[i] = byte | ((byte >= 'A' && byte <= 'Z') << 5);
	}
	return masks;
}

static inline unsigned
special_block(const char *text)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < ZONE_BLOCK; i++)
		mask |= (unsigned)(text[i] == '\n' || is_special(text[i])) << i;
	return mask;
}

#endif

static inline unsigned
lowest(unsigned mask)
{
	return (unsigned)__builtin_ctz(mask);
}

const char *
zone_find_special(const char *at, const char *end)
{
	for (; end - at >= ZONE_BLOCK; at += ZONE_BLOCK) {
		unsigned mask = special_block(at);

		if (mask != 0)
			return at + lowest(mask);
	}
	while (at < end && *at != '\n' && *at != '"' && *at != '(' &&
	    *at != ')' && *at != ';' && *at != '\\')
		at++;
	return at;
}

/* Copies a name shifted right by one byte, so that each dot is where the wire
 * form has a length. Returns the end of the name's text, or NULL if the name is
 * not plain, or is bad. */
static inline const char *
read_name(const struct zone_name *origin, const char *text,
    struct zone_name *name)
{
	uint8_t *wire = name->bytes;
	size_t at = 0, label = 0, length;
	struct masks masks;

	do {
		unsigned dots;

		masks = name_block(text + at, wire + 1 + at);
		dots = masks.dots;
		if (masks.stops != 0)
			dots &= (masks.stops & -masks.stops) - 1;
		for (; dots != 0; dots &= dots - 1) {
			length = at + lowest(dots) - label;
			if (length - 1 >= NAME_LABEL_MAX)
				return NULL;
			wire[label] = (uint8_t)length;
			label += length + 1;
		}
		at += masks.stops != 0 ? lowest(masks.stops) : ZONE_BLOCK;
	} while (masks.stops == 0 && at < NAME_WIRE_MAX);
	if (masks.stops == 0 || at > NAME_WIRE_MAX - 1)
		return NULL;
	length = at - label;
	if (length == 0 && at != 0) {
		wire[at] = 0;
		name->length = at + 1;
		return text + at;
	}
	if (length - 1 >= NAME_LABEL_MAX || origin->length == 0 ||
	    at + 1 + origin->length > NAME_WIRE_MAX ||
	    (at == 1 && *text == '@'))
		return NULL;
	wire[label] = (uint8_t)length;
	memcpy(wire + at + 1, origin->bytes, origin->length);
	name->length = at + 1 + origin->length;
	return text + at;
}

static inline const char *
skip_blanks(const char *at)
{
	while (zone_is_blank(*at))
		at++;
	return at;
}

/* Skips blanks and the line end (LF or CRLF). Returns NULL if there is more on
 * the line. */
static inline const char *
end_of_line(const char *at)
{
	at = skip_blanks(at);
	if (*at == '\r')
		at++;
	return *at == '\n' ? at + 1 : NULL;
}

/* Reads a number of at most nine digits and the byte after it. */
static inline const char *
read_number(const char *at, uint32_t *number)
{
	const char *start = at;
	uint32_t value = 0;

	while (zone_is_digit(*at) && at - start < 9)
		value = value * 10 + (uint32_t)(*at++ - '0');
	*number = value;
	return at;
}

/* Makes a letter upper case. No other byte becomes a letter. */
static inline char
upper(char byte)
{
	return byte & ~0x20;
}

/* Reads up to the text of the type. */
static inline const char *
read_fields(const char *at, struct zone_fields *fields)
{
	*fields = (struct zone_fields){ .class = ZONE_CLASS_IN };
	for (;;) {
		at = skip_blanks(at);
		if (zone_is_digit(*at)) {
			if (fields->has_ttl)
				return NULL;
			at = read_number(at, &fields->ttl);
			fields->has_ttl = true;
		} else if (upper(at[0]) == 'I' && upper(at[1]) == 'N' &&
		    zone_is_blank(at[2])) {
			if (fields->has_class)
				return NULL;
			at += 2;
			fields->has_class = true;
		} else {
			return at;
		}
		if (!zone_is_blank(*at))
			return NULL;
	}
}

/* Reads the type, which a blank must follow. */
static inline const char *
read_type(const char *at, uint16_t *type)
{
	const char *start = at;

	if (upper(at[0]) == 'N' && upper(at[1]) == 'S' &&
	    zone_is_blank(at[2])) {
		*type = ZONE_NS;
		return at + 2;
	}
	while (*at > ' ' && *at != '\\')
		at++;
	*type = zone_type(start, (size_t)(at - start));
	return *type != 0 && zone_is_blank(*at) ? at : NULL;
}

/* Reads a number of RDATA, and the blanks behind it. */
static inline const char *
read_field(const char *at, uint32_t most, uint32_t *number)
{
	at = read_number(at, number);
	if (*number > most || !zone_is_blank(*at) || !zone_is_digit(at[-1]))
		return NULL;
	return skip_blanks(at);
}

static inline const char *
read_ds(const char *at, struct zone_record *record)
{
	uint32_t numbers[3];
	const char *end;
	size_t digits;

	if ((at = read_field(at, UINT16_MAX, &numbers[0])) == NULL ||
	    (at = read_field(at, UINT8_MAX, &numbers[1])) == NULL ||
	    (at = read_field(at, UINT8_MAX, &numbers[2])) == NULL)
		return NULL;
	end = at;
	while (*end > ' ')
		end++;
	digits = (size_t)(end - at);
	record->rdata.ds.digest_length = digits / 2;
	if (digits == 0 || digits / 2 > sizeof record->rdata.ds.digest ||
	    !zone_hex(at, digits, record->rdata.ds.digest, digits / 2))
		return NULL;
	record->rdata.ds.key_tag = (uint16_t)numbers[0];
	record->rdata.ds.algorithm = (uint8_t)numbers[1];
	record->rdata.ds.digest_type = (uint8_t)numbers[2];
	return end_of_line(end);
}

static inline const char *
read_address(const char *at, uint16_t type, struct zone_record *record)
{
	const char *end = at;
	size_t length;

	while (*end > ' ')
		end++;
	length = (size_t)(end - at);
	if (!(type == ZONE_A ? zone_ipv4 : zone_ipv6)(at, length,
	    record->rdata.address))
		return NULL;
	return end_of_line(end);
}

/* Skips RDATA of a type that nobody asked for: only the line's end matters. */
static inline const char *
pass_over(const char *at)
{
	unsigned mask;

	while ((mask = special_block(at)) == 0)
		at += ZONE_BLOCK;
	at += lowest(mask);
	return *at == '\n' ? at + 1 : NULL;
}

static inline const char *
read_date(const char *at, uint32_t *time)
{
	if (!zone_read_date(at, time) || !zone_is_blank(at[ZONE_DATE_DIGITS]))
		return NULL;
	return skip_blanks(at + ZONE_DATE_DIGITS);
}

/* An RRSIG of DS as registries write it, behind the type covered: numbers in
 * digits, dates, and the signature in one word. */
static inline const char *
read_plain_signature(struct zone_parser *parser, const char *at,
    struct zone_record *record)
{
	struct zone_signature numbers;
	const char *end;

	if ((at = read_field(at, UINT8_MAX, &numbers.algorithm)) == NULL ||
	    (at = read_field(at, UINT8_MAX, &numbers.labels)) == NULL ||
	    (at = read_field(at, UINT32_MAX, &numbers.ttl)) == NULL ||
	    (at = read_date(at, &numbers.expiration)) == NULL ||
	    (at = read_date(at, &numbers.inception)) == NULL ||
	    (at = read_field(at, UINT16_MAX, &numbers.tag)) == NULL ||
	    (at = read_name(&parser->origin, at, &parser->target)) == NULL ||
	    !zone_is_blank(*at))
		return NULL;
	at = end = skip_blanks(at);
	while (*end > ' ')
		end++;
	return zone_make_signature(parser, &numbers, at, (size_t)(end - at),
	    record) ? end_of_line(end) : NULL;
}

/* An RRSIG is walked over unless it may cover DS, which can be written TYPE43.
 * Without quotes, parentheses and comments its words are read as in any other
 * entry. */
static inline const char *
read_signature(struct zone_parser *parser, const char *at,
    struct zone_record *record, bool *is_wanted)
{
	struct zone_cursor cursor = { .at = at };
	bool is_ds = upper(at[0]) == 'D' && upper(at[1]) == 'S';
	const char *next;

	*is_wanted = is_ds;
	if (is_ds && zone_is_blank(at[2]) && (next = read_plain_signature(
	    parser, skip_blanks(at + 2), record)) != NULL)
		return next;
	next = pass_over(at);
	if (next == NULL || (upper(at[0]) == 'T' && upper(at[1]) == 'Y'))
		return NULL;
	if (!is_ds)
		return next;
	if (!zone_is_blank(at[2]))
		return NULL;
	cursor.end = next - 1;
	if (cursor.end[-1] == '\r')
		cursor.end--;
	return zone_read_signature(parser, &cursor, record) ? next : NULL;
}

/* Reads RDATA up to the next line. *is_wanted says whether it makes a
 * record. */
static inline const char *
read_rdata(struct zone_parser *parser, const char *at, uint16_t type,
    struct zone_record *record, bool *is_wanted)
{
	*is_wanted = true;
	switch (type) {
	case ZONE_NS:
		at = read_name(&parser->origin, at, &parser->target);
		record->rdata.ns.name = parser->target.bytes;
		record->rdata.ns.length = parser->target.length;
		return at != NULL ? end_of_line(at) : NULL;
	case ZONE_DS:
		return read_ds(at, record);
	case ZONE_A:
	case ZONE_AAAA:
		return read_address(at, type, record);
	case ZONE_SOA:
		return NULL;
	case ZONE_RRSIG:
		return read_signature(parser, at, record, is_wanted);
	default:
		*is_wanted = false;
		return pass_over(at);
	}
}

/* The end of a line's text, without blanks; `next` is the next line. */
static const char *
trim(const char *start, const char *next)
{
	next--;
	if (next > start && next[-1] == '\r')
		next--;
	while (next > start && zone_is_blank(next[-1]))
		next--;
	return next;
}

/* Reads one line. Returns NULL if it declines the line; then nothing has
 * changed. */
static inline const char *
read_line(struct zone_parser *parser, const char *at)
{
	const char *start = at, *rdata;
	unsigned owner = parser->owner;
	struct zone_record record;
	struct zone_fields fields;
	bool is_wanted;
	uint32_t ttl = parser->ttl.has_default ? parser->ttl.default_ttl :
	    parser->ttl.last;

	if (!zone_is_blank(*at)) {
		owner ^= 1;
		if (*at == '$' || (at = read_name(&parser->origin, at,
		    &parser->owners[owner])) == NULL || !zone_is_blank(*at))
			return NULL;
	} else if (parser->owners[owner].length == 0) {
		return NULL;
	}
	if ((at = read_fields(at, &fields)) == NULL ||
	    (at = read_type(at, &fields.type)) == NULL)
		return NULL;
	rdata = skip_blanks(at);
	if ((at = read_rdata(parser, rdata, fields.type, &record,
	    &is_wanted)) == NULL || at - start > ZONE_ENTRY_MAX + 1)
		return NULL;
	parser->owner = owner;
	parser->entry_line = parser->line++;
	parser->entries++;
	if (fields.has_ttl)
		ttl = parser->ttl.last = fields.ttl;
	if (is_wanted)
		zone_emit(parser, &record, fields.type, ttl);
	if (parser->handler.on_data != NULL)
		zone_emit_text(parser, fields.type, ttl, rdata,
		    (size_t)(trim(rdata, at) - rdata),
		    is_wanted ? &record : NULL);
	return at;
}

const char *
zone_fast_lines(struct zone_parser *parser, const char *at, const char *last)
{
	while (at <= last) {
		const char *next = read_line(parser, at);

		if (next == NULL)
			break;
		at = next;
	}
	return at;
}
