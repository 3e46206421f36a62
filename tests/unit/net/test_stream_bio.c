/* What OpenSSL reads from a stream and writes to it: every byte once, in order,
 * and nothing where there is nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/net/stream_bio.h"

static void
reads(BIO *bio, int length, const char *text)
{
	char bytes[64] = "";

	assert_int_equal(BIO_read(bio, bytes, length), strlen(text));
	assert_string_equal(bytes, text);
}

static void
has_nothing(BIO *bio)
{
	char byte;

	assert_int_equal(BIO_read(bio, &byte, 1), -1);
	assert_true(BIO_should_retry(bio));
	assert_true(BIO_should_read(bio));
}

static void
offer(struct stream *stream, const char *text)
{
	stream_bio_offer(stream, (const uint8_t *)text, strlen(text));
}

static void
in_order(void **state)
{
	struct stream stream = { 0 };
	BIO *bio = stream_bio_new(&stream);
	char first[] = "abcdef";

	(void)state;
	assert_non_null(bio);
	has_nothing(bio);
	offer(&stream, first);
	reads(bio, 2, "ab");
	stream_bio_settle(&stream);
	/* The rest is a copy. */
	memset(first, 'x', sizeof first - 1);
	offer(&stream, "ghi");
	reads(bio, 3, "cde");
	reads(bio, 60, "f");
	reads(bio, 60, "ghi");
	has_nothing(bio);
	stream_bio_settle(&stream);
	has_nothing(bio);
	BIO_free(bio);
	buffer_fini(&stream.left);
}

static void
left_twice(void **state)
{
	struct stream stream = { 0 };
	BIO *bio = stream_bio_new(&stream);

	(void)state;
	offer(&stream, "ab");
	stream_bio_settle(&stream);
	offer(&stream, "cd");
	stream_bio_settle(&stream);
	reads(bio, 60, "abcd");
	has_nothing(bio);
	BIO_free(bio);
	buffer_fini(&stream.left);
}

static void
writes(void **state)
{
	struct stream stream = { 0 };
	BIO *bio = stream_bio_new(&stream);

	(void)state;
	assert_int_equal(BIO_write(bio, "one", 3), 3);
	assert_int_equal(BIO_write(bio, "two", 3), 3);
	assert_int_equal(BIO_flush(bio), 1);
	assert_int_equal(stream.out.length, 6);
	assert_memory_equal(stream.out.bytes, "onetwo", 6);
	has_nothing(bio);
	BIO_free(bio);
	buffer_fini(&stream.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(left_twice),
		cmocka_unit_test(writes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
