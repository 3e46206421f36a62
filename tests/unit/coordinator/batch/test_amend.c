/* Rows that are taken out of a batch before it is committed (RULES F33), and
 * rows that get a flag (RULES F30). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/coordinator/batch/amend.h"
#include "scanner/out/table.h"

static void
put_row(struct table *table, const char *address)
{
	table_set(table, PROBES_ADDRESS, address);
	table_set_number(table, PROBES_PORT, 25);
	table_set(table, PROBES_SNI, "mx.example");
	table_set_enum(table, PROBES_PROFILE, PROFILE_MODERN);
	table_set_number(table, PROBES_ATTEMPT, 1);
	table_set_enum(table, PROBES_OUTCOME, OUTCOME_TLS_ESTABLISHED);
	table_set_enum(table, PROBES_PHASE, PHASE_DONE);
	table_set_flags(table, PROBES_FLAGS, 1u << PROBE_BARE_LF);
	table_set_time(table, PROBES_MEASURED_AT, 1700000000000);
	table_end_row(table);
}

/* A batch of probes with three rows. */
static struct batch *
with_three_rows(void)
{
	struct batch *batch = batch_new(JOB_PROBES, 0, 1);
	struct table *table = table_new(TABLE_PROBES);
	int descriptor = memfd_create("test", MFD_CLOEXEC);

	put_row(table, "192.0.2.1");
	put_row(table, "192.0.2.2");
	put_row(table, "192.0.2.3");
	assert_true(descriptor >= 0);
	assert_true(table_write(table, descriptor, 1, false));
	table_free(table);
	batch->descriptors[PROBES_TO_PROBES] = descriptor;
	return batch;
}

static bool
keeps_all_but_2(void *tag, const struct table_reader *row, unsigned *flags)
{
	const char *address = table_get(row, PROBES_ADDRESS);

	(void)tag;
	if (strcmp(address, "192.0.2.3") == 0)
		*flags = 1u << PROBE_INTERCEPTED;
	return strcmp(address, "192.0.2.2") != 0;
}

static void
rows_go_and_flags_are_added(void **state)
{
	const struct amendment amendment = {
		.keeps = keeps_all_but_2, .flags_column = PROBES_FLAGS,
		.level = 1,
	};
	struct batch *batch = with_three_rows();
	struct table_reader *row;

	(void)state;
	assert_true(batch_amend(batch, PROBES_TO_PROBES, &amendment));
	row = table_reader_open(TABLE_PROBES,
	    batch->descriptors[PROBES_TO_PROBES]);
	assert_int_equal(table_reader_next(row), 1);
	assert_string_equal(table_get(row, PROBES_ADDRESS), "192.0.2.1");
	assert_int_equal(table_get_flags(row, PROBES_FLAGS),
	    1u << PROBE_BARE_LF);
	assert_int_equal(table_reader_next(row), 1);
	assert_string_equal(table_get(row, PROBES_ADDRESS), "192.0.2.3");
	/* The flag that it had is still there. */
	assert_int_equal(table_get_flags(row, PROBES_FLAGS),
	    1u << PROBE_BARE_LF | 1u << PROBE_INTERCEPTED);
	assert_int_equal(table_get_number(row, PROBES_PORT), 25);
	assert_int_equal(table_reader_next(row), 0);
	table_reader_close(row);
	batch_free(batch);
}

static void
what_cannot_be_read_is_left_alone(void **state)
{
	const struct amendment amendment = {
		.keeps = keeps_all_but_2, .flags_column = PROBES_FLAGS,
		.level = 1,
	};
	struct batch *batch = with_three_rows();
	int descriptor = batch->descriptors[PROBES_TO_PROBES];
	off_t length = lseek(descriptor, 0, SEEK_END);

	(void)state;
	/* The end is missing. */
	assert_int_equal(ftruncate(descriptor, length - 5), 0);
	assert_false(batch_amend(batch, PROBES_TO_PROBES, &amendment));
	assert_int_equal(lseek(descriptor, 0, SEEK_END), length - 5);
	batch_free(batch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_go_and_flags_are_added),
		cmocka_unit_test(what_cannot_be_read_is_left_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
