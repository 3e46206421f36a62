/* room: whether the disk of a run has room. A limit of this process on the size
 * of files plays the full disk. */
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
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/run/room.h"

static void
limit_files_to(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
room(void **state)
{
	char path[] = "/tmp/mxcensus-room-XXXXXX", command[64];
	struct folder folder;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_non_null(mkdtemp(path));
	assert_int_equal(folder_open(&folder, path), FOLDER_OK);
	assert_true(room_is_there(&folder, 300000));
	limit_files_to(300000);
	assert_true(room_is_there(&folder, 300000));
	assert_false(room_is_there(&folder, 300001));
	limit_files_to(RLIM_INFINITY);
	/* Nothing stays, in either case. */
	assert_int_equal(unlinkat(folder.descriptor, ".work/open",
	    AT_REMOVEDIR), 0);
	/* Where no file can be made there is no room. */
	assert_false(room_is_there(&folder, 1));
	folder_close(&folder);
	snprintf(command, sizeof command, "rm -r %s", path);
	assert_int_equal(system(command), 0);
}

/* A full disk and a full quota; what a disk does that is broken is no lack. */
static void
lacks(void **state)
{
	(void)state;
	assert_true(room_lacks(ENOSPC));
	assert_true(room_lacks(EDQUOT));
	assert_false(room_lacks(EIO));
	assert_false(room_lacks(EROFS));
	assert_false(room_lacks(EFBIG));
	assert_false(room_lacks(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room),
		cmocka_unit_test(lacks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
