/* DNS messages: RFC 1035 4, RFC 2181 8, RFC 4034 3.1; packets as a hostile
 * server would send them. Each packet is copied to the end of fresh memory, so
 * that a sanitizer sees an overread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/dns_message.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
/* Bytes of a literal, with what NULs it holds. */
#define BYTES(literal) literal, sizeof literal - 1

/* Id 0x1234, a response with AA, one question; answers as said. The name
 * example.com stands at offset 12, com at 20. */
#define HEADER(answers) "\x12\x34\x84\x00\0\1\0" answers "\0\0\0\0"
#define QUESTION "\7Example\3com\0\0\17\0\1"
#define RR(owner, type, rdata_length) owner "\0" type "\0\1\0\0\16\20\0" \
	rdata_length

struct packet {
	uint8_t			*bytes;
	struct dns_message	 message;
	struct dns_record	 record;
};

static bool
open_packet(struct packet *packet, const char *bytes, size_t length)
{
	packet->bytes = malloc(length != 0 ? length : 1);
	assert_non_null(packet->bytes);
	memcpy(packet->bytes, bytes, length);
	return dns_message_open(&packet->message, packet->bytes, length);
}

static void
header(void **state)
{
	struct packet packet;

	(void)state;
	assert_true(open_packet(&packet, BYTES("\x12\x34\x87\x0f\0\1\0\0"
	    "\1\2\3\4" QUESTION)));
	assert_int_equal(packet.message.id, 0x1234);
	assert_true(packet.message.is_response);
	assert_true(packet.message.is_authoritative);
	assert_true(packet.message.is_truncated);
	assert_int_equal(packet.message.rcode, 15);
	assert_int_equal(packet.message.counts[2], 0x0102);
	assert_int_equal(packet.message.counts[3], 0x0304);
	assert_memory_equal(packet.message.question, "\7example\3com", 13);
	assert_int_equal(packet.message.question_type, DNS_MX);
	assert_int_equal(packet.message.question_class, 1);
	free(packet.bytes);
	/* Every bit that is asked for, off; those beside it, on. */
	assert_true(open_packet(&packet, BYTES("\0\0\x79\xf0\0\1\0\0\0\0\0\0"
	    QUESTION)));
	assert_false(packet.message.is_response);
	assert_false(packet.message.is_authoritative);
	assert_false(packet.message.is_truncated);
	assert_int_equal(packet.message.rcode, 0);
	free(packet.bytes);
}

static void
bad_questions(void **state)
{
	static const struct { const char *rule, *bytes; size_t length; }
	rows[] = {
		{ "no question", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0") },
		{ "two questions", BYTES("\0\0\0\0\0\2\0\0\0\0\0\0" QUESTION
		    QUESTION) },
		{ "name cut", BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\7exam") },
		{ "no root label", BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\1a") },
		{ "pointer to itself",
		    BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1") },
		{ "pointer forwards",
		    BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\xc0\x0e\0\1\0\1\0") },
		{ "pointer into the header",
		    BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\xc0\x00\0\1\0\1") },
		{ "label type 01",
		    BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\x41" "a\0\0\1\0\1") },
		{ "label type 10",
		    BYTES("\0\0\0\0\0\1\0\0\0\0\0\0\x81" "a\0\0\1\0\1") },
	};
	static const char whole[] = HEADER("\0") QUESTION;
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (open_packet(&packet, rows[i].bytes, rows[i].length))
			fail_msg("%s", rows[i].rule);
		assert_true(packet.message.malformed);
		assert_false(dns_message_next(&packet.message, &packet.record));
		free(packet.bytes);
	}
	/* Cut anywhere; the last length is whole. */
	for (size_t length = 0; length < sizeof whole; length++) {
		assert_int_equal(open_packet(&packet, whole, length),
		    length == sizeof whole - 1);
		free(packet.bytes);
	}
}

/* All three sections, in packet order, and the end. */
static void
walk(void **state)
{
	static const char bytes[] = "\x12\x34\x84\x00\0\1\0\2\0\1\0\1" QUESTION
	    RR("\xc0\x0c", "\17", "\7") "\0\12\2MX\xc0\x0c"
	    RR("\3wWw\xc0\x14", "\1", "\4") "\300\0\2\1"
	    "\xc0\x14\0\2\0\1\x80\0\0\0\0\2\xc0\x0c"
	    "\0\0\51\x04\xd0\0\0\x80\0\0\0";
	static const struct {
		enum dns_section section;
		const char *owner;
		size_t owner_length, rdata_length;
		uint16_t type, class;
		uint32_t ttl;
	} rows[] = {
		{ DNS_ANSWER, "\7example\3com", 13, 7, DNS_MX, 1, 3600 },
		{ DNS_ANSWER, "\3www\3com", 9, 4, DNS_A, 1, 3600 },
		/* RFC 2181 8: the most significant bit set means 0. */
		{ DNS_AUTHORITY, "\3com", 5, 2, DNS_NS, 1, 0 },
		{ DNS_ADDITIONAL, "", 1, 0, DNS_OPT, 1232, 32768 },
	};
	uint8_t name[NAME_WIRE_MAX];
	struct packet packet;
	uint16_t preference;

	(void)state;
	assert_true(open_packet(&packet, BYTES(bytes)));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct dns_record *record = &packet.record;

		assert_true(dns_message_next(&packet.message, record));
		assert_int_equal(record->section, rows[i].section);
		assert_memory_equal(record->owner, rows[i].owner,
		    rows[i].owner_length);
		assert_int_equal(record->type, rows[i].type);
		assert_int_equal(record->class, rows[i].class);
		assert_int_equal(record->ttl, rows[i].ttl);
		assert_int_equal(record->rdata_length, rows[i].rdata_length);
		if (i == 0) {
			assert_true(dns_record_mx(&packet.message, record,
			    &preference, name));
			assert_int_equal(preference, 10);
			assert_memory_equal(name, "\2mx\7example\3com", 16);
		} else if (i == 1) {
			assert_memory_equal(record->rdata, "\300\0\2\1", 4);
		} else if (i == 2) {
			assert_true(dns_record_name(&packet.message, record,
			    name));
			assert_memory_equal(name, "\7example\3com", 13);
		}
	}
	assert_false(dns_message_next(&packet.message, &packet.record));
	assert_false(packet.message.malformed);
	assert_false(dns_message_next(&packet.message, &packet.record));
	free(packet.bytes);
	/* Cut anywhere behind the question, it ends as malformed. */
	for (size_t length = 29; length < sizeof bytes - 1; length++) {
		assert_true(open_packet(&packet, bytes, length));
		while (dns_message_next(&packet.message, &packet.record))
			;
		assert_true(packet.message.malformed);
		assert_false(dns_message_next(&packet.message, &packet.record));
		free(packet.bytes);
	}
}

/* RFC 2181 8: the largest TTL there is. */
static void
largest_ttl(void **state)
{
	struct packet packet;

	(void)state;
	assert_true(open_packet(&packet, BYTES(HEADER("\1") QUESTION
	    "\xc0\x0c\0\1\0\1\x7f\xff\xff\xff\0\0")));
	assert_true(dns_message_next(&packet.message, &packet.record));
	assert_int_equal(packet.record.ttl, INT32_MAX);
	free(packet.bytes);
}

/* The one record of a packet; RDATA holds names as servers write them. */
static void
rdata_names(void **state)
{
	static const struct {
		const char *rule;
		bool is_mx, is_good;
		const char *rdata;
		size_t length;
		const char *name;
		size_t name_length;
	} rows[] = {
		{ "pointer", false, true, BYTES("\xc0\x0c"),
		    BYTES("\7example\3com\0") },
		{ "labels", false, true, BYTES("\2A1\0"), BYTES("\2a1\0") },
		{ "the root", false, true, BYTES("\0"), BYTES("\0") },
		{ "MX6 `0 .`", true, true, BYTES("\0\0\0"), BYTES("\0") },
		{ "MX, labels and pointer", true, true,
		    BYTES("\0\5\1B\xc0\x14"), BYTES("\1b\3com\0") },
		{ "no RDATA", false, false, BYTES(""), BYTES("") },
		{ "MX, one byte", true, false, BYTES("\0"), BYTES("") },
		{ "MX without a name", true, false, BYTES("\0\0"), BYTES("") },
		{ "a byte behind the name", false, false, BYTES("\xc0\x0c\0"),
		    BYTES("") },
		{ "a byte behind the MX", true, false, BYTES("\0\0\0\0"),
		    BYTES("") },
		{ "half a pointer", false, false, BYTES("\1a\xc0"), BYTES("") },
		{ "no root label", false, false, BYTES("\1a"), BYTES("") },
		{ "label past the RDATA", false, false, BYTES("\11a"),
		    BYTES("") },
		{ "pointer to itself", false, false, BYTES("\xc0\x29"),
		    BYTES("") },
		{ "pointer into its own labels", false, false,
		    BYTES("\1a\xc0\x29"), BYTES("") },
		{ "label type 01", false, false, BYTES("\x41" "a\0"),
		    BYTES("") },
		{ "label type 10", false, false, BYTES("\x81" "a\0"),
		    BYTES("") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[256], name[NAME_WIRE_MAX];
		struct packet packet;
		uint16_t preference;
		bool is_good;
		size_t length = sizeof HEADER("\1") - 1 + sizeof QUESTION - 1;

		memcpy(bytes, HEADER("\1") QUESTION, length);
		memcpy(bytes + length, "\xc0\x0c\0\2\0\1\0\0\0\0\0", 11);
		bytes[length + 11] = (uint8_t)rows[i].length;
		length += 12;
		assert_int_equal(length, 0x29);
		memcpy(bytes + length, rows[i].rdata, rows[i].length);
		assert_true(open_packet(&packet, (char *)bytes,
		    length + rows[i].length));
		assert_true(dns_message_next(&packet.message, &packet.record));
		is_good = rows[i].is_mx ? dns_record_mx(&packet.message,
		    &packet.record, &preference, name) :
		    dns_record_name(&packet.message, &packet.record, name);
		if (is_good != rows[i].is_good ||
		    (is_good && memcmp(name, rows[i].name,
		    rows[i].name_length) != 0))
			fail_msg("%s", rows[i].rule);
		/* A bad record is dropped; the walk is as it was. */
		assert_false(packet.message.malformed);
		free(packet.bytes);
	}
}

/* A chain of pointers, each to the one before it, ends at a name: 128 are
 * followed, 129 are not. Bytes, not only records, are bounded. */
static void
pointer_chain(void **state)
{
	(void)state;
	for (unsigned pointers = 128; pointers <= 129; pointers++) {
		uint8_t bytes[1024], name[NAME_WIRE_MAX];
		size_t length = sizeof HEADER("\1") - 1 + sizeof QUESTION - 1;
		struct packet packet;
		unsigned target = 12;

		memcpy(bytes, HEADER("\1") QUESTION, length);
		/* A TXT would do as well: the walk does not look into it. */
		memcpy(bytes + length, "\0\0\20\0\1\0\0\0\0", 9);
		bytes[length + 9] = (uint8_t)(2 * (pointers - 1) >> 8);
		bytes[length + 10] = (uint8_t)(2 * (pointers - 1));
		length += 11;
		for (unsigned i = 0; i < pointers - 1; i++) {
			unsigned here = (unsigned)length;

			bytes[length++] = (uint8_t)(0xc0 | target >> 8);
			bytes[length++] = (uint8_t)target;
			target = here;
		}
		bytes[7] = 2;
		memcpy(bytes + length, "\0\0\5\0\1\0\0\0\0\0\2", 11);
		length += 11;
		bytes[length++] = (uint8_t)(0xc0 | target >> 8);
		bytes[length++] = (uint8_t)target;
		assert_true(open_packet(&packet, (char *)bytes, length));
		assert_true(dns_message_next(&packet.message, &packet.record));
		assert_true(dns_message_next(&packet.message, &packet.record));
		assert_int_equal(dns_record_name(&packet.message,
		    &packet.record, name), pointers == 128);
		free(packet.bytes);
	}
}

/* RFC 1035 3.1: 255 bytes, the labels of all pieces together. */
static void
longest_name(void **state)
{
	(void)state;
	for (unsigned last = 61; last <= 62; last++) {
		uint8_t bytes[512], name[NAME_WIRE_MAX];
		size_t length = 12;
		struct packet packet;

		memset(bytes, 'a', sizeof bytes);
		memcpy(bytes, HEADER("\1"), length);
		for (int i = 0; i < 3; i++, length += 64)
			bytes[length] = 63;
		bytes[length++] = 0;
		memcpy(bytes + length, "\0\2\0\1", 4);
		length += 4;
		memcpy(bytes + length, "\0\0\5\0\1\0\0\0\0\0", 10);
		bytes[length + 10] = (uint8_t)(last + 3);
		length += 11;
		bytes[length] = (uint8_t)last;
		length += 1 + last;
		memcpy(bytes + length, "\xc0\x0c", 2);
		length += 2;
		assert_true(open_packet(&packet, (char *)bytes, length));
		assert_true(dns_message_next(&packet.message, &packet.record));
		assert_int_equal(dns_record_name(&packet.message,
		    &packet.record, name), last == 61);
		if (last == 61)
			assert_int_equal(name_wire_length(name, sizeof name),
			    NAME_WIRE_MAX);
		free(packet.bytes);
	}
}

/* RFC 4034 3.1: 18 bytes, a signer's name, a signature. */
/* RFC 1035 3.3.13; the names may be compressed. */
static void
soa(void **state)
{
	static const char rdata[] = "\xc0\x0c\1h\xc0\x14"
	    "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\1\2\3\0";
	const size_t good = sizeof rdata - 2;
	uint8_t bytes[256];
	size_t start;

	(void)state;
	memcpy(bytes, HEADER("\1") QUESTION, sizeof HEADER("\1") - 1 +
	    sizeof QUESTION - 1);
	start = sizeof HEADER("\1") - 1 + sizeof QUESTION - 1;
	memcpy(bytes + start, "\xc0\x0c\0\6\0\1\0\0\0\0\0", 11);
	start += 12;
	memcpy(bytes + start, rdata, sizeof rdata - 1);
	for (size_t length = 0; length <= good + 1; length++) {
		struct packet packet;
		uint32_t minimum = 0;

		bytes[start - 1] = (uint8_t)length;
		assert_true(open_packet(&packet, (char *)bytes,
		    start + length));
		assert_true(dns_message_next(&packet.message, &packet.record));
		assert_int_equal(dns_record_soa(&packet.message,
		    &packet.record, &minimum), length == good);
		assert_int_equal(minimum, length == good ? 0x00010203 : 0);
		free(packet.bytes);
	}
}

static void
rrsig(void **state)
{
	uint8_t rdata[20] = { 0, 52, 13, 4 };
	struct dns_record record = { .rdata = rdata, .rdata_length = 20 };
	uint16_t covered;
	uint8_t labels;

	(void)state;
	assert_true(dns_record_rrsig(&record, &covered, &labels));
	assert_int_equal(covered, DNS_TLSA);
	assert_int_equal(labels, 4);
	record.rdata_length = 19;
	assert_false(dns_record_rrsig(&record, &covered, &labels));
	record.rdata_length = 0;
	assert_false(dns_record_rrsig(&record, &covered, &labels));
}

static void
txt(void **state)
{
	static const struct {
		const char *rule, *rdata;
		size_t length, size;
		long result;
		const char *text;
	} rows[] = {
		{ "one string", BYTES("\3abc"), 10, 3, "abc" },
		{ "P1 joined without space", BYTES("\7v=STSv1\4; id\0\2=1"), 64,
		    13, "v=STSv1; id=1" },
		{ "an empty string", BYTES("\0"), 10, 0, "" },
		{ "bytes as they are", BYTES("\3\0\xff\\"), 10, 3, "\0\xff\\" },
		{ "just fits", BYTES("\2ab\1c"), 3, 3, "abc" },
		{ "too long", BYTES("\2ab\2cd"), 3, -1, NULL },
		{ "nothing (RFC 1035 3.3.14)", BYTES(""), 10, -1, NULL },
		{ "string cut", BYTES("\3ab"), 10, -1, NULL },
		{ "second string cut", BYTES("\1a\1"), 10, -1, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct dns_record record = {
			.rdata = (const uint8_t *)rows[i].rdata,
			.rdata_length = (uint16_t)rows[i].length,
		};
		uint8_t text[65];

		memset(text, '#', sizeof text);
		if (dns_record_txt(&record, text, rows[i].size) !=
		    rows[i].result || (rows[i].result > 0 && memcmp(text,
		    rows[i].text, (size_t)rows[i].result) != 0))
			fail_msg("%s", rows[i].rule);
		assert_int_equal(text[rows[i].size], '#');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(bad_questions),
		cmocka_unit_test(walk),
		cmocka_unit_test(largest_ttl),
		cmocka_unit_test(rdata_names),
		cmocka_unit_test(pointer_chain),
		cmocka_unit_test(longest_name),
		cmocka_unit_test(soa),
		cmocka_unit_test(rrsig),
		cmocka_unit_test(txt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
