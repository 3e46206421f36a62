/*
 * compare: one text through both parsers; do they give the same records?
 *
 * Where both go on after a fault they must agree to the end. They part in two
 * ways, and then the records before that point are compared:
 *
 * recovery	A fault inside parentheses. An entry in parentheses is one
 *		entry (RFC 1035 5.1), so it is dropped as one and the next is
 *		read; libzscanner goes on at the next line, in the middle of
 *		it, or stops for good, as it does at unknown directives.
 * literal	A quoted string over several lines. "Text literals can contain
 *		CRLF within the text" (RFC 1035 5.1); libzscanner takes that
 *		inside parentheses alone.
 */
#ifndef MXCENSUS_TESTS_ZONE_COMPARE_H
#define MXCENSUS_TESTS_ZONE_COMPARE_H

#include "tests/unit/zone_oracle/events.h"
#include "tests/unit/zone_oracle/reference.h"

enum agreement { SAME, SAME_UNTIL_RECOVERY, SAME_UNTIL_LITERAL, DIFFERENT };

/* The length of the text before the first entry that has a line end in quotes;
 * the whole length where there is none. */
static inline size_t
before_literal(const char *text, size_t length)
{
	bool in_quotes = false, in_comment = false, in_parentheses = false;
	size_t entry = 0;

	for (size_t i = 0; i < length; i++) {
		char byte = text[i];

		if (byte == '\n' && in_quotes)
			return entry;
		if (byte == '\n') {
			in_comment = false;
			if (!in_parentheses)
				entry = i + 1;
		} else if (!in_comment && byte == '\\' && i + 1 < length &&
		    text[i + 1] != '\n') {
			i++;
		} else if (!in_comment && byte == '"') {
			in_quotes = !in_quotes;
		} else if (!in_comment && !in_quotes) {
			in_comment = byte == ';';
			in_parentheses = byte == '(' ||
			    (in_parentheses && byte != ')');
		}
	}
	return in_quotes ? entry : length;
}

static inline bool
is_prefix(const struct buffer *text, size_t length, const struct buffer *of,
    size_t of_length)
{
	return length == 0 || (length <= of_length &&
	    memcmp(text->bytes, of->bytes, length) == 0);
}

static inline enum agreement
compare(const char *text, size_t length, const uint8_t *origin,
    const char *origin_text)
{
	struct events ours = { 0 };
	struct reference theirs = { 0 };
	size_t whole = before_literal(text, length);
	bool is_open = whole < length;
	enum agreement agreement = SAME;

	events_read(&ours, text, whole, 0, origin);
	if (!reference_read(&theirs, text, length, origin_text))
		return DIFFERENT;
	is_open |= ours.is_lost;
	/* The shorter one must have an excuse for that. */
	if (!(is_open && is_prefix(&ours.records, ours.good,
	    &theirs.events.records, theirs.good)) &&
	    !(theirs.is_lost && is_prefix(&theirs.events.records, theirs.good,
	    &ours.records, ours.good)) &&
	    !(ours.good == theirs.good && is_prefix(&ours.records, ours.good,
	    &theirs.events.records, theirs.good)))
		agreement = DIFFERENT;
	else if (whole < length)
		agreement = SAME_UNTIL_LITERAL;
	else if (is_open || theirs.is_lost)
		agreement = SAME_UNTIL_RECOVERY;
	events_fini(&ours);
	events_fini(&theirs.events);
	return agreement;
}

#endif
