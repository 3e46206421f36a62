/* table_field: the fields of the row that is being set. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/escape.h"
#include "scanner/out/table_internal.h"
#include "scanner/out/table_reader.h"

#define FLAGS_MAX	16
#define SECOND_MS	INT64_C(1000)
#define TIME_FIRST_MS	(INT64_C(-62167219200) * SECOND_MS)	/* year 0 */
#define TIME_LAST_MS	(INT64_C(253402300800) * SECOND_MS - 1)	/* 9999 */

static void
begin_field(struct table *table, unsigned column)
{
	assert(column < table->schema->column_count &&
	    !table->spans[column].set);
	table->spans[column].start = table->fields.length;
	table->spans[column].set = true;
}

static void
end_field(struct table *table, unsigned column)
{
	table->spans[column].length = table->fields.length -
	    table->spans[column].start;
}

static void
set_as_is(struct table *table, unsigned column, const char *text, size_t length)
{
	begin_field(table, column);
	buffer_append(&table->fields, text, length);
	end_field(table, column);
}

void
table_set(struct table *table, unsigned column, const char *text)
{
	enum column_kind kind = table->schema->columns[column].kind;

	assert(kind == COLUMN_NAME || kind == COLUMN_WORD ||
	    kind == COLUMN_LIST);
	begin_field(table, column);
	/* A name whose first labels were cut off may begin with '-'
	 * (parsers/name.h). */
	if (kind == COLUMN_NAME && text[0] == '-') {
		buffer_append(&table->fields, "\\045", 4);
		text++;
	}
	buffer_append_text(&table->fields, text);
	end_field(table, column);
}

void
table_set_numbers(struct table *table, unsigned column, const char *text)
{
	assert(table->schema->columns[column].kind == COLUMN_NUMBERS);
	begin_field(table, column);
	if (text[0] != '\0') {
		buffer_append_byte(&table->fields, '[');
		for (; *text != '\0'; text++)
			buffer_append_byte(&table->fields,
			    *text == ' ' ? ',' : (uint8_t)*text);
		buffer_append_byte(&table->fields, ']');
	}
	end_field(table, column);
}

void
table_set_text(struct table *table, unsigned column, const void *bytes,
    size_t length)
{
	const char *text = bytes;

	assert(table->schema->columns[column].kind == COLUMN_TEXT);
	begin_field(table, column);
	/* A spreadsheet executes what begins like a formula. */
	if (length > 0 && memchr("=+-@", text[0], 4) != NULL) {
		escape_append_byte(&table->fields, (uint8_t)*text++);
		length--;
	}
	escape_append(&table->fields, text, length);
	end_field(table, column);
}

void
table_set_escaped(struct table *table, unsigned column, const void *text,
    size_t length)
{
	assert(table->schema->columns[column].kind == COLUMN_TEXT);
	begin_field(table, column);
	buffer_append(&table->fields, text, length);
	end_field(table, column);
}

void
table_set_enum(struct table *table, unsigned column, int value)
{
	const struct column *schema = &table->schema->columns[column];
	const char *text;

	assert(schema->kind == COLUMN_ENUM && value >= 0 &&
	    (size_t)value < schema->values->count);
	text = schema->values->texts[value];
	set_as_is(table, column, text, strlen(text));
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
table_set_flags(struct table *table, unsigned column, unsigned bits)
{
	const struct column *schema = &table->schema->columns[column];
	const char *texts[FLAGS_MAX];
	size_t count = 0;

	assert(schema->kind == COLUMN_FLAGS &&
	    schema->values->count <= FLAGS_MAX &&
	    bits >> schema->values->count == 0);
	begin_field(table, column);
	for (size_t i = 0; i < schema->values->count; i++)
		if (bits & 1u << i)
			texts[count++] = schema->values->texts[i];
	qsort(texts, count, sizeof *texts, compare_texts);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_byte(&table->fields, ' ');
		buffer_append_text(&table->fields, texts[i]);
	}
	end_field(table, column);
}

/* Numbers of key columns are kept as numbers, since they sort by value. */
static void
keep_number(struct table *table, unsigned column, int64_t value)
{
	for (unsigned i = 0; i < table->schema->key_count; i++)
		if (table->schema->key[i] == column)
			table->numbers[i] = value;
}

void
table_set_number(struct table *table, unsigned column, int64_t value)
{
	char digits[24];
	char *at = digits + sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	assert(table->schema->columns[column].kind == COLUMN_NUMBER);
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (value < 0)
		*--at = '-';
	set_as_is(table, column, at, (size_t)(digits + sizeof digits - at));
	keep_number(table, column, value);
}

void
table_set_bool(struct table *table, unsigned column, bool value)
{
	assert(table->schema->columns[column].kind == COLUMN_BOOL);
	set_as_is(table, column, value ? "1" : "0", 1);
}

void
table_set_time(struct table *table, unsigned column, int64_t ms)
{
	char text[CLOCK_TEXT_MAX] = "";

	assert(table->schema->columns[column].kind == COLUMN_TIME);
	if (ms >= TIME_FIRST_MS && ms <= TIME_LAST_MS)
		clock_text(ms, text);
	set_as_is(table, column, text, strlen(text));
}

void
table_set_hex(struct table *table, unsigned column, const void *bytes,
    size_t length)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *at = bytes;

	assert(table->schema->columns[column].kind == COLUMN_HEX);
	begin_field(table, column);
	for (size_t i = 0; i < length; i++) {
		buffer_append_byte(&table->fields, (uint8_t)hex[at[i] >> 4]);
		buffer_append_byte(&table->fields, (uint8_t)hex[at[i] & 15]);
	}
	end_field(table, column);
}

void
table_set_base64(struct table *table, unsigned column, const void *bytes,
    size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *at = bytes;

	assert(table->schema->columns[column].kind == COLUMN_BASE64);
	begin_field(table, column);
	for (size_t i = 0; i < length; i += 3) {
		uint32_t three = (uint32_t)at[i] << 16;
		char four[4];

		if (i + 1 < length)
			three |= (uint32_t)at[i + 1] << 8;
		if (i + 2 < length)
			three |= at[i + 2];
		four[0] = digits[three >> 18];
		four[1] = digits[three >> 12 & 63];
		four[2] = i + 1 < length ? digits[three >> 6 & 63] : '=';
		four[3] = i + 2 < length ? digits[three & 63] : '=';
		buffer_append(&table->fields, four, 4);
	}
	end_field(table, column);
}

void
table_set_written(struct table *table, unsigned column, const char *text)
{
	set_as_is(table, column, text, strlen(text));
}

void
table_copy_field(struct table *table, const struct table_reader *row,
    unsigned column)
{
	if (table_is_null(row, column))
		return;
	set_as_is(table, column, table_get(row, column),
	    table_get_length(row, column));
	if (table->schema->columns[column].kind == COLUMN_NUMBER)
		keep_number(table, column, table_get_number(row, column));
}
