/* The plan of a bucket that is too large for the memory: the same names in the
 * same order, and nothing lost or counted twice (RULES 8). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tests/unit/plan_world.h"

static uint64_t
bytes_in_buckets(struct plan_world *world)
{
	uint64_t bytes = 0;
	struct stat status;

	for (int i = 0; i < BUCKETS; i++) {
		assert_true(bucket_spill(&world->planner, i));
		assert_int_equal(fflush(world->planner.buckets[i].file), 0);
		assert_int_equal(fstat(fileno(
		    world->planner.buckets[i].file), &status), 0);
		bytes += (uint64_t)status.st_size;
	}
	return bytes;
}

#define NAMES	6000
#define AGAIN	2000	/* of them are named twice */
#define SERVERS	3000	/* of one delegation */

/* Names, a delegation with more servers than are kept, and their glue. */
static void
say_all(struct plan_world *world)
{
	char name[64], server[64], address[16];

	for (unsigned i = 0; i < NAMES + AGAIN; i++) {
		snprintf(name, sizeof name, "name-%u.example", i % NAMES);
		plan_world_name(world, name, i + 1);
	}
	plan_world_file(world, 1, "example", 1);
	for (unsigned i = 0; i < SERVERS; i++) {
		snprintf(server, sizeof server, "ns%u.zone.example", i);
		snprintf(address, sizeof address, "192.0.2.%u", i % 250);
		plan_world_glue(world, server, address);
		plan_world_ns(world, "zone.example", server);
	}
}

/* The smaller it is, the deeper it is split: 64 bytes hold no two records, and
 * one name's are read where they are. */
static void
split(void **state)
{
	static const uint64_t sizes[] = { 4096, 64, 0 };
	struct plan_world whole, world;

	(void)state;
	plan_world_begin(&whole, BUCKET_BYTES);
	say_all(&whole);
	plan_world_end(&whole);
	assert_int_equal(whole.plan.counts.domains, NAMES + 1);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		plan_world_begin(&world, sizes[i]);
		say_all(&world);
		plan_world_end(&world);
		assert_int_equal(world.plan.counts.records, NAMES + AGAIN + 1);
		assert_int_equal(world.plan.counts.domains, NAMES + 1);
		assert_int_equal(world.plan.counts.duplicates, AGAIN);
		assert_int_equal(world.items.length, whole.items.length);
		assert_memory_equal(world.items.bytes, whole.items.bytes,
		    whole.items.length);
		plan_world_free(&world);
	}
	plan_world_free(&whole);
}

#define LINES	500000

/* A name that is repeated is counted, and takes no space. The first line
 * counts. */
static void
one_name(void **state)
{
	struct domain_item item;
	struct plan_world world;
	struct wire wire;

	(void)state;
	plan_world_begin(&world, 4096);
	for (unsigned i = 0; i < LINES; i++)
		plan_world_name(&world, "one.example", i + 7);
	world.planner.source = 1;
	plan_world_name(&world, "one.example", 3);
	assert_true(bytes_in_buckets(&world) < 4096);
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.records, LINES + 1);
	assert_int_equal(world.plan.counts.domains, 1);
	assert_int_equal(world.plan.counts.duplicates, LINES);
	wire = (struct wire){ world.items.bytes, world.items.bytes +
	    world.items.length, false };
	domain_item_get(&wire, &item);
	assert_false(wire.failed);
	assert_string_equal(item.name, "one.example");
	assert_int_equal(item.rank, 7);
	assert_int_equal(item.source_id, 0);
	plan_world_free(&world);
}

/* Delegations that are repeated take no space either, whether the lines of each
 * stand together or not. */
static void
two_delegations(void **state)
{
	static const char *const servers[] = { "ns1.a.example",
	    "ns2.a.example", "ns3.a.example" };
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, 4096);
	plan_world_file(&world, 1, "example", 1);
	for (unsigned i = 0; i < LINES; i++)
		plan_world_ns(&world, i % 2 == 0 ? "b.example" : "c.example",
		    servers[i / 2 % 3]);
	for (unsigned i = 0; i < LINES; i++)
		plan_world_ns(&world, "d.example", servers[i % 3]);
	assert_true(bytes_in_buckets(&world) < 4096);
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.records, 3);
	assert_int_equal(world.plan.counts.domains, 3);
	assert_int_equal(plan_hosts(world.plan.servers), 3);
	assert_int_equal(plan_sets(world.plan.servers), 1);
	plan_world_free(&world);
}

#define HASH	0x0102030405060708

static void
put_named(struct plan_world *world, uint64_t hash, const char *name,
    uint64_t rank)
{
	struct buffer *held = &world->planner.buckets[1].held;
	struct buffer record = { 0 };
	uint32_t length;

	wire_put_number(&record, hash, 8);
	wire_put_text(&record, name);
	wire_put_number(&record, IS_NAMED, 1);
	wire_put_number(&record, 0, 4);
	wire_put_number(&record, rank, 8);
	length = (uint32_t)record.length;
	buffer_append(held, &length, sizeof length);
	buffer_append(held, record.bytes, record.length);
	buffer_fini(&record);
}

/* Names of one hash stay apart, in the order of their texts; the first record of
 * each counts. In memory, and where the bucket is too large for it. */
static void
one_hash(void **state)
{
	static const struct { const char *name; uint64_t rank; } names[] = {
		{ "a.example", 5 }, { "b.example", 4 }, { "c.example", 6 },
	};
	static const uint64_t sizes[] = { BUCKET_BYTES, 0 };
	struct plan_world world;

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct domain_item item;
		struct wire wire;

		plan_world_begin(&world, sizes[i]);
		put_named(&world, HASH, "b.example", 4);
		put_named(&world, HASH, "a.example", 5);
		put_named(&world, HASH, "c.example", 6);
		put_named(&world, HASH, "a.example", 7);
		put_named(&world, HASH, "b.example", 8);
		plan_world_end(&world);
		assert_int_equal(world.plan.counts.domains, 3);
		assert_int_equal(world.plan.counts.duplicates, 2);
		wire = (struct wire){ world.items.bytes, world.items.bytes +
		    world.items.length, false };
		for (size_t n = 0; n < 3; n++) {
			assert_true(domain_item_get(&wire, &item));
			assert_string_equal(item.name, names[n].name);
			assert_int_equal(item.rank, names[n].rank);
		}
		assert_true(wire.at == wire.end);
		plan_world_free(&world);
	}
}

/* The first names of a plan, which have these ranks. */
static void
assert_ranks(struct plan_world *world, const uint64_t *ranks, size_t count)
{
	struct wire wire = { world->items.bytes, world->items.bytes +
	    world->items.length, false };
	struct domain_item item;

	for (size_t i = 0; i < count; i++) {
		assert_true(domain_item_get(&wire, &item));
		assert_int_equal(item.rank, ranks[i]);
	}
	assert_true(wire.at == wire.end);
}

/* Every bit of a hash decides, the lowest one too, and the first record of a name
 * counts. */
static void
low_bits(void **state)
{
	static const uint64_t ranks[] = { 2, 1, 3, 4 };
	static const unsigned shifts[] = { 0, 8, 23, 24, 47 };

	(void)state;
	for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++) {
		const uint64_t one = (uint64_t)1 << shifts[i];
		struct plan_world world;

		plan_world_begin(&world, BUCKET_BYTES);
		put_named(&world, HASH + 3 * one, "d.example", 4);
		put_named(&world, HASH + one, "b.example", 1);
		put_named(&world, HASH, "c.example", 2);
		put_named(&world, HASH + 3 * one, "d.example", 5);
		put_named(&world, HASH + one, "b.example", 6);
		put_named(&world, HASH + 2 * one, "a.example", 3);
		plan_world_end(&world);
		assert_ranks(&world, ranks, 4);
		plan_world_free(&world);
	}
}

/* A bucket of which a part was written and a part is in memory: the records that
 * came first count, and the same names are in the plan. */
static void
partly_written(void **state)
{
	static const uint64_t sizes[] = { BUCKET_BYTES, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		static const uint64_t ranks[] = { 1, 2, 3 };
		struct plan_world world;

		plan_world_begin(&world, sizes[i]);
		put_named(&world, HASH, "a.example", 1);
		put_named(&world, HASH + 2, "c.example", 3);
		assert_true(bucket_spill(&world.planner, 1));
		put_named(&world, HASH, "a.example", 7);
		put_named(&world, HASH + 1, "b.example", 2);
		plan_world_end(&world);
		assert_int_equal(world.plan.counts.domains, 3);
		assert_int_equal(world.plan.counts.duplicates, 1);
		assert_ranks(&world, ranks, 3);
		plan_world_free(&world);
	}
}

/* A name is recognized only by all of its bytes, and not once its record is no
 * longer in memory: then it is written again, and counted once. */
static void
again_after_a_spill(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	for (unsigned i = 0; i < 3; i++) {
		plan_world_name(&world, "one.example", i + 1);
		plan_world_name(&world, "one.example", i + 5);
		for (int bucket = 0; bucket < BUCKETS; bucket++)
			assert_true(bucket_spill(&world.planner, bucket));
	}
	plan_world_name(&world, "two.example", 9);
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.records, 7);
	assert_int_equal(world.plan.counts.domains, 2);
	assert_int_equal(world.plan.counts.duplicates, 5);
	assert_int_equal(plan_world_item(&world, "one.example").rank, 1);
	plan_world_free(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split), cmocka_unit_test(one_name),
		cmocka_unit_test(two_delegations), cmocka_unit_test(one_hash),
		cmocka_unit_test(low_bits), cmocka_unit_test(partly_written),
		cmocka_unit_test(again_after_a_spill),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
