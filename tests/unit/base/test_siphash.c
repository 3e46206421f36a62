/* SipHash-2-4 against the vectors of its authors' paper (appendix A) and of
 * their reference code: key 00..0f, message 00..(n-1). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scanner/base/siphash.h"

static void
vectors(void **state)
{
	static const struct { size_t length; uint64_t hash; } rows[] = {
		{ 0, 0x726fdb47dd0e0e31 }, { 1, 0x74f839c593dc67fd },
		{ 7, 0xab0200f58b01d137 }, { 8, 0x93f5f5799a932462 },
		{ 15, 0xa129ca6149be45e5 },
	};
	const struct siphash_key key = {
		0x0706050403020100, 0x0f0e0d0c0b0a0908
	};
	uint8_t message[16];

	(void)state;
	for (uint8_t i = 0; i < sizeof message; i++)
		message[i] = i;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_true(siphash(&key, message, rows[i].length) ==
		    rows[i].hash);
}

/* vectors_sip128 of the reference code; the same key and messages. */
static void
vectors_of_pairs(void **state)
{
	static const struct { size_t length; uint64_t first, second; } rows[] = {
		{ 0, 0xe6a825ba047f81a3, 0x930255c71472f66d },
		{ 1, 0x44af996bd8c187da, 0x45fc229b11597634 },
	};
	const struct siphash_key key = {
		0x0706050403020100, 0x0f0e0d0c0b0a0908
	};
	const uint8_t message[1] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct siphash_pair pair = siphash_pair(&key, message,
		    rows[i].length);

		assert_true(pair.first == rows[i].first);
		assert_true(pair.second == rows[i].second);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors), cmocka_unit_test(vectors_of_pairs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
