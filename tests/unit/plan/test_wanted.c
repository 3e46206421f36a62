/* Names of a list that a file of --delegations delegates (RULES I20): the plan
 * takes the same facts from such a file as from an input, but none of its
 * names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/plan/wanted.h"
#include "tests/unit/plan_world.h"

static size_t
to_wire(const char *text, uint8_t wire[NAME_WIRE_MAX])
{
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), wire, &length),
	    NAME_OK);
	return length;
}

static bool
has(const struct wanted *wanted, const char *text)
{
	static const struct siphash_key key;
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = to_wire(text, wire);

	return wanted_has(wanted, &key, wire, length);
}

/* A name and those above it. */
static void
names_above(void **state)
{
	static const struct siphash_key key;
	struct wanted *wanted = wanted_new();
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = to_wire("a.b.example", wire);

	(void)state;
	assert_false(has(wanted, "a.b.example"));
	wanted_add(wanted, &key, wire, length);
	assert_true(has(wanted, "a.b.example"));
	assert_true(has(wanted, "b.example"));
	assert_true(has(wanted, "example"));
	assert_false(has(wanted, "a.example"));
	assert_false(has(wanted, "x.a.b.example"));
	wanted_free(wanted);
}

/* Three names in the zone are listed, of which one has a DS; one is in no file.
 * The addresses stand at names that nobody lists. */
static void
say_zone(struct plan_world *world)
{
	plan_world_ns(world, "a.zz", "ns1.op.zz");
	plan_world_ns(world, "a.zz", "ns2.op.zz");
	plan_world_ns(world, "d.zz", "ns1.op.zz");
	plan_world_ns(world, "d.zz", "ns2.op.zz");
	plan_world_ns(world, "b.zz", "ns.elsewhere.yy");
	plan_world_ds(world, "b.zz", 13);
	plan_world_ns(world, "op.zz", "ns1.op.zz");
	plan_world_glue(world, "ns1.op.zz", "192.0.2.1");
	plan_world_glue(world, "ns2.op.zz", "192.0.2.2");
	plan_world_ds(world, "d.zz", 8);
	plan_world_ns(world, "in-file.zz", "ns.in-file.zz");
	plan_world_glue(world, "ns.in-file.zz", "192.0.2.3");
}

static void
say_list(struct plan_world *world)
{
	plan_world_name(world, "a.zz", 7);
	plan_world_name(world, "b.zz", 8);
	plan_world_name(world, "c.zz", 9);
}

static void
listed(void **state)
{
	struct plan_world world, twin;
	struct domain_item item;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	say_list(&world);
	world.planner.source = 1;
	say_zone(&world);
	plan_world_end(&world);
	/* Its twin has the zone as an input. */
	plan_world_begin(&twin, BUCKET_BYTES);
	say_list(&twin);
	plan_world_file(&twin, 1, "zz", 1);
	say_zone(&twin);
	plan_world_end(&twin);

	assert_int_equal(world.plan.counts.domains, 3);
	assert_int_equal(world.plan.counts.records, 3);
	assert_int_equal(world.plan.counts.duplicates, 0);
	assert_int_equal(world.sources[0].records, 3);
	assert_int_equal(world.sources[1].records, 2);
	assert_int_equal(twin.plan.counts.domains, 6);
	assert_int_equal(twin.plan.counts.records, 8);

	item = plan_world_item(&world, "a.zz");
	assert_int_equal(item.source_id, 0);
	assert_int_equal(item.rank, 7);
	assert_int_equal(item.parent_ds, PARENT_DS_NO);
	assert_string_equal(item.parent_ds_algorithms, "");
	assert_string_equal(item.dns_operator, "op.zz");
	assert_string_equal(plan_world_servers(&world, "a.zz"),
	    "ns1.op.zz=192.0.2.1 ns2.op.zz=192.0.2.2");
	item = plan_world_item(&world, "b.zz");
	assert_int_equal(item.parent_ds, PARENT_DS_YES);
	assert_string_equal(item.parent_ds_algorithms, "13");
	assert_string_equal(item.dns_operator, "elsewhere.yy");
	item = plan_world_item(&world, "c.zz");
	assert_int_equal(item.rank, 9);
	assert_int_equal(item.parent_ds, PARENT_DS_UNKNOWN);
	assert_string_equal(item.dns_operator, "");
	assert_int_equal(item.set_id, 0);
	plan_world_free(&world);
	plan_world_free(&twin);
}

/* Servers are charged for the names of the plan (RULES K9), and servers of other
 * names are none of its servers. */
static void
counted(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	say_list(&world);
	world.planner.source = 1;
	say_zone(&world);
	plan_world_end(&world);
	assert_int_equal(plan_hosts(world.plan.servers), 3);
	assert_int_equal(plan_sets(world.plan.servers), 2);
	assert_int_equal(plan_world_names_of_host(&world, "ns1.op.zz"), 1);
	assert_int_equal(plan_world_names_of_host(&world, "ns2.op.zz"), 1);
	assert_int_equal(plan_world_names_of_host(&world, "ns.elsewhere.yy"), 1);
	plan_world_free(&world);
}

/* An owner passes that has the bit of another name. */
static void
by_chance(void **state)
{
	struct plan_world world;
	struct domain_item item;
	uint8_t wire[NAME_WIRE_MAX];
	size_t length = to_wire("in-file.zz", wire);

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	say_list(&world);
	wanted_add(world.planner.wanted, &world.planner.order, wire, length);
	world.planner.source = 1;
	say_zone(&world);
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.domains, 3);
	assert_int_equal(world.plan.counts.records, 3);
	assert_int_equal(world.sources[1].records, 2);
	assert_false(plan_world_find(&world, "in-file.zz", &item));
	assert_int_equal(plan_world_names_of_host(&world, "ns.in-file.zz"), 0);
	plan_world_free(&world);
}

/* RULES I13: by a delegation that nobody lists. */
static void
occluded(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	plan_world_name(&world, "a.upper.zz", 0);
	plan_world_name(&world, "a.b.c.lower.zz", 0);
	plan_world_name(&world, "a.other.zz", 0);
	world.planner.source = 1;
	plan_world_ns(&world, "upper.zz", "ns.yy");
	plan_world_ns(&world, "a.upper.zz", "ns.yy");
	plan_world_ns(&world, "a.b.c.lower.zz", "ns.yy");
	plan_world_ns(&world, "lower.zz", "ns.yy");
	plan_world_ns(&world, "a.other.zz", "ns.yy");
	plan_world_ns(&world, "another.zz", "ns.yy");
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.domains, 3);
	assert_true(plan_world_item(&world, "a.upper.zz").is_occluded);
	assert_true(plan_world_item(&world, "a.b.c.lower.zz").is_occluded);
	assert_false(plan_world_item(&world, "a.other.zz").is_occluded);
	plan_world_free(&world);
}

/* RULES I12: of an input and a file of --delegations the one counts that would if
 * both were inputs. */
static void
newer_file(void **state)
{
	(void)state;
	for (uint32_t serial = 1; serial <= 3; serial += 2) {
		struct plan_world world;
	
		plan_world_begin(&world, BUCKET_BYTES);
		plan_world_delegations(&world, 1, "zz", serial);
		plan_world_file(&world, 0, "zz", 2);
		plan_world_ns(&world, "a.zz", "ns1.zz");
		plan_world_ds(&world, "a.zz", 8);
		world.planner.source = 1;
		plan_world_ns(&world, "a.zz", "ns2.zz");
		plan_world_ns(&world, "b.zz", "ns2.zz");
		plan_world_end(&world);
		assert_string_equal(plan_world_servers(&world, "a.zz"), serial == 1 ? "ns1.zz" : "ns2.zz");
		assert_int_equal(plan_world_item(&world, "a.zz").parent_ds,
		    serial == 1 ? PARENT_DS_YES : PARENT_DS_NO);
		assert_int_equal(plan_world_item(&world, "a.zz").source_id, 0);
		assert_int_equal(world.plan.counts.domains, 1);
		assert_int_equal(world.plan.counts.records, 1);
		assert_int_equal(world.sources[0].records, 1);
		assert_int_equal(world.sources[1].records, serial == 3);
		plan_world_free(&world);
	}
}

#define OWNERS	20000

static uint64_t
bytes_held(const struct plan_world *world)
{
	uint64_t bytes = (uint64_t)ftello(world->planner.owners);

	for (int i = 0; i < BUCKETS; i++) {
		assert_null(world->planner.buckets[i].file);
		bytes += world->planner.buckets[i].held.length;
	}
	return bytes;
}

/* Delegations of names that nobody lists take no room. */
static void
no_room(void **state)
{
	struct plan_world world;
	char owner[32];
	uint64_t before;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	plan_world_name(&world, "n5.zz", 1);
	before = bytes_held(&world);
	world.planner.source = 1;
	for (unsigned i = 0; i < OWNERS; i++) {
		snprintf(owner, sizeof owner, "n%u.zz", i);
		plan_world_ns(&world, owner, "ns.yy");
		plan_world_ds(&world, owner, 13);
	}
	/* One NS, one DS, one owner of less than a hundred bytes each. */
	assert_in_range(bytes_held(&world), before + 1, before + 300);
	plan_world_end(&world);
	assert_int_equal(world.plan.counts.domains, 1);
	assert_int_equal(plan_world_item(&world, "n5.zz").parent_ds, PARENT_DS_YES);
	plan_world_free(&world);
}

/* --sample leaves names out, with all that a file says of them. */
static void
sampled(void **state)
{
	struct plan_world world;
	char name[32];

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	world.options.sample = 4;
	plan_world_delegations(&world, 1, "zz", 1);
	world.planner.source = 0;
	for (unsigned i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "n%u.zz", i);
		plan_world_name(&world, name, i + 1);
	}
	world.planner.source = 1;
	for (unsigned i = 0; i < 400; i++) {
		snprintf(name, sizeof name, "n%u.zz", i);
		plan_world_ns(&world, name, "ns.yy");
	}
	plan_world_end(&world);
	assert_in_range(world.plan.counts.domains, 20, 90);
	assert_int_equal(world.plan.counts.domains +
	    world.plan.counts.not_sampled, 200);
	assert_int_equal(world.sources[1].records, world.plan.counts.domains);
	assert_int_equal(plan_world_names_of_host(&world, "ns.yy"),
	    world.plan.counts.domains);
	plan_world_free(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_above), cmocka_unit_test(listed),
		cmocka_unit_test(counted), cmocka_unit_test(by_chance),
		cmocka_unit_test(occluded), cmocka_unit_test(newer_file),
		cmocka_unit_test(no_room), cmocka_unit_test(sampled),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
