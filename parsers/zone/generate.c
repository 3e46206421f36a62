/*
 * generate: $GENERATE range lhs [ttl] [class] type rhs, an extension of BIND
 * (its manual, "Zone File", "$GENERATE"). The range is start-stop[/step]. In
 * lhs and rhs a $ means the number, $$ and \$ a $ itself, and
 * ${offset,width,base} the number plus offset, in at least width places, in
 * base d, o, x, X, n or N. The bases n and N give hexadecimal digits, the last
 * one first, each as a label; then the width counts digits and dots.
 */
#include <stdio.h>
#include <string.h>

#include "parsers/zone/zone_internal.h"

#define WIDTH_MAX	127

struct range {
	uint32_t start, stop, step;
};

/* The content of ${...}. */
struct form {
	int32_t	 offset;
	uint32_t width;
	char	 base;
};

struct output {
	char	*at, *end;
};

static bool
put(struct output *output, const char *text, size_t length)
{
	if ((size_t)(output->end - output->at) < length)
		return false;
	memcpy(output->at, text, length);
	output->at += length;
	return true;
}

/* Reads a number that begins at *at and ends before `end`. */
static bool
take_number(const char **at, const char *end, uint32_t max, uint32_t *number)
{
	const char *start = *at;

	while (*at < end && zone_is_digit(**at))
		(*at)++;
	return zone_number(start, (size_t)(*at - start), max, number);
}

static bool
read_range(const char *text, size_t length, struct range *range)
{
	const char *end = text + length;

	range->step = 1;
	if (!take_number(&text, end, INT32_MAX, &range->start) ||
	    text == end || *text++ != '-' ||
	    !take_number(&text, end, INT32_MAX, &range->stop))
		return false;
	if (text < end && (*text++ != '/' ||
	    !take_number(&text, end, INT32_MAX, &range->step)))
		return false;
	return text == end && range->step != 0 && range->start <= range->stop;
}

/* Reads {offset[,width[,base]]} after the $, and moves *at past it. */
static bool
read_form(const char **at, const char *end, struct form *form)
{
	const char *text = *at + 1;
	uint32_t offset;
	bool is_negative = text < end && *text == '-';

	if (text < end && (*text == '-' || *text == '+'))
		text++;
	if (!take_number(&text, end, INT32_MAX, &offset))
		return false;
	form->offset = is_negative ? -(int32_t)offset : (int32_t)offset;
	if (text < end && *text == ',') {
		text++;
		if (!take_number(&text, end, WIDTH_MAX, &form->width))
			return false;
	}
	if (text < end && *text == ',') {
		if (++text == end || *text == '\0' ||
		    strchr("doxXnN", *text) == NULL)
			return false;
		form->base = *text++;
	}
	if (text == end || *text != '}')
		return false;
	*at = text + 1;
	return true;
}

static size_t
nibbles(uint32_t value, const struct form *form, char *text)
{
	const char *digits = form->base == 'n' ? "0123456789abcdef" :
	    "0123456789ABCDEF";
	uint32_t width = form->width;
	size_t length = 0;

	do {
		text[length++] = digits[value & 0xf];
		value >>= 4;
		width -= width > 0;
		if (width > 0 || value != 0) {
			text[length++] = '.';
			width -= width > 0;
		}
	} while (width > 0 || value != 0);
	return length;
}

static bool
put_number(struct output *output, uint32_t number, const struct form *form)
{
	char text[WIDTH_MAX + 16];
	int64_t value = (int64_t)number + form->offset;
	int width = (int)form->width;
	size_t length;

	if (value > INT32_MAX || (value < 0 && form->base != 'd'))
		return false;
	switch (form->base) {
	case 'd':
		length = (size_t)sprintf(text, "%0*d", width, (int)value);
		break;
	case 'o':
		length = (size_t)sprintf(text, "%0*o", width, (unsigned)value);
		break;
	case 'x':
		length = (size_t)sprintf(text, "%0*x", width, (unsigned)value);
		break;
	case 'X':
		length = (size_t)sprintf(text, "%0*X", width, (unsigned)value);
		break;
	default:
		length = nibbles((uint32_t)value, form, text);
	}
	return put(output, text, length);
}

/* Appends [text, end), with its $ replaced. */
static bool
substitute(struct output *output, const char *text, const char *end,
    uint32_t number)
{
	while (text < end) {
		struct form form = { 0, 0, 'd' };

		if (*text == '\\' && end - text > 1) {
			if (!put(output, text, 2))
				return false;
			text += 2;
		} else if (*text != '$') {
			if (!put(output, text++, 1))
				return false;
		} else if (++text < end && *text == '$') {
			if (!put(output, text++, 1))
				return false;
		} else if ((text < end && *text == '{' &&
		    !read_form(&text, end, &form)) ||
		    !put_number(output, number, &form)) {
			return false;
		}
	}
	return true;
}

/* The part that is the same for all numbers: lhs, the fields up to the type,
 * and rhs. */
struct pattern {
	const char *lhs, *lhs_end, *fields, *rhs, *end;
};

static bool
generate_one(struct zone_parser *parser, const struct pattern *pattern,
    uint32_t number, struct zone_cursor *entry)
{
	struct output output = {
		parser->generated, parser->generated + ZONE_GENERATED_MAX
	};

	*entry = (struct zone_cursor){ .error = ZONE_SYNTAX };
	if (!substitute(&output, pattern->lhs, pattern->lhs_end, number) ||
	    !put(&output, pattern->fields,
	    (size_t)(pattern->rhs - pattern->fields)) ||
	    !substitute(&output, pattern->rhs, pattern->end, number))
		return false;
	entry->at = parser->generated;
	entry->end = output.at;
	return zone_next(entry) == ZONE_TOKEN && !entry->is_quoted &&
	    zone_read_record(parser, entry, true);
}

static bool
read_pattern(struct zone_cursor *cursor, struct pattern *pattern)
{
	struct zone_fields fields;
	enum zone_next next;

	if (!zone_word(cursor))
		return false;
	pattern->lhs = cursor->token;
	pattern->lhs_end = pattern->fields = cursor->at;
	if (!zone_read_fields(cursor, &fields))
		return false;
	pattern->rhs = pattern->end = cursor->at;
	while ((next = zone_next(cursor)) == ZONE_TOKEN)
		pattern->end = cursor->at;	/* no comment may follow */
	return next == ZONE_END;
}

/* The first number that makes a bad entry ends the line. The owner in force
 * stays. */
bool
zone_generate(struct zone_parser *parser, struct zone_cursor *cursor)
{
	struct zone_name owner = parser->owners[parser->owner];
	struct zone_cursor entry;
	struct pattern pattern;
	struct range range;
	const char *fault;
	bool is_good = true;

	if (!zone_word(cursor))
		return false;
	fault = cursor->token;
	if (!read_range(fault, cursor->length, &range))
		return zone_fail(cursor, ZONE_SYNTAX, fault);
	if ((range.stop - range.start) / range.step >= ZONE_GENERATE_MAX)
		return zone_fail(cursor, ZONE_GENERATE_LIMIT, fault);
	if (!read_pattern(cursor, &pattern))
		return false;
	for (uint64_t i = range.start; is_good && i <= range.stop;
	    i += range.step)
		is_good = generate_one(parser, &pattern, (uint32_t)i, &entry);
	parser->owners[parser->owner] = owner;
	return is_good || zone_fail(cursor, entry.error, fault);
}
