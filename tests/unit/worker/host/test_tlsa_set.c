/* TLSA RRsets from packets: RFC 4034 6.3 (order), RULES T8 to T14, U1, U2,
 * U8. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "scanner/out/table_reader.h"
#include "scanner/worker/host/tlsa_set.h"
#include "tests/unit/answer_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define OWNER "_25._tcp.mx.example"

/* "311a": usage, selector, matching type, and the byte that fills as many as
 * the matching type wants (32 of type 1, 64 of type 2), or 20 where a '!'
 * follows. */
static size_t
make_record(const char *text, uint8_t rdata[67])
{
	size_t length = text[4] == '!' ? 20 : text[2] == '1' ? 32 : 64;

	for (int i = 0; i < 3; i++)
		rdata[i] = (uint8_t)(text[i] - '0');
	memset(rdata + 3, text[3], length);
	return 3 + length;
}

static enum tlsa_status
read_texts(struct tlsa_set *set, const char *texts, enum dnssec dnssec)
{
	struct buffer packet = { 0 };
	struct lookup lookup;
	enum tlsa_status status;
	uint8_t rdata[67];

	answer_begin(&packet, OWNER, DNS_TLSA, 0);
	while (*texts != '\0') {
		size_t length = make_record(texts, rdata);

		answer_record(&packet, DNS_ANSWER, OWNER, DNS_TLSA, 60, rdata,
		    length);
		texts += strcspn(texts, " ");
		texts += strspn(texts, " ");
	}
	assert_true(lookup_answered(&lookup, &packet, OWNER, DNS_TLSA));
	lookup.answer->dnssec = dnssec;
	status = tlsa_set_read(set, &lookup);
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
	return status;
}

static void
assert_records(const struct tlsa_set *set, const char *texts)
{
	uint8_t rdata[67];

	for (size_t i = 0; i < set->count; i++) {
		size_t length = make_record(texts, rdata);

		assert_int_equal(set->records[i].usage, rdata[0]);
		assert_int_equal(set->records[i].selector, rdata[1]);
		assert_int_equal(set->records[i].matching_type, rdata[2]);
		assert_int_equal(set->records[i].length, length - 3);
		assert_memory_equal(set->records[i].bytes, rdata + 3,
		    length - 3);
		texts += strcspn(texts, " ");
		texts += strspn(texts, " ");
	}
	assert_string_equal(texts, "");
}

/* Sorted as bytes, each once; what is usable; what a sender may make of it. */
static void
sets(void **state)
{
	static const struct {
		const char *given, *sorted;
		size_t usable;
		enum tlsa_status status;
		bool is_ready;
	} rows[] = {
		{ "311a", "311a", 1, TLSA_STATUS_USABLE, false },
		{ "311b 201z 311a 301b", "201z 301b 311a 311b", 4,
		    TLSA_STATUS_USABLE, true },
		{ "311a 311a 311a", "311a", 1, TLSA_STATUS_USABLE, false },
		/* A shorter one sorts before the longer that it begins. */
		{ "311a 311a!", "311a! 311a", 1, TLSA_STATUS_USABLE, false },
		{ "255a 311a", "255a 311a", 1, TLSA_STATUS_USABLE, false },
		/* U1, U2: T9. */
		{ "311a!", "311a!", 0, TLSA_STATUS_UNUSABLE_ONLY, false },
		{ "111a 001a", "001a 111a", 0, TLSA_STATUS_UNUSABLE_ONLY,
		    false },
		{ "321a 313a", "313a 321a", 0, TLSA_STATUS_UNUSABLE_ONLY,
		    false },
		/* U8: 3xx+3xx, 3xx+2xx. */
		{ "311a 311b", "311a 311b", 2, TLSA_STATUS_USABLE, true },
		{ "311a 211b", "211b 311a", 2, TLSA_STATUS_USABLE, true },
		{ "311a 311b!", "311a 311b!", 1, TLSA_STATUS_USABLE, false },
		{ "211a 211b", "211a 211b", 2, TLSA_STATUS_USABLE, false },
		{ "311a 111b", "111b 311a", 1, TLSA_STATUS_USABLE, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tlsa_set set;

		if (read_texts(&set, rows[i].given, DNSSEC_SECURE) !=
		    rows[i].status)
			fail_msg("row %zu", i);
		assert_records(&set, rows[i].sorted);
		assert_int_equal(set.found, set.count);
		assert_int_equal(set.usable, rows[i].usable);
		if (tlsa_set_rollover_ready(&set) != rows[i].is_ready)
			fail_msg("row %zu: rollover", i);
		tlsa_set_fini(&set);
		/* T14: published, insecure; the records are facts. */
		assert_int_equal(read_texts(&set, rows[i].given,
		    DNSSEC_INSECURE), TLSA_STATUS_INSECURE);
		assert_records(&set, rows[i].sorted);
		tlsa_set_fini(&set);
		assert_int_equal(set.count, 0);
	}
}

/* The fault of each record, in the order of the records. */
static void
faults(void **state)
{
	static const enum tlsa_fault expected[] = {
		TLSA_USAGE, TLSA_LENGTH, TLSA_USABLE, TLSA_MATCHING_TYPE,
		TLSA_SELECTOR,
	};
	struct tlsa_set set;

	(void)state;
	read_texts(&set, "321a 313a 311a 311a! 111a", DNSSEC_SECURE);
	assert_int_equal(set.count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(set.faults[i], expected[i]);
	tlsa_set_fini(&set);
}

/* T10, T11: what is no record. */
static void
no_records(void **state)
{
	static const struct {
		enum lookup_status status;
		enum dnssec dnssec;
		enum tlsa_status expected;
	} rows[] = {
		{ LOOKUP_NODATA, DNSSEC_SECURE, TLSA_STATUS_ABSENT },
		{ LOOKUP_NXDOMAIN, DNSSEC_SECURE, TLSA_STATUS_ABSENT },
		{ LOOKUP_NODATA, DNSSEC_INSECURE,
		    TLSA_STATUS_ABSENT_INSECURE },
		{ LOOKUP_NXDOMAIN, DNSSEC_INSECURE,
		    TLSA_STATUS_ABSENT_INSECURE },
		{ LOOKUP_BOGUS, DNSSEC_BOGUS, TLSA_STATUS_BOGUS },
		{ LOOKUP_SERVFAIL, DNSSEC_UNCHECKED, TLSA_STATUS_SERVFAIL },
		{ LOOKUP_TIMEOUT, DNSSEC_UNCHECKED, TLSA_STATUS_TIMEOUT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer answer = {
			.status = rows[i].status, .dnssec = rows[i].dnssec };
		struct lookup lookup = {
			.type = DNS_TLSA, .answer = &answer };
		struct tlsa_set set;

		assert_int_equal(tlsa_set_read(&set, &lookup),
		    rows[i].expected);
		assert_int_equal(set.count, 0);
		assert_int_equal(set.found, 0);
		assert_false(tlsa_set_rollover_ready(&set));
		tlsa_set_fini(&set);
	}
}

/* RDATA under three bytes is no TLSA record, and is passed over. */
static void
short_rdata(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;
	struct tlsa_set set;

	(void)state;
	answer_begin(&packet, OWNER, DNS_TLSA, 0);
	answer_record(&packet, DNS_ANSWER, OWNER, DNS_TLSA, 60, "\3\1", 2);
	answer_record(&packet, DNS_ANSWER, OWNER, DNS_TLSA, 60, "", 0);
	assert_true(lookup_answered(&lookup, &packet, OWNER, DNS_TLSA));
	lookup.answer->dnssec = DNSSEC_SECURE;
	assert_int_equal(tlsa_set_read(&set, &lookup),
	    TLSA_STATUS_UNUSABLE_ONLY);
	assert_int_equal(set.count, 0);
	tlsa_set_fini(&set);
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
}

/* Distinct ones are counted, the first in order are kept. */
static void
limit(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;
	struct tlsa_set set;
	uint8_t rdata[35] = { 3, 1, 1 };

	(void)state;
	for (unsigned records = DANE_RECORDS_MAX - 1;
	    records <= DANE_RECORDS_MAX + 50; records++) {
		answer_begin(&packet, OWNER, DNS_TLSA, 0);
		for (unsigned i = 2 * records; i-- > 0;) {
			rdata[3] = (uint8_t)(i / 2);
			answer_record(&packet, DNS_ANSWER, OWNER, DNS_TLSA, 60,
			    rdata, sizeof rdata);
		}
		assert_true(lookup_answered(&lookup, &packet, OWNER,
		    DNS_TLSA));
		tlsa_set_read(&set, &lookup);
		assert_int_equal(set.found, records);
		assert_int_equal(set.count, records < DANE_RECORDS_MAX
		    ? records : DANE_RECORDS_MAX);
		for (unsigned i = 0; i < set.count; i++)
			assert_int_equal(set.records[i].bytes[0], i);
		tlsa_set_fini(&set);
		lookup_answered_fini(&lookup);
	}
	buffer_fini(&packet);
}

static void
equality(void **state)
{
	static const struct { const char *a, *b; bool equals; } rows[] = {
		{ "311a 201b", "201b 311a", true },
		{ "311a 311a", "311a", true },
		{ "311a", "311b", false }, { "311a", "301a", false },
		{ "311a", "311a!", false }, { "311a", "311a 311b", false },
		{ "", "", true }, { "", "311a", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tlsa_set a, b;

		read_texts(&a, rows[i].a, DNSSEC_SECURE);
		read_texts(&b, rows[i].b, DNSSEC_SECURE);
		assert_int_equal(tlsa_set_equals(&a, &b), rows[i].equals);
		assert_int_equal(tlsa_set_equals(&b, &a), rows[i].equals);
		tlsa_set_fini(&a);
		tlsa_set_fini(&b);
	}
}

/* RDATA of a job: what is no TLSA record, or one too many, is passed over. */
static void
added(void **state)
{
	struct tlsa_set set = { 0 };
	uint8_t rdata[67] = { 3, 1, 1 };

	(void)state;
	tlsa_set_add(&set, rdata, 2);
	tlsa_set_add(&set, rdata, 0);
	assert_int_equal(set.count, 0);
	for (unsigned i = 0; i < DANE_RECORDS_MAX + 1; i++) {
		rdata[3] = (uint8_t)i;
		tlsa_set_add(&set, rdata, 35);
	}
	assert_int_equal(set.count, DANE_RECORDS_MAX);
	assert_int_equal(set.usable, DANE_RECORDS_MAX);
	assert_int_equal(set.records[99].bytes[0], 99);
	tlsa_set_fini(&set);
}

/* docs/schema.md, `tlsa`: a row for each record, in canonical order, with the
 * reason why SMTP may not use it (U1, U2). */
static void
written(void **state)
{
	static const struct {
		const char *usage, *usable, *reason, *data;
	} rows[] = {
		{ "1", "0", "usage", "61616161" },
		{ "3", "0", "length", "62626262" },
		{ "3", "1", "", "63636363" },
	};
	struct table *table = table_new(TABLE_TLSA);
	struct table_reader *reader;
	struct tlsa_set set;
	FILE *file = tmpfile();
	char position[4];

	(void)state;
	assert_non_null(file);
	read_texts(&set, "311c 311b! 111a", DNSSEC_SECURE);
	tlsa_set_write(&set, table, "mx.example", 2, "base.example");
	assert_true(table_write(table, fileno(file), 1, false));
	reader = table_reader_open(TABLE_TLSA, fileno(file));
	for (unsigned i = 0; i < COUNT(rows); i++) {
		assert_int_equal(table_reader_next(reader), 1);
		snprintf(position, sizeof position, "%u", i);
		assert_string_equal(table_get(reader, TLSA_HOST),
		    "mx.example");
		assert_string_equal(table_get(reader, TLSA_ASKING), "2");
		assert_string_equal(table_get(reader, TLSA_BASE),
		    "base.example");
		assert_string_equal(table_get(reader, TLSA_POSITION),
		    position);
		assert_string_equal(table_get(reader, TLSA_COLUMN_USAGE),
		    rows[i].usage);
		assert_string_equal(table_get(reader, TLSA_COLUMN_USABLE),
		    rows[i].usable);
		assert_string_equal(table_get(reader, TLSA_UNUSABLE_REASON),
		    rows[i].reason);
		assert_memory_equal(table_get(reader, TLSA_DATA_HEX),
		    rows[i].data, 8);
	}
	assert_int_equal(table_reader_next(reader), 0);
	table_reader_close(reader);
	table_free(table);
	tlsa_set_fini(&set);
	fclose(file);
}

/* T15 (RFC 7671 7): the owner is itself an alias. It is followed, and there is one
 * status for the whole of the chain. */
static void
aliased_owner(void **state)
{
	static const struct {
		enum dnssec	 dnssec;
		bool		 has_record;
		enum tlsa_status status;
	} rows[] = {
		{ DNSSEC_SECURE, true, TLSA_STATUS_USABLE },
		{ DNSSEC_INSECURE, true, TLSA_STATUS_INSECURE },
		{ DNSSEC_SECURE, false, TLSA_STATUS_ABSENT },
		{ DNSSEC_INSECURE, false, TLSA_STATUS_ABSENT_INSECURE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer packet = { 0 };
		struct lookup lookup;
		struct tlsa_set set;
		uint8_t rdata[67];
		size_t length = make_record("311a", rdata);

		answer_begin(&packet, OWNER, DNS_TLSA, 0);
		answer_cname(&packet, OWNER, "tlsa.provider.example");
		if (rows[i].has_record) {
			answer_record(&packet, DNS_ANSWER,
			    "tlsa.provider.example", DNS_TLSA, 60, rdata,
			    length);
			/* No part of the chain. */
			make_record("311b", rdata);
			answer_record(&packet, DNS_ANSWER, "other.example",
			    DNS_TLSA, 60, rdata, length);
		}
		assert_true(lookup_answered(&lookup, &packet, OWNER,
		    DNS_TLSA));
		lookup.answer->dnssec = rows[i].dnssec;
		assert_int_equal(tlsa_set_read(&set, &lookup),
		    rows[i].status);
		assert_int_equal(set.count, rows[i].has_record);
		if (rows[i].has_record)
			assert_records(&set, "311a");
		tlsa_set_fini(&set);
		lookup_answered_fini(&lookup);
		buffer_fini(&packet);
	}
}

/* RFC 7672 2.2.3; a name has 255 bytes at most (RFC 1035 3.1). */
static void
owners(void **state)
{
	uint8_t base[NAME_WIRE_MAX] = { 0 }, owner[NAME_WIRE_MAX];

	(void)state;
	memcpy(base, "\2mx\7example", 12);
	assert_true(tlsa_set_owner(base, 25, owner));
	assert_memory_equal(owner, "\3_25\4_tcp\2mx\7example", 21);
	assert_memory_equal(tlsa_set_parent(owner), "\4_tcp\2mx\7example", 17);
	assert_int_equal(name_wire_length(owner, sizeof owner), 21);
	assert_true(tlsa_set_owner(base, 65535, owner));
	assert_memory_equal(owner, "\6_65535\4_tcp\2mx", 15);
	assert_true(tlsa_set_owner((const uint8_t *)"", 25, owner));
	assert_memory_equal(owner, "\3_25\4_tcp", 10);
	/* "_25._tcp." is of 9 bytes: 246 before it fit, 247 do not. */
	for (size_t length = 240; length <= NAME_WIRE_MAX; length++) {
		size_t at = 0;

		while (at < length - 1) {
			/* Labels of 30 bytes, one of what is left; a label of
			 * none cannot be. */
			size_t label = length - 1 - at - 1;

			if (label > 30)
				label = length - 1 - at - 31 == 1 ? 29 : 30;
			base[at] = (uint8_t)label;
			memset(base + at + 1, 'a', label);
			at += 1 + label;
		}
		base[at] = 0;
		assert_int_equal(name_wire_length(base, sizeof base), length);
		if (tlsa_set_owner(base, 25, owner) != (length <= 246))
			fail_msg("a base of %zu bytes", length);
		if (length <= 246)
			assert_int_equal(name_wire_length(owner,
			    sizeof owner), length + 9);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets), cmocka_unit_test(faults),
		cmocka_unit_test(no_records), cmocka_unit_test(short_rdata),
		cmocka_unit_test(limit), cmocka_unit_test(equality),
		cmocka_unit_test(owners), cmocka_unit_test(aliased_owner),
		cmocka_unit_test(added), cmocka_unit_test(written),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
