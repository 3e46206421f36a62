/* What table writes, byte by byte, as docs/schema.md "What a run writes" has
 * it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

/* The file that a table makes; the caller closes it. */
static FILE *
written(struct table *table, int level, bool distinct)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_true(table_write(table, fileno(file), level, distinct));
	return file;
}

/* The lines behind the header, unpacked by zlib alone. */
static const char *
lines_of(FILE *file)
{
	static char text[1 << 16];
	int descriptor = dup(fileno(file));
	gzFile gz;
	int length;

	assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
	gz = gzdopen(descriptor, "rb");
	assert_non_null(gz);
	length = gzread(gz, text, sizeof text - 1);
	assert_true(length > 0);
	text[length] = '\0';
	assert_int_equal(gzclose(gz), Z_OK);
	return strchr(text, '\n') + 1;
}

static void
assert_lines(struct table *table, const char *expected)
{
	FILE *file = written(table, 6, false);

	assert_string_equal(lines_of(file), expected);
	fclose(file);
	table_free(table);
}

static void
schemas(void **state)
{
	(void)state;
	for (int i = 0; i < TABLE_COUNT; i++) {
		const struct table_schema *schema = &table_schemas[i];

		assert_true(schema->column_count <= TABLE_COLUMNS_MAX);
		assert_true(schema->key_count > 0);
		for (unsigned k = 0; k < schema->key_count; k++)
			assert_true(schema->columns[schema->key[k]].required);
		for (unsigned c = 0; c < schema->column_count; c++) {
			const struct column *column = &schema->columns[c];
			size_t length = strlen(column->name);
			bool is_text = length > 5 && strcmp(column->name +
			    length - 5, "_text") == 0;

			assert_int_equal(table_column(schema, column->name), c);
			assert_int_equal(column->kind == COLUMN_TEXT, is_text);
			assert_int_equal(column->values != NULL,
			    column->kind == COLUMN_ENUM ||
			    column->kind == COLUMN_FLAGS);
			assert_true(strlen(column->description) > 0);
		}
		for (unsigned f = 0; f < schema->foreign_count; f++) {
			const struct foreign_key *key = &schema->foreign[f];

			assert_true(key->count > 0 && key->count <=
			    table_schemas[key->table].key_count);
		}
		assert_int_equal(table_column(schema, "no_such"), -1);
	}
}

/* The columns of docs/schema.md, in its order. */
static void
headers(void **state)
{
	static const char *const rows[TABLE_COUNT] = {
		"domain,source_id,rank,tld,registrable_domain,"
		    "parent_ds,parent_ds_algorithms,dns_operator,lane,"
		    "ds_source,"
		    "mx_status,mx_dnssec,mx_bogus_text,mx_bogus_reason,"
		    "mx_wildcard,"
		    "cname_target,mx_count,mx_truncated,mta_sts_record,"
		    "tlsrpt_record,flags,ttl_s,lookup_ms,attempts,"
		    "measured_at,vantage",
		"domain,preference,tier,host,flags",
		"host,registrable_domain,host_status,canonical_name,"
		    "cname_dnssec,ipv4_status,ipv4_dnssec,ipv6_status,"
		    "ipv6_dnssec,address_count,addresses_truncated,"
		    "tlsa_base,tlsa_status,tlsa_dnssec,tlsa_bogus_text,"
		    "tlsa_bogus_reason,tlsa_cname_target,tlsa_wildcard,"
		    "tlsa_wildcard_parent,tlsa_count,tlsa_usable_count,"
		    "tlsa_ttl_s,rollover_ready,ipv4_bogus_text,"
		    "ipv4_bogus_reason,ipv6_bogus_text,ipv6_bogus_reason,"
		    "lane,flags,attempts,measured_at,vantage",
		"host,address,family,class",
		"host,asking,base,position,usage,selector,"
		    "matching_type,data_hex,usable,unusable_reason",
		"address,port,sni,profile,attempt,outcome,phase,"
		    "greeting_code,greeting_text,ehlo_code,ehlo_text,"
		    "starttls_code,tls_version,cipher,key_exchange_group,"
		    "peer_signature,ocsp_stapled,chain_id,chain_trusted,"
		    "chain_error,in_dates,flags,connect_ms,tls_ms,total_ms,"
		    "received_bytes,measured_at,vantage",
		"host,address,sni,attempt,profile,session_sni,basis,reason,"
		    "tls_class,name_match,tlsa_status,tlsa_asked_at,asking,"
		    "dane_verdict,dane_verdict_no_agility,dane_depth,"
		    "dane_matching_positions,confirmed,flags,"
		    "measured_at,vantage",
		"chain_id,position,certificate_sha256",
		"certificate_sha256,spki_sha256,subject_text,"
		    "common_name_text,issuer_text,san_text,not_before,"
		    "not_after,key_type,key_bits,signature_algorithm,is_ca,"
		    "self_signed,weak_key,weak_signature,serial_hex,"
		    "der_base64",
		"domain,policy_host,mta_sts_status,tlsrpt_status,"
		    "mta_sts_cname_target,tlsrpt_cname_target,mta_sts_txt,"
		    "mta_sts_id,mta_sts_mode,mta_sts_max_age_s,mta_sts_mx,"
		    "mta_sts_error,mta_sts_tls_error,mta_sts_http_code,"
		    "tlsrpt_rua_text,flags,fetched_at,vantage",
		"domain,opportunistic_first,opportunistic_deliver,"
		    "opportunistic_worst,dane_first,dane_deliver,dane_worst,"
		    "mta_sts_first,mta_sts_deliver,mta_sts_worst,"
		    "dane_or_mta_sts_first,dane_or_mta_sts_deliver,"
		    "dane_or_mta_sts_worst,policy_list_first,"
		    "policy_list_deliver,policy_list_worst,webpki_first,"
		    "webpki_deliver,webpki_worst,dane_domain,dane_domain_all,"
		    "reasons,flags",
		"source_id,line,reason,input_text",
	};

	(void)state;
	for (int i = 0; i < TABLE_COUNT; i++) {
		struct table *table = table_new((enum table_id)i);
		FILE *file = written(table, 6, false);
		const char *end = lines_of(file);

		assert_string_equal(end, "");
		assert_memory_equal(end - 1 - strlen(rows[i]), rows[i],
		    strlen(rows[i]));
		fclose(file);
		table_free(table);
	}
}

static void
set_reject(struct table *table, int64_t line, const void *bytes, size_t length)
{
	table_set_number(table, REJECTS_SOURCE_ID, 0);
	table_set_number(table, REJECTS_LINE, line);
	table_set_enum(table, REJECTS_REASON, REJECT_SYNTAX);
	table_set_text(table, REJECTS_INPUT_TEXT, bytes, length);
	table_end_row(table);
}

static void
escapes(void **state)
{
	static const struct { const char *bytes, *field; } rows[] = {
		{ "plain text", "plain text" }, { "", "" },
		{ "a\\b", "a\\x5cb" }, { "\\x41", "\\x5cx41" },
		{ "=1+1", "\\x3d1+1" }, { "+1", "\\x2b1" },
		{ "-1", "\\x2d1" }, { "@a", "\\x40a" }, { "a=+-@", "a=+-@" },
		{ "\t=1", "\\x09=1" }, { "\r\n", "\\x0d\\x0a" },
		{ "\xc3\xa9", "\\xc3\\xa9" }, { "\x7f~ ", "\\x7f~ " },
		{ "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "\"", "\"\"\"\"" }, { " a ", " a " },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_REJECTS);
		char expected[128];

		set_reject(table, 1, rows[i].bytes, strlen(rows[i].bytes));
		snprintf(expected, sizeof expected, "0,1,syntax,%s\n",
		    rows[i].field);
		assert_lines(table, expected);
	}
}

/* Each byte as the first, and behind another: the reader gets it back, and the
 * file holds printable ASCII alone. */
static void
every_byte(void **state)
{
	struct table *table = table_new(TABLE_REJECTS);
	struct table_reader *reader;
	uint8_t bytes[2];
	const char *lines;
	FILE *file;

	(void)state;
	for (int i = 0; i < 512; i++) {
		bytes[0] = i < 256 ? (uint8_t)i : 'a';
		bytes[1] = i < 256 ? 'z' : (uint8_t)i;
		set_reject(table, i + 1, bytes, 2);
	}
	file = written(table, 1, false);
	lines = lines_of(file);
	for (; *lines != '\0'; lines++)
		assert_true(*lines == '\n' || (*lines >= ' ' && *lines <= '~'));
	reader = table_reader_open(TABLE_REJECTS, fileno(file));
	for (int i = 0; i < 512; i++) {
		assert_int_equal(table_reader_next(reader), 1);
		assert_int_equal(table_get_number(reader, REJECTS_LINE), i + 1);
		assert_int_equal(table_get_bytes(reader, REJECTS_INPUT_TEXT,
		    bytes, 2), 2);
		assert_int_equal(bytes[0], i < 256 ? i : 'a');
		assert_int_equal(bytes[1], i < 256 ? 'z' : i - 256);
	}
	assert_int_equal(table_reader_next(reader), 0);
	table_reader_close(reader);
	fclose(file);
	table_free(table);
}

static void
numbers(void **state)
{
	static const struct { int64_t value; const char *text; } rows[] = {
		{ 0, "0" }, { 7, "7" }, { -1, "-1" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_REJECTS);
		char expected[64];

		set_reject(table, rows[i].value, "", 0);
		snprintf(expected, sizeof expected, "0,%s,syntax,\n",
		    rows[i].text);
		assert_lines(table, expected);
	}
}

static void
set_certificate(struct table *table, uint8_t first)
{
	uint8_t sha256[32] = { first };

	table_set_hex(table, CERTIFICATES_SHA256, sha256, sizeof sha256);
	table_set_bool(table, CERTIFICATES_IS_CA, true);
	table_set_bool(table, CERTIFICATES_SELF_SIGNED, false);
	table_set_bool(table, CERTIFICATES_WEAK_KEY, false);
	table_set_bool(table, CERTIFICATES_WEAK_SIGNATURE, false);
}

#define CERTIFICATE_00 \
	"0000000000000000000000000000000000000000000000000000000000000000"

/* Unix times by date(1): date -u -d @-62167219200. */
static void
times(void **state)
{
	static const struct { int64_t ms; const char *text; } rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ INT64_C(951782400123), "2000-02-29T00:00:00.123Z" },
		{ INT64_C(1795489200000), "2026-11-24T03:00:00.000Z" },
		{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
		{ INT64_C(253402300800000), "" },
		{ INT64_C(-62167219200000), "0000-01-01T00:00:00.000Z" },
		{ INT64_C(-62167219200001), "" },
		{ INT64_MAX, "" }, { INT64_MIN, "" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_CERTIFICATES);
		char expected[256];

		set_certificate(table, 0);
		table_set_time(table, CERTIFICATES_NOT_BEFORE, rows[i].ms);
		table_set_base64(table, CERTIFICATES_DER_BASE64, "f", 1);
		table_end_row(table);
		snprintf(expected, sizeof expected, CERTIFICATE_00
		    ",,,,,,%s,,,,,1,0,0,0,,Zg==\n", rows[i].text);
		assert_lines(table, expected);
	}
}

/* The vectors of RFC 4648 section 10. */
static void
base64(void **state)
{
	static const char *const rows[][2] = {
		{ "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff", "+/8=" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_CERTIFICATES);
		char expected[256];

		set_certificate(table, 0);
		table_set_base64(table, CERTIFICATES_DER_BASE64, rows[i][0],
		    strlen(rows[i][0]));
		table_end_row(table);
		snprintf(expected, sizeof expected, CERTIFICATE_00
		    ",,,,,,,,,,,1,0,0,0,,%s\n", rows[i][1]);
		assert_lines(table, expected);
	}
}

static void
set_mx(struct table *table, const char *domain, const char *host,
    unsigned flags)
{
	table_set_flags(table, MX_FLAGS, flags);
	table_set(table, MX_HOST, host);
	table_set_number(table, MX_TIER, 1);
	table_set_number(table, MX_PREFERENCE, 10);
	table_set(table, MX_DOMAIN, domain);
	table_end_row(table);
}

static void
flags(void **state)
{
	static const struct { unsigned bits; const char *text; } rows[] = {
		{ 0, "" }, { 1u << MX_FLAG_IMPLICIT, "implicit" },
		{ 1u << MX_FLAG_IS_TLD | 1u << MX_FLAG_IS_ADDRESS |
		    1u << MX_FLAG_CNAME, "mx_cname mx_is_address mx_is_tld" },
		{ (1u << MX_FLAG_COUNT) - 1, "implicit mx_cname mx_is_address "
		    "mx_is_localhost mx_is_tld" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_MX);
		char expected[128];

		set_mx(table, "a.com", "mx.a.com", rows[i].bits);
		snprintf(expected, sizeof expected, "a.com,10,1,mx.a.com,%s\n",
		    rows[i].text);
		assert_lines(table, expected);
	}
}

/* Other readers take "8" for a number, and "8 13" for a text. */
static void
lists_of_numbers(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" }, { "0", "[0]" }, { "13", "[13]" },
		{ "13 200", "\"[13,200]\"" }, { "0 1 2", "\"[0,1,2]\"" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = table_new(TABLE_DOMAINS);
		char expected[128];

		table_set(table, DOMAINS_DOMAIN, "a.com");
		table_set_number(table, DOMAINS_SOURCE_ID, 0);
		table_set(table, DOMAINS_TLD, "com");
		table_set_numbers(table, DOMAINS_PARENT_DS_ALGORITHMS,
		    rows[i][0]);
		table_set_enum(table, DOMAINS_LANE, LANE_RECURSIVE);
		table_set_enum(table, DOMAINS_MX_STATUS, MX_FOUND);
		table_set_enum(table, DOMAINS_MX_DNSSEC, DNSSEC_SECURE);
		table_set_number(table, DOMAINS_MX_COUNT, 1);
		table_set_bool(table, DOMAINS_MX_TRUNCATED, false);
		table_set_enum(table, DOMAINS_MTA_STS_RECORD, TXT_ABSENT);
		table_set_enum(table, DOMAINS_TLSRPT_RECORD, TXT_ABSENT);
		table_set_number(table, DOMAINS_LOOKUP_MS, 1);
		table_set_number(table, DOMAINS_ATTEMPTS, 1);
		table_set_time(table, DOMAINS_MEASURED_AT, 0);
		table_end_row(table);
		snprintf(expected, sizeof expected, "a.com,0,,com,,,%s,,"
		    "recursive,,mx,secure,,,,,1,0,absent,absent,,,1,1,"
		    "1970-01-01T00:00:00.000Z,\n", rows[i][1]);
		assert_lines(table, expected);
	}
}

/* A usable record has no reason, the others have theirs (parsers/tlsa.h). */
static void
enum_without_text(void **state)
{
	struct table *table = table_new(TABLE_TLSA);

	(void)state;
	for (int i = 0; i < 2; i++) {
		table_set(table, TLSA_HOST, "mx.a.com");
		table_set_number(table, TLSA_ASKING, 1);
		table_set(table, TLSA_BASE, "mx.a.com");
		table_set_number(table, TLSA_POSITION, i);
		table_set_number(table, TLSA_COLUMN_USAGE, 3);
		table_set_number(table, TLSA_COLUMN_SELECTOR, 1);
		table_set_number(table, TLSA_COLUMN_MATCHING_TYPE, 1);
		table_set_hex(table, TLSA_DATA_HEX, "\x00\xaf", 2);
		table_set_bool(table, TLSA_COLUMN_USABLE, i == 0);
		table_set_enum(table, TLSA_UNUSABLE_REASON, i == 0 ? 0 : 4);
		table_end_row(table);
	}
	assert_lines(table, "mx.a.com,1,mx.a.com,0,3,1,1,00af,1,\n"
	    "mx.a.com,1,mx.a.com,1,3,1,1,00af,0,length\n");
}

/* Names by their bytes: '-' is below '.', that below digits and letters; a name
 * before those that it begins. The host decides where the domain is the same. */
static void
sorts_names(void **state)
{
	static const char *const rows[][2] = {
		{ "b.com", "z" }, { "a.com", "b" }, { "a-b.com", "a" },
		{ "a.com", "a" }, { "a", "c" }, { "a_.com", "a" },
		{ "\\045a.com", "a" }, { "-a.com", "b" }, { "a.com", "a.b" },
		{ "0.com", "a" },
	};
	struct table *table = table_new(TABLE_MX);

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		set_mx(table, rows[i][0], rows[i][1], 0);
	assert_int_equal(table_rows(table), ROWS_OF(rows));
	assert_lines(table, "0.com,10,1,a,\n\\045a.com,10,1,a,\n"
	    "\\045a.com,10,1,b,\na,10,1,c,\na-b.com,10,1,a,\na.com,10,1,a,\n"
	    "a.com,10,1,a.b,\na.com,10,1,b,\na_.com,10,1,a,\nb.com,10,1,z,\n");
}

static void
sorts_numbers(void **state)
{
	static const int64_t rows[] = { 10, 9, -1, 0, INT64_MAX, 256, 1 };
	struct table *table = table_new(TABLE_REJECTS);

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		set_reject(table, rows[i], "", 0);
	assert_lines(table, "0,-1,syntax,\n0,0,syntax,\n0,1,syntax,\n"
	    "0,9,syntax,\n0,10,syntax,\n0,256,syntax,\n"
	    "0,9223372036854775807,syntax,\n");
}

/* The key has an enumeration: legacy before modern, whatever their values. */
static void
sorts_enums(void **state)
{
	struct table *table = table_new(TABLE_PROBES);
	FILE *file;
	const char *lines;

	(void)state;
	for (int i = 0; i < PROFILE_COUNT; i++) {
		table_set(table, PROBES_ADDRESS, "192.0.2.1");
		table_set_number(table, PROBES_PORT, 25);
		table_set(table, PROBES_SNI, "mx.a.com");
		table_set_enum(table, PROBES_PROFILE, i);
		table_set_number(table, PROBES_ATTEMPT, 1);
		table_set_enum(table, PROBES_OUTCOME, OUTCOME_RESET);
		table_set_enum(table, PROBES_PHASE, PHASE_HANDSHAKE);
		table_set_time(table, PROBES_MEASURED_AT, i);
		table_end_row(table);
	}
	file = written(table, 6, false);
	lines = lines_of(file);
	assert_true(strstr(lines, "legacy") < strstr(lines, "modern"));
	fclose(file);
	table_free(table);
}

static void
set_outcome(struct table *table, const char *domain)
{
	table_set(table, CONCLUSIONS_DOMAIN, domain);
	for (unsigned i = CONCLUSIONS_FIRST_SENDER;
	    i < CONCLUSIONS_DANE_DOMAIN; i++)
		table_set_enum(table, i, DELIVERY_ENCRYPTED);
	table_set(table, CONCLUSIONS_REASONS, "dane:-:insecure");
	table_end_row(table);
}

static char *
table_rest_copy(const struct table *table, size_t *length)
{
	const void *rest = table_rest(table, length);

	return memcpy(malloc(*length), rest, *length);
}

/* Alike but for the name, and sorted with the others. */
static void
rows_alike(void **state)
{
	static const char *const names[] = { "b.com", "-a.com", "a.com" };
	struct table *set = table_new(TABLE_OUTCOMES);
	struct table *alike = table_new(TABLE_OUTCOMES);
	char expected[1024];
	char *rest;
	size_t length;
	FILE *file;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(names); i++)
		set_outcome(set, names[i]);
	file = written(set, 6, false);
	snprintf(expected, sizeof expected, "%s", lines_of(file));
	fclose(file);
	table_free(set);
	set_outcome(alike, names[0]);
	rest = table_rest_copy(alike, &length);
	for (size_t i = 1; i < ROWS_OF(names); i++)
		table_end_row_like(alike, names[i], rest, length);
	free(rest);
	assert_int_equal(table_rows(alike), ROWS_OF(names));
	assert_non_null(strstr(expected, "\\045a.com,encrypted,"));
	assert_lines(alike, expected);
}

/* The span of a column is its field as it is encoded, between two commas or before
 * the end of the line; after a field with commas and quotes of its own as well. */
static void
spans(void **state)
{
	static const struct {
		const char	*bogus_text, *encoded;
	} rows[] = {
		{ "", "" }, { "why", "why" }, { "a,b", "\"a,b\"" },
		{ "\",\"", "\"\"\",\"\"\"" },
	};
	struct table *table = table_new(TABLE_DOMAINS);

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table_span span;
		const char *rest;
		size_t length;

		table_set(table, DOMAINS_DOMAIN, i == 0 ? "-a.com" : "a.com");
		table_set_number(table, DOMAINS_SOURCE_ID, 10);
		table_set(table, DOMAINS_TLD, "com");
		table_set_enum(table, DOMAINS_LANE, LANE_RECURSIVE);
		table_set_enum(table, DOMAINS_MX_STATUS, MX_FOUND);
		table_set_enum(table, DOMAINS_MX_DNSSEC, DNSSEC_SECURE);
		table_set_text(table, DOMAINS_MX_BOGUS_TEXT,
		    rows[i].bogus_text, strlen(rows[i].bogus_text));
		table_set_number(table, DOMAINS_MX_COUNT, 1);
		table_set_bool(table, DOMAINS_MX_TRUNCATED, false);
		table_set_enum(table, DOMAINS_MTA_STS_RECORD, TXT_ABSENT);
		table_set_enum(table, DOMAINS_TLSRPT_RECORD, TXT_FOUND);
		table_set_number(table, DOMAINS_LOOKUP_MS, 5);
		table_set_number(table, DOMAINS_ATTEMPTS, 1);
		table_set_time(table, DOMAINS_MEASURED_AT, 0);
		table_end_row(table);
		rest = table_rest(table, &length);
		span = table_rest_span(table, DOMAINS_SOURCE_ID);
		assert_int_equal(span.at, 1);
		assert_int_equal(span.length, 2);
		span = table_rest_span(table, DOMAINS_MX_BOGUS_TEXT);
		assert_int_equal(span.length, strlen(rows[i].encoded));
		assert_memory_equal(rest + span.at, rows[i].encoded,
		    span.length);
		span = table_rest_span(table, DOMAINS_TLSRPT_RECORD);
		assert_int_equal(span.length, 5);
		assert_memory_equal(rest + span.at - 1, ",found,", 7);
		span = table_rest_span(table, DOMAINS_MEASURED_AT);
		assert_memory_equal(rest + span.at,
		    "1970-01-01T00:00:00.000Z,\n", 26);
		span = table_rest_span(table, DOMAINS_VANTAGE);
		assert_int_equal(span.length, 0);
		assert_int_equal(span.at + 1, length);
	}
	table_free(table);
}

static size_t
bytes_of(FILE *file, uint8_t *bytes, size_t size)
{
	ssize_t length = pread(fileno(file), bytes, size, 0);

	assert_true(length > 18);
	return (size_t)length;
}

/* Whatever the order of rows and of settings, the time and the place. */
static void
reproducible(void **state)
{
	static const uint8_t gzip_header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0 };
	static uint8_t bytes[2][1 << 16];
	size_t lengths[2];

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct table *table = table_new(TABLE_MX);
		FILE *file;

		for (int i = 0; i < 1000; i++) {
			int at = round == 0 ? i : 999 - i;
			char domain[32];

			snprintf(domain, sizeof domain, "d%d.com", at);
			set_mx(table, domain, "mx.a.com", 0);
		}
		file = written(table, 6, false);
		lengths[round] = bytes_of(file, bytes[round],
		    sizeof bytes[round]);
		fclose(file);
		table_free(table);
	}
	assert_memory_equal(bytes[0], gzip_header, sizeof gzip_header);
	/* The system is unknown (RFC 1952 2.3), and the same everywhere. */
	assert_int_equal(bytes[0][9], 255);
	assert_int_equal(lengths[0], lengths[1]);
	assert_memory_equal(bytes[0], bytes[1], lengths[0]);
}

static void
distinct(void **state)
{
	struct table *table = table_new(TABLE_CERTIFICATES);
	static const char *const ders[] = { "b", "a", "a" };
	FILE *file;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(ders); i++) {
		set_certificate(table, 0);
		table_set_base64(table, CERTIFICATES_DER_BASE64, ders[i], 1);
		table_end_row(table);
	}
	file = written(table, 6, true);
	assert_string_equal(lines_of(file), CERTIFICATE_00
	    ",,,,,,,,,,,1,0,0,0,,YQ==\n");
	assert_int_equal(table_rows(table), 0);
	fclose(file);
	table_free(table);
}

/* Bugs ******************************************************************** */

static void
required_is_not_set(void)
{
	struct table *table = table_new(TABLE_MX);

	table_set(table, MX_DOMAIN, "a.com");
	table_end_row(table);
}

static void
required_is_null(void)
{
	set_mx(table_new(TABLE_MX), "a.com", "", 0);
}

static void
column_is_set_twice(void)
{
	struct table *table = table_new(TABLE_MX);

	table_set(table, MX_DOMAIN, "a.com");
	table_set(table, MX_DOMAIN, "a.com");
}

static void
column_is_of_another_kind(void)
{
	table_set(table_new(TABLE_MX), MX_PREFERENCE, "10");
}

static void
value_is_no_value(void)
{
	table_set_enum(table_new(TABLE_REJECTS), REJECTS_REASON, REJECT_COUNT);
}

static void
bit_is_no_flag(void)
{
	table_set_flags(table_new(TABLE_MX), MX_FLAGS, 1u << MX_FLAG_COUNT);
}

/* A row that is like another has no spans. */
static void
span_is_not_known(void)
{
	struct table *table = table_new(TABLE_OUTCOMES);

	set_outcome(table, "a.com");
	table_end_row_like(table, "b.com", ",rest\n", 6);
	(void)table_rest_span(table, CONCLUSIONS_REASONS);
}

static void
key_is_there_twice(void)
{
	struct table *table = table_new(TABLE_MX);

	set_mx(table, "a.com", "mx.a.com", 0);
	set_mx(table, "a.com", "mx.a.com", 1);
	(void)written(table, 6, false);
}

/* A bug ends the process, also in release. */
static void
bugs(void **state)
{
	static void (*const rows[])(void) = {
		required_is_not_set, required_is_null, column_is_set_twice,
		column_is_of_another_kind, value_is_no_value, bit_is_no_flag,
		span_is_not_known, key_is_there_twice,
	};
	static const struct rlimit no_core = { 0, 0 };

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		pid_t child;
		int status;

		fflush(NULL);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			setrlimit(RLIMIT_CORE, &no_core);
			signal(SIGABRT, SIG_DFL);
			if (freopen("/dev/null", "w", stderr) == NULL)
				_exit(1);
			rows[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schemas), cmocka_unit_test(headers),
		cmocka_unit_test(escapes), cmocka_unit_test(every_byte),
		cmocka_unit_test(numbers), cmocka_unit_test(times),
		cmocka_unit_test(base64), cmocka_unit_test(flags),
		cmocka_unit_test(lists_of_numbers),
		cmocka_unit_test(enum_without_text),
		cmocka_unit_test(sorts_names), cmocka_unit_test(sorts_numbers),
		cmocka_unit_test(sorts_enums),
		cmocka_unit_test(rows_alike), cmocka_unit_test(spans),
		cmocka_unit_test(reproducible),
		cmocka_unit_test(distinct), cmocka_unit_test(bugs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
