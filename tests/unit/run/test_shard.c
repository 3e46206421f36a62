/* Shards of a stage: who has what, how many there are, and how far each is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/base/own_file.h"
#include "scanner/run/run_json.h"
#include "scanner/run/shard.h"
#include "scanner/run/shards_missing.h"

#define SHARDS	7

static char path[64];
static struct folder run;

static int
open_run(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/mxcensus-test-XXXXXX");
	return mkdtemp(path) == NULL || folder_open(&run, path) != FOLDER_OK;
}

static int
close_run(void **state)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	(void)state;
	folder_close(&run);
	return !folder_remove_tree(&parent, path);
}

static struct options
options_of(enum stage stage, uint64_t number, uint64_t count)
{
	return (struct options){
		.stage = stage, .shard = { number, count },
	};
}

/* In how many shards is it, and in which? */
static unsigned
owners(enum stage stage, const char *host, const struct address *address,
    uint64_t *owner)
{
	unsigned count = 0;

	for (uint64_t i = 1; i <= SHARDS; i++) {
		const struct options options = options_of(stage, i, SHARDS);

		if (host != NULL ? !shard_has_host(&options, host)
		    : !shard_has_address(&options, address))
			continue;
		*owner = i;
		count++;
	}
	return count;
}

static struct address
address_of(const char *text)
{
	struct address address;

	assert_true(address_from_text(text, strlen(text), &address));
	return address;
}

/* Each host is in one shard, and each shard has its part of them. */
static void
hosts(void **state)
{
	unsigned of_shard[SHARDS + 1] = { 0 };
	uint64_t owner = 0;
	char name[32];

	(void)state;
	for (int i = 0; i < 700; i++) {
		snprintf(name, sizeof name, "mx%d.example.com", i);
		assert_int_equal(owners(STAGE_HOSTS, name, NULL, &owner), 1);
		of_shard[owner]++;
		/* Other stages know no such parts. */
		assert_int_equal(owners(STAGE_ALL, name, NULL, &owner),
		    SHARDS);
	}
	for (int i = 1; i <= SHARDS; i++)
		assert_in_range(of_shard[i], 50, 150);
}

/* Each /24 and /48 is in one shard with all that is in it. */
static void
addresses(void **state)
{
	static const struct { const char *one, *two; } rows[] = {
		{ "192.0.2.1", "192.0.2.255" },
		{ "2001:db8:1::1", "2001:db8:1:ffff::2" },
	};
	unsigned of_shard[SHARDS + 1] = { 0 };
	uint64_t owner = 0, other = 0;
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address one = address_of(rows[i].one);
		struct address two = address_of(rows[i].two);

		assert_int_equal(owners(STAGE_PROBES, NULL, &one, &owner), 1);
		assert_int_equal(owners(STAGE_PROBES, NULL, &two, &other), 1);
		assert_int_equal(owner, other);
	}
	for (int i = 0; i < 700; i++) {
		struct address address;

		snprintf(text, sizeof text, "10.%d.%d.1", i / 256, i % 256);
		address = address_of(text);
		assert_int_equal(owners(STAGE_PROBES, NULL, &address, &owner),
		    1);
		of_shard[owner]++;
	}
	for (int i = 1; i <= SHARDS; i++)
		assert_in_range(of_shard[i], 50, 150);
}

/* The first one decides how many there are, for its stage alone. */
static void
counts(void **state)
{
	uint64_t count = 1;

	(void)state;
	assert_true(shard_count(&run, STAGE_DOMAINS, &count));
	assert_int_equal(count, 0);
	count = 16;
	assert_true(shard_fix_count(&run, STAGE_DOMAINS, &count));
	assert_int_equal(count, 16);
	count = 3;
	assert_true(shard_fix_count(&run, STAGE_DOMAINS, &count));
	assert_int_equal(count, 16);
	count = 3;
	assert_true(shard_fix_count(&run, STAGE_HOSTS, &count));
	assert_int_equal(count, 3);
	assert_true(shard_count(&run, STAGE_DOMAINS, &count));
	assert_int_equal(count, 16);
}

/* A file that says no number is not taken for one. */
static void
broken_count(void **state)
{
	static const char *const texts[] = { "x\n", "0\n", "-1\n", "10001\n" };
	uint64_t count;

	(void)state;
	assert_true(own_folder_make(run.descriptor, SHARDS_FOLDER));
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_true(folder_replace(&run, SHARDS_FOLDER "/domains",
		    texts[i], strlen(texts[i])));
		assert_false(shard_count(&run, STAGE_DOMAINS, &count));
		assert_int_equal(errno, EINVAL);
	}
}

/* What a process does that works on a shard. */
static void
write_shard(const char *name, bool is_complete)
{
	const struct options options = options_of(STAGE_DOMAINS, 1, 2);
	struct run_json file = { 0 };
	struct folder folder;
	char whole[128];

	snprintf(whole, sizeof whole, "%s/%s", path, name);
	assert_int_equal(folder_open(&folder, whole), FOLDER_OK);
	run_json_begin(&file, json_pack("{s:s, s:{s:b, s:s, s:s}}",
	    "started_at", "2026-01-01T00:00:00.000Z", "options",
	    "probing", true, "probe-implicit", "no", "retry-after",
	    "1000ms"));
	run_json_set(&file, "shard", shard_to_json(&options, "plan",
	    is_complete ? &folder : NULL));
	assert_true(shard_is_of_plan(json_object_get(file.root, "shard"),
	    "plan"));
	assert_false(shard_is_of_plan(json_object_get(file.root, "shard"),
	    "other"));
	assert_true(run_json_write(&file, folder.descriptor));
	run_json_close(&file);
	folder_close(&folder);
}

static void
states(void **state)
{
	const struct shard shard = { 1, 2 };
	char name[PART_NAME_MAX], whole[128];
	struct buffer missing = { 0 };
	struct folder folder;
	uint64_t count = 2;

	(void)state;
	assert_true(shard_fix_count(&run, STAGE_DOMAINS, &count));
	shard_folder(name, STAGE_DOMAINS, &shard);
	assert_string_equal(name, ".work/shards/domains-1-of-2");
	assert_int_equal(shard_state(&run, STAGE_DOMAINS, &shard),
	    SHARD_NOT_STARTED);
	write_shard(name, false);
	assert_int_equal(shard_state(&run, STAGE_DOMAINS, &shard),
	    SHARD_STOPPED);
	snprintf(whole, sizeof whole, "%s/%s", path, name);
	assert_int_equal(folder_open(&folder, whole), FOLDER_OK);
	assert_int_equal(shard_state(&run, STAGE_DOMAINS, &shard),
	    SHARD_RUNNING);
	folder_close(&folder);
	assert_true(shards_missing(&run, STAGE_DOMAINS, ", ", &missing));
	assert_string_equal(buffer_text(&missing), "domains 1/2, domains 2/2");
	write_shard(name, true);
	assert_int_equal(shard_state(&run, STAGE_DOMAINS, &shard),
	    SHARD_COMPLETE);
	missing.length = 0;
	assert_true(shards_missing(&run, STAGE_DOMAINS, ", ", &missing));
	assert_string_equal(buffer_text(&missing), "domains 2/2");
	missing.length = 0;
	/* Nobody knows how many shards of hosts there will be. */
	assert_true(shards_missing(&run, STAGE_HOSTS, ", ", &missing));
	assert_string_equal(buffer_text(&missing), "hosts");
	buffer_fini(&missing);
}

/* Parts that are not seen, and parts that came behind the last word, are not passed
 * over in silence. */
static void
parts(void **state)
{
	const struct shard shard = { 1, 2 };
	char name[PART_NAME_MAX];
	struct folder folder;
	uint64_t count = 2, *numbers;
	size_t found;

	(void)state;
	assert_true(shard_fix_count(&run, STAGE_DOMAINS, &count));
	shard_folder(name, STAGE_DOMAINS, &shard);
	write_shard(name, true);
	assert_true(shard_look(&folder, &run, STAGE_DOMAINS, &shard));
	assert_true(shard_parts(&folder, "mx", &numbers, &found));
	assert_int_equal(found, 0);
	free(numbers);
	assert_true(folder_replace(&folder, "mx/part-000003.csv.gz", "", 0));
	assert_false(shard_parts(&folder, "mx", &numbers, &found));
	free(numbers);
	write_shard(name, true);
	assert_true(shard_parts(&folder, "mx", &numbers, &found));
	assert_int_equal(found, 1);
	assert_int_equal(numbers[0], 3);
	free(numbers);
	assert_true(folder_remove(&folder, "mx/part-000003.csv.gz"));
	assert_false(shard_parts(&folder, "mx", &numbers, &found));
	free(numbers);
	folder_close(&folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts), cmocka_unit_test(addresses),
		cmocka_unit_test_setup_teardown(counts, open_run, close_run),
		cmocka_unit_test_setup_teardown(broken_count, open_run,
		    close_run),
		cmocka_unit_test_setup_teardown(states, open_run, close_run),
		cmocka_unit_test_setup_teardown(parts, open_run, close_run),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
