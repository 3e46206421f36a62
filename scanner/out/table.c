#include "scanner/out/table.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/buffer.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/out/gzip.h"
#include "scanner/out/table_reader.h"

#define FLAGS_MAX	16
#define SECOND_MS	INT64_C(1000)
#define TIME_FIRST_MS	(INT64_C(-62167219200) * SECOND_MS)	/* year 0 */
#define TIME_LAST_MS	(INT64_C(253402300800) * SECOND_MS - 1)	/* 9999 */

/* A row in `lines` and its sort key in `keys`. */
struct row {
	size_t	line, key;
	uint32_t line_length, key_length;
};

struct table {
	const struct table_schema *schema;
	struct buffer	 lines, keys;
	struct row	*rows;
	size_t		 count, size;
	/* The row that is being set: encoded fields, in the order set. */
	struct buffer	 fields;
	struct { size_t start, length; bool set; } spans[TABLE_COLUMNS_MAX];
	int64_t		 numbers[TABLE_KEY_MAX];	/* of key columns */
};

struct table *
table_new(enum table_id id)
{
	struct table *table = xcalloc(1, sizeof *table);

	table->schema = &table_schemas[id];
	assert(table->schema->column_count <= TABLE_COLUMNS_MAX);
	return table;
}

void
table_free(struct table *table)
{
	if (table == NULL)
		return;
	buffer_fini(&table->lines);
	buffer_fini(&table->keys);
	buffer_fini(&table->fields);
	free(table->rows);
	free(table);
}

size_t
table_rows(const struct table *table)
{
	return table->count;
}

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
	/* A name that was cut off the front of another (parsers/name.h). */
	if (kind == COLUMN_NAME && text[0] == '-') {
		buffer_append(&table->fields, "\\045", 4);
		text++;
	}
	buffer_append_text(&table->fields, text);
	end_field(table, column);
}

void
table_set_text(struct table *table, unsigned column, const void *bytes,
    size_t length)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *at = bytes;

	assert(table->schema->columns[column].kind == COLUMN_TEXT);
	begin_field(table, column);
	for (size_t i = 0; i < length; i++) {
		bool formula = i == 0 && memchr("=+-@", at[0], 4) != NULL;

		if (at[i] >= ' ' && at[i] < 0x7f && at[i] != '\\' && !formula) {
			buffer_append_byte(&table->fields, at[i]);
			continue;
		}
		buffer_append(&table->fields, (char[]){ '\\', 'x',
		    hex[at[i] >> 4], hex[at[i] & 15] }, 4);
	}
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

/* Numbers of key columns are kept as such: they sort by value. */
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

/* RFC 4180: only what needs quotes has them. */
static void
append_field(struct buffer *line, const uint8_t *bytes, size_t length)
{
	bool quoted = false;

	for (size_t i = 0; i < length && !quoted; i++)
		quoted = bytes[i] == ',' || bytes[i] == '"' ||
		    bytes[i] == '\n' || bytes[i] == '\r';
	if (!quoted) {
		buffer_append(line, bytes, length);
		return;
	}
	buffer_append_byte(line, '"');
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '"')
			buffer_append_byte(line, '"');
		buffer_append_byte(line, bytes[i]);
	}
	buffer_append_byte(line, '"');
}

/* The sort key: texts end in a byte that is lower than all of theirs, numbers
 * are eight bytes, high end first. */
static void
append_key(struct table *table)
{
	for (unsigned i = 0; i < table->schema->key_count; i++) {
		unsigned column = table->schema->key[i];

		if (table->schema->columns[column].kind == COLUMN_NUMBER) {
			uint64_t number = (uint64_t)table->numbers[i] ^
			    (uint64_t)1 << 63;

			for (int shift = 56; shift >= 0; shift -= 8)
				buffer_append_byte(&table->keys,
				    (uint8_t)(number >> shift));
			continue;
		}
		buffer_append(&table->keys, table->fields.bytes +
		    table->spans[column].start, table->spans[column].length);
		buffer_append_byte(&table->keys, 0);
	}
}

/* A row that begins where lines and keys end now. */
static struct row *
begin_row(struct table *table)
{
	struct row *row;

	if (table->count == table->size) {
		table->size = table->size * 2 + 64;
		table->rows = xreallocarray(table->rows, table->size,
		    sizeof *table->rows);
	}
	row = &table->rows[table->count++];
	row->line = table->lines.length;
	row->key = table->keys.length;
	return row;
}

static void
end_row(struct table *table, struct row *row)
{
	append_key(table);
	row->line_length = (uint32_t)(table->lines.length - row->line);
	row->key_length = (uint32_t)(table->keys.length - row->key);
	table->fields.length = 0;
}

void
table_end_row(struct table *table)
{
	const struct table_schema *schema = table->schema;
	struct row *row = begin_row(table);

	for (unsigned i = 0; i < schema->column_count; i++) {
		if (i > 0)
			buffer_append_byte(&table->lines, ',');
		assert(!schema->columns[i].required ||
		    (table->spans[i].set && table->spans[i].length > 0));
		if (table->spans[i].set)
			append_field(&table->lines, table->fields.bytes +
			    table->spans[i].start, table->spans[i].length);
	}
	buffer_append_byte(&table->lines, '\n');
	end_row(table, row);
	memset(table->spans, 0, sizeof table->spans);
}

/* A name has no comma, and is never quoted. */
static bool
is_led_by_its_key(const struct table_schema *schema)
{
	return schema->key_count == 1 && schema->key[0] == 0 &&
	    schema->columns[0].kind == COLUMN_NAME;
}

const void *
table_rest(const struct table *table, size_t *length)
{
	const struct row *row = &table->rows[table->count - 1];
	const uint8_t *line = table->lines.bytes + row->line;
	const uint8_t *comma = memchr(line, ',', row->line_length);

	assert(is_led_by_its_key(table->schema) && comma != NULL);
	*length = row->line_length - (size_t)(comma - line);
	return comma;
}

void
table_end_row_like(struct table *table, const char *first, const void *rest,
    size_t length)
{
	struct row *row = begin_row(table);

	assert(is_led_by_its_key(table->schema));
	table_set(table, 0, first);
	buffer_append(&table->lines, table->fields.bytes,
	    table->spans[0].length);
	buffer_append(&table->lines, rest, length);
	end_row(table, row);
	table->spans[0].set = false;
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

void
table_copy_row(struct table *table, const struct table_reader *row)
{
	for (unsigned i = 0; i < table->schema->column_count; i++)
		table_copy_field(table, row, i);
	table_end_row(table);
}

struct sorted {
	const uint8_t	*key;
	uint32_t	 key_length;
	uint32_t	 line_length;
	const uint8_t	*line;
};

static int
compare_bytes(const uint8_t *a, size_t a_length, const uint8_t *b,
    size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	if (order != 0)
		return order;
	return a_length < b_length ? -1 : a_length > b_length;
}

static int
compare_keys(const struct sorted *x, const struct sorted *y)
{
	return compare_bytes(x->key, x->key_length, y->key, y->key_length);
}

/* Rows of one key by their lines: the order is that of the rows alone, not that
 * in which they came. */
static int
compare_rows(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order = compare_keys(x, y);

	return order != 0 ? order : compare_bytes(x->line, x->line_length,
	    y->line, y->line_length);
}

/* Rows that are made from a part come in its order. */
static bool
is_in_order(const struct sorted *rows, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_rows(&rows[i - 1], &rows[i]) > 0)
			return false;
	return true;
}

static struct sorted *
sort_rows(const struct table *table)
{
	struct sorted *sorted = xcalloc(table->count, sizeof *sorted);

	for (size_t i = 0; i < table->count; i++)
		sorted[i] = (struct sorted){
			.key = table->keys.bytes + table->rows[i].key,
			.key_length = table->rows[i].key_length,
			.line = table->lines.bytes + table->rows[i].line,
			.line_length = table->rows[i].line_length,
		};
	if (!is_in_order(sorted, table->count))
		qsort(sorted, table->count, sizeof *sorted, compare_rows);
	return sorted;
}

static bool
write_header(const struct table_schema *schema, struct gzip_writer *writer)
{
	struct buffer header = { 0 };
	bool good;

	for (unsigned i = 0; i < schema->column_count; i++) {
		if (i > 0)
			buffer_append_byte(&header, ',');
		buffer_append_text(&header, schema->columns[i].name);
	}
	buffer_append_byte(&header, '\n');
	good = gzip_write(writer, header.bytes, header.length);
	buffer_fini(&header);
	return good;
}

/* Rows that stand one behind the other are written as one piece. */
static bool
write_rows(const struct sorted *rows, size_t count, bool distinct,
    struct gzip_writer *writer)
{
	const uint8_t *piece = NULL;
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sorted *row = &rows[i];

		if (i > 0 && compare_keys(&row[-1], row) == 0) {
			/* Two rows of one key are a bug. */
			assert(distinct);
			continue;
		}
		if (length > 0 && row->line != piece + length) {
			if (!gzip_write(writer, piece, length))
				return false;
			length = 0;
		}
		if (length == 0)
			piece = row->line;
		length += row->line_length;
	}
	return gzip_write(writer, piece, length);
}

bool
table_write(struct table *table, int descriptor, int level, bool distinct)
{
	struct gzip_writer *writer = gzip_writer_new(descriptor, level);
	struct sorted *sorted;
	bool good;

	if (writer == NULL) {
		errno = ENOMEM;
		return false;
	}
	sorted = sort_rows(table);
	good = write_header(table->schema, writer) &&
	    write_rows(sorted, table->count, distinct, writer);
	good = gzip_finish(writer) && good;
	free(sorted);
	table->lines.length = table->keys.length = 0;
	table->count = 0;
	return good;
}
