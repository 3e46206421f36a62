/* read_all: a part of a file, whole or not at all. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/base/read_all.h"

static void
parts(void **state)
{
	FILE *file = tmpfile();
	char text[8] = "";

	(void)state;
	assert_non_null(file);
	assert_int_equal(fputs("0123456789", file) < 0, 0);
	assert_int_equal(fflush(file), 0);
	assert_true(read_all_at(fileno(file), text, 4, 3));
	assert_string_equal(text, "3456");
	assert_true(read_all_at(fileno(file), text, 1, 9));
	assert_string_equal(text, "9456");
	assert_true(read_all_at(fileno(file), text, 0, 99));
	/* The file's own offset is still at its end. */
	assert_int_equal(lseek(fileno(file), 0, SEEK_CUR), 10);
	/* It ends before. */
	errno = 0;
	assert_false(read_all_at(fileno(file), text, 2, 9));
	assert_int_equal(errno, EIO);
	assert_false(read_all_at(-1, text, 1, 0));
	assert_int_equal(errno, EBADF);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(parts) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
