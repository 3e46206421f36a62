/* RDATA of DNSKEY, RRSIG, NSEC and NSEC3 (dnssec.h): RFC 4034 2 to 4 and
 * appendix B, RFC 5155 3. Each record is read at every length: the RDATA stands
 * at the end of fresh memory, so that a sanitizer sees an overread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/dnssec.h"
#include "scanner/base/memory.h"

/* The tag is the sum of the words, to which its carry is added. */
static void
a_key_has_four_fields_and_a_tag(void **state)
{
	static const uint8_t rdata[] = { 0x01, 0x80, 3, 13, 0xff, 0xfe, 0xfd };
	struct dnskey key;

	(void)state;
	for (size_t length = 0; length <= sizeof rdata; length++) {
		uint8_t *copy = xmemdup(rdata, length);

		assert_int_equal(dnskey_read(copy, length, &key), length > 4);
		free(copy);
	}
	assert_true(dnskey_read(rdata, sizeof rdata, &key));
	assert_int_equal(key.flags, DNSKEY_ZONE | DNSKEY_REVOKE);
	assert_int_equal(key.protocol, 3);
	assert_int_equal(key.algorithm, 13);
	assert_ptr_equal(key.key, rdata + 4);
	assert_int_equal(key.key_length, 3);
	/* 0x0180 + 0x030d + 0xfffe + 0xfd00 = 0x2018b; 0x018b + 2. */
	assert_int_equal(key.tag, 0x018d);
}

/* RRSIG of RFC 4034 3.3, with a short signature. */
static void
a_signature_has_nine_fields(void **state)
{
	static const uint8_t rdata[] = "\0\1\5\3\0\1\121\200"
	    "\76\163\361\307\76\115\306\77" "\12\122\7Example\3com\0sig";
	const size_t length = sizeof rdata - 1;
	struct rrsig rrsig;

	(void)state;
	for (size_t i = 0; i <= length; i++) {
		uint8_t *copy = xmemdup(rdata, i);

		/* A signer, and at least a byte of the signature. */
		assert_int_equal(rrsig_read(copy, i, &rrsig), i > 18 + 13);
		free(copy);
	}
	assert_true(rrsig_read(rdata, length, &rrsig));
	assert_int_equal(rrsig.covered, 1);
	assert_int_equal(rrsig.algorithm, 5);
	assert_int_equal(rrsig.labels, 3);
	assert_int_equal(rrsig.original_ttl, 86400);
	assert_int_equal(rrsig.expiration, 0x3e73f1c7);
	assert_int_equal(rrsig.inception, 0x3e4dc63f);
	assert_int_equal(rrsig.tag, 2642);
	assert_int_equal(rrsig.signer_length, 13);
	assert_memory_equal(rrsig.signer, "\7example\3com", 13);
	assert_ptr_equal(rrsig.signature, rdata + 18 + 13);
	assert_int_equal(rrsig.signature_length, 3);
}

/* RFC 4034 4.3: A, MX, RRSIG, NSEC, TYPE1234. */
static void
an_nsec_has_a_name_and_types(void **state)
{
	static const uint8_t rdata[] = "\4Host\7example\3com\0"
	    "\0\6\100\1\0\0\0\3"
	    "\4\33\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\40";
	const size_t length = sizeof rdata - 1;
	struct nsec nsec;

	(void)state;
	for (size_t i = 0; i <= length; i++) {
		uint8_t *copy = xmemdup(rdata, i);

		assert_int_equal(nsec_read(copy, i, &nsec),
		    i == 18 || i == 18 + 8 || i == length);
		free(copy);
	}
	assert_true(nsec_read(rdata, length, &nsec));
	assert_memory_equal(nsec.next, "\4host\7example\3com", 18);
	for (unsigned type = 0; type < 65536; type++)
		assert_true(type_bitmap_has(&nsec.types, (uint16_t)type) ==
		    (type == 1 || type == 15 || type == 46 || type == 47 ||
		    type == 1234));
}

static void
windows_of_types_are_checked(void **state)
{
	static const struct {
		const char	*types;
		size_t		 length;
		bool		 is_sound;
	} rows[] = {
		{ "", 0, true }, { "\0\1\1", 3, true },
		{ "\0\0", 2, false }, { "\0\0\1", 3, false },
		{ "\0\1\0", 3, false },		/* no type */
		{ "\0\2\1\0", 4, false },	/* a zero at the end */
		{ "\0\1\1\0\1\1", 6, false },	/* twice */
		{ "\1\1\1\0\1\1", 6, false },	/* falling */
		{ "\0\1\1\1\1\1", 6, true }, { "\0\1\1\1\1", 5, false },
		{ "\0\40" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 34, true },
		{ "\0\41" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 35, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t *rdata = xmalloc(1 + rows[i].length);
		struct nsec nsec;

		rdata[0] = 0;
		memcpy(rdata + 1, rows[i].types, rows[i].length);
		assert_int_equal(nsec_read(rdata, 1 + rows[i].length, &nsec),
		    rows[i].is_sound);
		free(rdata);
	}
}

/* RFC 5155 3.2, with hashes of four bytes, and salt aabbccdd. */
static void
an_nsec3_has_seven_fields(void **state)
{
	static const uint8_t rdata[] = "\1\1\0\14\4\252\273\314\335\4hash"
	    "\0\1\100";
	const size_t length = sizeof rdata - 1;
	uint8_t empty_hash[] = { 1, 0, 0, 0, 0, 0 };
	struct nsec3 nsec3;

	(void)state;
	for (size_t i = 0; i <= length; i++) {
		uint8_t *copy = xmemdup(rdata, i);

		assert_int_equal(nsec3_read(copy, i, &nsec3),
		    i == 14 || i == length);
		free(copy);
	}
	assert_true(nsec3_read(rdata, length, &nsec3));
	assert_int_equal(nsec3.algorithm, 1);
	assert_int_equal(nsec3.flags, NSEC3_OPT_OUT);
	assert_int_equal(nsec3.iterations, 12);
	assert_int_equal(nsec3.salt_length, 4);
	assert_ptr_equal(nsec3.salt, rdata + 5);
	assert_int_equal(nsec3.next_length, 4);
	assert_ptr_equal(nsec3.next, rdata + 10);
	assert_true(type_bitmap_has(&nsec3.types, 1));
	assert_false(type_bitmap_has(&nsec3.types, 2));
	assert_false(nsec3_read(empty_hash, sizeof empty_hash, &nsec3));
}

/* RFC 4648 10 has BASE32-HEX("foobar") = "CPNMUOJ1E8======". */
static void
a_hash_has_a_text(void **state)
{
	uint8_t hash[NSEC3_HASH_BYTES] = "foobarfoobarfoobarf", text[33] = { 0 };

	(void)state;
	hash[19] = 0xff;
	nsec3_hash_text(hash, text);
	assert_memory_equal(text, "cpnmuoj1", 8);
	assert_int_equal(text[31], 'v');
	hash[19] = 0;
	nsec3_hash_text(hash, text);
	assert_int_equal(text[31], '0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_has_four_fields_and_a_tag),
		cmocka_unit_test(a_signature_has_nine_fields),
		cmocka_unit_test(an_nsec_has_a_name_and_types),
		cmocka_unit_test(windows_of_types_are_checked),
		cmocka_unit_test(an_nsec3_has_seven_fields),
		cmocka_unit_test(a_hash_has_a_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
