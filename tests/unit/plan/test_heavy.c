/* heavy: the names of heavy sets have chunks of their own (RULES K9). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/plan_world.h"

#define HEAVY	5000
#define HEAVY_MORE 3000
#define LIGHT	1000

/* The names of three sets, of two servers, one and two. */
static void
say_sets(struct plan_world *world)
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
				plan_world_ns(world, name, sets[set].servers[k]);
		}
}

/* At so many questions a second to a server. */
static void
make_plan(struct plan_world *world, uint64_t rate)
{
	plan_world_begin(world, BUCKET_BYTES);
	plan_world_file(world, 0, "example", 1);
	world->options.dns_rate = rate;
	world->options.dns_prefix_rate = 4 * rate;
	world->options.mta_sts = CHOICE_NO;
	say_sets(world);
	plan_world_end(world);
}

struct seen {
	unsigned	names[4], chunks[4];	/* by the number of the set */
	unsigned	place;			/* of the sets, as they come */
	uint32_t	order[8];
	uint32_t	most;			/* names of a heavy chunk */
};

static void
look_at_chunk(struct plan_world *world, const struct chunk *chunk,
    struct seen *seen)
{
	struct buffer items = { 0 };
	struct domain_item item;
	struct wire wire;
	char last[NAME_TEXT_MAX] = "";

	assert_true(plan_read_chunk(&world->plan, chunk, &items));
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

static void
look_at_chunks(struct plan_world *world, struct seen *seen)
{
	for (uint64_t i = 0; i < world->plan.chunk_count; i++)
		look_at_chunk(world, &world->plan.chunks[i], seen);
}

/* The names of heavy sets come behind all others, the heaviest first, in chunks
 * of a minute. At a rate at which they are not heavy, all stay in one order. */
static void
heavy_sets(void **state)
{
	struct plan_world world;
	struct seen seen = { .place = 0 };
	uint32_t a, c;

	(void)state;
	make_plan(&world, 100);
	look_at_chunks(&world, &seen);
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
	plan_world_free(&world);
}

/* 10 questions a second: 600 names of a server take a minute, 1,200 of two. */
static void
heavy_chunks(void **state)
{
	struct plan_world world;
	struct seen seen = { .place = 0 };

	(void)state;
	make_plan(&world, 10);
	look_at_chunks(&world, &seen);
	assert_int_equal(seen.chunks[0], 0);
	assert_int_equal(seen.place, 3);
	assert_int_equal(seen.most, 1200);
	assert_int_equal(seen.chunks[seen.order[0]], (HEAVY + 1199) / 1200);
	plan_world_free(&world);
}

static void
no_heavy_set(void **state)
{
	struct plan_world world;

	(void)state;
	make_plan(&world, 1000);
	assert_int_equal(world.plan.chunk_count,
	    (HEAVY + HEAVY_MORE + LIGHT + CHUNK_NAMES - 1) / CHUNK_NAMES);
	for (uint64_t i = 0; i < world.plan.chunk_count; i++)
		assert_int_equal(world.plan.chunks[i].set_id, 0);
	plan_world_free(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heavy_sets), cmocka_unit_test(heavy_chunks),
		cmocka_unit_test(no_heavy_set),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
