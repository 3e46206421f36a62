#include "parsers/csv.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

enum place {
	AT_RECORD,	/* before the first byte of a record */
	AT_FIELD,	/* before the first byte of a field */
	IN_PLAIN,
	IN_QUOTED,
	AT_QUOTE,	/* after a quote inside a quoted field */
	AT_RETURN,	/* after a CR outside quotes */
	SKIPPING,	/* to the end of a line with an error */
};

struct csv {
	enum place	 place;
	char		 separator;
	size_t		 record_max;
	char		*bytes;		/* of the record; NUL ends each field */
	size_t		 length, size;
	struct csv_field *fields;	/* where in `bytes` a field begins,
					 * until end_record() sets it */
	size_t		 count, field_size;
	uint64_t	 line, record_line;
};

struct csv *
csv_new(size_t record_max)
{
	struct csv *csv = xcalloc(1, sizeof *csv);

	csv->record_max = record_max;
	csv->separator = ',';
	csv->size = 1024;
	csv->bytes = xmalloc(csv->size);
	csv->line = csv->record_line = 1;
	return csv;
}

void
csv_separate(struct csv *csv, char separator)
{
	csv->separator = separator;
}

void
csv_free(struct csv *csv)
{
	if (csv == NULL)
		return;
	free(csv->bytes);
	free(csv->fields);
	free(csv);
}

static void
put(struct csv *csv, const char *bytes, size_t length)
{
	while (csv->size - csv->length < length) {
		csv->size *= 2;
		csv->bytes = xrealloc(csv->bytes, csv->size);
	}
	memcpy(csv->bytes + csv->length, bytes, length);
	csv->length += length;
}

static void
start_field(struct csv *csv, size_t at)
{
	if (csv->count == csv->field_size) {
		csv->field_size = csv->field_size * 2 + 32;
		csv->fields = xreallocarray(csv->fields, csv->field_size,
		    sizeof *csv->fields);
	}
	csv->fields[csv->count++].length = at;
}

static void
start_record(struct csv *csv)
{
	csv->record_line = csv->line;
	csv->count = 0;
	csv->length = 0;
	csv->place = AT_FIELD;
	start_field(csv, 0);
}

static enum csv_status
end_record(struct csv *csv)
{
	put(csv, "", 1);
	for (size_t i = 0; i < csv->count; i++) {
		struct csv_field *field = &csv->fields[i];
		size_t end = i + 1 < csv->count ? field[1].length : csv->length;

		field->text = csv->bytes + field->length;
		field->length = end - field->length - 1;
	}
	csv->place = AT_RECORD;
	return CSV_RECORD;
}

static enum csv_status
fail(struct csv *csv, char byte)
{
	csv->place = byte == '\n' ? AT_RECORD : SKIPPING;
	csv->count = 0;
	csv->length = 0;
	return CSV_ERROR;
}

static bool
is_special(const struct csv *csv, char byte)
{
	return byte == csv->separator || byte == '\n' || byte == '\r' ||
	    byte == '"';
}

/* Takes a byte outside quotes that is not plain text. */
static enum csv_status
on_special(struct csv *csv, char byte)
{
	if (byte == csv->separator) {
		put(csv, "", 1);
		start_field(csv, csv->length);
		csv->place = AT_FIELD;
		return CSV_MORE;
	}
	switch (byte) {
	case '\n':
		return end_record(csv);
	case '\r':
		csv->place = AT_RETURN;
		return CSV_MORE;
	default:
		return fail(csv, byte);
	}
}

static enum csv_status
on_text(struct csv *csv, char byte, enum place place)
{
	put(csv, &byte, 1);
	csv->place = place;
	return CSV_MORE;
}

static enum csv_status
on_byte(struct csv *csv, char byte)
{
	switch (csv->place) {
	case IN_QUOTED:
		if (byte != '"')
			return on_text(csv, byte, IN_QUOTED);
		csv->place = AT_QUOTE;
		return CSV_MORE;
	case AT_QUOTE:
		if (byte == '"')
			return on_text(csv, byte, IN_QUOTED);
		return is_special(csv, byte) ? on_special(csv, byte)
					     : fail(csv, byte);
	case AT_RETURN:
		return byte == '\n' ? end_record(csv) : fail(csv, byte);
	case SKIPPING:
		if (byte == '\n')
			csv->place = AT_RECORD;
		return CSV_MORE;
	case AT_RECORD:
		start_record(csv);
		/* FALLTHROUGH */
	case AT_FIELD:
		if (byte == '"') {
			csv->place = IN_QUOTED;
			return CSV_MORE;
		}
		/* FALLTHROUGH */
	default:			/* IN_PLAIN */
		return is_special(csv, byte) ? on_special(csv, byte)
		    : on_text(csv, byte, IN_PLAIN);
	}
}

static size_t
run_until(const char *bytes, size_t length, char end)
{
	const char *found = memchr(bytes, end, length);

	return found == NULL ? length : (size_t)(found - bytes);
}

static void
count_lines(struct csv *csv, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		csv->line++;
		at++;
	}
}

/* Takes the bytes from here on that have no special meaning to the parser. It
 * takes at most one byte more than the bound, so that the result does not
 * depend on how the input is cut. */
static size_t
take_run(struct csv *csv, const char *bytes, size_t length)
{
	size_t run = 0;

	if (csv->place == SKIPPING)
		return run_until(bytes, length, '\n');
	if (csv->place != IN_PLAIN && csv->place != IN_QUOTED)
		return 0;
	if (length > csv->record_max - csv->length)
		length = csv->record_max - csv->length + 1;
	if (csv->place == IN_QUOTED) {
		run = run_until(bytes, length, '"');
		count_lines(csv, bytes, run);
	} else {
		while (run < length && !is_special(csv, bytes[run]))
			run++;
	}
	put(csv, bytes, run);
	return run;
}

/* This is the common case: the whole line is here, and it has no quote. */
static bool
take_plain_line(struct csv *csv, const char *bytes, size_t length,
    size_t *taken)
{
	size_t line = run_until(bytes, length, '\n'), end = line;
	char *at, *stop;

	if (line == length || memchr(bytes, '"', line) != NULL)
		return false;
	if (end > 0 && bytes[end - 1] == '\r')
		end--;
	if (end > csv->record_max || memchr(bytes, '\r', end) != NULL)
		return false;
	start_record(csv);
	put(csv, bytes, end);
	stop = csv->bytes + end;
	for (at = csv->bytes; at < stop && (at = memchr(at, csv->separator,
	    (size_t)(stop - at))) != NULL;) {
		*at++ = '\0';
		start_field(csv, (size_t)(at - csv->bytes));
	}
	csv->line++;
	*taken = line + 1;
	return true;
}

enum csv_status
csv_push(struct csv *csv, const char *bytes, size_t length, size_t *taken)
{
	enum csv_status status = CSV_MORE;
	size_t at = 0;

	if (length > 0 && csv->place == AT_RECORD &&
	    take_plain_line(csv, bytes, length, taken))
		return end_record(csv);
	while (at < length && status == CSV_MORE) {
		size_t run = take_run(csv, bytes + at, length - at);

		if (run == 0) {
			status = on_byte(csv, bytes[at]);
			csv->line += bytes[at] == '\n';
			run = 1;
		}
		at += run;
		if (status == CSV_MORE && csv->length > csv->record_max)
			status = fail(csv, bytes[at - 1]);
	}
	*taken = at;
	return status;
}

enum csv_status
csv_finish(struct csv *csv)
{
	switch (csv->place) {
	case AT_RECORD:
	case SKIPPING:
		csv->place = AT_RECORD;
		return CSV_MORE;
	case IN_QUOTED:
	case AT_RETURN:
		return fail(csv, '\n');
	default:
		return end_record(csv);
	}
}

const struct csv_field *
csv_fields(const struct csv *csv, size_t *count)
{
	*count = csv->count;
	return csv->fields;
}

void
csv_pass_line(struct csv *csv)
{
	csv->record_line = csv->line++;
}

uint64_t
csv_line(const struct csv *csv)
{
	return csv->record_line;
}
