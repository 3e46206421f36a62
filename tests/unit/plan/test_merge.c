/* What zone files say about a name becomes its item: whose delegation counts,
 * its set of name servers with the addresses that the files have anywhere, and
 * whether another delegation occludes it (RFC 1034 4.2.1, RFC 1982, RFC 2136
 * 7.18). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "parsers/dns_message.h"
#include "tests/unit/plan_world.h"

static uint32_t
names_of_set(const struct plan_world *world, const char *name)
{
	struct domain_item item = plan_world_item(world, name);
	struct plan_set set;

	assert_true(plan_set(world->plan.servers, item.set_id, &set));
	return set.names;
}

/* The address of a server stands at another delegation, before or after. */
static void
siblings(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns1.op.zz");
	plan_world_glue(&world, "ns1.op.zz", "192.0.2.1");
	plan_world_ns(&world, "b.zz", "ns1.op.zz");
	plan_world_ns(&world, "c.zz", "ns1.elsewhere.yy");
	plan_world_glue(&world, "ns1.nobody.zz", "192.0.2.9");
	plan_world_end(&world);
	assert_string_equal(plan_world_servers(&world, "a.zz"), "ns1.op.zz=192.0.2.1");
	assert_string_equal(plan_world_servers(&world, "b.zz"), "ns1.op.zz=192.0.2.1");
	assert_string_equal(plan_world_servers(&world, "c.zz"), "ns1.elsewhere.yy");
	assert_int_equal(plan_hosts(world.plan.servers), 2);
	plan_world_free(&world);
}

/* One set, whatever the order; another host makes another set. */
static void
sets(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns1.op.yy");
	plan_world_ns(&world, "a.zz", "ns2.op.yy");
	plan_world_ns(&world, "b.zz", "ns2.op.yy");
	plan_world_ns(&world, "b.zz", "ns1.op.yy");
	plan_world_ns(&world, "b.zz", "ns1.op.yy");
	plan_world_ns(&world, "c.zz", "ns1.op.yy");
	plan_world_ns(&world, "c.zz", "ns3.op.yy");
	plan_world_ns(&world, "d.zz", "ns1.op.yy");
	plan_world_name(&world, "e.zz", 0);
	plan_world_end(&world);
	assert_int_equal(plan_world_item(&world, "a.zz").set_id,
	    plan_world_item(&world, "b.zz").set_id);
	assert_int_not_equal(plan_world_item(&world, "a.zz").set_id,
	    plan_world_item(&world, "c.zz").set_id);
	assert_int_equal(plan_world_item(&world, "e.zz").set_id, 0);
	assert_int_equal(plan_sets(world.plan.servers), 3);
	assert_int_equal(names_of_set(&world, "a.zz"), 2);
	assert_int_equal(names_of_set(&world, "c.zz"), 1);
	assert_int_equal(plan_world_names_of_host(&world, "ns1.op.yy"), 4);
	assert_int_equal(plan_world_names_of_host(&world, "ns2.op.yy"), 2);
	assert_int_equal(plan_world_names_of_host(&world, "ns3.op.yy"), 1);
	plan_world_free(&world);
}

/* Hosts have numbers in the order in which the names of the plan have them, and
 * each name in the order of its records, whatever order the file has. */
static void
numbers(void **state)
{
	static const char *const owners[] = { "a.zz", "b.zz" };

	(void)state;
	for (unsigned turn = 0; turn < 2; turn++) {
		struct plan_world world;
		struct domain_item item;
		struct plan_host host;
		struct wire wire;
		bool is_a;

		plan_world_begin(&world, BUCKET_BYTES);
		plan_world_file(&world, 0, "zz", 1);
		for (unsigned i = 0; i < 2; i++) {
			const char *owner = owners[i ^ turn];

			is_a = owner[0] == 'a';
			plan_world_ns(&world, owner, is_a ? "ns1.op.yy"
			    : "ns2.op.yy");
			plan_world_ns(&world, owner, is_a ? "ns2.op.yy"
			    : "ns1.op.yy");
		}
		plan_world_end(&world);
		wire = (struct wire){ world.items.bytes, world.items.bytes +
		    world.items.length, false };
		assert_true(domain_item_get(&wire, &item));
		assert_true(plan_host(world.plan.servers, 1, &host));
		assert_string_equal(host.name, item.name[0] == 'a'
		    ? "ns1.op.yy" : "ns2.op.yy");
		assert_int_equal(plan_sets(world.plan.servers), 1);
		plan_world_free(&world);
	}
}

/* Records of one name that stand apart are one delegation, whose set is the only
 * one of it. */
static void
apart(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns1.op.yy");
	plan_world_ns(&world, "b.zz", "ns3.op.yy");
	plan_world_ns(&world, "a.zz", "ns2.op.yy");
	plan_world_ns(&world, "b.zz", "ns3.op.yy");
	plan_world_ns(&world, "a.zz", "ns1.op.yy");
	plan_world_end(&world);
	assert_int_equal(plan_sets(world.plan.servers), 2);
	assert_int_equal(names_of_set(&world, "a.zz"), 1);
	assert_int_equal(names_of_set(&world, "b.zz"), 1);
	assert_int_equal(plan_world_names_of_host(&world, "ns1.op.yy"), 1);
	assert_int_equal(plan_world_names_of_host(&world, "ns2.op.yy"), 1);
	plan_world_free(&world);
}

/* What a reader that an input has taken over may send: a server without an
 * owner, where there is no delegation that it could belong to. */
static void
another_server(void **state)
{
	static const struct delegation_record another = {
		.kind = DELEGATION_NS,
		.server = (const uint8_t *)"\3ns2\2op\2yy",
		.server_length = 11,
	};
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	assert_false(planner_delegation(&world.planner, &another));
	plan_world_ns(&world, "a.zz", "ns1.op.yy");
	plan_world_glue(&world, "ns1.op.yy", "192.0.2.1");
	assert_true(planner_delegation(&world.planner, &another));
	plan_world_name(&world, "b.zz", 0);
	assert_false(planner_delegation(&world.planner, &another));
	plan_world_ns(&world, "c.zz", "ns1.op.yy");
	plan_world_file(&world, 1, "yy", 1);
	assert_false(planner_delegation(&world.planner, &another));
	plan_world_end(&world);
	assert_int_equal(plan_world_names_of_host(&world, "ns1.op.yy"), 2);
	assert_int_equal(plan_world_names_of_host(&world, "ns2.op.yy"), 1);
	plan_world_free(&world);
}

/* Names that are not measured do not count. */
static void
limit(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	world.options.limit = 2;
	plan_world_file(&world, 0, "zz", 1);
	for (char name[] = "a.zz"; name[0] <= 'i'; name[0]++) {
		char server[] = "ns-a.op.yy";

		server[3] = name[0];
		plan_world_ns(&world, name, "ns1.op.yy");
		plan_world_ns(&world, name, server);
		plan_world_glue(&world, server, "192.0.2.1");
	}
	plan_world_end(&world);
	assert_int_equal(plan_world_names_of_host(&world, "ns1.op.yy"), 2);
	/* Neither do their servers. */
	assert_int_equal(plan_hosts(world.plan.servers), 1 + 2);
	assert_int_equal(plan_sets(world.plan.servers), 2);
	plan_world_free(&world);
}

/* At most four of a family, each once. */
static void
addresses(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns.a.zz");
	plan_world_glue(&world, "ns.a.zz", "2001:db8::1");
	for (char text[] = "192.0.2.1"; text[8] <= '6'; text[8]++) {
		plan_world_glue(&world, "ns.a.zz", "192.0.2.1");
		plan_world_glue(&world, "ns.a.zz", text);
	}
	plan_world_end(&world);
	assert_string_equal(plan_world_servers(&world, "a.zz"), "ns.a.zz=2001:db8::1"
	    "=192.0.2.1=192.0.2.2=192.0.2.3=192.0.2.4");
	plan_world_free(&world);
}

/* A delegation, and the addresses of a host, are those of one file alone (RULES
 * I12). */
static void
two_files(void **state)
{
	static const struct {
		const char	*what, *apexes[2];
		uint32_t	serials[2];
		uint32_t	counts;		/* the file that does */
	} rows[] = {
		{ "a higher serial", { "zz", "zz" }, { 1, 2 }, 1 },
		{ "a lower one", { "zz", "zz" }, { 2, 1 }, 0 },
		{ "the same: the first", { "zz", "zz" }, { 2, 2 }, 0 },
		{ "RFC 1982 7: 0 is after 4294967295", { "zz", "zz" },
		    { UINT32_MAX, 0 }, 1 },
		{ "and this before", { "zz", "zz" }, { 0, UINT32_MAX }, 0 },
		{ "the deeper zone", { "zz", "co.zz" }, { 2, 1 }, 1 },
		{ "the upper zone", { "co.zz", "zz" }, { 1, 2 }, 0 },
		{ "below the root", { ".", "zz" }, { 2, 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct domain_item item;
		struct plan_world world;

		plan_world_begin(&world, BUCKET_BYTES);
		for (uint32_t f = 0; f < 2; f++) {
			bool is_first = f == 0;

			plan_world_file(&world, f, rows[i].apexes[f],
			    rows[i].serials[f]);
			plan_world_ds(&world, "a.co.zz", is_first ? 8 : 13);
			plan_world_ns(&world, "a.co.zz", is_first
			    ? "ns1.a.co.zz" : "ns2.a.co.zz");
			plan_world_ns(&world, "a.co.zz", "ns3.a.co.zz");
			plan_world_glue(&world, "ns3.a.co.zz", is_first
			    ? "192.0.2.1" : "192.0.2.2");
		}
		plan_world_end(&world);
		item = plan_world_item(&world, "a.co.zz");
		if (strcmp(item.parent_ds_algorithms, rows[i].counts == 0
		    ? "8" : "13") != 0 || strcmp(plan_world_servers(&world,
		    "a.co.zz"), rows[i].counts == 0
		    ? "ns1.a.co.zz ns3.a.co.zz=192.0.2.1"
		    : "ns2.a.co.zz ns3.a.co.zz=192.0.2.2") != 0)
			fail_msg("%s: %s %s", rows[i].what,
			    item.parent_ds_algorithms,
			    plan_world_servers(&world, "a.co.zz"));
		/* It was read twice all the same. */
		assert_int_equal(world.plan.counts.records, 2);
		assert_int_equal(world.plan.counts.duplicates, 1);
		plan_world_free(&world);
	}
}

/* The newer file has no DS any more, or has nothing but a DS. */
static void
ds_of_one_file(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns.a.zz");
	plan_world_ds(&world, "a.zz", 8);
	plan_world_ns(&world, "b.zz", "ns.b.zz");
	plan_world_file(&world, 1, "zz", 2);
	plan_world_ns(&world, "a.zz", "ns.a.zz");
	plan_world_ds(&world, "b.zz", 8);
	plan_world_end(&world);
	assert_int_equal(plan_world_item(&world, "a.zz").parent_ds, PARENT_DS_NO);
	assert_int_equal(plan_world_item(&world, "b.zz").parent_ds, PARENT_DS_NO);
	assert_string_equal(plan_world_servers(&world, "b.zz"), "ns.b.zz");
	plan_world_free(&world);
}

/* By a delegation of its own file, wherever it stands there (RULES I13). */
static void
occluded(void **state)
{
	static const struct {
		const char	*name;
		bool		 is_occluded;
	} rows[] = {
		{ "a.upper.zz", true }, { "b.upper.zz", true },
		{ "upper.zz", false }, { "a.b.c.upper.zz", true },
		{ "a.other.zz", false }, { "other.zz", false },
		{ "a.glue.zz", false }, { "aupper.zz", false },
		{ "x\\046upper.zz", false },
	};
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.upper.zz", "ns.yy");
	plan_world_ns(&world, "upper.zz", "ns.yy");
	plan_world_ns(&world, "b.upper.zz", "ns.yy");
	plan_world_ns(&world, "a.b.c.upper.zz", "ns.yy");
	plan_world_ns(&world, "a.other.zz", "ns.yy");
	plan_world_ns(&world, "a.glue.zz", "ns.yy");
	plan_world_glue(&world, "glue.zz", "192.0.2.1");
	plan_world_ns(&world, "aupper.zz", "ns.yy");
	plan_world_ns(&world, "x\\.upper.zz", "ns.yy");
	/* What another file says about its own zone. */
	plan_world_file(&world, 1, "zz", 0);
	plan_world_ns(&world, "other.zz", "ns.yy");
	plan_world_end(&world);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (plan_world_item(&world, rows[i].name).is_occluded !=
		    rows[i].is_occluded)
			fail_msg("%s", rows[i].name);
	plan_world_free(&world);
}

/* The end of one file is the beginning of the next. */
static void
occluded_in_the_next(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "upper.zz", "ns.yy");
	plan_world_file(&world, 1, "zz", 2);
	plan_world_ns(&world, "upper.zz", "ns.yy");
	plan_world_ns(&world, "a.upper.zz", "ns.yy");
	plan_world_end(&world);
	assert_true(plan_world_item(&world, "a.upper.zz").is_occluded);
	plan_world_free(&world);
}

/* --sample takes some names without the delegation above them. */
static void
occluded_in_sample(void **state)
{
	char owner[32];
	struct plan_world world;
	struct wire wire;
	struct domain_item item;

	(void)state;
	plan_world_begin(&world, BUCKET_BYTES);
	world.options.sample = 4;
	plan_world_file(&world, 0, "zz", 1);
	for (unsigned i = 0; i < 200; i++) {
		snprintf(owner, sizeof owner, "a.n%u.zz", i);
		plan_world_ns(&world, owner, "ns.yy");
		plan_world_ns(&world, owner + 2, "ns.yy");
	}
	plan_world_end(&world);
	assert_in_range(world.plan.counts.domains, 50, 150);
	/* Each delegation is a record of the file, whether it is taken or
	 * left out. */
	assert_int_equal(world.plan.counts.domains +
	    world.plan.counts.not_sampled, 400);
	assert_int_equal(world.plan.counts.records, 400);
	assert_int_equal(world.plan.sources[0].records, 400);
	wire = (struct wire){ world.items.bytes, world.items.bytes +
	    world.items.length, false };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		assert_int_equal(item.is_occluded,
		    strncmp(item.name, "a.", 2) == 0);
	plan_world_free(&world);
}

/* DS records and their signatures as the plan hands them to a worker ********* */

static const uint8_t digest[DS_DIGEST_MAX + 1] = { 0xaa };

static void
add_ds(struct plan_world *world, uint32_t ttl, uint16_t tag, uint8_t type,
    size_t length)
{
	plan_world_ds_record(world, "a.zz", ttl, &(struct ds_record){
	    tag, 13, type, digest, length });
}

static void
add_signature(struct plan_world *world, const char *signature)
{
	uint8_t rdata[64] = { 0, DNS_DS, [18] = 2, 'z', 'z' };

	memcpy(rdata + 22, signature, strlen(signature));
	plan_world_ds_signature(world, "a.zz", rdata, 22 + strlen(signature));
}

/* "ttl: tags / signatures" */
static const char *
ds_text(const struct plan_world *world)
{
	static char text[512];
	struct domain_item item = plan_world_item(world, "a.zz");
	struct wire wire = { item.ds, item.ds + item.ds_length, false };
	struct ds_record record;
	size_t at = (size_t)snprintf(text, sizeof text, "%u:", item.ds_ttl);

	while (wire.at < wire.end) {
		assert_true(ds_get(&wire, &record));
		at += (size_t)snprintf(text + at, sizeof text - at, " %u",
		    record.tag);
	}
	at += (size_t)snprintf(text + at, sizeof text - at, " /");
	wire = (struct wire){ item.ds_signatures, item.ds_signatures +
	    item.ds_signatures_length, false };
	while (wire.at < wire.end) {
		size_t length;
		const uint8_t *rdata = wire_bytes(&wire, &length);

		assert_in_range(length, 23, 64);
		at += (size_t)snprintf(text + at, sizeof text - at, " %.*s",
		    (int)length - 22, (const char *)rdata + 22);
	}
	return text;
}

static void
begin_ds(struct plan_world *world)
{
	plan_world_begin(world, BUCKET_BYTES);
	plan_world_file(world, 0, "zz", 1);
	plan_world_ns(world, "a.zz", "ns.zz");
}

static void
assert_ds(struct plan_world *world, const char *expected)
{
	plan_world_end(world);
	assert_string_equal(ds_text(world), expected);
	assert_int_equal(plan_world_item(world, "a.zz").parent_ds,
	    PARENT_DS_YES);
	assert_string_equal(plan_world_item(world, "a.zz")
	    .parent_ds_algorithms, "13");
	plan_world_free(world);
}

/* RULES L33: in the order of RFC 4034 6.3, whatever that of the file; the lowest
 * TTL. */
static void
ds_in_canonical_order(void **state)
{
	struct plan_world world;

	(void)state;
	begin_ds(&world);
	add_signature(&world, "b");
	add_ds(&world, 300, 256, 2, 32);
	add_ds(&world, 200, 255, 4, 48);
	add_ds(&world, 400, 255, 2, 32);
	add_ds(&world, 100, 256, 2, 32);
	add_signature(&world, "ab");
	add_signature(&world, "a");
	add_signature(&world, "b");
	assert_ds(&world, "100: 255 255 256 / a ab b");
}

/* RULES L34. The twins fit. */
static void
ds_that_do_not_fit(void **state)
{
	static const struct {
		unsigned	 records, signatures;
		size_t		 digest;
		bool		 fits;
	} rows[] = {
		{ 8, 0, 48, true }, { 9, 0, 48, false },
		{ 8, 0, 49, false }, { 1, 0, 49, false }, { 1, 0, 1, true },
		{ 1, 4, 32, true }, { 1, 5, 32, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct plan_world world;
		struct domain_item item;

		begin_ds(&world);
		for (unsigned j = 0; j < rows[i].records; j++)
			add_ds(&world, 60, (uint16_t)j, 77, j == 0
			    ? rows[i].digest : 1);
		for (unsigned j = 0; j < rows[i].signatures; j++)
			add_signature(&world, (const char[]){
			    (char)('a' + j), '\0' });
		plan_world_end(&world);
		item = plan_world_item(&world, "a.zz");
		assert_int_equal(item.parent_ds, PARENT_DS_YES);
		assert_string_equal(item.parent_ds_algorithms, "13");
		if ((item.ds_length > 0) != rows[i].fits ||
		    (item.ds_signatures_length > 0) != (rows[i].fits &&
		    rows[i].signatures > 0))
			fail_msg("row %zu: %zu %zu", i, item.ds_length,
			    item.ds_signatures_length);
		plan_world_free(&world);
	}
}

/* A delegation is taken whole from one file, signatures included (RULES I12,
 * L30). */
static void
ds_and_signatures_of_one_file(void **state)
{
	(void)state;
	for (uint32_t newer = 0; newer < 2; newer++) {
		struct plan_world world;

		begin_ds(&world);
		add_ds(&world, 60, 1, 2, 32);
		add_signature(&world, "first");
		plan_world_file(&world, 1, "zz", 2 * newer);
		plan_world_ns(&world, "a.zz", "ns.zz");
		add_ds(&world, 30, 2, 2, 32);
		add_signature(&world, "second");
		assert_ds(&world, newer == 1 ? "30: 2 / second"
		    : "60: 1 / first");
	}
}

/* Signatures are kept to be verified (RULES L31); with `--ds trust` nobody asks
 * for them (RULES L32). */
static void
signatures_that_nobody_asks_for(void **state)
{
	static const struct { int ds; const char *expected; } rows[] = {
		{ CHOOSE_DS_AUTO, "60: 1 / a" },
		{ CHOOSE_DS_VERIFY, "60: 1 / a" },
		{ CHOOSE_DS_TRUST, "60: 1 /" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct plan_world world;

		begin_ds(&world);
		world.options.ds = rows[i].ds;
		add_ds(&world, 60, 1, 2, 32);
		add_signature(&world, "a");
		assert_ds(&world, rows[i].expected);
	}
}

/* A signature makes no delegation a signed one. */
static void
signature_without_ds(void **state)
{
	struct plan_world world;

	(void)state;
	begin_ds(&world);
	add_signature(&world, "a");
	plan_world_end(&world);
	assert_string_equal(ds_text(&world), "0: /");
	assert_int_equal(plan_world_item(&world, "a.zz").parent_ds,
	    PARENT_DS_NO);
	plan_world_free(&world);
}

/* A bucket that is too large for the memory is read again and again. */
static void
ds_from_a_file(void **state)
{
	struct plan_world world;

	(void)state;
	plan_world_begin(&world, 1);
	plan_world_file(&world, 0, "zz", 1);
	plan_world_ns(&world, "a.zz", "ns.zz");
	add_ds(&world, 300, 2, 2, 32);
	add_ds(&world, 200, 1, 2, 32);
	add_signature(&world, "a");
	assert_ds(&world, "200: 1 2 / a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siblings), cmocka_unit_test(sets),
		cmocka_unit_test(numbers),
		cmocka_unit_test(apart), cmocka_unit_test(another_server),
		cmocka_unit_test(limit), cmocka_unit_test(addresses),
		cmocka_unit_test(two_files), cmocka_unit_test(ds_of_one_file),
		cmocka_unit_test(occluded),
		cmocka_unit_test(occluded_in_the_next),
		cmocka_unit_test(occluded_in_sample),
		cmocka_unit_test(ds_in_canonical_order),
		cmocka_unit_test(ds_that_do_not_fit),
		cmocka_unit_test(ds_and_signatures_of_one_file),
		cmocka_unit_test(signatures_that_nobody_asks_for),
		cmocka_unit_test(signature_without_ds),
		cmocka_unit_test(ds_from_a_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
