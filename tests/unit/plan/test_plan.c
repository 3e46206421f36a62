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
		assert_int_equal(fflush(world->planner.buckets[i]), 0);
		assert_int_equal(fstat(fileno(world->planner.buckets[i]),
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

#define HEAVY	5000
#define HEAVY_MORE 3000
#define LIGHT	1000

/* The names of three sets, of two servers, one and two. */
static void
say_sets(struct bench *bench)
{
	static const struct {
		const char	*servers[2];
		unsigned	 names;
	} sets[] = {
		{ { "ns1.a.example", "ns2.a.example" }, HEAVY },
		{ { "ns1.b.example", "ns1.b.example" }, LIGHT },
		{ { "ns1.c.example", "ns2.c.example" }, HEAVY_MORE },
	};
	char name[64];

	for (unsigned set = 0; set < 3; set++)
		for (unsigned i = 0; i < sets[set].names; i++) {
			snprintf(name, sizeof name, "%u-%u.example", set, i);
			for (unsigned k = 0; k < 2; k++)
				say_server(bench, name, sets[set].servers[k]);
		}
}

struct seen {
	unsigned	names[4], chunks[4];	/* by the number of the set */
	unsigned	place;			/* of the sets, as they come */
	uint32_t	order[8];
	uint32_t	most;			/* names of a heavy chunk */
};

static void
look_at_chunk(struct bench *bench, const struct chunk *chunk,
    struct seen *seen)
{
	struct buffer items = { 0 };
	struct domain_item item;
	struct wire wire;
	char last[NAME_TEXT_MAX] = "";

	assert_true(plan_read_chunk(&bench->plan, chunk, &items));
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (uint32_t i = 0; i < chunk->items; i++) {
		assert_true(domain_item_get(&wire, &item));
		if (chunk->set_id != 0)
			assert_int_equal(item.set_id, chunk->set_id);
		seen->names[item.set_id]++;
		assert_string_not_equal(item.name, last);
		strcpy(last, item.name);
	}
	assert_ptr_equal(wire.at, wire.end);
	seen->chunks[chunk->set_id]++;
	if (chunk->set_id != 0 && chunk->items > seen->most)
		seen->most = chunk->items;
	if (seen->place == 0 || seen->order[seen->place - 1] != chunk->set_id)
		seen->order[seen->place++] = chunk->set_id;
	buffer_fini(&items);
}

/* The names of heavy sets come behind all others, the heaviest first, in chunks
 * of a minute. At a rate at which they are not heavy, all stay in one order. */
static void
heavy_sets(void **state)
{
	struct buffer items = { 0 };
	struct bench bench;
	struct seen seen = { .place = 0 };
	uint32_t a, c;

	(void)state;
	begin(&bench, BUCKET_BYTES);
	bench.options.dns_rate = 100;
	bench.options.mta_sts = CHOICE_NO;
	say_sets(&bench);
	end(&bench, &items);
	bench.plan.servers = plan_servers_open(&bench.folder);
	for (uint64_t i = 0; i < bench.plan.chunk_count; i++)
		look_at_chunk(&bench, &bench.plan.chunks[i], &seen);
	assert_int_equal(seen.place, 3);
	assert_int_equal(seen.order[0], 0);
	a = seen.order[1];
	c = seen.order[2];
	assert_int_equal(seen.names[a], HEAVY);
	assert_int_equal(seen.names[c], HEAVY_MORE);
	assert_int_equal(seen.names[1] + seen.names[2] + seen.names[3],
	    HEAVY + HEAVY_MORE + LIGHT);
	assert_int_equal(seen.chunks[0], 1);
	/* 25 s and 15 s. */
	assert_int_equal(seen.chunks[a], 2);
	assert_int_equal(seen.chunks[c], 1);
	assert_int_equal(seen.most, CHUNK_NAMES);
	plan_servers_close(bench.plan.servers);
	remove_bench(&bench);
	buffer_fini(&items);
}

/* 10 questions a second: 600 names of a server take a minute, 1,200 of two. */
static void
heavy_chunks(void **state)
{
	struct buffer items = { 0 };
	struct bench bench;
	struct seen seen = { .place = 0 };

	(void)state;
	begin(&bench, BUCKET_BYTES);
	bench.options.dns_rate = 10;
	bench.options.mta_sts = CHOICE_NO;
	say_sets(&bench);
	end(&bench, &items);
	bench.plan.servers = plan_servers_open(&bench.folder);
	for (uint64_t i = 0; i < bench.plan.chunk_count; i++)
		look_at_chunk(&bench, &bench.plan.chunks[i], &seen);
	assert_int_equal(seen.chunks[0], 0);
	assert_int_equal(seen.place, 3);
	assert_int_equal(seen.most, 1200);
	assert_int_equal(seen.chunks[seen.order[0]], (HEAVY + 1199) / 1200);
	plan_servers_close(bench.plan.servers);
	remove_bench(&bench);
	buffer_fini(&items);
}

static void
no_heavy_set(void **state)
{
	struct buffer items = { 0 };
	struct bench bench;

	(void)state;
	begin(&bench, BUCKET_BYTES);
	bench.options.dns_rate = 1000;
	bench.options.mta_sts = CHOICE_NO;
	say_sets(&bench);
	end(&bench, &items);
	assert_int_equal(bench.plan.chunk_count,
	    (HEAVY + HEAVY_MORE + LIGHT + CHUNK_NAMES - 1) / CHUNK_NAMES);
	for (uint64_t i = 0; i < bench.plan.chunk_count; i++)
		assert_int_equal(bench.plan.chunks[i].set_id, 0);
	remove_bench(&bench);
	buffer_fini(&items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heavy_sets),
		cmocka_unit_test(heavy_chunks),
		cmocka_unit_test(no_heavy_set),
		cmocka_unit_test(split), cmocka_unit_test(one_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
