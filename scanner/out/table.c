#include "scanner/out/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/out/table_internal.h"

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

void
table_clear(struct table *table)
{
	table->lines.length = table->keys.length = 0;
	table->count = 0;
}

size_t
table_rows(const struct table *table)
{
	return table->count;
}

/* Only texts of peers and lists of numbers can have bytes that need quotes (RFC
 * 4180): names have none, and we chose the texts of enumerations. */
static bool
needs_quotes(enum column_kind kind, const uint8_t *bytes, size_t length)
{
	if (kind != COLUMN_TEXT && kind != COLUMN_WORD &&
	    kind != COLUMN_LIST && kind != COLUMN_NUMBERS)
		return false;
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n' ||
		    bytes[i] == '\r')
			return true;
	return false;
}

/* Writes at most twice the length plus two bytes. Returns the end. */
static uint8_t *
put_field(uint8_t *to, enum column_kind kind, const uint8_t *bytes,
    size_t length)
{
	if (!needs_quotes(kind, bytes, length)) {
		memcpy(to, bytes, length);
		return to + length;
	}
	*to++ = '"';
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '"')
			*to++ = '"';
		*to++ = bytes[i];
	}
	*to++ = '"';
	return to;
}

/* Makes the sort key. A text ends in a byte that is lower than all bytes of
 * texts. A number has eight bytes, the high byte first. */
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

/* A row that begins at the present end of lines and keys. */
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
	table->has_ends = false;
}

void
table_end_row(struct table *table)
{
	const struct table_schema *schema = table->schema;
	struct row *row = begin_row(table);
	uint8_t *line = buffer_reserve(&table->lines, 2 * table->fields.length +
	    3 * schema->column_count), *at = line;

	for (unsigned i = 0; i < schema->column_count; i++) {
		if (i > 0)
			*at++ = ',';
		assert(!schema->columns[i].required ||
		    (table->spans[i].set && table->spans[i].length > 0));
		if (table->spans[i].set && table->spans[i].length > 0)
			at = put_field(at, schema->columns[i].kind,
			    table->fields.bytes + table->spans[i].start,
			    table->spans[i].length);
		table->ends[i] = (uint32_t)(at - line);
	}
	*at++ = '\n';
	table->lines.length += (size_t)(at - line);
	end_row(table, row);
	table->has_ends = true;
	memset(table->spans, 0, sizeof table->spans);
}

/* A name has no comma, so it never has quotes. */
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

struct table_span
table_rest_span(const struct table *table, unsigned column)
{
	size_t first = table->ends[0], start;

	assert(table->has_ends && column > 0 &&
	    column < table->schema->column_count);
	/* There is a comma before each field. */
	start = table->ends[column - 1] + 1;
	return (struct table_span){ start - first, table->ends[column] - start };
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
table_copy_row(struct table *table, const struct table_reader *row)
{
	for (unsigned i = 0; i < table->schema->column_count; i++)
		table_copy_field(table, row, i);
	table_end_row(table);
}
