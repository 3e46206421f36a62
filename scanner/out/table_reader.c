#include "scanner/out/table_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/csv.h"
#include "scanner/base/memory.h"
#include "scanner/out/gzip.h"

#define RECORD_MAX	((size_t)1 << 20)
#define TOTAL_MAX	((uint64_t)1 << 30)	/* bytes of a part, unpacked */
#define PIECE		(32 * 1024)

struct table_reader {
	const struct table_schema *schema;
	struct gzip_reader *gzip;
	struct csv	*csv;
	const struct csv_field *fields;
	char		 bytes[PIECE];
	size_t		 at, length;
	uint64_t	 total, row;
	bool		 at_end;
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

uint64_t
table_reader_row(const struct table_reader *reader)
{
	return reader->row;
}

static int
fail(struct table_reader *reader, const char *what)
{
	snprintf(reader->why, sizeof reader->why, "line %llu: %s",
	    (unsigned long long)csv_line(reader->csv), what);
	return -1;
}

/* 1: there are bytes; 0: the end; -1. */
static int
refill(struct table_reader *reader)
{
	long length;

	if (reader->at < reader->length)
		return 1;
	length = gzip_read(reader->gzip, reader->bytes, PIECE);
	if (length < 0)
		return fail(reader, gzip_why(reader->gzip));
	reader->total += (uint64_t)length;
	if (reader->total > TOTAL_MAX)
		return fail(reader, "the part is too large");
	reader->at = 0;
	reader->length = (size_t)length;
	return length > 0;
}

/* The next record: 1, 0 at the end, -1. */
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
			/* We end every line. */
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

/* Checking **************************************************************** */

static bool
is_in(const char *text, size_t length, const char *also)
{
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr(also, c) != NULL)))
			return false;
	}
	return true;
}

static bool
is_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static bool
is_number(const char *text, size_t length)
{
	size_t start = text[0] == '-';

	if (length == start || length - start > 18)
		return false;
	for (size_t i = start; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static bool
is_hex(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!((text[i] >= '0' && text[i] <= '9') ||
		    (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	return length % 2 == 0;
}

static bool
is_base64(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == '=')
		length--;
	for (size_t i = 0; i < length; i++)
		if (!((text[i] >= 'A' && text[i] <= 'Z') ||
		    (text[i] >= 'a' && text[i] <= 'z') ||
		    (text[i] >= '0' && text[i] <= '9') || text[i] == '+' ||
		    text[i] == '/'))
			return false;
	return true;
}

/* "2026-11-24T03:00:00.000Z" */
static bool
is_time(const char *text, size_t length)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";

	if (length != sizeof form - 1)
		return false;
	for (size_t i = 0; i < length; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9'
				   : text[i] != form[i])
			return false;
	return true;
}

/* Escapes are whole: \xHH. */
static bool
is_escaped(const char *text, size_t length)
{
	if (!is_printable(text, length))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] != '\\')
			continue;
		if (length - i < 4 || text[i + 1] != 'x' ||
		    !is_hex(text + i + 2, 2))
			return false;
		i += 3;
	}
	return true;
}

static bool
are_flags(const struct enumeration *values, const char *text)
{
	char word[64];

	while (*text != '\0') {
		size_t length = strcspn(text, " ");

		if (length == 0 || length >= sizeof word)
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (enumeration_value(values, word) < 0)
			return false;
		text += length;
		if (*text == ' ' && *++text == '\0')
			return false;
	}
	return true;
}

static bool
is_legal(const struct column *column, const char *text, size_t length)
{
	if (length == 0)
		return !column->required;
	switch (column->kind) {
	case COLUMN_NAME:
		return is_in(text, length, "-_.\\");
	case COLUMN_WORD:
	case COLUMN_LIST:
		return is_printable(text, length);
	case COLUMN_TEXT:
		return is_escaped(text, length);
	case COLUMN_ENUM:
		return strlen(text) == length &&
		    enumeration_value(column->values, text) >= 0;
	case COLUMN_FLAGS:
		return strlen(text) == length &&
		    are_flags(column->values, text);
	case COLUMN_NUMBER:
		return is_number(text, length);
	case COLUMN_BOOL:
		return length == 1 && (text[0] == '0' || text[0] == '1');
	case COLUMN_TIME:
		return is_time(text, length);
	case COLUMN_HEX:
		return is_hex(text, length);
	case COLUMN_BASE64:
		return is_base64(text, length);
	}
	return false;
}

static int
check_header(struct table_reader *reader)
{
	size_t count;
	int result = next_record(reader);

	if (result == 0)
		return fail(reader, "there is no header");
	if (result < 0)
		return result;
	reader->fields = csv_fields(reader->csv, &count);
	if (count != reader->schema->column_count)
		return fail(reader, "another number of columns");
	for (size_t i = 0; i < count; i++)
		if (strcmp(reader->fields[i].text,
		    reader->schema->columns[i].name) != 0)
			return fail(reader, "another header");
	return 1;
}

int
table_reader_next(struct table_reader *reader)
{
	size_t count;
	int result;

	if (reader->row == 0 && !reader->at_end &&
	    (result = check_header(reader)) < 0)
		return result;
	reader->fields = NULL;
	result = reader->at_end ? 0 : next_record(reader);
	reader->at_end = result != 1;
	if (result != 1)
		return result;
	reader->row++;
	reader->fields = csv_fields(reader->csv, &count);
	if (count != reader->schema->column_count)
		return fail(reader, "another number of columns");
	for (size_t i = 0; i < count; i++)
		if (!is_legal(&reader->schema->columns[i],
		    reader->fields[i].text, reader->fields[i].length))
			return fail(reader, reader->schema->columns[i].name);
	return 1;
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
	return strtoll(reader->fields[column].text, NULL, 10);
}

int
table_get_enum(const struct table_reader *reader, unsigned column)
{
	if (table_is_null(reader, column))
		return -1;
	return enumeration_value(reader->schema->columns[column].values,
	    reader->fields[column].text);
}

unsigned
table_get_flags(const struct table_reader *reader, unsigned column)
{
	const struct enumeration *values =
	    reader->schema->columns[column].values;
	const char *text = reader->fields[column].text;
	unsigned bits = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, " ");

		for (size_t i = 0; i < values->count; i++)
			if (strlen(values->texts[i]) == length &&
			    strncmp(values->texts[i], text, length) == 0)
				bits |= 1u << i;
		text += length + (text[length] == ' ');
	}
	return bits;
}

static int64_t
digits(const char *text, int count)
{
	int64_t number = 0;

	while (count-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t era, of_era;

	/* Years begin in March, so that the leap day is the last. */
	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719468;
}

int64_t
table_get_time(const struct table_reader *reader, unsigned column)
{
	const char *text = reader->fields[column].text;
	int64_t seconds;

	if (table_is_null(reader, column))
		return INT64_MIN;
	seconds = days_of(digits(text, 4), digits(text + 5, 2),
	    digits(text + 8, 2)) * 86400 + digits(text + 11, 2) * 3600 +
	    digits(text + 14, 2) * 60 + digits(text + 17, 2);
	return seconds * 1000 + digits(text + 20, 3);
}

static unsigned
hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static long
decode_base64(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t used = 0;

	for (size_t i = 0; i < length && text[i] != '='; i++) {
		char c = text[i];
		unsigned value = c >= 'a' ? (unsigned)(c - 'a') + 26
		    : c >= 'A' ? (unsigned)(c - 'A')
		    : c >= '0' ? (unsigned)(c - '0') + 52
		    : c == '+' ? 62 : 63;

		bits = bits << 6 | value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (used == size)
			return -1;
		bytes[used++] = (uint8_t)(bits >> have);
	}
	return (long)used;
}

static long
decode_text(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		uint8_t byte = (uint8_t)text[i];

		if (byte == '\\') {
			byte = (uint8_t)(hex_value(text[i + 2]) << 4 |
			    hex_value(text[i + 3]));
			i += 3;
		}
		if (used == size)
			return -1;
		bytes[used++] = byte;
	}
	return (long)used;
}

long
table_get_bytes(const struct table_reader *reader, unsigned column,
    uint8_t *bytes, size_t size)
{
	const char *text = reader->fields[column].text;
	size_t length = reader->fields[column].length;

	switch (reader->schema->columns[column].kind) {
	case COLUMN_BASE64:
		return decode_base64(text, length, bytes, size);
	case COLUMN_TEXT:
		return decode_text(text, length, bytes, size);
	default:
		break;
	}
	if (length / 2 > size)
		return -1;
	for (size_t i = 0; i < length / 2; i++)
		bytes[i] = (uint8_t)(hex_value(text[2 * i]) << 4 |
		    hex_value(text[2 * i + 1]));
	return (long)(length / 2);
}
