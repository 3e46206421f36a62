/* What a response says to a question: RFC 1034 4.3.2, RFC 2308 5, RFC 4034
 * 3.1.3. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "scanner/dns/answer.h"
#include "tests/unit/answer_builder.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define V4 "\300\0\2\1"

static void
assert_canonical(const struct lookup *lookup, const char *name)
{
	char text[NAME_TEXT_MAX];

	name_to_text(lookup->answer->canonical, text);
	assert_string_equal(text, name);
}

static void
found(void **state)
{
	struct buffer packet = { 0 };
	struct answer_walk walk;
	struct lookup lookup;

	(void)state;
	answer_begin(&packet, "a.example", DNS_A, 0);
	answer_record(&packet, DNS_ANSWER, "A.EXAMPLE", DNS_A, 300, V4, 4);
	/* Of another name, another type; of another section. */
	answer_record(&packet, DNS_ANSWER, "b.example", DNS_A, 400, V4, 4);
	answer_record(&packet, DNS_ANSWER, "a.example", DNS_TXT, 400, "\1t", 2);
	answer_record(&packet, DNS_ANSWER, "a.example", DNS_A, 200,
	    "\300\0\2\2", 4);
	answer_record(&packet, DNS_AUTHORITY, "a.example", DNS_A, 1, V4, 4);
	answer_record(&packet, DNS_ADDITIONAL, "a.example", DNS_A, 1, V4, 4);
	assert_true(lookup_answered(&lookup, &packet, "a.example", DNS_A));
	assert_int_equal(lookup.answer->status, LOOKUP_FOUND);
	assert_int_equal(lookup.answer->count, 2);
	assert_int_equal(lookup.answer->ttl, 200);
	assert_false(lookup.answer->has_cname);
	assert_false(lookup.answer->is_wildcard);
	assert_canonical(&lookup, "a.example");
	assert_true(answer_open(&lookup, &walk));
	assert_true(answer_next(&lookup, &walk));
	assert_memory_equal(walk.record.rdata, V4, 4);
	assert_true(answer_next(&lookup, &walk));
	assert_memory_equal(walk.record.rdata, "\300\0\2\2", 4);
	assert_false(answer_next(&lookup, &walk));
	lookup_answered_fini(&lookup);
	assert_false(answer_open(&lookup, &walk));
	buffer_fini(&packet);
}

/* Another class is another world (RFC 1034 3.6). */
static void
class(void **state)
{
	struct buffer packet = { 0 };
	struct answer_walk walk;
	struct lookup lookup;

	(void)state;
	answer_begin(&packet, "a.example", DNS_A, 0);
	answer_record(&packet, DNS_ANSWER, "a.example", DNS_A, 300, V4, 4);
	/* CH: before TTL, length and address. */
	packet.bytes[packet.length - 4 - 2 - 4 - 1] = 3;
	assert_true(lookup_answered(&lookup, &packet, "a.example", DNS_A));
	assert_int_equal(lookup.answer->status, LOOKUP_NODATA);
	assert_true(answer_open(&lookup, &walk));
	assert_false(answer_next(&lookup, &walk));
	lookup_answered_fini(&lookup);
	answer_begin(&packet, "a.example", DNS_A, 0);
	answer_cname(&packet, "a.example", "b.example");
	/* b.example is of 11 bytes. */
	packet.bytes[packet.length - 11 - 2 - 4 - 1] = 3;
	assert_true(lookup_answered(&lookup, &packet, "a.example", DNS_A));
	assert_false(lookup.answer->has_cname);
	assert_canonical(&lookup, "a.example");
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
}

/* a -> b -> c -> d with an address at the end, its four records in each of
 * their 24 orders. */
static void
chains(void **state)
{
	static const char *const aliases[] = { "a", "b", "c", "d" };

	(void)state;
	for (unsigned order = 0; order < 256; order++) {
		struct buffer packet = { 0 };
		struct lookup lookup;
		unsigned used = 0;

		for (unsigned i = 0; i < 4; i++)
			used |= 1u << (order >> 2 * i & 3);
		if (used != 15)
			continue;
		answer_begin(&packet, "a", DNS_A, 0);
		for (unsigned i = 0; i < 4; i++) {
			unsigned at = order >> 2 * i & 3;

			if (at < 3)
				answer_cname(&packet, aliases[at],
				    aliases[at + 1]);
			else
				answer_record(&packet, DNS_ANSWER, "d", DNS_A,
				    60, V4, 4);
		}
		assert_true(lookup_answered(&lookup, &packet, "a", DNS_A));
		assert_int_equal(lookup.answer->status, LOOKUP_FOUND);
		assert_int_equal(lookup.answer->count, 1);
		assert_true(lookup.answer->has_cname);
		assert_int_equal(lookup.answer->aliases, 3);
		assert_int_equal(lookup.answer->ttl, 60);
		assert_canonical(&lookup, "d");
		lookup_answered_fini(&lookup);
		buffer_fini(&packet);
	}
}

/* A chain that leads nowhere; a question for the alias
 * itself, which is not followed (RFC 1034 3.6.2). */
static void
aliases(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;

	(void)state;
	answer_begin(&packet, "a", DNS_A, 3);
	answer_cname(&packet, "a", "b.example");
	assert_true(lookup_answered(&lookup, &packet, "a", DNS_A));
	assert_int_equal(lookup.answer->status, LOOKUP_NXDOMAIN);
	assert_canonical(&lookup, "b.example");
	lookup_answered_fini(&lookup);

	answer_begin(&packet, "a", DNS_CNAME, 0);
	answer_cname(&packet, "a", "b");
	answer_cname(&packet, "b", "c");
	assert_true(lookup_answered(&lookup, &packet, "a", DNS_CNAME));
	assert_int_equal(lookup.answer->status, LOOKUP_FOUND);
	assert_int_equal(lookup.answer->count, 1);
	assert_canonical(&lookup, "a");
	lookup_answered_fini(&lookup);

	/* In the authority section it leads nowhere. */
	answer_begin(&packet, "a", DNS_A, 0);
	answer_record(&packet, DNS_AUTHORITY, "a", DNS_CNAME, 60, "\1b\0", 3);
	assert_true(lookup_answered(&lookup, &packet, "a", DNS_A));
	assert_false(lookup.answer->has_cname);
	assert_canonical(&lookup, "a");
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
}

/* "CNAME loops should be signalled as an error" (RFC 1034 3.6.2): nothing was
 * denied. Nor by a chain that is longer than one follows. */
static void
loops(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;
	char owner[16], target[16];

	(void)state;
	for (unsigned length = 1; length <= 7; length++) {
		answer_begin(&packet, "a0", DNS_A, 0);
		for (unsigned i = 0; i < length; i++) {
			snprintf(owner, sizeof owner, "a%u", i);
			snprintf(target, sizeof target, "a%u",
			    (i + 1) % length);
			answer_cname(&packet, owner, target);
		}
		if (lookup_answered(&lookup, &packet, "a0", DNS_A))
			fail_msg("a loop of %u", length);
		assert_int_equal(lookup.answer->oddity, ODDITY_ALIAS_LOOP);
		lookup_answered_fini(&lookup);
	}
	for (unsigned length = 1; length <= 40; length++) {
		answer_begin(&packet, "a0", DNS_A, 0);
		for (unsigned i = 0; i < length; i++) {
			snprintf(owner, sizeof owner, "a%u", i);
			snprintf(target, sizeof target, "a%u", i + 1);
			answer_cname(&packet, owner, target);
		}
		answer_record(&packet, DNS_ANSWER, target, DNS_A, 60, V4, 4);
		if (lookup_answered(&lookup, &packet, "a0", DNS_A))
			assert_canonical(&lookup, target);
		else
			assert_true(length > 11);	/* libunbound's bound */
		lookup_answered_fini(&lookup);
	}
	buffer_fini(&packet);
}

/* RFC 4034 3.1.3: the labels of the signature do not count the root nor a
 * leading '*'; fewer than those of the owner mean that it was expanded. */
static void
wildcards(void **state)
{
	static const struct {
		const char *owner, *signed_owner;
		uint16_t covered;
		uint8_t labels;
		bool is_wildcard, has_signature;
	} rows[] = {
		{ "_25._tcp.mx.example", NULL, DNS_TLSA, 4, false, true },
		{ "_25._tcp.mx.example", NULL, DNS_TLSA, 3, true, true },
		{ "_25._tcp.mx.example", NULL, DNS_TLSA, 1, true, true },
		{ "_25._tcp.mx.example", NULL, DNS_TLSA, 0, true, true },
		/* The wildcard itself. */
		{ "*.example", NULL, DNS_TLSA, 1, false, true },
		{ "*.example", NULL, DNS_TLSA, 0, true, true },
		/* A star elsewhere, or in part, is a label like others. */
		{ "a.*.example", NULL, DNS_TLSA, 3, false, true },
		{ "a.*.example", NULL, DNS_TLSA, 2, true, true },
		{ "*a.example", NULL, DNS_TLSA, 2, false, true },
		/* A signature over something else. */
		{ "a.example", NULL, DNS_A, 1, false, false },
		{ "a.example", "b.example", DNS_TLSA, 1, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer packet = { 0 };
		struct lookup lookup;

		answer_begin(&packet, rows[i].owner, DNS_TLSA, 0);
		answer_record(&packet, DNS_ANSWER, rows[i].owner, DNS_TLSA, 60,
		    "\3\1\1x", 4);
		answer_rrsig(&packet, rows[i].signed_owner != NULL
		    ? rows[i].signed_owner : rows[i].owner, rows[i].covered,
		    rows[i].labels);
		assert_true(lookup_answered(&lookup, &packet, rows[i].owner,
		    DNS_TLSA));
		if (lookup.answer->is_wildcard != rows[i].is_wildcard)
			fail_msg("row %zu", i);
		if (rows[i].is_wildcard)
			assert_int_equal(lookup.answer->wildcard_labels,
			    rows[i].labels);
		if (lookup.answer->has_signature != rows[i].has_signature)
			fail_msg("row %zu: has_signature", i);
		assert_int_equal(lookup.answer->count, 1);
		lookup_answered_fini(&lookup);
		buffer_fini(&packet);
	}
}

/* RFC 2308 5: the lesser of the MINIMUM and the TTL of the SOA. */
static void
denials(void **state)
{
	static const struct {
		unsigned rcode;
		enum lookup_status status;
		uint32_t ttl, minimum, expected;
	} rows[] = {
		{ 0, LOOKUP_NODATA, 300, 900, 300 },
		{ 0, LOOKUP_NODATA, 900, 300, 300 },
		{ 3, LOOKUP_NXDOMAIN, 300, 900, 300 },
		{ 3, LOOKUP_NXDOMAIN, 900, 300, 300 },
		{ 3, LOOKUP_NXDOMAIN, 900, 0, 0 },
		{ 3, LOOKUP_NXDOMAIN, 0, 900, 0 },
	};
	struct buffer packet = { 0 };
	struct lookup lookup;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		answer_begin(&packet, "a.example", DNS_MX, rows[i].rcode);
		answer_soa(&packet, "example", rows[i].ttl, rows[i].minimum);
		assert_true(lookup_answered(&lookup, &packet, "a.example",
		    DNS_MX));
		assert_int_equal(lookup.answer->status, rows[i].status);
		assert_int_equal(lookup.answer->count, 0);
		if (lookup.answer->ttl != rows[i].expected)
			fail_msg("row %zu: %u", i, lookup.answer->ttl);
		lookup_answered_fini(&lookup);
	}
	/* Without a SOA it is not to be kept (RFC 2308 2.2, 5). */
	answer_begin(&packet, "a.example", DNS_MX, 0);
	assert_true(lookup_answered(&lookup, &packet, "a.example", DNS_MX));
	assert_int_equal(lookup.answer->status, LOOKUP_NODATA);
	assert_int_equal(lookup.answer->ttl, 0);
	lookup_answered_fini(&lookup);
	/* A SOA that was asked for is a record like others. */
	answer_begin(&packet, "example", DNS_SOA, 0);
	answer_soa(&packet, "example", 900, 300);
	packet.bytes[7] = 1;
	packet.bytes[9] = 0;
	assert_true(lookup_answered(&lookup, &packet, "example", DNS_SOA));
	assert_int_equal(lookup.answer->status, LOOKUP_FOUND);
	assert_int_equal(lookup.answer->ttl, 900);
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
}

static void
rcodes(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;

	(void)state;
	for (unsigned rcode = 0; rcode < 16; rcode++) {
		answer_begin(&packet, "a.example", DNS_MX, rcode);
		assert_int_equal(lookup_answered(&lookup, &packet, "a.example",
		    DNS_MX), rcode == 0 || rcode == 3);
		assert_int_equal(lookup.answer->oddity, rcode == 0 || rcode == 3
		    ? ODDITY_NONE : ODDITY_RCODE);
		lookup_answered_fini(&lookup);
	}
	buffer_fini(&packet);
}

/* Cut anywhere it is no answer: a record that is missing is not "not there". */
static void
malformed(void **state)
{
	struct buffer packet = { 0 };
	struct lookup lookup;
	size_t whole;

	(void)state;
	answer_begin(&packet, "a.example", DNS_MX, 0);
	answer_cname(&packet, "a.example", "b.example");
	answer_mx(&packet, "b.example", 10, "mx.example");
	answer_rrsig(&packet, "b.example", DNS_MX, 2);
	answer_soa(&packet, "example", 60, 60);
	whole = packet.length;
	for (packet.length = 0; packet.length < whole; packet.length++) {
		if (lookup_answered(&lookup, &packet, "a.example", DNS_MX))
			fail_msg("%zu bytes", packet.length);
		assert_int_equal(lookup.answer->oddity, ODDITY_MALFORMED);
		lookup_answered_fini(&lookup);
	}
	assert_true(lookup_answered(&lookup, &packet, "a.example", DNS_MX));
	assert_canonical(&lookup, "b.example");
	lookup_answered_fini(&lookup);
	buffer_fini(&packet);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found), cmocka_unit_test(class),
		cmocka_unit_test(chains), cmocka_unit_test(aliases),
		cmocka_unit_test(loops), cmocka_unit_test(wildcards),
		cmocka_unit_test(denials), cmocka_unit_test(rcodes),
		cmocka_unit_test(malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
