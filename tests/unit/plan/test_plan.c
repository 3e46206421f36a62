/* The plan of a bucket that is too large for the memory: the same names in the same
 * order, and nothing lost or counted twice (RULES 8). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/plan/planner.h"

struct bench {
	char		path[64];
	struct folder	folder;
	struct options	options;
	struct plan	plan;
	struct planner	planner;
	struct source	sources[2];
};

static void
begin(struct bench *bench, uint64_t bucket_bytes)
{
	*bench = (struct bench){ .plan = { .names = -1 } };
	strcpy(bench->path, "/tmp/mxcensus-plan-XXXXXX");
	assert_non_null(mkdtemp(bench->path));
	assert_int_equal(folder_open(&bench->folder, bench->path), FOLDER_OK);
	bench->plan.sources = bench->sources;
	bench->planner = (struct planner){
		.plan = &bench->plan, .folder = &bench->folder,
		.options = &bench->options, .bucket_bytes = bucket_bytes,
		.suffixes = suffix_list_open(),
	};
	assert_true(buckets_open(&bench->planner));
}

static void
say(struct bench *bench, const char *text, uint64_t rank)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), wire, &length),
	    NAME_OK);
	planner_name(&bench->planner, wire, length, rank);
}

static void
say_server(struct bench *bench, const char *owner, const char *server)
{
	uint8_t owner_wire[NAME_WIRE_MAX], server_wire[NAME_WIRE_MAX];
	struct delegation_record found = {
		.kind = DELEGATION_NS, .owner = owner_wire,
		.server = server_wire,
	};
	size_t length;

	assert_int_equal(name_from_text(owner, strlen(owner), owner_wire,
	    &found.owner_length), NAME_OK);
	assert_int_equal(name_from_text(server, strlen(server), server_wire,
	    &length), NAME_OK);
	planner_delegation(&bench->planner, &found);
}

static void
say_glue(struct bench *bench, const char *owner, uint8_t last)
{
	uint8_t wire[NAME_WIRE_MAX], address[16] = { 192, 0, 2, last };
	struct delegation_record found = {
		.kind = DELEGATION_GLUE, .owner = wire, .family = 4,
		.address = address,
	};

	assert_int_equal(name_from_text(owner, strlen(owner), wire,
	    &found.owner_length), NAME_OK);
	planner_delegation(&bench->planner, &found);
}

/* The items of the plan. */
static void
end(struct bench *bench, struct buffer *items)
{
	struct planner *planner = &bench->planner;

	assert_false(planner->failed);
	assert_true(plan_sort(planner));
	bench->plan.names = folder_read(&bench->folder, NAMES_FILE);
	for (uint64_t i = 0; i < bench->plan.chunk_count; i++)
		assert_true(plan_read_chunk(&bench->plan,
		    &bench->plan.chunks[i], items));
	buckets_close(planner);
	buffer_fini(&planner->record);
	suffix_list_free(planner->suffixes);
}

static void
remove_bench(struct bench *bench)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	free(bench->plan.chunks);
	if (bench->plan.names >= 0)
		close(bench->plan.names);
	folder_close(&bench->folder);
	assert_true(folder_remove_tree(&parent, bench->path));
}

static uint64_t
bytes_in_buckets(struct bench *bench)
{
	uint64_t bytes = 0;
	struct stat status;

	for (int i = 0; i < BUCKETS; i++) {
		assert_int_equal(fflush(bench->planner.buckets[i]), 0);
		assert_int_equal(fstat(fileno(bench->planner.buckets[i]),
		    &status), 0);
		bytes += (uint64_t)status.st_size;
	}
	return bytes;
}

#define NAMES	6000
#define AGAIN	2000	/* of them are named twice */
#define SERVERS	3000	/* of one delegation */

/* Names, a delegation with more servers than are kept, and their glue. */
static void
say_all(struct bench *bench)
{
	char name[64], server[64];

	for (unsigned i = 0; i < NAMES + AGAIN; i++) {
		snprintf(name, sizeof name, "name-%u.example", i % NAMES);
		say(bench, name, i + 1);
	}
	bench->planner.source = 1;
	for (unsigned i = 0; i < SERVERS; i++) {
		snprintf(server, sizeof server, "ns%u.zone.example", i);
		say_glue(bench, server, (uint8_t)(i % 250));
		say_server(bench, "zone.example", server);
	}
}

/* The smaller it is, the deeper it is split: 64 bytes hold no two records, and
 * one name's are read where they are. */
static void
split(void **state)
{
	static const uint64_t sizes[] = { 4096, 64, 0 };
	struct buffer whole = { 0 };
	struct bench bench;

	(void)state;
	begin(&bench, BUCKET_BYTES);
	say_all(&bench);
	end(&bench, &whole);
	assert_int_equal(bench.plan.counts.domains, NAMES + 1);
	remove_bench(&bench);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct buffer items = { 0 };

		begin(&bench, sizes[i]);
		say_all(&bench);
		end(&bench, &items);
		assert_int_equal(bench.plan.counts.records, NAMES + AGAIN + 1);
		assert_int_equal(bench.plan.counts.domains, NAMES + 1);
		assert_int_equal(bench.plan.counts.duplicates, AGAIN);
		assert_int_equal(items.length, whole.length);
		assert_memory_equal(items.bytes, whole.bytes, whole.length);
		buffer_fini(&items);
		remove_bench(&bench);
	}
	buffer_fini(&whole);
}

#define LINES	500000

/* A line over and over again is counted, and takes no space; the first counts. */
static void
one_name(void **state)
{
	struct buffer items = { 0 };
	struct domain_item item;
	struct bench bench;
	struct wire wire;

	(void)state;
	begin(&bench, 4096);
	for (unsigned i = 0; i < LINES; i++)
		say(&bench, "one.example", i + 7);
	bench.planner.source = 1;
	say(&bench, "one.example", 3);
	assert_true(bytes_in_buckets(&bench) < 4096);
	end(&bench, &items);
	assert_int_equal(bench.plan.counts.records, LINES + 1);
	assert_int_equal(bench.plan.counts.domains, 1);
	assert_int_equal(bench.plan.counts.duplicates, LINES);
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	domain_item_get(&wire, &item);
	assert_false(wire.failed);
	assert_string_equal(item.name, "one.example");
	assert_int_equal(item.rank, 7);
	assert_int_equal(item.source_id, 0);
	buffer_fini(&items);
	remove_bench(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split), cmocka_unit_test(one_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
