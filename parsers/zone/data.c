/* data: RDATA of any type as text on one line, for on_data. */
#include <string.h>

#include "parsers/zone/zone_internal.h"

void
zone_emit_text(const struct zone_parser *parser, uint16_t type, uint32_t ttl,
    const char *text, size_t length, const struct zone_record *record)
{
	const struct zone_name *owner = &parser->owners[parser->owner];
	const struct zone_data found = {
		.owner = owner->bytes, .owner_length = owner->length,
		.origin = parser->origin.length != 0 ? parser->origin.bytes
		    : NULL,
		.type = type, .ttl = ttl, .text = text, .length = length,
		.record = record,
	};

	parser->handler.on_data(parser->handler.tag, &found);
}

void
zone_emit_words(struct zone_parser *parser, struct zone_cursor cursor,
    uint16_t type, uint32_t ttl, const struct zone_record *record)
{
	char *to = parser->words;

	while (zone_next(&cursor) == ZONE_TOKEN) {
		if (memchr(cursor.token, '\n', cursor.length) != NULL) {
			zone_emit_text(parser, type, ttl, NULL, 0, record);
			return;
		}
		if (to != parser->words)
			*to++ = ' ';
		if (cursor.is_quoted)
			*to++ = '"';
		memcpy(to, cursor.token, cursor.length);
		to += cursor.length;
		if (cursor.is_quoted)
			*to++ = '"';
	}
	zone_emit_text(parser, type, ttl, parser->words,
	    (size_t)(to - parser->words), record);
}
