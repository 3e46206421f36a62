/* server_hosts: which name servers of a plan are resolved, and what a restart
 * knows about them. The worker's answers are made in this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>

#include "scanner/coordinator/work/domains_internal.h"
#include "scanner/coordinator/work/server_hosts.h"

/* Numbers 1 to 6. */
static const struct {
	const char	*name;
	uint32_t	 names;
	bool		 has_address;
} hosts[] = {
	{ "five.example", 5, false }, { "four.example", 4, false },
	{ "address.example", 9, true }, { "nine.example", 9, false },
	{ "seven.example", 7, false }, { "six.example", 6, false },
};
#define HOSTS (sizeof hosts / sizeof hosts[0])

static const struct address addresses[] = {
	{ 4, { 192, 0, 2, 1 } }, { 4, { 127, 0, 0, 1 } },
	{ 6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
};

struct bench {
	char		path[64];
	struct options	options;
	struct run	run;
	struct plan	plan;
	struct spill	*spill;
	struct work	work;
};

static void
on_changed(void *tag)
{
	(void)tag;
}

static void
begin_work(struct bench *bench)
{
	static struct chunk chunk;
	struct buffer records = { 0 }, sets = { 0 };

	for (size_t i = 0; i < HOSTS; i++) {
		wire_put_number(&records, hosts[i].names, 4);
		wire_put_text(&records, hosts[i].name);
		wire_put_number(&records, hosts[i].has_address, 1);
		if (hosts[i].has_address)
			address_put(&records, &addresses[0]);
	}
	/* A set of the last. */
	wire_put_number(&sets, 6, 4);
	wire_put_number(&sets, 0, 4);
	wire_put_number(&sets, 1, 1);
	wire_put_number(&sets, HOSTS, 4);
	bench->plan = (struct plan){
		.names = -1, .chunks = &chunk, .chunk_count = 1,
		.servers = plan_servers_read(&records, &sets),
	};
	assert_non_null(bench->plan.servers);
	bench->options.workers = 2;
	bench->spill = spill_new(-1, 1000, 200);
	bench->work = (struct work){
		.options = &bench->options, .run = &bench->run,
		.plan = &bench->plan, .spill = bench->spill,
		.domains = domains_new(&bench->plan, &bench->options,
		    bench->spill),
		.server_hosts = server_hosts_new(),
		.events = { .changed = on_changed },
	};
	assert_true(server_hosts_read_back(&bench->work));
}

static void
end_work(struct bench *bench)
{
	server_hosts_free(bench->work.server_hosts);
	domains_free(bench->work.domains);
	spill_free(bench->spill);
	plan_servers_close(bench->plan.servers);
}

static void
begin(struct bench *bench)
{
	*bench = (struct bench){ 0 };
	strcpy(bench->path, "/tmp/mxcensus-servers-XXXXXX");
	assert_non_null(mkdtemp(bench->path));
	assert_int_equal(folder_open(&bench->run.folder, bench->path),
	    FOLDER_OK);
	begin_work(bench);
}

static void
restart(struct bench *bench)
{
	end_work(bench);
	begin_work(bench);
}

static void
end(struct bench *bench)
{
	struct folder parent = { .descriptor = AT_FDCWD };

	end_work(bench);
	folder_close(&bench->run.folder);
	assert_true(folder_remove_tree(&parent, bench->path));
}

static bool
has_next(struct bench *bench)
{
	return server_hosts_queue.has_next(&bench->work, 0);
}

static struct batch *
next(struct bench *bench)
{
	assert_true(has_next(bench));
	return server_hosts_queue.next(&bench->work, 0, 0);
}

/* Are these the items of the batch, in this order? */
static void
has_items(const struct batch *batch, const char *const names[], size_t count)
{
	struct buffer items = { 0 };
	struct host_item item;
	struct wire wire;

	assert_int_equal(batch->kind, JOB_HOSTS);
	assert_true(batch->is_scratch);
	assert_int_equal(batch->items, count);
	assert_true(batch_read_input(batch, &items));
	wire = (struct wire){ items.bytes, items.bytes + items.length, false };
	for (size_t i = 0; i < count; i++) {
		assert_true(host_item_get(&wire, &item));
		assert_string_equal(item.name, names[i]);
		assert_true(item.is_name_server);
	}
	assert_true(wire.at == wire.end);
	buffer_fini(&items);
}

/* The worker says this about one host, with three addresses, the second of them
 * special. */
static void
answer(struct bench *bench, struct batch *batch, const char *name,
    enum host_status status)
{
	struct address found[3];
	enum address_class classes[3] = {
		CLASS_PUBLIC, CLASS_SPECIAL, CLASS_PUBLIC,
	};
	struct host_facts facts = {
		.name = name, .status = status, .addresses = found,
		.classes = classes,
		.address_count = status == HOST_USABLE ? 3 : 0,
	};
	struct harvest harvest = {
		.facts = &facts, .facts_count = 1, .facts_by_name = map_new(),
	};

	memcpy(found, addresses, sizeof found);
	*map_place(harvest.facts_by_name, name, NULL) = (void *)(uintptr_t)1;
	server_hosts_take(&bench->work, batch, &harvest);
	map_free(harvest.facts_by_name);
	batch_free(batch);
}

static void
wanted(void **state)
{
	static const char *const all[] = {
		"nine.example", "seven.example", "six.example", "five.example",
	};
	struct bench bench;
	struct batch *batch;

	(void)state;
	begin(&bench);
	batch = next(&bench);
	has_items(batch, all, 4);
	assert_false(has_next(&bench));
	/* The run does not wait for it. */
	assert_true(server_hosts_queue.is_done(&bench.work));
	batch_free(batch);
	end(&bench);
}

static void
no_chunk_is_left(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	bench.work.domains->next_chunk = 1;
	assert_false(has_next(&bench));
	end(&bench);
}

/* Learned, and written in such a way that a restart knows it. */
static void
learned(void **state)
{
	static const char *const left[] = {
		"nine.example", "seven.example", "five.example",
	};
	struct buffer expected = { 0 };
	struct bench bench;
	struct batch *batch;

	(void)state;
	wire_put_text(&expected, "six.example");
	wire_put_number(&expected, 2, 1);
	address_put(&expected, &addresses[0]);
	address_put(&expected, &addresses[2]);
	begin(&bench);
	answer(&bench, next(&bench), "six.example", HOST_USABLE);
	assert_false(has_next(&bench));
	for (int i = 0; i < 2; i++) {
		struct buffer put = { 0 };

		assert_true(plan_set_put(bench.plan.servers, 1, &put));
		assert_int_equal(put.length, expected.length);
		assert_memory_equal(put.bytes, expected.bytes, put.length);
		buffer_fini(&put);
		restart(&bench);
	}
	batch = next(&bench);
	has_items(batch, left, 3);
	batch_free(batch);
	buffer_fini(&expected);
	end(&bench);
}

/* Whether a host is asked again after a restart. */
static void
statuses(void **state)
{
	static const struct {
		enum host_status status;
		bool		 is_known;
	} rows[] = {
		{ HOST_USABLE, true }, { HOST_NO_ADDRESS, true },
		{ HOST_NXDOMAIN, true }, { HOST_SPECIAL_ADDRESS, true },
		{ HOST_SERVFAIL, false }, { HOST_TIMEOUT, false },
		{ HOST_BOGUS, false }, { HOST_OPTED_OUT, false },
		{ HOST_RESOLVER_CRASHED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct bench bench;

		begin(&bench);
		answer(&bench, next(&bench), "six.example", rows[i].status);
		assert_int_equal(plan_host_is_learned(bench.plan.servers,
		    HOSTS), rows[i].is_known);
		restart(&bench);
		assert_int_equal(plan_host_is_learned(bench.plan.servers,
		    HOSTS), rows[i].is_known);
		end(&bench);
	}
}

/* A worker that a stranger has taken over speaks of other hosts. */
static void
others(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	answer(&bench, next(&bench), "address.example", HOST_USABLE);
	for (uint32_t i = 1; i <= HOSTS; i++)
		assert_false(plan_host_is_learned(bench.plan.servers, i));
	end(&bench);
}

static void
lost(void **state)
{
	static const char *const all[] = {
		"nine.example", "seven.example", "six.example", "five.example",
	};
	static const char *const left[] = {
		"nine.example", "six.example", "five.example",
	};
	struct bench bench;
	struct batch *batch;

	(void)state;
	begin(&bench);
	batch = next(&bench);
	server_hosts_queue.lost(&bench.work, batch);
	batch_free(batch);
	batch = next(&bench);
	has_items(batch, all, 4);
	batch->accused = calloc(4, sizeof *batch->accused);
	batch->accused[1] = true;
	server_hosts_queue.lost(&bench.work, batch);
	batch_free(batch);
	batch = next(&bench);
	has_items(batch, left, 3);
	batch_free(batch);
	end(&bench);
}

static bool
has_chunk(struct bench *bench, int64_t now_ms)
{
	return chunks_queue.has_next(&bench->work, now_ms);
}

/* Chunks wait until the first batches are back. */
static void
chunks_wait(void **state)
{
	struct bench bench;
	struct batch *batch;

	(void)state;
	begin(&bench);
	batch = next(&bench);
	assert_false(has_chunk(&bench, 1000));
	/* No further host is left, with one batch and two workers. */
	answer(&bench, batch, "six.example", HOST_USABLE);
	assert_true(has_chunk(&bench, 1000));
	end(&bench);
}

/* If the batch takes longer, chunks wait for two seconds. */
static void
chunks_wait_for_two_seconds(void **state)
{
	struct bench bench;
	struct batch *batch;

	(void)state;
	begin(&bench);
	batch = next(&bench);
	assert_false(has_chunk(&bench, 1000));
	assert_false(has_chunk(&bench, 2999));
	assert_true(has_chunk(&bench, 3000));
	batch_free(batch);
	end(&bench);
}

/* The recursive lane does not use the addresses. */
static void
chunks_of_the_recursive_lane_do_not_wait(void **state)
{
	struct bench bench;
	struct batch *batch;

	(void)state;
	begin(&bench);
	bench.options.lane = CHOOSE_LANE_RECURSIVE;
	batch = next(&bench);
	assert_true(has_chunk(&bench, 1000));
	batch_free(batch);
	end(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wanted), cmocka_unit_test(no_chunk_is_left),
		cmocka_unit_test(learned), cmocka_unit_test(statuses),
		cmocka_unit_test(others), cmocka_unit_test(lost),
		cmocka_unit_test(chunks_wait),
		cmocka_unit_test(chunks_wait_for_two_seconds),
		cmocka_unit_test(chunks_of_the_recursive_lane_do_not_wait),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
