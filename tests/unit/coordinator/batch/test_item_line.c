/* item_line: items that wait, in memory and in a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/coordinator/batch/item_line.h"

static void
put(struct item_line *line, int number)
{
	char name[32];

	snprintf(name, sizeof name, "d%d.com", number);
	item_line_put_domain(line, &(const struct domain_item){
	    .name = name, .parent_ds_algorithms = "", .dns_operator = "",
	});
}

/* The next items are these, in their order. */
static void
takes(struct item_line *line, uint32_t most, int first, int count)
{
	struct buffer input = { 0 };
	struct wire wire;
	struct domain_item item;
	char name[32];

	assert_int_equal(item_line_take_domains(line, most, &input), count);
	wire = (struct wire){ input.bytes, input.bytes + input.length, false };
	for (int i = 0; i < count; i++) {
		assert_true(domain_item_get(&wire, &item));
		snprintf(name, sizeof name, "d%d.com", first + i);
		assert_string_equal(item.name, name);
	}
	assert_ptr_equal(wire.at, wire.end);
	buffer_fini(&input);
}

static struct spill *
open_spill(FILE **file)
{
	*file = tmpfile();
	assert_non_null(*file);
	return spill_new(dup(fileno(*file)), 500, 100);
}

static void
in_memory(void **state)
{
	struct item_line line = { 0 };

	(void)state;
	takes(&line, 10, 0, 0);
	for (int i = 0; i < 100; i++)
		put(&line, i);
	takes(&line, 30, 0, 30);
	put(&line, 100);
	takes(&line, UINT32_MAX, 30, 71);
	assert_int_equal(line.count, 0);
	item_line_fini(&line);
}

static void
in_a_file(void **state)
{
	FILE *file;
	struct spill *spill = open_spill(&file);
	struct item_line line = { .spill = spill }, other = { .spill = spill };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		put(&line, i);
		put(&other, i);
	}
	assert_true(spill_memory(spill) < 1000);
	takes(&line, 300, 0, 300);
	for (int i = 1000; i < 1100; i++)
		put(&line, i);
	takes(&line, 1, 300, 1);
	takes(&line, UINT32_MAX, 301, 799);
	takes(&other, 400, 0, 400);
	item_line_fini(&other);
	assert_int_equal(other.count, 0);
	assert_int_equal(spill_memory(spill), 0);
	/* The file is no longer needed. */
	assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
	put(&other, 7);
	takes(&other, 1, 7, 1);
	item_line_fini(&line);
	item_line_fini(&other);
	spill_free(spill);
	fclose(file);
}

/* The line stays in memory. */
static void
without_room(void **state)
{
	struct spill *spill = spill_new(-1, 500, 100);
	struct item_line line = { .spill = spill };

	(void)state;
	for (int i = 0; i < 100; i++)
		put(&line, i);
	assert_true(spill_memory(spill) > 1000);
	takes(&line, 100, 0, 100);
	assert_int_equal(spill_error(spill), 0);
	item_line_fini(&line);
	spill_free(spill);
}

/* What was written is gone. */
static void
cut_off(void **state)
{
	FILE *file;
	struct spill *spill = open_spill(&file);
	struct item_line line = { .spill = spill };
	struct buffer input = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		put(&line, i);
	assert_int_equal(ftruncate(fileno(file), 0), 0);
	assert_true(item_line_take_domains(&line, 100, &input) < 100);
	assert_int_not_equal(spill_error(spill), 0);
	buffer_fini(&input);
	item_line_fini(&line);
	spill_free(spill);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_memory), cmocka_unit_test(in_a_file),
		cmocka_unit_test(without_room), cmocka_unit_test(cut_off),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
