/* Names of a list that a file of --delegations delegates (RULES I20): what the
 * plan takes from such a file is what it would take from an input, and none of
 * its names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/plan/wanted.h"
#include "tests/unit/plan_world.h"

static bool
find(const struct plan_world *world, const char *name,
    struct domain_item *item)
{
	struct wire wire = { world->items.bytes, world->items.bytes +
	    world->items.length, false };

	while (wire.at < wire.end && domain_item_get(&wire, item))
		if (strcmp(item->name, name) == 0)
			return true;
	return false;
}

static struct domain_item
item_of(const struct plan_world *world, const char *name)
{
	struct domain_item item;

	if (!find(world, name, &item))
		fail_msg("%s is not in the plan", name);
	return item;
}

/* "ns.a=192.0.2.1 ns.b" of the set of a name. */
static void
servers_of(const struct plan_world *world, const char *name, char text[1024])
{
	struct domain_item item = item_of(world, name);
	struct plan_set set = { .host_count = 0 };
	size_t at = 0;

	text[0] = '\0';
	if (item.set_id != 0)
		assert_true(plan_set(world->plan.servers, item.set_id, &set));
	for (unsigned i = 0; i < set.host_count; i++) {
		struct plan_host host;

		assert_true(plan_host(world->plan.servers, set.hosts[i],
		    &host));
		at += (size_t)snprintf(text + at, 1024 - at, "%s%s", i > 0
		    ? " " : "", host.name);
		for (unsigned j = 0; j < host.address_count; j++) {
			char address[ADDRESS_TEXT_MAX];

			address_to_text(&host.addresses[j], address);
			at += (size_t)snprintf(text + at, 1024 - at, "=%s",
			    address);
		}
	}
}

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
	char servers[1024];

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

	item = item_of(&world, "a.zz");
	assert_int_equal(item.source_id, 0);
	assert_int_equal(item.rank, 7);
	assert_int_equal(item.parent_ds, PARENT_DS_NO);
	assert_string_equal(item.parent_ds_algorithms, "");
	assert_string_equal(item.dns_operator, "op.zz");
	servers_of(&world, "a.zz", servers);
	assert_string_equal(servers, "ns1.op.zz=192.0.2.1 ns2.op.zz=192.0.2.2");
	item = item_of(&world, "b.zz");
	assert_int_equal(item.parent_ds, PARENT_DS_YES);
	assert_string_equal(item.parent_ds_algorithms, "13");
	assert_string_equal(item.dns_operator, "elsewhere.yy");
	item = item_of(&world, "c.zz");
	assert_int_equal(item.rank, 9);
	assert_int_equal(item.parent_ds, PARENT_DS_UNKNOWN);
	assert_string_equal(item.dns_operator, "");
	assert_int_equal(item.set_id, 0);
	plan_world_free(&world);
	plan_world_free(&twin);
}

static uint32_t
names_of_host(const struct plan_world *world, const char *name)
{
	struct plan_host host;

	for (uint32_t i = 1; plan_host(world->plan.servers, i, &host); i++)
		if (strcmp(host.name, name) == 0)
			return host.names;
	return 0;
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
	assert_int_equal(names_of_host(&world, "ns1.op.zz"), 1);
	assert_int_equal(names_of_host(&world, "ns2.op.zz"), 1);
	assert_int_equal(names_of_host(&world, "ns.elsewhere.yy"), 1);
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
	assert_false(find(&world, "in-file.zz", &item));
	assert_int_equal(names_of_host(&world, "ns.in-file.zz"), 0);
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
	assert_true(item_of(&world, "a.upper.zz").is_occluded);
	assert_true(item_of(&world, "a.b.c.lower.zz").is_occluded);
	assert_false(item_of(&world, "a.other.zz").is_occluded);
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
		char servers[1024];

		plan_world_begin(&world, BUCKET_BYTES);
		plan_world_delegations(&world, 1, "zz", serial);
		plan_world_file(&world, 0, "zz", 2);
		plan_world_ns(&world, "a.zz", "ns1.zz");
		plan_world_ds(&world, "a.zz", 8);
		world.planner.source = 1;
		plan_world_ns(&world, "a.zz", "ns2.zz");
		plan_world_ns(&world, "b.zz", "ns2.zz");
		plan_world_end(&world);
		servers_of(&world, "a.zz", servers);
		assert_string_equal(servers, serial == 1 ? "ns1.zz" : "ns2.zz");
		assert_int_equal(item_of(&world, "a.zz").parent_ds,
		    serial == 1 ? PARENT_DS_YES : PARENT_DS_NO);
		assert_int_equal(item_of(&world, "a.zz").source_id, 0);
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
	assert_int_equal(item_of(&world, "n5.zz").parent_ds, PARENT_DS_YES);
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
	assert_int_equal(names_of_host(&world, "ns.yy"),
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
