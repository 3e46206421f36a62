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
