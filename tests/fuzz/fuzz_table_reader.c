/*
 * fuzz_table_reader: a part as a compromised worker could write it. The first
 * byte of the input selects the table; with its high bit set, the rest is the
 * file, otherwise it is rows, which are appended to the header and compressed.
 * Rows that are read as legal are written again, and must then be read as the
 * same.
 */
#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/base/buffer.h"
#include "scanner/out/field.h"
#include "scanner/out/gzip.h"
#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

#define FIELD_BYTES_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int
memory_file(void)
{
	int descriptor = memfd_create("part", MFD_CLOEXEC);

	assert(descriptor >= 0);
	return descriptor;
}

static void
pack(int descriptor, enum table_id id, const void *rows, size_t length)
{
	const struct table_schema *schema = &table_schemas[id];
	struct gzip_writer *writer = gzip_writer_new(descriptor, 0);
	bool good = writer != NULL;

	for (unsigned i = 0; i < schema->column_count && good; i++)
		good = gzip_write(writer, schema->columns[i].name,
		    strlen(schema->columns[i].name)) && gzip_write(writer,
		    i + 1 < schema->column_count ? "," : "\n", 1);
	good = good && gzip_write(writer, rows, length) &&
	    gzip_finish(writer);
	assert(good);
}

static unsigned
numbers_in(const char *list)
{
	unsigned long number;
	unsigned count = 0;

	while (field_next_number(&list, &number))
		count++;
	return count;
}

/* Calls every getter of the column's kind on legal fields. */
static void
get(const struct table_reader *row, enum table_id id, unsigned column)
{
	static uint8_t bytes[FIELD_BYTES_MAX];
	const struct column *schema = &table_schemas[id].columns[column];
	bool is_null = table_is_null(row, column);

	assert(strlen(table_get(row, column)) ==
	    table_get_length(row, column));
	assert(!is_null || !schema->required);
	switch (schema->kind) {
	case COLUMN_ENUM:
		assert((table_get_enum(row, column) >= 0) == !is_null);
		break;
	case COLUMN_FLAGS:
		assert((table_get_flags(row, column) != 0) == !is_null);
		break;
	case COLUMN_NUMBER:
	case COLUMN_BOOL:
		(void)table_get_number(row, column);
		break;
	case COLUMN_TIME:
		assert((table_get_time(row, column) == INT64_MIN) == is_null);
		break;
	case COLUMN_NUMBERS:
		assert(numbers_in(table_get(row, column)) > 0 || is_null);
		break;
	case COLUMN_TEXT:
	case COLUMN_HEX:
	case COLUMN_BASE64:
		assert(table_get_bytes(row, column, bytes, sizeof bytes) >= 0);
		assert((table_get_bytes(row, column, bytes, 0) == 0) ==
		    is_null);
		break;
	default:
		break;
	}
}

/* Reads all rows into a table; whether the part was whole. */
static bool
read_part(enum table_id id, int descriptor, struct table *table)
{
	struct table_reader *row = table_reader_open(id, descriptor);
	int result;

	while ((result = table_reader_next(row)) == 1) {
		for (unsigned i = 0; i < table_schemas[id].column_count; i++)
			get(row, id, i);
		table_copy_row(table, row);
	}
	assert((result == 0) == (table_reader_why(row)[0] == '\0'));
	table_reader_close(row);
	return result == 0;
}

static off_t
size_of(int descriptor)
{
	return lseek(descriptor, 0, SEEK_END);
}

/* Equal files: written from the same rows, they have the same bytes. */
static void
assert_same(int a, int b)
{
	uint8_t one[4096], other[4096];
	ssize_t length;

	assert(size_of(a) == size_of(b));
	for (off_t at = 0; (length = pread(a, one, sizeof one, at)) > 0;
	    at += length) {
		assert(pread(b, other, sizeof other, at) == length);
		assert(memcmp(one, other, (size_t)length) == 0);
	}
	assert(length == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	enum table_id id;
	struct table *table;
	int parts[3];
	bool good;

	if (length == 0)
		return 0;
	id = (enum table_id)((bytes[0] & 0x7f) % TABLE_COUNT);
	table = table_new(id);
	for (int i = 0; i < 3; i++)
		parts[i] = memory_file();
	if ((bytes[0] & 0x80) == 0)
		pack(parts[0], id, bytes + 1, length - 1);
	else if (write(parts[0], bytes + 1, length - 1) !=
	    (ssize_t)(length - 1))
		assert(false);
	good = read_part(id, parts[0], table);
	/* Rows of one key are the writer's bug, here ours: written once. */
	if (good && table_write(table, parts[1], 1, true)) {
		good = read_part(id, parts[1], table);
		assert(good && table_write(table, parts[2], 1, false));
		assert_same(parts[1], parts[2]);
	}
	table_free(table);
	for (int i = 0; i < 3; i++)
		close(parts[i]);
	return 0;
}
