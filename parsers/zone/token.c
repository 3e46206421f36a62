/*
 * zone_token: the text of one entry as tokens, and tokens as numbers.
 */
#include <string.h>

#include "parsers/zone/zone_internal.h"

bool
zone_fail(struct zone_cursor *cursor, enum zone_error error, const char *fault)
{
	cursor->error = error;
	cursor->fault = fault;
	return false;
}

/* Skips blanks, comments, parentheses, and the line ends inside them. */
static enum zone_next
skip_blanks(struct zone_cursor *cursor)
{
	for (; cursor->at < cursor->end; cursor->at++) {
		const char *at = cursor->at;

		if (*at == ';') {
			at = memchr(at, '\n', (size_t)(cursor->end - at));
			if (at == NULL)
				break;
			cursor->at = at;
		} else if (*at == '(' || *at == ')') {
			if (cursor->in_parentheses == (*at == '(')) {
				zone_fail(cursor, ZONE_SYNTAX, at);
				return ZONE_FAULT;
			}
			cursor->in_parentheses = *at == '(';
		} else if (*at != '\n' && !zone_is_blank(*at) &&
		    !(*at == '\r' && at + 1 < cursor->end && at[1] == '\n')) {
			return ZONE_TOKEN;
		}
	}
	cursor->at = cursor->end;
	return ZONE_END;
}

static bool
ends_token(const struct zone_cursor *cursor, const char *at)
{
	switch (*at) {
	case ' ': case '\t': case '\n': case '(': case ')': case ';': case '"':
		return true;
	case '\r':
		return at + 1 < cursor->end && at[1] == '\n';
	default:
		return false;
	}
}

/* Letters, digits and + , - . / are most of what tokens have. */
static inline bool
is_common(char byte)
{
	return (uint8_t)((byte | 0x20) - 'a') < 26 ||
	    (byte >= '+' && byte <= '9');
}

static enum zone_next
quoted_token(struct zone_cursor *cursor)
{
	const char *at = cursor->at + 1;

	cursor->token = at;
	cursor->is_quoted = true;
	for (; at < cursor->end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < cursor->end)
			at++;
	if (at == cursor->end) {
		zone_fail(cursor, ZONE_SYNTAX, cursor->at);
		return ZONE_FAULT;
	}
	cursor->length = (size_t)(at - cursor->token);
	cursor->at = at + 1;
	return ZONE_TOKEN;
}

enum zone_next
zone_next(struct zone_cursor *cursor)
{
	enum zone_next next = skip_blanks(cursor);
	const char *at = cursor->at;

	if (next != ZONE_TOKEN)
		return next;
	if (*at == '"')
		return quoted_token(cursor);
	cursor->token = at;
	cursor->is_quoted = false;
	for (; at < cursor->end; at++) {
		if (is_common(*at))
			continue;
		if (ends_token(cursor, at))
			break;
		if (*at != '\\')
			continue;
		if (++at == cursor->end || *at == '\n') {
			zone_fail(cursor, ZONE_SYNTAX, at - 1);
			return ZONE_FAULT;
		}
	}
	cursor->length = (size_t)(at - cursor->token);
	cursor->at = at;
	return ZONE_TOKEN;
}

bool
zone_word(struct zone_cursor *cursor)
{
	switch (zone_next(cursor)) {
	case ZONE_TOKEN:
		return !cursor->is_quoted ||
		    zone_fail(cursor, ZONE_SYNTAX, cursor->token - 1);
	case ZONE_END:
		return zone_fail(cursor, ZONE_SYNTAX, cursor->end);
	case ZONE_FAULT:
		break;
	}
	return false;
}

bool
zone_end(struct zone_cursor *cursor)
{
	enum zone_next next = zone_next(cursor);

	if (next == ZONE_TOKEN)
		zone_fail(cursor, ZONE_SYNTAX, cursor->token);
	return next == ZONE_END;
}

bool
zone_number(const char *text, size_t length, uint32_t max, uint32_t *number)
{
	uint64_t value = 0;

	for (size_t i = 0; i < length; i++) {
		if (!zone_is_digit(text[i]))
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
		if (value > max)
			return false;
	}
	*number = (uint32_t)value;
	return length != 0;
}

/* Reads 3600, 1h or 1h30m (BIND's units): either one number without a unit, or
 * each number with one. Over 2^31 - 1 it counts as 0 (RFC 2181 8). */
bool
zone_ttl_value(const char *text, size_t length, uint32_t *ttl)
{
	static const char units[] = "smhdw";
	static const uint32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	uint64_t sum = 0;
	uint32_t value;

	if (zone_number(text, length, UINT32_MAX, ttl)) {
		*ttl = *ttl > INT32_MAX ? 0 : *ttl;
		return true;
	}
	while (length != 0) {
		size_t digits = 0;
		const char *unit;

		while (digits < length && zone_is_digit(text[digits]))
			digits++;
		if (digits == length ||
		    !zone_number(text, digits, UINT32_MAX, &value) ||
		    (unit = strchr(units, text[digits] | 0x20)) == NULL)
			return false;
		sum += (uint64_t)value * seconds[unit - units];
		if (sum > UINT32_MAX)
			return false;
		text += digits + 1;
		length -= digits + 1;
	}
	*ttl = sum > INT32_MAX ? 0 : (uint32_t)sum;
	return true;
}
