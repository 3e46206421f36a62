/* What table_reader refuses: one row per rule, each beside a twin that it
 * accepts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "parsers/tlsa.h"
#include "scanner/base/buffer.h"
#include "scanner/out/field.h"
#include "scanner/out/gzip.h"
#include "scanner/out/table_reader.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])
#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LABELS_255 (LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63)
#define SHA256_TEXT \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define MX_HEADER "domain,preference,tier,host,flags\n"

/* A gzip member behind what is in the file. */
static void
add_member(FILE *file, const void *bytes, size_t length)
{
	struct gzip_writer *writer = gzip_writer_new(fileno(file), 6);

	assert_non_null(writer);
	assert_true(gzip_write(writer, bytes, length));
	assert_true(gzip_finish(writer));
}

static FILE *
file_of(const void *bytes, size_t length)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	add_member(file, bytes, length);
	return file;
}

/* Reads to the end or the fault; how many rows there were. */
static int
read_all(enum table_id id, FILE *file, int *rows, char why[256])
{
	struct table_reader *reader = table_reader_open(id, fileno(file));
	int result;

	assert_non_null(reader);
	*rows = 0;
	while ((result = table_reader_next(reader)) == 1)
		++*rows;
	/* And so again. */
	assert_int_equal(table_reader_next(reader), result);
	snprintf(why, 256, "%s", table_reader_why(reader));
	assert_int_equal(why[0] == '\0', result == 0);
	table_reader_close(reader);
	return result;
}

static void
assert_read(enum table_id id, FILE *file, int result, int rows, const char *why)
{
	char seen[256];
	int count;

	assert_int_equal(read_all(id, file, &count, seen), result);
	assert_string_equal(seen, why);
	assert_int_equal(count, rows);
	fclose(file);
}

/* Fields ****************************************************************** */

/* A row of one table whose named column has that field, the required others
 * something legal. */
static void
append_row(struct buffer *text, enum table_id id, int column, const char *field,
    size_t length)
{
	const struct table_schema *schema = &table_schemas[id];

	for (int line = 0; line < 2; line++) {
		for (int i = 0; i < (int)schema->column_count; i++) {
			const struct column *other = &schema->columns[i];

			if (i > 0)
				buffer_append_byte(text, ',');
			if (line == 0)
				buffer_append_text(text, other->name);
			else if (i == column)
				buffer_append(text, field, length);
			else if (!other->required)
				continue;
			else if (other->kind == COLUMN_ENUM)
				buffer_append_text(text,
				    other->values->texts[0]);
			else if (other->kind == COLUMN_TIME)
				buffer_append_text(text,
				    "2026-11-24T03:00:00.000Z");
			else if (other->kind == COLUMN_HEX)
				buffer_append_text(text, SHA256_TEXT);
			else if (other->kind == COLUMN_BASE64)
				buffer_append_text(text, "Zg==");
			else
				buffer_append_text(text, "1");
		}
		buffer_append_byte(text, '\n');
	}
}

struct field_row {
	enum table_id	 table;
	const char	*column;
	const char	*legal;		/* NULL: none to show */
	const char	*refused;
};

static const struct field_row names[] = {
	{ TABLE_MX, "host", "mx.a.com", "" },
	{ TABLE_MX, "host", "mx-1_a.com", "MX.a.com" },
	{ TABLE_MX, "host", "a.b", "a..b" },
	{ TABLE_MX, "host", ".", ".a" },
	{ TABLE_MX, "host", "a", "a." },
	{ TABLE_MX, "host", "a\\032b", "a b" },
	{ TABLE_MX, "host", "\\045a", "-a" },
	{ TABLE_MX, "host", "a\\046b", "a\\b" },
	{ TABLE_MX, "host", "\\000", "\\00" },
	{ TABLE_MX, "host", "\\255", "\\256" },
	{ TABLE_MX, "host", "\\064", "\\065" },	/* lower case of A is a */
	{ TABLE_MX, "host", "a.-b", "a\\045b" },
	{ TABLE_MX, "host", "a\\047b", "a/b" },
	{ TABLE_MX, "host", LABEL_63, LABEL_63 "a" },
	{ TABLE_MX, "host", LABELS_255 + 2, LABELS_255 + 1 },
	{ TABLE_MX, "host", NULL, "=a" },
};

static const struct field_row words[] = {
	{ TABLE_PROBES, "cipher", "TLS_AES 128", "TLS\x01" },
	{ TABLE_PROBES, "cipher", "a=+-@", "=a" },
	{ TABLE_PROBES, "cipher", "1", "+1" },
	{ TABLE_PROBES, "cipher", "a", "@a" },
	{ TABLE_PROBES, "cipher", "~", "\x7f" },
	{ TABLE_PROBES, "cipher", NULL, "\xc3\xa9" },
	{ TABLE_CERTIFICATES, "serial_hex", "-0a", "-a+1" },
	{ TABLE_CERTIFICATES, "serial_hex", "00", "-" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "[8,13]", "8 13" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "[8]", "8" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "[0]", "[]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "[13,200,253]", "[13, 200]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "", "[08]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", "[999999999]",
	    "[1000000000]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[8,]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[,8]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[8" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[8]]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[8][13]" },
	{ TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[-8]" },
	{ TABLE_POLICIES, "mta_sts_mx", "mx.a mx.b", "mx.a  mx.b" },
	{ TABLE_POLICIES, "mta_sts_mx", "mx.a", " mx.a" },
	{ TABLE_POLICIES, "mta_sts_mx", "*.a", "*.a " },
	{ TABLE_REJECTS, "input_text", "a=+-@", "=a" },
	{ TABLE_REJECTS, "input_text", "\\x2ba", "+a" },
	{ TABLE_REJECTS, "input_text", "\\x2da", "-a" },
	{ TABLE_REJECTS, "input_text", "\\x40", "@" },
	{ TABLE_REJECTS, "input_text", "\\x5c", "\\" },
	{ TABLE_REJECTS, "input_text", "\\x09", "\t" },
	{ TABLE_REJECTS, "input_text", "\\xff", "\\xFF" },
	{ TABLE_REJECTS, "input_text", "\\x0a", "\\x0" },
	{ TABLE_REJECTS, "input_text", "A", "\\x41" },
	{ TABLE_REJECTS, "input_text", "\\x3d", "a\\x3d" },
	{ TABLE_REJECTS, "input_text", "\\x20", "\\n20" },
	{ TABLE_REJECTS, "input_text", "\\xc3\\xa9", "\xc3\xa9" },
	{ TABLE_REJECTS, "reason", "syntax", "Syntax" },
	{ TABLE_REJECTS, "reason", "idna", "" },
	{ TABLE_TLSA, "unusable_reason", "usage", "usable" },
	{ TABLE_MX, "flags", "implicit mx_cname", "mx_cname implicit" },
	{ TABLE_MX, "flags", "implicit", "implicit implicit" },
	{ TABLE_MX, "flags", "mx_is_tld", "no_such_flag" },
	{ TABLE_MX, "flags", "", " " },
	{ TABLE_MX, "flags", "mx_cname", "mx_cname " },
	{ TABLE_MX, "flags", "mx_cname mx_is_tld", "mx_cname  mx_is_tld" },
};

static const struct field_row values[] = {
	{ TABLE_REJECTS, "line", "0", "" },
	{ TABLE_REJECTS, "line", "-1", "-" },
	{ TABLE_REJECTS, "line", "10", "010" },
	{ TABLE_REJECTS, "line", "1", "+1" },
	{ TABLE_REJECTS, "line", "12", "1 2" },
	{ TABLE_REJECTS, "line", "3", "3.0" },
	{ TABLE_REJECTS, "line", "-10", "-0" },
	{ TABLE_REJECTS, "line", "9223372036854775807", "9223372036854775808" },
	{ TABLE_REJECTS, "line", "-9223372036854775808",
	    "-9223372036854775809" },
	{ TABLE_REJECTS, "line", NULL, "10000000000000000000000" },
	{ TABLE_PROBES, "port", "65535", "65536" },
	{ TABLE_PROBES, "port", "0", "-1" },
	{ TABLE_TLSA, "usage", "255", "256" },
	{ TABLE_DOMAINS, "parent_ds", "1", "2" },
	{ TABLE_DOMAINS, "parent_ds", "0", "true" },
	{ TABLE_DOMAINS, "parent_ds", "", "01" },
	{ TABLE_TLSA, "data_hex", "00af", "00a" },
	{ TABLE_TLSA, "data_hex", "", "00AF" },
	{ TABLE_TLSA, "data_hex", "0f", "0g" },
	{ TABLE_PROBES, "chain_id", SHA256_TEXT, SHA256_TEXT "00" },
	{ TABLE_PROBES, "chain_id", "", "00" },
	{ TABLE_CERTIFICATES, "der_base64", "Zm9v", "Zm9" },
	{ TABLE_CERTIFICATES, "der_base64", "Zm8=", "Zm9=" },
	{ TABLE_CERTIFICATES, "der_base64", "Zg==", "Zh==" },
	{ TABLE_CERTIFICATES, "der_base64", "Zg==", "Z===" },
	{ TABLE_CERTIFICATES, "der_base64", "+/+/", "-_-_" },
	{ TABLE_CERTIFICATES, "der_base64", "Zg==", "====" },
	{ TABLE_CERTIFICATES, "der_base64", "Zg==", "Zg==Zg==" },
};

#define T_COLUMN TABLE_DOMAINS, "measured_at"
static const struct field_row times[] = {
	{ T_COLUMN, "2026-11-24T03:00:00.000Z", "2026-11-24T03:00:00Z" },
	{ T_COLUMN, "2024-02-29T00:00:00.000Z", "2026-02-29T00:00:00.000Z" },
	{ T_COLUMN, "2000-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z" },
	{ T_COLUMN, "2026-12-31T23:59:59.999Z", "2026-13-01T00:00:00.000Z" },
	{ T_COLUMN, "2026-01-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z" },
	{ T_COLUMN, "2026-04-30T00:00:00.000Z", "2026-04-31T00:00:00.000Z" },
	{ T_COLUMN, "9999-12-31T23:59:59.999Z", "2026-01-00T00:00:00.000Z" },
	{ T_COLUMN, NULL, "2026-01-01T24:00:00.000Z" },
	{ T_COLUMN, NULL, "2026-01-01T00:60:00.000Z" },
	{ T_COLUMN, NULL, "2026-12-31T23:59:60.000Z" },
	{ T_COLUMN, NULL, "2026-01-01T00:00:00.000z" },
	{ T_COLUMN, NULL, "2026-01-01 00:00:00.000Z" },
	{ T_COLUMN, NULL, "2026-01-01T00:00:00,000Z" },
	{ T_COLUMN, NULL, "2026-01-01T00:00:00.000+00:00" },
	{ T_COLUMN, NULL, "2026-01-01T00:00:00.0000Z" },
	{ T_COLUMN, NULL, "" },
};

static void
assert_field(const struct field_row *row, const char *field, size_t length,
    bool is_legal)
{
	struct buffer text = { 0 };
	int column = table_column(&table_schemas[row->table], row->column);
	char why[256] = "", quoted[1024];

	assert_true(column >= 0);
	if (length > 0 && strpbrk(field, ",\"") != NULL) {
		snprintf(quoted, sizeof quoted, "\"%s\"", field);
		field = quoted;
		length = strlen(quoted);
	}
	append_row(&text, row->table, column, field, length);
	if (!is_legal)
		snprintf(why, sizeof why, "line 2: %s is %s", row->column,
		    length == 0 ? "empty" : "not what it may be");
	assert_read(row->table, file_of(text.bytes, text.length),
	    is_legal ? 0 : -1, is_legal, why);
	buffer_fini(&text);
}

static void
fields(const struct field_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].legal != NULL)
			assert_field(&rows[i], rows[i].legal,
			    strlen(rows[i].legal), true);
		assert_field(&rows[i], rows[i].refused,
		    strlen(rows[i].refused), false);
	}
}

static void
refuses_names(void **state)
{
	(void)state;
	fields(names, ROWS_OF(names));
}

static void
refuses_words(void **state)
{
	(void)state;
	fields(words, ROWS_OF(words));
}

static void
refuses_values(void **state)
{
	(void)state;
	fields(values, ROWS_OF(values));
}

static void
refuses_times(void **state)
{
	(void)state;
	fields(times, ROWS_OF(times));
}

/* A NUL ends no field: what stands behind it is seen. */
static void
refuses_nul(void **state)
{
	static const struct { struct field_row row; size_t length; } rows[] = {
		{ { TABLE_MX, "host", NULL, "mx\0" }, 3 },
		{ { TABLE_MX, "flags", NULL, "implicit\0=a" }, 11 },
		{ { TABLE_REJECTS, "reason", NULL, "syntax\0" }, 7 },
		{ { TABLE_REJECTS, "input_text", NULL, "a\0b" }, 3 },
		{ { TABLE_PROBES, "cipher", NULL, "\0" }, 1 },
		{ { TABLE_REJECTS, "line", NULL, "1\0" }, 2 },
		{ { TABLE_DOMAINS, "parent_ds_algorithms", NULL, "[8]\0" }, 4 },
		{ { TABLE_POLICIES, "mta_sts_mx", NULL, "a\0" }, 2 },
		{ { TABLE_DOMAINS, "parent_ds", NULL, "\0" }, 1 },
		{ { TABLE_TLSA, "data_hex", NULL, "00\0\0" }, 4 },
		{ { TABLE_CERTIFICATES, "der_base64", NULL, "Zg=\0" }, 4 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_field(&rows[i].row, rows[i].row.refused, rows[i].length,
		    false);
}

static void
reads_lists_of_numbers(void **state)
{
	static const struct { const char *field; unsigned long numbers[4];
	    unsigned count; } rows[] = {
		{ "", { 0 }, 0 }, { "[0]", { 0 }, 1 }, { "[13]", { 13 }, 1 },
		{ "[13,200]", { 13, 200 }, 2 },
		{ "[0,1,999999999]", { 0, 1, 999999999 }, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		const char *at = rows[i].field;
		unsigned long number;

		for (unsigned n = 0; n < rows[i].count; n++) {
			assert_true(field_next_number(&at, &number));
			assert_int_equal(number, rows[i].numbers[n]);
		}
		assert_false(field_next_number(&at, &number));
	}
}

/* Records ***************************************************************** */

static void
records(void **state)
{
	static const struct {
		const char	*text;
		int		 result, rows;
		const char	*why;
	} rows[] = {
		{ MX_HEADER, 0, 0, "" },
		{ MX_HEADER "a.com,1,1,mx.a.com,\nb.com,1,1,mx.b.com,\n",
		    0, 2, "" },
		{ MX_HEADER "a.com,1,1,\"mx.a.com\",\n", 0, 1, "" },
		{ "", -1, 0, "line 1: there is no header" },
		{ "domain,preference,tier,host\n", -1, 0,
		    "line 1: another header" },
		{ "domain,preference,tier,host,flags,more\n", -1, 0,
		    "line 1: another header" },
		{ "domain,tier,preference,host,flags\n", -1, 0,
		    "line 1: another header" },
		{ "Domain,preference,tier,host,flags\n", -1, 0,
		    "line 1: another header" },
		{ "a.com,1,1,mx.a.com,\n", -1, 0, "line 1: another header" },
		{ MX_HEADER "a.com,1,1,mx.a.com\n", -1, 0,
		    "line 2: another number of columns" },
		{ MX_HEADER "a.com,1,1,mx.a.com,,\n", -1, 0,
		    "line 2: another number of columns" },
		{ MX_HEADER "\n", -1, 0, "line 2: another number of columns" },
		{ MX_HEADER "a.com,1,1,mx.a.com,\na.com,1,1,m\"x,\n", -1, 1,
		    "line 3: not RFC 4180" },
		{ MX_HEADER "a.com,1,1,\"mx.a.com,\n", -1, 0,
		    "line 2: the last line is not whole" },
		{ MX_HEADER "a.com,1,1,mx.a.com,", -1, 0,
		    "line 2: the last line is not whole" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_read(TABLE_MX, file_of(rows[i].text,
		    strlen(rows[i].text)), rows[i].result, rows[i].rows,
		    rows[i].why);
	assert_read(TABLE_MX, file_of("domain\0,preference,tier,host,flags\n",
	    35), -1, 0, "line 1: another header");
}

/* 350 KB of DER pass; a record over 1 MiB does not. */
static void
record_bound(void **state)
{
	static const struct { size_t length; int result; const char *why; }
	rows[] = {
		{ 1398104, 0, "" },
		{ (2 << 20) + 4, -1, "line 2: not RFC 4180" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		char *der = malloc(rows[i].length);
		struct buffer text = { 0 };

		assert_non_null(der);
		memset(der, 'A', rows[i].length);
		append_row(&text, TABLE_CERTIFICATES, CERTIFICATES_DER_BASE64,
		    der, rows[i].length);
		assert_read(TABLE_CERTIFICATES, file_of(text.bytes,
		    text.length), rows[i].result, rows[i].result == 0,
		    rows[i].why);
		buffer_fini(&text);
		free(der);
	}
}

/* A part of 1 MiB that unpacks to more than 1 GiB. */
static void
part_bound(void **state)
{
	static char zeros[1 << 20];
	FILE *file = tmpfile();
	struct gzip_writer *writer;
	char why[256];
	int rows;

	(void)state;
	assert_non_null(file);
	writer = gzip_writer_new(fileno(file), 1);
	memset(zeros, '\n', sizeof zeros);
	for (size_t at = 0; at + 32 <= sizeof zeros; at += 32)
		memcpy(zeros + at, "0,1,syntax,aaaaaaaaaaaaaaaaaaaa", 31);
	assert_true(gzip_write(writer, "source_id,line,reason,input_text\n",
	    33));
	for (int i = 0; i < 1024; i++)
		assert_true(gzip_write(writer, zeros, sizeof zeros));
	assert_true(gzip_finish(writer));
	assert_int_equal(read_all(TABLE_REJECTS, file, &rows, why), -1);
	assert_non_null(strstr(why, "the part is too large"));
	assert_true(rows > 33000000);
	fclose(file);
}

/* gzip ******************************************************************** */

static const char part[] = MX_HEADER "a.com,1,1,mx.a.com,\n";

/* Cut at every byte: the rest is not taken for a complete file. */
static void
truncated(void **state)
{
	FILE *file = file_of(part, sizeof part - 1);
	off_t length = lseek(fileno(file), 0, SEEK_END);
	char why[256];
	int rows;

	(void)state;
	assert_int_equal(read_all(TABLE_MX, file, &rows, why), 0);
	while (--length >= 0) {
		assert_int_equal(ftruncate(fileno(file), length), 0);
		assert_int_equal(read_all(TABLE_MX, file, &rows, why), -1);
		assert_true(rows <= 1);
	}
	fclose(file);
}

/* Every byte another: refused but where gzip has nothing to say by it. */
static void
flipped(void **state)
{
	FILE *whole = file_of(part, sizeof part - 1);
	off_t length = lseek(fileno(whole), 0, SEEK_END);
	uint8_t bytes[256];

	(void)state;
	assert_true(length < (off_t)sizeof bytes);
	assert_int_equal(pread(fileno(whole), bytes, sizeof bytes, 0), length);
	fclose(whole);
	for (off_t i = 0; i < length; i++) {
		FILE *file = tmpfile();
		/* Time, extra flags and system (RFC 1952 2.3). */
		bool is_idle = i >= 4 && i < 10;
		char why[256];
		int rows, result;

		assert_non_null(file);
		bytes[i] ^= 0x80;
		assert_int_equal(fwrite(bytes, 1, (size_t)length, file),
		    length);
		fflush(file);
		bytes[i] ^= 0x80;
		result = read_all(TABLE_MX, file, &rows, why);
		/* Behind the last block there may be bits that say nothing
		 * (RFC 1951 3.2.3). */
		if (i != length - 9)
			assert_int_equal(result, is_idle ? 0 : -1);
		fclose(file);
	}
}

static void
members(void **state)
{
	FILE *file = file_of(part, sizeof part - 1);

	(void)state;
	/* A second member is RFC 1952; anything else behind is not. */
	add_member(file, "b.com,1,1,mx.b.com,\n", 20);
	assert_read(TABLE_MX, file, 0, 2, "");
	file = file_of(part, sizeof part - 1);
	assert_int_equal(write(fileno(file), "x", 1), 1);
	assert_read(TABLE_MX, file, -1, 1, "line 2: truncated gzip");
	file = file_of(part, sizeof part - 1);
	assert_int_equal(write(fileno(file), "more", 4), 4);
	assert_read(TABLE_MX, file, -1, 1,
	    "line 2: bytes after the end of the gzip data");
	file = tmpfile();
	assert_int_equal(write(fileno(file), part, sizeof part - 1),
	    sizeof part - 1);
	assert_read(TABLE_MX, file, -1, 0, "line 1: not gzip");
	assert_read(TABLE_MX, tmpfile(), -1, 0, "line 1: empty");
}

/* One member of 3 MB, as zlib and gzip write them, whole and cut off. */
static void
large_member(void **state)
{
	FILE *file = tmpfile();
	gzFile gz = gzdopen(dup(fileno(file)), "wb");
	char why[256];
	int rows;

	(void)state;
	assert_true(gzputs(gz, "source_id,line,reason,input_text\n") > 0);
	for (int i = 0; i < 100000; i++)
		assert_true(gzprintf(gz, "0,%d,syntax,%08x%08x\n", i + 1,
		    i * 2654435761u, i * 2246822519u) > 0);
	assert_int_equal(gzclose(gz), Z_OK);
	assert_true(lseek(fileno(file), 0, SEEK_END) > 1 << 20);
	assert_int_equal(read_all(TABLE_REJECTS, file, &rows, why), 0);
	assert_int_equal(rows, 100000);
	assert_int_equal(ftruncate(fileno(file), 1 << 20), 0);
	assert_int_equal(read_all(TABLE_REJECTS, file, &rows, why), -1);
	assert_non_null(strstr(why, "truncated gzip"));
	/* What came before that was read. */
	assert_true(rows > 30000 && rows < 100000);
	fclose(file);
}

/* Reading ***************************************************************** */

static void
reads_values(void **state)
{
	static const char text[] =
	    "host,asking,base,position,usage,selector,matching_type,data_hex,"
	    "usable,unusable_reason\n"
	    "a.com,1,b.com,0,3,1,1,00ff,1,\n"
	    "a.com,1,b.com,1,3,1,1,,0,length\n";
	FILE *file = file_of(text, sizeof text - 1);
	struct table_reader *row = table_reader_open(TABLE_TLSA, fileno(file));
	uint8_t bytes[2];

	(void)state;
	assert_int_equal(table_reader_next(row), 1);
	assert_string_equal(table_get(row, TLSA_HOST), "a.com");
	assert_int_equal(table_get_length(row, TLSA_HOST), 5);
	assert_int_equal(table_get_number(row, TLSA_COLUMN_USAGE), 3);
	assert_int_equal(table_get_bytes(row, TLSA_DATA_HEX, bytes, 1), -1);
	assert_int_equal(table_get_bytes(row, TLSA_DATA_HEX, bytes, 2), 2);
	assert_memory_equal(bytes, "\x00\xff", 2);
	assert_int_equal(table_get_enum(row, TLSA_UNUSABLE_REASON), -1);
	assert_true(table_is_null(row, TLSA_UNUSABLE_REASON));
	assert_int_equal(table_reader_next(row), 1);
	assert_int_equal(table_get_bytes(row, TLSA_DATA_HEX, bytes, 2), 0);
	assert_int_equal(table_get_enum(row, TLSA_UNUSABLE_REASON), 4);
	assert_string_equal(table_get(row, TLSA_DATA_HEX), "");
	assert_int_equal(table_reader_next(row), 0);
	/* The descriptor's own offset is untouched. */
	assert_int_equal(lseek(fileno(file), 0, SEEK_CUR),
	    lseek(fileno(file), 0, SEEK_END));
	table_reader_close(row);
	fclose(file);
	assert_null(table_reader_open(TABLE_TLSA, -1));
	table_reader_close(NULL);
}

/* By date(1): date -u -d 2026-11-24T03:00:00Z +%s */
static void
reads_times(void **state)
{
	static const struct { const char *text; int64_t ms; } rows[] = {
		{ "1970-01-01T00:00:00.000Z", 0 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2026-11-24T03:00:00.123Z", INT64_C(1795489200123) },
		{ "2000-02-29T00:00:00.000Z", INT64_C(951782400000) },
		{ "2100-03-01T00:00:00.000Z", INT64_C(4107542400000) },
		{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999) },
		{ "0000-01-01T00:00:00.000Z", INT64_C(-62167219200000) },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct buffer text = { 0 };
		struct table_reader *row;
		FILE *file;

		append_row(&text, TABLE_CERTIFICATES, CERTIFICATES_NOT_AFTER,
		    rows[i].text, strlen(rows[i].text));
		file = file_of(text.bytes, text.length);
		row = table_reader_open(TABLE_CERTIFICATES, fileno(file));
		assert_int_equal(table_reader_next(row), 1);
		assert_true(table_get_time(row, CERTIFICATES_NOT_AFTER) ==
		    rows[i].ms);
		assert_true(table_get_time(row, CERTIFICATES_NOT_BEFORE) ==
		    INT64_MIN);
		table_reader_close(row);
		buffer_fini(&text);
		fclose(file);
	}
}

/* A field is what it is, whatever the row before had there. */
static void
rows_after_rows(void **state)
{
	static const struct {
		enum table_id	 table;
		const char	*text;
		int		 result, rows;
		const char	*why;
	} files[] = {
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,1,1,c.d,\n", 0, 2, "" },
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,1,1,c.de,\n", 0, 2, "" },
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,1,1,c.dE,\n", -1, 1,
		    "line 3: host is not what it may be" },
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,1,1,c.d\n", -1, 1,
		    "line 3: another number of columns" },
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,1,1,c.d,,\n", -1, 1,
		    "line 3: another number of columns" },
		{ TABLE_MX, "a.b,1,1,c.d,\na.b,,1,c.d,\n", -1, 1,
		    "line 3: preference is empty" },
		{ TABLE_MX, "a.b,1,1,\"c.d\",\na.b,1,1,c.D,\n", -1, 1,
		    "line 3: host is not what it may be" },
		/* Of two kinds of column, each sees its own alone. */
		{ TABLE_MX, "1,1,1,c.d,\na.b,a.b,1,c.d,\n", -1, 1,
		    "line 3: preference is not what it may be" },
		/* A comma in quotes, and one outside. */
		{ TABLE_REJECTS, "0,1,syntax,\"a,b\"\n0,2,syntax,\"a,b\"\n",
		    0, 2, "" },
		{ TABLE_REJECTS, "0,1,syntax,\"a,b\"\n0,2,syntax,a,b\n", -1, 1,
		    "line 3: another number of columns" },
		{ TABLE_REJECTS, "0,1,syntax,\"a\"\n0,2,syntax,\"a\n", -1, 1,
		    "line 3: the last line is not whole" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(files); i++) {
		struct buffer text = { 0 };
		FILE *file;

		buffer_append_text(&text, files[i].table == TABLE_MX
		    ? MX_HEADER : "source_id,line,reason,input_text\n");
		buffer_append_text(&text, files[i].text);
		file = file_of(text.bytes, text.length);
		assert_read(files[i].table, file, files[i].result,
		    files[i].rows, files[i].why);
		buffer_fini(&text);
	}
}

/* The value of an enumeration where rows have the same, another and none. */
static void
reads_enums(void **state)
{
	static const struct { const char *text; int value; } rows[] = {
		{ "", -1 }, { "selector", TLSA_SELECTOR },
		{ "selector", TLSA_SELECTOR }, { "", -1 }, { "", -1 },
		{ "\"usage\"", TLSA_USAGE }, { "usage", TLSA_USAGE },
	};
	struct buffer text = { 0 };
	struct table_reader *row;
	FILE *file;

	(void)state;
	buffer_append_text(&text, "host,asking,base,position,usage,selector,"
	    "matching_type,data_hex,usable,unusable_reason\n");
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		buffer_printf(&text, "a.b,1,a.b,%zu,3,1,1,00,0,%s\n", i,
		    rows[i].text);
	file = file_of(text.bytes, text.length);
	row = table_reader_open(TABLE_TLSA, fileno(file));
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		assert_int_equal(table_reader_next(row), 1);
		assert_int_equal(table_get_enum(row, TLSA_UNUSABLE_REASON),
		    rows[i].value);
		assert_int_equal(table_get_number(row, TLSA_POSITION), i);
	}
	assert_int_equal(table_reader_next(row), 0);
	table_reader_close(row);
	buffer_fini(&text);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_names),
		cmocka_unit_test(refuses_words),
		cmocka_unit_test(refuses_values),
		cmocka_unit_test(refuses_times), cmocka_unit_test(refuses_nul),
		cmocka_unit_test(reads_lists_of_numbers),
		cmocka_unit_test(records), cmocka_unit_test(record_bound),
		cmocka_unit_test(part_bound), cmocka_unit_test(truncated),
		cmocka_unit_test(flipped), cmocka_unit_test(members),
		cmocka_unit_test(large_member),
		cmocka_unit_test(reads_values), cmocka_unit_test(reads_times),
		cmocka_unit_test(rows_after_rows),
		cmocka_unit_test(reads_enums),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
