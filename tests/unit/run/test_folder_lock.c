/* The lock of a run: one coordinator has it, and asking about it does not take
 * it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/run/folder.h"

static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/mxcensus-test-XXXXXX");
	return mkdtemp(path) == NULL;
}

static int
remove_folder(void **state)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	(void)state;
	return !folder_remove_tree(&parent, path);
}

static int
is_locked(void)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = folder_is_locked(descriptor);

	close(descriptor);
	return result;
}

static void
one_coordinator(void **state)
{
	struct folder first, second;

	(void)state;
	/* A folder that no coordinator has ever had. */
	assert_int_equal(is_locked(), 0);
	assert_int_equal(folder_open(&first, path), FOLDER_OK);
	assert_int_equal(is_locked(), 1);
	assert_int_equal(folder_open(&second, path), FOLDER_LOCKED);
	folder_close(&second);
	/* Neither a refused attempt nor a question has released it. */
	assert_int_equal(is_locked(), 1);
	assert_int_equal(folder_open(&second, path), FOLDER_LOCKED);
	folder_close(&second);
	folder_close(&first);
	assert_int_equal(is_locked(), 0);
	assert_int_equal(folder_open(&first, path), FOLDER_OK);
	folder_close(&first);
}

/* A process that ends lets go of it. */
static void
from_another_process(void **state)
{
	struct folder folder;
	int ready[2], go_on[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go_on), 0);
	pid = fork();
	if (pid == 0) {
		close(go_on[1]);
		if (folder_open(&folder, path) != FOLDER_OK ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		/* Until the parent closes its end, or is gone. */
		_exit(read(go_on[0], &byte, 1) != 0);
	}
	assert_true(pid > 0);
	close(ready[1]);
	close(go_on[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(is_locked(), 1);
	assert_int_equal(folder_open(&folder, path), FOLDER_LOCKED);
	folder_close(&folder);
	close(go_on[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(ready[0]);
	assert_int_equal(is_locked(), 0);
}

/* Even if it is asked about all the time, the lock is free for a scan that
 * starts. */
static void
asking_is_no_lock(void **state)
{
	struct folder folder;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		for (int i = 0; i < 20000; i++)
			if (is_locked() < 0)
				_exit(1);
		_exit(0);
	}
	assert_true(pid > 0);
	for (int i = 0; i < 500; i++) {
		assert_int_equal(folder_open(&folder, path), FOLDER_OK);
		folder_close(&folder);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
no_folder(void **state)
{
	(void)state;
	assert_int_equal(folder_is_locked(-1), -1);
	assert_int_equal(errno, EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_coordinator, make_folder,
		    remove_folder),
		cmocka_unit_test_setup_teardown(from_another_process,
		    make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(asking_is_no_lock, make_folder,
		    remove_folder),
		cmocka_unit_test(no_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
