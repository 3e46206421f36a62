/* A table that is written to a full disk, or while signals come. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/out/table.h"
#include "scanner/out/table_reader.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

static struct table *
large_table(void)
{
	struct table *table = table_new(TABLE_REJECTS);
	char text[1000];

	memset(text, 'x', sizeof text);
	for (int i = 1; i <= 1000; i++) {
		table_set_number(table, REJECTS_SOURCE_ID, 0);
		table_set_number(table, REJECTS_LINE, i);
		table_set_enum(table, REJECTS_REASON, REJECT_SYNTAX);
		table_set_text(table, REJECTS_INPUT_TEXT, text, sizeof text);
		table_end_row(table);
	}
	return table;
}

/* The disk is full at the first piece, or at the last. */
static void
full_disk(void **state)
{
	static const int64_t rows[] = { 1, 1000 };

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++) {
		struct table *table = i == 0 ? table_new(TABLE_MX)
					     : large_table();
		int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

		assert_true(full >= 0);
		errno = 0;
		assert_false(table_write(table, full, 0, false));
		assert_int_equal(errno, ENOSPC);
		assert_int_equal(table_rows(table), 0);
		close(full);
		table_free(table);
	}
}

static void
on_alarm(int number)
{
	(void)number;
}

/* Reads the pipe in small sips, into a file. */
static void
sip(int from, int to)
{
	char bytes[3000];
	ssize_t length;

	while ((length = read(from, bytes, sizeof bytes)) > 0)
		if (write(to, bytes, (size_t)length) != length)
			_exit(1);
	_exit(length < 0);
}

/* Signals cut writes short, or interrupt them before the first byte. */
static void
interrupted_writes(void **state)
{
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct itimerval often = { { 0, 200 }, { 0, 200 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct table *table = large_table();
	struct table_reader *reader;
	FILE *file = tmpfile();
	int pipes[2], status, rows = 0;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(pipes[1]);
		sip(pipes[0], fileno(file));
	}
	close(pipes[0]);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_true(table_write(table, pipes[1], 0, false));
	setitimer(ITIMER_REAL, &never, NULL);
	close(pipes[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	reader = table_reader_open(TABLE_REJECTS, fileno(file));
	while ((status = table_reader_next(reader)) == 1)
		assert_int_equal(table_get_number(reader, REJECTS_LINE),
		    ++rows);
	assert_int_equal(status, 0);
	assert_int_equal(rows, 1000);
	table_reader_close(reader);
	table_free(table);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_disk),
		cmocka_unit_test(interrupted_writes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
