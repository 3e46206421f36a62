/* table_write: the rows of a table, sorted, as one gzip file. */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/out/gzip.h"
#include "scanner/out/table_internal.h"

struct sorted {
	uint64_t	 prefix;	/* the first bytes of the key, as a
					 * number; most rows differ in it */
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

/* Orders rows of one key by their lines, so that the order depends only on the
 * rows, and not on when they came. */
static int
compare_rows(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	order = compare_keys(x, y);
	return order != 0 ? order : compare_bytes(x->line, x->line_length,
	    y->line, y->line_length);
}

/* A shorter key is padded with zeros here, so that it can equal a longer one
 * that has zeros: then the keys themselves decide. */
static uint64_t
prefix_of_key(const uint8_t *key, size_t length)
{
	uint64_t prefix = 0;

	memcpy(&prefix, key, length < sizeof prefix ? length : sizeof prefix);
	return be64toh(prefix);
}

/* Rows that are made from a part are in the order of the part. */
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
			.prefix = prefix_of_key(table->keys.bytes +
			    table->rows[i].key, table->rows[i].key_length),
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

/* Rows that follow one another in memory are written as one piece. */
static bool
write_rows(const struct sorted *rows, size_t count, bool distinct,
    struct gzip_writer *writer)
{
	const uint8_t *piece = NULL;
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sorted *row = &rows[i];

		if (i > 0 && compare_keys(&row[-1], row) == 0) {
			/* Two rows with the same key are a bug. */
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
	table_clear(table);
	return good;
}
