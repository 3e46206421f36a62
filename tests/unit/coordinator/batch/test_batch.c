/* batch: its outputs are linked together, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/coordinator/batch/batch.h"

/* Links a batch of domains. `in_the_way`: something has the name of its key part
 * already, so that the last link fails. */
static void
commit(bool in_the_way)
{
	char path[] = "/tmp/mxcensus-batch-XXXXXX", command[64];
	char name[PART_NAME_MAX];
	const size_t rows[JOB_OUTPUTS_MAX] = { 1, 1, 1 };
	struct batch *batch = batch_new(JOB_DOMAINS, 7, 1);
	struct folder folder;

	assert_non_null(mkdtemp(path));
	assert_int_equal(folder_open(&folder, path), FOLDER_OK);
	if (in_the_way)
		assert_int_equal(mkdirat(folder.descriptor,
		    "domains/part-000007.csv.gz", 0777), 0);
	assert_true(batch_open(batch, &folder, name));
	assert_int_equal(batch_commit(batch, &folder, rows, name),
	    !in_the_way);
	if (in_the_way)
		assert_int_equal(errno, EEXIST);
	assert_string_equal(name, "domains/part-000007.csv.gz");
	assert_true(folder_exists(&folder, name));
	assert_int_equal(folder_exists(&folder, "mx/part-000007.csv.gz"),
	    !in_the_way);
	assert_int_equal(folder_exists(&folder,
	    ".work/deferred/domains/part-000007"), !in_the_way);
	batch_discard(batch, &folder);
	/* Nothing is left of it there. */
	assert_int_equal(unlinkat(folder.descriptor, ".work/open",
	    AT_REMOVEDIR), 0);
	batch_free(batch);
	folder_close(&folder);
	snprintf(command, sizeof command, "rm -r %s", path);
	assert_int_equal(system(command), 0);
}

static void
all(void **state)
{
	(void)state;
	commit(false);
}

static void
none(void **state)
{
	(void)state;
	commit(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all),
		cmocka_unit_test(none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
