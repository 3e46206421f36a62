/* What zone files say about a name becomes its item: whose delegation counts, its
 * set of name servers with the addresses that the files have anywhere, and
 * whether another delegation occludes it (RFC 1034 4.2.1, RFC 1982, RFC 2136
 * 7.18). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/name.h"
#include "scanner/plan/planner.h"

#define SOURCES 3

struct bench {
	char		path[64];
	struct folder	folder;
	struct options	options;
	struct plan	plan;
	struct planner	planner;
	struct source	sources[SOURCES];
	char		apexes[SOURCES][64];
	struct buffer	items;
};

static void
begin(struct bench *bench)
{
	*bench = (struct bench){ .plan = { .names = -1 } };
	strcpy(bench->path, "/tmp/mxcensus-merge-XXXXXX");
	assert_non_null(mkdtemp(bench->path));
	assert_int_equal(folder_open(&bench->folder, bench->path), FOLDER_OK);
	bench->plan.sources = bench->sources;
	bench->planner = (struct planner){
		.plan = &bench->plan, .folder = &bench->folder,
		.options = &bench->options, .bucket_bytes = BUCKET_BYTES,
		.suffixes = suffix_list_open(),
	};
	assert_true(buckets_open(&bench->planner));
}

static size_t
wire_of(const char *text, uint8_t wire[NAME_WIRE_MAX])
{
	size_t length;

	assert_int_equal(name_from_text(text, strlen(text), wire, &length),
	    NAME_OK);
	return length;
}

/* What is said from now on is of this zone file. */
static void
file(struct bench *bench, uint32_t source, const char *apex, uint32_t serial)
{
	strcpy(bench->apexes[source], apex);
	bench->sources[source].apex = bench->apexes[source];
	bench->sources[source].serial = serial;
	bench->planner.source = source;
}

static void
say(struct bench *bench, struct delegation_record *found, const char *owner)
{
	uint8_t wire[NAME_WIRE_MAX], apex[NAME_WIRE_MAX];

	found->owner = wire;
	found->owner_length = wire_of(owner, wire);
	(void)wire_of(bench->apexes[bench->planner.source], apex);
	found->apex = apex;
	planner_delegation(&bench->planner, found);
}

static void
ns(struct bench *bench, const char *owner, const char *server)
{
	uint8_t wire[NAME_WIRE_MAX];
	struct delegation_record found = {
		.kind = DELEGATION_NS, .server = wire,
		.server_length = wire_of(server, wire),
	};

	say(bench, &found, owner);
}

static void
ds(struct bench *bench, const char *owner, uint8_t algorithm)
{
	struct delegation_record found = {
		.kind = DELEGATION_DS, .algorithm = algorithm,
	};

	say(bench, &found, owner);
}

static void
glue(struct bench *bench, const char *owner, const char *text)
{
	struct address address;
	struct delegation_record found = { .kind = DELEGATION_GLUE };

	assert_true(address_from_text(text, strlen(text), &address));
	found.family = address.family;
	found.address = address.bytes;
	say(bench, &found, owner);
}

static void
end(struct bench *bench)
{
	struct planner *planner = &bench->planner;

	assert_false(planner->failed);
	assert_true(plan_sort(planner));
	bench->plan.names = folder_read(&bench->folder, NAMES_FILE);
	bench->plan.servers = plan_servers_open(&bench->folder);
	assert_non_null(bench->plan.servers);
	for (uint64_t i = 0; i < bench->plan.chunk_count; i++)
		assert_true(plan_read_chunk(&bench->plan,
		    &bench->plan.chunks[i], &bench->items));
	buckets_close(planner);
	buffer_fini(&planner->record);
	suffix_list_free(planner->suffixes);
}

static void
remove_bench(struct bench *bench)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	free(bench->plan.chunks);
	close(bench->plan.names);
	plan_servers_close(bench->plan.servers);
	buffer_fini(&bench->items);
	folder_close(&bench->folder);
	assert_true(folder_remove_tree(&parent, bench->path));
}

static struct domain_item
item_of(const struct bench *bench, const char *name)
{
	struct wire wire = { bench->items.bytes, bench->items.bytes +
	    bench->items.length, false };
	struct domain_item item;

	while (wire.at < wire.end && domain_item_get(&wire, &item))
		if (strcmp(item.name, name) == 0)
			return item;
	fail_msg("%s is not in the plan", name);
	return item;
}

/* The servers of a name as the item will have them: "ns1.a=192.0.2.1,...". In
 * the order of the hosts' numbers, so tests sort nothing. */
static const char *
servers_of(const struct bench *bench, const char *name)
{
	static char text[2048];
	struct domain_item item = item_of(bench, name);
	struct plan_host host;
	struct plan_set set;
	size_t at = 0;

	text[0] = '\0';
	/* They are in the set alone. */
	assert_int_equal(item.servers_length, 0);
	if (!plan_set(bench->plan.servers, item.set_id, &set))
		return text;
	for (unsigned i = 0; i < set.host_count; i++) {
		assert_true(plan_host(bench->plan.servers, set.hosts[i],
		    &host));
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
		    i > 0 ? " " : "", host.name);
		for (unsigned a = 0; a < host.address_count; a++) {
			char address[ADDRESS_TEXT_MAX];

			address_to_text(&host.addresses[a], address);
			at += (size_t)snprintf(text + at, sizeof text - at,
			    "=%s", address);
		}
	}
	return text;
}

static uint32_t
names_of_set(const struct bench *bench, const char *name)
{
	struct domain_item item = item_of(bench, name);
	struct plan_set set;

	assert_true(plan_set(bench->plan.servers, item.set_id, &set));
	return set.names;
}

static uint32_t
names_of_host(const struct bench *bench, const char *name)
{
	struct plan_host host;

	for (uint32_t i = 1; plan_host(bench->plan.servers, i, &host); i++)
		if (strcmp(host.name, name) == 0)
			return host.names;
	return 0;
}

/* The address of a server stands at another delegation, before or after. */
static void
siblings(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "a.zz", "ns1.op.zz");
	glue(&bench, "ns1.op.zz", "192.0.2.1");
	ns(&bench, "b.zz", "ns1.op.zz");
	ns(&bench, "c.zz", "ns1.elsewhere.yy");
	glue(&bench, "ns1.nobody.zz", "192.0.2.9");
	end(&bench);
	assert_string_equal(servers_of(&bench, "a.zz"), "ns1.op.zz=192.0.2.1");
	assert_string_equal(servers_of(&bench, "b.zz"), "ns1.op.zz=192.0.2.1");
	assert_string_equal(servers_of(&bench, "c.zz"), "ns1.elsewhere.yy");
	assert_int_equal(plan_hosts(bench.plan.servers), 2);
	remove_bench(&bench);
}

/* One set, whatever the order; another host makes another set. */
static void
sets(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "a.zz", "ns1.op.yy");
	ns(&bench, "a.zz", "ns2.op.yy");
	ns(&bench, "b.zz", "ns2.op.yy");
	ns(&bench, "b.zz", "ns1.op.yy");
	ns(&bench, "b.zz", "ns1.op.yy");
	ns(&bench, "c.zz", "ns1.op.yy");
	ns(&bench, "c.zz", "ns3.op.yy");
	ns(&bench, "d.zz", "ns1.op.yy");
	planner_name(&bench.planner, (const uint8_t *)"\1e\2zz", 6, 0);
	end(&bench);
	assert_int_equal(item_of(&bench, "a.zz").set_id,
	    item_of(&bench, "b.zz").set_id);
	assert_int_not_equal(item_of(&bench, "a.zz").set_id,
	    item_of(&bench, "c.zz").set_id);
	assert_int_equal(item_of(&bench, "e.zz").set_id, 0);
	assert_int_equal(plan_sets(bench.plan.servers), 3);
	assert_int_equal(names_of_set(&bench, "a.zz"), 2);
	assert_int_equal(names_of_set(&bench, "c.zz"), 1);
	assert_int_equal(names_of_host(&bench, "ns1.op.yy"), 4);
	assert_int_equal(names_of_host(&bench, "ns2.op.yy"), 2);
	assert_int_equal(names_of_host(&bench, "ns3.op.yy"), 1);
	remove_bench(&bench);
}

/* Names that are not measured do not count. */
static void
limit(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	bench.options.limit = 2;
	file(&bench, 0, "zz", 1);
	for (char name[] = "a.zz"; name[0] <= 'i'; name[0]++)
		ns(&bench, name, "ns1.op.yy");
	end(&bench);
	assert_int_equal(names_of_host(&bench, "ns1.op.yy"), 2);
	remove_bench(&bench);
}

/* At most four of a family, each once. */
static void
addresses(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "a.zz", "ns.a.zz");
	glue(&bench, "ns.a.zz", "2001:db8::1");
	for (char text[] = "192.0.2.1"; text[8] <= '6'; text[8]++) {
		glue(&bench, "ns.a.zz", "192.0.2.1");
		glue(&bench, "ns.a.zz", text);
	}
	end(&bench);
	assert_string_equal(servers_of(&bench, "a.zz"), "ns.a.zz=2001:db8::1"
	    "=192.0.2.1=192.0.2.2=192.0.2.3=192.0.2.4");
	remove_bench(&bench);
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
		struct bench bench;

		begin(&bench);
		for (uint32_t f = 0; f < 2; f++) {
			bool is_first = f == 0;

			file(&bench, f, rows[i].apexes[f],
			    rows[i].serials[f]);
			ds(&bench, "a.co.zz", is_first ? 8 : 13);
			ns(&bench, "a.co.zz", is_first ? "ns1.a.co.zz"
			    : "ns2.a.co.zz");
			ns(&bench, "a.co.zz", "ns3.a.co.zz");
			glue(&bench, "ns3.a.co.zz", is_first ? "192.0.2.1"
			    : "192.0.2.2");
		}
		end(&bench);
		item = item_of(&bench, "a.co.zz");
		if (strcmp(item.parent_ds_algorithms, rows[i].counts == 0
		    ? "8" : "13") != 0 || strcmp(servers_of(&bench,
		    "a.co.zz"), rows[i].counts == 0
		    ? "ns1.a.co.zz ns3.a.co.zz=192.0.2.1"
		    : "ns2.a.co.zz ns3.a.co.zz=192.0.2.2") != 0)
			fail_msg("%s: %s %s", rows[i].what,
			    item.parent_ds_algorithms,
			    servers_of(&bench, "a.co.zz"));
		/* It was read twice all the same. */
		assert_int_equal(bench.plan.counts.records, 2);
		assert_int_equal(bench.plan.counts.duplicates, 1);
		remove_bench(&bench);
	}
}

/* The newer file has no DS any more, or has nothing but a DS. */
static void
ds_of_one_file(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "a.zz", "ns.a.zz");
	ds(&bench, "a.zz", 8);
	ns(&bench, "b.zz", "ns.b.zz");
	file(&bench, 1, "zz", 2);
	ns(&bench, "a.zz", "ns.a.zz");
	ds(&bench, "b.zz", 8);
	end(&bench);
	assert_int_equal(item_of(&bench, "a.zz").parent_ds, PARENT_DS_NO);
	assert_int_equal(item_of(&bench, "b.zz").parent_ds, PARENT_DS_NO);
	assert_string_equal(servers_of(&bench, "b.zz"), "ns.b.zz");
	remove_bench(&bench);
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
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "a.upper.zz", "ns.yy");
	ns(&bench, "upper.zz", "ns.yy");
	ns(&bench, "b.upper.zz", "ns.yy");
	ns(&bench, "a.b.c.upper.zz", "ns.yy");
	ns(&bench, "a.other.zz", "ns.yy");
	ns(&bench, "a.glue.zz", "ns.yy");
	glue(&bench, "glue.zz", "192.0.2.1");
	ns(&bench, "aupper.zz", "ns.yy");
	ns(&bench, "x\\.upper.zz", "ns.yy");
	/* What another file says about its own zone. */
	file(&bench, 1, "zz", 0);
	ns(&bench, "other.zz", "ns.yy");
	end(&bench);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (item_of(&bench, rows[i].name).is_occluded !=
		    rows[i].is_occluded)
			fail_msg("%s", rows[i].name);
	remove_bench(&bench);
}

/* The end of one file is the beginning of the next. */
static void
occluded_in_the_next(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	file(&bench, 0, "zz", 1);
	ns(&bench, "upper.zz", "ns.yy");
	file(&bench, 1, "zz", 2);
	ns(&bench, "upper.zz", "ns.yy");
	ns(&bench, "a.upper.zz", "ns.yy");
	end(&bench);
	assert_true(item_of(&bench, "a.upper.zz").is_occluded);
	remove_bench(&bench);
}

/* --sample takes some names without the delegation above them. */
static void
occluded_in_sample(void **state)
{
	char owner[32];
	struct bench bench;
	struct wire wire;
	struct domain_item item;

	(void)state;
	begin(&bench);
	bench.options.sample = 4;
	file(&bench, 0, "zz", 1);
	for (unsigned i = 0; i < 200; i++) {
		snprintf(owner, sizeof owner, "a.n%u.zz", i);
		ns(&bench, owner, "ns.yy");
		ns(&bench, owner + 2, "ns.yy");
	}
	end(&bench);
	assert_in_range(bench.plan.counts.domains, 50, 150);
	wire = (struct wire){ bench.items.bytes, bench.items.bytes +
	    bench.items.length, false };
	while (wire.at < wire.end && domain_item_get(&wire, &item))
		assert_int_equal(item.is_occluded,
		    strncmp(item.name, "a.", 2) == 0);
	remove_bench(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siblings), cmocka_unit_test(sets),
		cmocka_unit_test(limit), cmocka_unit_test(addresses),
		cmocka_unit_test(two_files), cmocka_unit_test(ds_of_one_file),
		cmocka_unit_test(occluded),
		cmocka_unit_test(occluded_in_the_next),
		cmocka_unit_test(occluded_in_sample),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
