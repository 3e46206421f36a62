#include "parsers/csv.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"

enum place {
	AT_FIELD,	/* before the first byte of a field */
	IN_PLAIN,
	IN_QUOTED,
	AT_QUOTE,	/* behind a quote inside a quoted field */
	SKIPPING,	/* to the end of a line with an error */
};

struct csv {
	enum place	 place;
	size_t		 record_max;
	char		*bytes;		/* of the record, fields ended by NUL */
	size_t		 length, size;
	size_t		*starts;	/* of the fields, in bytes */
	struct csv_field *fields;
	size_t		 count, field_size;
	bool		 at_return;	/* a CR that may begin a line end */
	bool		 fresh;		/* the next byte begins a record */
	uint64_t	 line, record_line;
};

struct csv *
csv_new(size_t record_max)
{
	struct csv *csv = xcalloc(1, sizeof *csv);

	csv->record_max = record_max;
	csv->line = csv->record_line = 1;
	csv->fresh = true;
	return csv;
}

void
csv_free(struct csv *csv)
{
	if (csv == NULL)
		return;
	free(csv->bytes);
	free(csv->starts);
	free(csv->fields);
	free(csv);
}

static void
put(struct csv *csv, const char *bytes, size_t length)
{
	while (csv->size - csv->length < length) {
		csv->size = csv->size == 0 ? 1024 : csv->size * 2;
		csv->bytes = xrealloc(csv->bytes, csv->size);
	}
	memcpy(csv->bytes + csv->length, bytes, length);
	csv->length += length;
}

static void
start_field(struct csv *csv)
{
	if (csv->count == csv->field_size) {
		csv->field_size = csv->field_size * 2 + 32;
		csv->starts = xreallocarray(csv->starts, csv->field_size,
		    sizeof *csv->starts);
		csv->fields = xreallocarray(csv->fields, csv->field_size,
		    sizeof *csv->fields);
	}
	csv->starts[csv->count++] = csv->length;
}

static enum csv_status
end_record(struct csv *csv)
{
	put(csv, "", 1);
	for (size_t i = 0; i < csv->count; i++) {
		size_t end = i + 1 < csv->count ? csv->starts[i + 1]
						: csv->length;

		csv->fields[i] = (struct csv_field){
			csv->bytes + csv->starts[i],
			end - csv->starts[i] - 1,
		};
	}
	csv->place = AT_FIELD;
	csv->fresh = true;
	return CSV_RECORD;
}

static enum csv_status
fail(struct csv *csv, char byte)
{
	csv->place = SKIPPING;
	csv->at_return = false;
	if (byte == '\n') {
		csv->place = AT_FIELD;
		csv->fresh = true;
	}
	csv->count = 0;
	csv->length = 0;
	return CSV_ERROR;
}

/* A byte outside quotes that is not plain text: comma, CR, LF or quote. */
static enum csv_status
on_special(struct csv *csv, char byte)
{
	switch (byte) {
	case ',':
		put(csv, "", 1);
		start_field(csv);
		csv->place = AT_FIELD;
		return CSV_MORE;
	case '\n':
		return end_record(csv);
	case '\r':
		csv->at_return = true;
		return CSV_MORE;
	default:
		return fail(csv, byte);
	}
}

static bool
is_special(char byte)
{
	return byte == ',' || byte == '\n' || byte == '\r' || byte == '"';
}

static enum csv_status
on_byte(struct csv *csv, char byte)
{
	if (csv->place == SKIPPING) {
		if (byte == '\n') {
			csv->place = AT_FIELD;
			csv->fresh = true;
		}
		return CSV_MORE;
	}
	if (csv->at_return) {
		csv->at_return = false;
		return byte == '\n' ? end_record(csv) : fail(csv, byte);
	}
	switch (csv->place) {
	case AT_FIELD:
		if (byte == '"') {
			csv->place = IN_QUOTED;
			return CSV_MORE;
		}
		if (is_special(byte))
			return on_special(csv, byte);
		csv->place = IN_PLAIN;
		put(csv, &byte, 1);
		return CSV_MORE;
	case IN_PLAIN:
		if (is_special(byte))
			return on_special(csv, byte);
		put(csv, &byte, 1);
		return CSV_MORE;
	case IN_QUOTED:
		if (byte == '"')
			csv->place = AT_QUOTE;
		else
			put(csv, &byte, 1);
		return CSV_MORE;
	default:			/* AT_QUOTE */
		if (byte == '"') {
			put(csv, &byte, 1);
			csv->place = IN_QUOTED;
			return CSV_MORE;
		}
		return is_special(byte) ? on_special(csv, byte)
					: fail(csv, byte);
	}
}

/* The run of bytes that mean themselves where the parser stands. */
static size_t
plain_run(const struct csv *csv, const char *bytes, size_t length)
{
	size_t i = 0;

	if (csv->at_return)
		return 0;
	if (csv->place == IN_QUOTED) {
		const char *quote = memchr(bytes, '"', length);

		return quote == NULL ? length : (size_t)(quote - bytes);
	}
	if (csv->place != IN_PLAIN)
		return 0;
	while (i < length && !is_special(bytes[i]))
		i++;
	return i;
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

static void
begin_record(struct csv *csv)
{
	csv->fresh = false;
	csv->record_line = csv->line;
	csv->count = 0;
	csv->length = 0;
	start_field(csv);
}

enum csv_status
csv_push(struct csv *csv, const char *bytes, size_t length, size_t *taken)
{
	enum csv_status status = CSV_MORE;
	size_t i = 0;

	while (i < length && status == CSV_MORE) {
		size_t run;

		if (csv->fresh)
			begin_record(csv);
		run = plain_run(csv, bytes + i, length - i);
		if (run > 0) {
			if (csv->place == IN_QUOTED)
				count_lines(csv, bytes + i, run);
			put(csv, bytes + i, run);
			i += run;
		} else {
			csv->line += bytes[i] == '\n';
			status = on_byte(csv, bytes[i++]);
		}
		if (status == CSV_MORE && csv->length > csv->record_max)
			status = fail(csv, 0);
	}
	*taken = i;
	return status;
}

enum csv_status
csv_finish(struct csv *csv)
{
	if (csv->fresh || csv->place == SKIPPING)
		return CSV_MORE;
	if (csv->place == IN_QUOTED || csv->at_return)
		return fail(csv, '\n');
	return end_record(csv);
}

const struct csv_field *
csv_fields(const struct csv *csv, size_t *count)
{
	*count = csv->count;
	return csv->fields;
}

uint64_t
csv_line(const struct csv *csv)
{
	return csv->record_line;
}
