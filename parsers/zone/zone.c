/*
 * zone: bytes to entries. An entry inside one push is read where it lies; one
 * that a cut divides is gathered in `pending` first. In both cases the same
 * walk (find_end) finds its end, so a cut changes nothing.
 */
#include "parsers/zone/zone.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/zone/zone_internal.h"
#include "scanner/base/memory.h"

struct zone_parser *
zone_parser_new(const struct zone_handler *handler, const uint8_t *origin)
{
	struct zone_parser *parser = xcalloc(1, sizeof *parser);

	assert(handler->on_record != NULL && handler->on_error != NULL);
	parser->handler = *handler;
	parser->line = 1;
	parser->pending = xmalloc(ZONE_ENTRY_MAX + 1);
	parser->generated = xmalloc(ZONE_GENERATED_MAX);
	if (handler->on_data != NULL)
		parser->words = xmalloc(ZONE_WORDS_MAX);
	if (origin != NULL) {
		struct zone_name *name = &parser->origin;

		name->length = name_wire_length(origin, NAME_WIRE_MAX);
		assert(name->length != 0);
		memcpy(name->bytes, origin, name->length);
		name_lower(name->bytes);
	}
	return parser;
}

void
zone_parser_free(struct zone_parser *parser)
{
	if (parser == NULL)
		return;
	free(parser->words);
	free(parser->generated);
	free(parser->pending);
	free(parser);
}

/* Takes one byte that may matter to the grammar. Returns true if it is the line
 * end that ends the entry. A byte inside parentheses or quotes does not end it
 * (RFC 1035 5.1: text literals can contain it), and neither does one after a
 * backslash, unless the backslash is in quotes. */
static bool
step(struct zone_frame *frame, char byte)
{
	bool was_escaped = frame->is_escaped;

	frame->is_escaped = false;
	if (byte == '\n' && !frame->in_quotes) {
		frame->in_comment = false;
		return !frame->in_parentheses;
	}
	if (was_escaped)
		return false;
	if (byte == '\\')
		frame->is_escaped = true;
	else if (byte == '"')
		frame->in_quotes = !frame->in_quotes;
	else if (byte == '(' && !frame->in_quotes)
		frame->in_parentheses = true;
	else if (byte == ')' && !frame->in_quotes)
		frame->in_parentheses = false;
	else if (byte == ';' && !frame->in_quotes)
		frame->in_comment = true;
	return false;
}

/* Returns the line end that ends the entry, or NULL if it is not in [at,
 * end). */
static const char *
find_end(struct zone_frame *frame, const char *at, const char *end)
{
	while (at < end) {
		if (frame->in_comment)
			at = memchr(at, '\n', (size_t)(end - at));
		else if (!frame->is_escaped)
			at = zone_find_special(at, end);
		if (at == NULL || at == end)
			return NULL;
		if (step(frame, *at))
			return at;
		at++;
	}
	return NULL;
}

static uint64_t
count_lines(const char *text, size_t length)
{
	const char *end = text + length;
	uint64_t lines = 0;

	while (text < end &&
	    (text = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		lines++;
		text++;
	}
	return lines;
}

/* Reads a whole entry, without its line end. */
static void
read_entry(struct zone_parser *parser, const char *text, size_t length)
{
	parser->entry_line = parser->line;
	parser->line += count_lines(text, length) + 1;
	parser->frame = (struct zone_frame){ 0 };
	parser->pending_length = 0;
	if (length != 0 && text[length - 1] == '\r')
		length--;
	if (length != 0)
		zone_entry(parser, text, length);
}

/* Gives up an entry. Reading continues after the next line end, and then no
 * owner is in force, so a line that begins with a blank has no owner. */
static void
give_up(struct zone_parser *parser, enum zone_error error)
{
	struct zone_cursor cursor = {
		.error = error, .fault = parser->pending
	};
	size_t length = parser->pending_length;

	parser->entry_line = parser->line;
	parser->line += count_lines(parser->pending, length);
	parser->frame = (struct zone_frame){ 0 };
	parser->pending_length = 0;
	parser->owners[parser->owner].length = 0;
	zone_report(parser, &cursor, parser->pending, length);
}

/* Takes one entry from `at`, or as much of it as there is. */
static const char *
take_entry(struct zone_parser *parser, const char *at, const char *end)
{
	size_t room = ZONE_ENTRY_MAX + 1 - parser->pending_length;
	size_t length = (size_t)(end - at) < room ? (size_t)(end - at) : room;
	const char *newline = find_end(&parser->frame, at, at + length);
	char *to = parser->pending + parser->pending_length;

	if (newline != NULL && parser->pending_length == 0) {
		read_entry(parser, at, (size_t)(newline - at));
		return newline + 1;
	}
	if (newline != NULL)
		length = (size_t)(newline - at);
	memcpy(to, at, length);
	parser->pending_length += length;
	if (newline != NULL) {
		read_entry(parser, parser->pending, parser->pending_length);
		return newline + 1;
	}
	if (parser->pending_length > ZONE_ENTRY_MAX) {
		give_up(parser, ZONE_TOO_LARGE);
		parser->is_skipping = true;
	}
	return at + length;
}

static const char *
skip_line(struct zone_parser *parser, const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	if (newline == NULL)
		return end;
	parser->is_skipping = false;
	parser->line++;
	return newline + 1;
}

/* The fast path takes as many whole lines as it can. A pending entry takes the
 * general path, and so does any line that the fast path declines. */
void
zone_push(struct zone_parser *parser, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	const char *last = NULL;

	if (length == 0)
		return;
	if (length > ZONE_BLOCK)
		last = memrchr(bytes, '\n', length - ZONE_BLOCK);
	while (at < end) {
		if (parser->is_skipping) {
			at = skip_line(parser, at, end);
			continue;
		}
		if (parser->pending_length == 0 && last != NULL && at <= last)
			at = zone_fast_lines(parser, at, last);
		if (at < end)
			at = take_entry(parser, at, end);
	}
}

/* Ends one file: the input, or an included file. */
static void
end_of_file(struct zone_parser *parser)
{
	const struct zone_frame *frame = &parser->frame;

	parser->is_skipping = false;
	if (parser->pending_length == 0)
		return;
	if (frame->in_quotes || frame->in_parentheses)
		give_up(parser, ZONE_UNFINISHED);
	else
		read_entry(parser, parser->pending, parser->pending_length);
}

void
zone_finish(struct zone_parser *parser)
{
	end_of_file(parser);
}

/* The handler pushes the file from inside on_include. No entry is pending then,
 * so the parser itself can read the file. The values that an included file must
 * not change (RFC 1035 5.1) are kept on the stack, which is at most
 * ZONE_INCLUDE_MAX deep. */
bool
zone_include(struct zone_parser *parser, const char *path, size_t length,
    const struct zone_name *origin)
{
	struct zone_name saved_origin = parser->origin;
	struct zone_name saved_owner = parser->owners[parser->owner];
	struct zone_ttl saved_ttl = parser->ttl;
	uint64_t saved_line = parser->line;
	uint64_t saved_entry_line = parser->entry_line;
	bool was_read;

	if (parser->handler.on_include == NULL ||
	    parser->depth == ZONE_INCLUDE_MAX)
		return false;
	if (origin->length != 0)
		parser->origin = *origin;
	parser->owners[parser->owner].length = 0;
	parser->line = 1;
	parser->depth++;
	was_read = parser->handler.on_include(parser->handler.tag, path,
	    length);
	end_of_file(parser);
	parser->depth--;
	parser->origin = saved_origin;
	parser->owners[parser->owner] = saved_owner;
	parser->ttl = saved_ttl;
	parser->line = saved_line;
	parser->entry_line = saved_entry_line;
	return was_read;
}

const uint8_t *
zone_apex(const struct zone_parser *parser)
{
	return parser->apex.length != 0 ? parser->apex.bytes : NULL;
}

uint64_t
zone_entries(const struct zone_parser *parser)
{
	return parser->entries;
}

uint64_t
zone_soa_count(const struct zone_parser *parser)
{
	return parser->soa_count;
}

const char *
zone_error_text(enum zone_error error)
{
	static const char *const texts[] = {
		[ZONE_SYNTAX] = "syntax",
		[ZONE_NAME_TOO_LONG] = "name_too_long",
		[ZONE_LABEL_TOO_LONG] = "label_too_long",
		[ZONE_EMPTY_LABEL] = "empty_label",
		[ZONE_CONTROL_BYTE] = "control_byte",
		[ZONE_INCLUDE_REFUSED] = "include_refused",
		[ZONE_GENERATE_LIMIT] = "generate_limit",
		[ZONE_TOO_LARGE] = "too_large",
		[ZONE_NO_ORIGIN] = "no_origin",
		[ZONE_UNFINISHED] = "unfinished",
	};

	return texts[error];
}
