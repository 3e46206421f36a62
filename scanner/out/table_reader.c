#include "scanner/out/table_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/csv.h"
#include "scanner/base/memory.h"
#include "scanner/out/field.h"
#include "scanner/out/gzip.h"

#define RECORD_MAX	((size_t)2 << 20)	/* a certificate of 1 MiB in
						 * base64, and its texts */
#define TOTAL_MAX	((uint64_t)1 << 30)	/* bytes of a part after it is
						 * unpacked */
#define SEEN_MAX	31

/* The last text of the column that was found to be legal, and its value. Most
 * rows share most texts with the row before; these are not checked again. */
struct seen {
	char		 text[SEEN_MAX];
	int8_t		 length;	/* -1: there is none, or it is too long
					 * to keep */
	int		 value;		/* ENUM: -1 if it is null */
};

struct table_reader {
	const struct table_schema *schema;
	struct gzip_reader *gzip;
	struct csv	*csv;
	const struct csv_field *fields;
	struct csv_field plain[TABLE_COLUMNS_MAX];	/* a line that was split
							 * without csv */
	struct seen	 seen[TABLE_COLUMNS_MAX];
	uint64_t	 unseen;	/* bits: columns to be checked */
	char		*bytes;		/* what gzip_read gave */
	size_t		 at, length;
	uint64_t	 total, row;
	enum { AT_HEADER, AT_ROW, AT_END } place;
	char		 why[256];
};

struct table_reader *
table_reader_open(enum table_id id, int descriptor)
{
	struct table_reader *reader;

	if (descriptor < 0)
		return NULL;
	reader = xcalloc(1, sizeof *reader);
	reader->schema = &table_schemas[id];
	reader->gzip = gzip_reader_new(descriptor);
	reader->csv = csv_new(RECORD_MAX);
	for (unsigned i = 0; i < TABLE_COLUMNS_MAX; i++)
		reader->seen[i].length = -1;
	return reader;
}

void
table_reader_close(struct table_reader *reader)
{
	if (reader == NULL)
		return;
	gzip_reader_free(reader->gzip);
	csv_free(reader->csv);
	free(reader);
}

const char *
table_reader_why(const struct table_reader *reader)
{
	return reader->why;
}

static int
fail(struct table_reader *reader, const char *what)
{
	snprintf(reader->why, sizeof reader->why, "line %llu: %s",
	    (unsigned long long)csv_line(reader->csv), what);
	return -1;
}

/* Returns 1 if there are bytes, 0 at the end, or -1. */
static int
refill(struct table_reader *reader)
{
	long length;

	if (reader->at < reader->length)
		return 1;
	length = gzip_read(reader->gzip, &reader->bytes);
	if (length < 0)
		return fail(reader, gzip_why(reader->gzip));
	reader->total += (uint64_t)length;
	if (reader->total > TOTAL_MAX)
		return fail(reader, "the part is too large");
	reader->at = 0;
	reader->length = (size_t)length;
	return length > 0;
}

/* Gives the next record as it is: 1, 0 at the end, -1. */
static int
next_record(struct table_reader *reader)
{
	enum csv_status status = CSV_MORE;

	while (status == CSV_MORE) {
		int more = refill(reader);
		size_t taken;

		if (more < 0)
			return -1;
		if (more == 0)
			/* Each line that we write has an end. */
			return csv_finish(reader->csv) == CSV_MORE ? 0
			    : fail(reader, "the last line is not whole");
		status = csv_push(reader->csv, reader->bytes + reader->at,
		    reader->length - reader->at, &taken);
		reader->at += taken;
	}
	if (status == CSV_ERROR)
		return fail(reader, "not RFC 4180");
	return 1;
}

static int
check_header(struct table_reader *reader)
{
	const struct table_schema *schema = reader->schema;
	size_t count;
	int result = next_record(reader);

	if (result == 0)
		return fail(reader, "there is no header");
	if (result < 0)
		return result;
	reader->fields = csv_fields(reader->csv, &count);
	if (count != schema->column_count)
		return fail(reader, "another header");
	for (size_t i = 0; i < count; i++)
		if (strlen(schema->columns[i].name) !=
		    reader->fields[i].length ||
		    strcmp(reader->fields[i].text, schema->columns[i].name)
		    != 0)
			return fail(reader, "another header");
	reader->place = AT_ROW;
	return 1;
}

/* Rows ******************************************************************** */

/* Does the rest of a line without quotes begin with the text of the previous
 * row? */
static bool
is_seen(const struct seen *seen, const char *text, size_t left)
{
	size_t length = (size_t)seen->length;

	return seen->length >= 0 && length <= left &&
	    (length == left || text[length] == ',') &&
	    (length == 0 || memcmp(text, seen->text, length) == 0);
}

static size_t
length_to_comma(const char *text, size_t left)
{
	const char *comma = memchr(text, ',', left);

	return comma != NULL ? (size_t)(comma - text) : left;
}

/* Returns false if the number of fields differs from the table's. */
static bool
split(struct table_reader *reader, char *at, char *end)
{
	unsigned count = reader->schema->column_count;

	reader->unseen = 0;
	for (unsigned i = 0; i < count; i++) {
		struct csv_field *field = &reader->plain[i];
		const struct seen *seen = &reader->seen[i];
		size_t left = (size_t)(end - at);

		field->text = at;
		if (is_seen(seen, at, left)) {
			field->length = (size_t)seen->length;
		} else {
			field->length = length_to_comma(at, left);
			reader->unseen |= UINT64_C(1) << i;
		}
		at += field->length;
		if ((at == end) != (i + 1 == count))
			return false;
		*at++ = '\0';
	}
	return true;
}

/* The common case: the whole line is here and has no quote, so it is split in
 * place. Returns 1, 0 if this is not the case, or -1. */
static int
take_plain_line(struct table_reader *reader)
{
	char *line = reader->bytes + reader->at;
	char *end = memchr(line, '\n', reader->length - reader->at);
	size_t length;

	if (end == NULL)
		return 0;
	length = (size_t)(end - line);
	if (memchr(line, '"', length) != NULL ||
	    memchr(line, '\r', length) != NULL)
		return 0;
	reader->at += length + 1;
	csv_pass_line(reader->csv);
	if (!split(reader, line, end))
		return fail(reader, "another number of columns");
	reader->fields = reader->plain;
	return 1;
}

static int
take_record(struct table_reader *reader)
{
	size_t count;
	int result = next_record(reader);

	if (result != 1)
		return result;
	reader->fields = csv_fields(reader->csv, &count);
	if (count != reader->schema->column_count)
		return fail(reader, "another number of columns");
	reader->unseen = ~UINT64_C(0) >> (64 - count);
	return 1;
}

static void
see(struct seen *seen, const struct column *column,
    const struct csv_field *field)
{
	if (column->kind == COLUMN_ENUM)
		seen->value = field->length == 0 ? -1
		    : enumeration_value(column->values, field->text);
	/* A field in quotes may have a comma. */
	seen->length = -1;
	if (field->length > SEEN_MAX ||
	    memchr(field->text, ',', field->length) != NULL)
		return;
	seen->length = (int8_t)field->length;
	memcpy(seen->text, field->text, field->length);
}

static int
check_row(struct table_reader *reader)
{
	const struct table_schema *schema = reader->schema;
	char what[96];

	for (uint64_t left = reader->unseen; left != 0; left &= left - 1) {
		int i = ffsll((long long)left) - 1;
		const struct column *column = &schema->columns[i];
		const struct csv_field *field = &reader->fields[i];

		if (field_is_legal(column, field->text, field->length)) {
			see(&reader->seen[i], column, field);
			continue;
		}
		snprintf(what, sizeof what, "%s is %s", column->name,
		    field->length == 0 ? "empty" : "not what it may be");
		return fail(reader, what);
	}
	reader->row++;
	return 1;
}

static int
next_row(struct table_reader *reader)
{
	int result = refill(reader);

	if (result == 1)
		result = take_plain_line(reader);
	if (result == 0)
		result = take_record(reader);
	return result == 1 ? check_row(reader) : result;
}

int
table_reader_next(struct table_reader *reader)
{
	int result = 1;

	reader->fields = NULL;
	if (reader->place == AT_HEADER)
		result = check_header(reader);
	else if (reader->place == AT_END)
		return reader->why[0] == '\0' ? 0 : -1;
	if (result == 1)
		result = next_row(reader);
	if (result != 1)
		reader->place = AT_END;
	return result;
}

/* Fields ****************************************************************** */

const char *
table_get(const struct table_reader *reader, unsigned column)
{
	return reader->fields[column].text;
}

size_t
table_get_length(const struct table_reader *reader, unsigned column)
{
	return reader->fields[column].length;
}

bool
table_is_null(const struct table_reader *reader, unsigned column)
{
	return reader->fields[column].length == 0;
}

int64_t
table_get_number(const struct table_reader *reader, unsigned column)
{
	return field_number(reader->fields[column].text);
}

int
table_get_enum(const struct table_reader *reader, unsigned column)
{
	return reader->seen[column].value;
}

unsigned
table_get_flags(const struct table_reader *reader, unsigned column)
{
	return field_flags(reader->schema->columns[column].values,
	    reader->fields[column].text);
}

int64_t
table_get_time(const struct table_reader *reader, unsigned column)
{
	return table_is_null(reader, column) ? INT64_MIN
	    : field_time(reader->fields[column].text);
}

long
table_get_bytes(const struct table_reader *reader, unsigned column,
    uint8_t *bytes, size_t size)
{
	return field_bytes(reader->schema->columns[column].kind,
	    reader->fields[column].text, reader->fields[column].length, bytes,
	    size);
}
