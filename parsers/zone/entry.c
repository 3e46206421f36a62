/*
 * zone_entry: one entry (RFC 1035 5.1): a record or a directive. It is slow and
 * exact: the fast path leaves everything to it that is not simple.
 */
#include <string.h>
#include <strings.h>

#include "parsers/zone/zone_internal.h"

/* Line and column say where the fault is. In a long entry that is not where the
 * entry begins. */
void
zone_report(struct zone_parser *parser, const struct zone_cursor *cursor,
    const char *text, size_t length)
{
	uint64_t line = parser->entry_line;
	const char *start = text;

	for (const char *at = text; at < cursor->fault; at++) {
		if (*at == '\n') {
			line++;
			start = at + 1;
		}
	}
	if (length > ZONE_ERROR_TEXT_MAX)
		length = ZONE_ERROR_TEXT_MAX;
	parser->handler.on_error(parser->handler.tag, cursor->error, line,
	    (unsigned)(cursor->fault - start) + 1, text, length);
}

static enum zone_error
from_name_error(enum name_error error)
{
	switch (error) {
	case NAME_TOO_LONG:
		return ZONE_NAME_TOO_LONG;
	case NAME_LABEL_TOO_LONG:
		return ZONE_LABEL_TOO_LONG;
	case NAME_EMPTY_LABEL:
		return ZONE_EMPTY_LABEL;
	case NAME_CONTROL_BYTE:
		return ZONE_CONTROL_BYTE;
	default:
		return ZONE_SYNTAX;
	}
}

/* Does the final dot end the name? After `\` it does not; after `\\` it
 * does. */
static bool
is_absolute(const char *text, size_t length)
{
	size_t backslashes = 0;

	if (text[length - 1] != '.')
		return false;
	while (backslashes < length - 1 &&
	    text[length - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

bool
zone_read_name(const struct zone_parser *parser, struct zone_cursor *cursor,
    struct zone_name *name)
{
	const char *text = cursor->token;
	size_t length = cursor->length, room;
	const struct zone_name *origin = &parser->origin;
	enum name_error error;

	name->length = 0;
	if (length == 1 && *text == '@') {
		*name = *origin;
		return name->length != 0 ||
		    zone_fail(cursor, ZONE_NO_ORIGIN, text);
	}
	error = name_from_text(text, length, name->bytes, &room);
	if (error != NAME_OK)
		return zone_fail(cursor, from_name_error(error), text);
	if (is_absolute(text, length)) {
		name->length = room;
		return true;
	}
	if (origin->length == 0)
		return zone_fail(cursor, ZONE_NO_ORIGIN, text);
	room--;		/* the origin takes the place of the root label */
	if (room + origin->length > NAME_WIRE_MAX)
		return zone_fail(cursor, ZONE_NAME_TOO_LONG, text);
	memcpy(name->bytes + room, origin->bytes, origin->length);
	name->length = room + origin->length;
	return true;
}

/* Reads IN, CH, CLASS1 (RFC 3597 5), ...; 0 if the text is not a class. */
static uint32_t
class_number(const char *text, size_t length)
{
	static const struct { const char *name; uint32_t number; } classes[] = {
		{ "IN", 1 }, { "CS", 2 }, { "CH", 3 }, { "HS", 4 },
	};
	uint32_t number;

	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (length == 2 && strncasecmp(text, classes[i].name, 2) == 0)
			return classes[i].number;
	if (length > 5 && strncasecmp(text, "CLASS", 5) == 0 &&
	    zone_number(text + 5, length - 5, UINT16_MAX, &number))
		return number;
	return 0;
}

/* If a class is left out it is IN, and not the last one stated: all records of
 * a file have one class (RFC 1035 5.2), and these files are read for IN. */
bool
zone_read_fields(struct zone_cursor *cursor, struct zone_fields *fields)
{
	*fields = (struct zone_fields){ .class = ZONE_CLASS_IN };
	while (zone_word(cursor)) {
		const char *text = cursor->token;
		size_t length = cursor->length;
		uint32_t class;

		if (zone_is_digit(*text)) {
			if (fields->has_ttl ||
			    !zone_ttl_value(text, length, &fields->ttl))
				return zone_fail(cursor, ZONE_SYNTAX, text);
			fields->has_ttl = true;
		} else if ((class = class_number(text, length)) != 0) {
			if (fields->has_class)
				return zone_fail(cursor, ZONE_SYNTAX, text);
			fields->class = (uint16_t)class;
			fields->has_class = true;
		} else {
			fields->type = zone_type(text, length);
			return fields->type != 0 ||
			    zone_fail(cursor, ZONE_SYNTAX, text);
		}
	}
	return false;
}

static bool
is_decoded(uint16_t type, const struct zone_cursor *cursor)
{
	return type == ZONE_NS || type == ZONE_DS || type == ZONE_A ||
	    type == ZONE_AAAA || type == ZONE_SOA ||
	    (type == ZONE_RRSIG && zone_covers_ds(*cursor));
}

/* The owner is in force from here on, even if the rest of the entry is bad.
 * After a bad owner, or an owner with nothing after it, no owner is in force: a
 * line that begins with a blank must not get a name that the file does not
 * mean. */
bool
zone_read_record(struct zone_parser *parser, struct zone_cursor *cursor,
    bool has_owner)
{
	struct zone_name *owner = &parser->owners[parser->owner];
	struct zone_fields fields;
	uint32_t ttl = parser->ttl.last;
	struct zone_cursor rdata;
	struct zone_record record;
	bool is_wanted;
	enum zone_next next;
	bool is_lone = has_owner && (cursor->at == cursor->end ||
	    !zone_is_blank(*cursor->at));

	if (has_owner && !zone_read_name(parser, cursor, owner))
		return false;
	if (!zone_read_fields(cursor, &fields)) {
		if (is_lone)
			owner->length = 0;
		return false;
	}
	if (owner->length == 0)
		return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
	if (parser->ttl.has_default)
		ttl = parser->ttl.default_ttl;
	if (fields.has_ttl)
		ttl = parser->ttl.last = fields.ttl;
	rdata = *cursor;
	is_wanted = fields.class == ZONE_CLASS_IN &&
	    is_decoded(fields.type, cursor);
	if (is_wanted) {
		if (!zone_read_rdata(parser, cursor, fields.type, ttl,
		    &record))
			return false;
	} else {
		while ((next = zone_next(cursor)) == ZONE_TOKEN)
			;
		if (next == ZONE_FAULT)
			return false;
	}
	parser->entries++;
	if (parser->handler.on_data != NULL && fields.class == ZONE_CLASS_IN)
		zone_emit_words(parser, rdata, fields.type, ttl,
		    is_wanted ? &record : NULL);
	return true;
}

/* After a bad $ORIGIN no origin is known: below the origin before it, names
 * would differ from those that the file means. */
static bool
read_origin(struct zone_parser *parser, struct zone_cursor *cursor)
{
	struct zone_name origin = { .length = 0 };
	bool is_good = zone_word(cursor) &&
	    zone_read_name(parser, cursor, &origin) && zone_end(cursor);

	if (!is_good)
		origin.length = 0;
	parser->origin = origin;
	return is_good;
}

static bool
read_ttl(struct zone_parser *parser, struct zone_cursor *cursor)
{
	uint32_t ttl;

	if (!zone_word(cursor))
		return false;
	if (!zone_ttl_value(cursor->token, cursor->length, &ttl))
		return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
	if (!zone_end(cursor))
		return false;
	parser->ttl.default_ttl = ttl;
	parser->ttl.has_default = true;
	return true;
}

static bool
read_include(struct zone_parser *parser, struct zone_cursor *cursor)
{
	struct zone_name origin = { .length = 0 };
	char path[4096];
	size_t length = 0;
	const char *token;

	if (zone_next(cursor) != ZONE_TOKEN)
		return zone_fail(cursor, ZONE_SYNTAX, cursor->at);
	token = cursor->token;
	for (size_t i = 0; i < cursor->length; i++) {
		if (token[i] == '\\' && i + 1 < cursor->length)
			i++;
		if (length == sizeof path - 1 || token[i] == '\0')
			return zone_fail(cursor, ZONE_SYNTAX, token);
		path[length++] = token[i];
	}
	path[length] = '\0';
	switch (zone_next(cursor)) {
	case ZONE_TOKEN:
		if (cursor->is_quoted)
			return zone_fail(cursor, ZONE_SYNTAX,
			    cursor->token - 1);
		if (!zone_read_name(parser, cursor, &origin) ||
		    !zone_end(cursor))
			return false;
		break;
	case ZONE_FAULT:
		return false;
	case ZONE_END:
		break;
	}
	return zone_include(parser, path, length, &origin) ||
	    zone_fail(cursor, ZONE_INCLUDE_REFUSED, token);
}

static bool
read_directive(struct zone_parser *parser, struct zone_cursor *cursor)
{
	static const struct {
		const char *name;
		bool (*read)(struct zone_parser *, struct zone_cursor *);
	} directives[] = {
		{ "$ORIGIN", read_origin }, { "$TTL", read_ttl },
		{ "$INCLUDE", read_include }, { "$GENERATE", zone_generate },
	};

	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (strlen(directives[i].name) == cursor->length &&
		    strncasecmp(directives[i].name, cursor->token,
		    cursor->length) == 0)
			return directives[i].read(parser, cursor);
	return zone_fail(cursor, ZONE_SYNTAX, cursor->token);
}

static bool
read_entry(struct zone_parser *parser, struct zone_cursor *cursor)
{
	const char *text = cursor->at;
	struct zone_name *owner = &parser->owners[parser->owner];

	if (zone_is_blank(*text)) {
		switch (zone_next(cursor)) {
		case ZONE_END:
			return true;
		case ZONE_FAULT:
			return false;
		case ZONE_TOKEN:
			break;
		}
		/* This is not the owner, so it is read again as what comes
		 * next. */
		*cursor = (struct zone_cursor){ .at = text,
		    .end = cursor->end };
		return zone_read_record(parser, cursor, false);
	}
	switch (zone_next(cursor)) {
	case ZONE_END:
		return true;
	case ZONE_TOKEN:
		if (cursor->token == text && *text == '$')
			return read_directive(parser, cursor);
		if (!cursor->is_quoted)
			return zone_read_record(parser, cursor, true);
		zone_fail(cursor, ZONE_SYNTAX, cursor->token - 1);
		break;
	case ZONE_FAULT:
		break;
	}
	owner->length = 0;
	return false;
}

void
zone_entry(struct zone_parser *parser, const char *text, size_t length)
{
	struct zone_cursor cursor = { .at = text, .end = text + length };

	if (!read_entry(parser, &cursor))
		zone_report(parser, &cursor, text, length);
}
