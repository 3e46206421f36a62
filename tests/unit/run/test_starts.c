/* starts: the notes before a session, even if the disk is full. A limit of this
 * process on the size of files plays the full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/run/starts.h"

struct bench {
	char		path[40];
	struct folder	folder;
	struct starts	*starts;
	struct address	address;
};

static int
open_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);

	if (bench == NULL)
		return -1;
	signal(SIGXFSZ, SIG_IGN);
	strcpy(bench->path, "/tmp/mxcensus-starts-XXXXXX");
	if (mkdtemp(bench->path) == NULL || folder_open(&bench->folder,
	    bench->path) != FOLDER_OK ||
	    !address_from_text("192.0.2.1", 9, &bench->address))
		return -1;
	bench->starts = starts_open(&bench->folder);
	*state = bench;
	return bench->starts != NULL ? 0 : -1;
}

static int
close_bench(void **state)
{
	struct bench *bench = *state;
	char command[64];
	int status;

	starts_close(bench->starts);
	folder_close(&bench->folder);
	snprintf(command, sizeof command, "rm -r %s", bench->path);
	status = system(command);
	free(bench);
	return status;
}

static void
limit_files_to(off_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = (rlim_t)bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static off_t
length(const struct bench *bench)
{
	struct stat status;

	assert_int_equal(fstatat(bench->folder.descriptor, ".work/starts",
	    &status, 0), 0);
	return status.st_size;
}

static void
open_again(struct bench *bench)
{
	starts_close(bench->starts);
	bench->starts = starts_open(&bench->folder);
	assert_non_null(bench->starts);
}

static int64_t
last(const struct bench *bench, const char *sni)
{
	return starts_last(bench->starts, &bench->address, sni, 1);
}

static void
notes_that_do_not_fit(void **state)
{
	struct bench *bench = *state;
	off_t first;

	starts_note(bench->starts, &bench->address, "one.example", 1, 1000);
	assert_int_equal(length(bench), 0);
	assert_true(starts_flush(bench->starts));
	first = length(bench);
	/* The second line fits, half of the third one does. */
	limit_files_to(first * 5 / 2);
	starts_note(bench->starts, &bench->address, "two.example", 1, 2000);
	starts_note(bench->starts, &bench->address, "six.example", 1, 3000);
	assert_false(starts_flush(bench->starts));
	assert_int_equal(errno, EFBIG);
	assert_int_equal(length(bench), first);
	limit_files_to((off_t)1 << 40);
	/* They are forgotten: what starts later is noted then. */
	starts_note(bench->starts, &bench->address, "ten.example", 1, 4000);
	assert_true(starts_flush(bench->starts));
	open_again(bench);
	assert_int_equal(last(bench, "one.example"), 1000);
	assert_true(last(bench, "two.example") == INT64_MIN);
	assert_true(last(bench, "six.example") == INT64_MIN);
	assert_int_equal(last(bench, "ten.example"), 4000);
}

/* A process that was killed while it wrote left half a line. */
static void
torn_line(void **state)
{
	struct bench *bench = *state;
	int file = openat(bench->folder.descriptor, ".work/starts",
	    O_WRONLY | O_APPEND);

	assert_true(file >= 0);
	assert_int_equal(write(file, "192.0.2.1 on", 12), 12);
	close(file);
	open_again(bench);
	starts_note(bench->starts, &bench->address, "one.example", 1, 1000);
	assert_true(starts_flush(bench->starts));
	starts_note(bench->starts, &bench->address, "two.example", 1, 2000);
	assert_true(starts_flush(bench->starts));
	open_again(bench);
	assert_int_equal(last(bench, "one.example"), 1000);
	assert_int_equal(last(bench, "two.example"), 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(notes_that_do_not_fit,
		    open_bench, close_bench),
		cmocka_unit_test_setup_teardown(torn_line, open_bench,
		    close_bench),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
