/* mx_hosts: the item of a host with a hint, and where it waits for its name
 * server (RULES L14, L17). The worker's answers are made in this file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scanner/coordinator/crew/crew_internal.h"
#include "scanner/coordinator/work/mx_hosts.h"
#include "scanner/coordinator/work/name_servers.h"

static const struct address address = { 4, { 192, 0, 2, 1 } };

static const uint8_t ds_record[] = { 0, 1, 13, 2, 1, 0, 0, 0, 0xff };
static const uint8_t signature[] = { 1, 0, 0, 0, 0xee };
static const struct item_ds records_of_ds = {
	ds_record, sizeof ds_record, 300, signature, sizeof signature,
};

struct bench {
	struct options	options;
	struct run	run;
	struct plan	plan;
	struct work	work;
	struct crew	crew;
	struct worker_process workers[2];
	struct host	*hinted, *plain;
};

/* A plan with one name server, and one set of it. */
static void
begin(struct bench *bench, bool has_address)
{
	struct buffer records = { 0 }, sets = { 0 }, ds = { 0 };

	wire_put_number(&records, 1, 4);
	wire_put_text(&records, "ns.example");
	wire_put_number(&records, has_address, 1);
	if (has_address)
		address_put(&records, &address);
	wire_put_number(&sets, 1, 4);
	wire_put_number(&sets, 1, 4);
	wire_put_number(&sets, 1, 1);
	wire_put_number(&sets, 1, 4);
	*bench = (struct bench){
		.plan = { .names = -1 },
		.options = { .workers = 2, .dns_rate = 500,
		    .dns_prefix_rate = 2000, .attempts = 2 },
	};
	bench->plan.servers = plan_servers_read(&records, &sets);
	assert_non_null(bench->plan.servers);
	bench->work = (struct work){
		.options = &bench->options, .run = &bench->run,
		.plan = &bench->plan, .hosts = mx_hosts_new(),
		.name_servers = name_servers_new(&bench->options, NULL),
		.crew = &bench->crew,
	};
	bench->crew.workers = bench->workers;
	bench->crew.count = 2;
	for (unsigned i = 0; i < 2; i++)
		list_init(&bench->workers[i].batches);
	registry_init(&bench->work.registry);
	bench->hinted = registry_host(&bench->work.registry, "mx.a.example");
	item_ds_put(&ds, &records_of_ds);
	host_hint(bench->hinted, 1, 1, ds.bytes, ds.length);
	buffer_fini(&ds);
	bench->plain = registry_host(&bench->work.registry, "mx.b.example");
}

static void
end(struct bench *bench)
{
	mx_hosts_free(bench->work.hosts);
	name_servers_free(bench->work.name_servers);
	registry_fini(&bench->work.registry);
	plan_servers_close(bench->plan.servers);
}

static struct batch *
next(struct bench *bench)
{
	struct batch *batch = hosts_queue.next(&bench->work, 0, 0);

	assert_non_null(batch);
	return batch;
}

/* The items of the batch, into `items`. */
static void
open_items(const struct batch *batch, struct buffer *items, struct wire *wire)
{
	assert_true(batch_read_input(batch, items));
	*wire = (struct wire){ items->bytes, items->bytes + items->length,
	    false };
}

/* Is this the next item, with the name server, as the plan has it now? */
static void
has_hint(struct wire *wire)
{
	char server[NAME_TEXT_MAX];
	struct host_item item;

	assert_true(host_item_get(wire, &item));
	assert_string_equal(item.name, "mx.a.example");
	assert_string_equal(item.delegation, "a.example");
	assert_true(servers_charged((struct item_servers){ item.servers,
	    item.servers_length }, item.name, server));
	assert_string_equal(server, "192.0.2.1");
	assert_int_equal(item.ds.ttl, 300);
	assert_int_equal(item.ds.length, sizeof ds_record);
	assert_memory_equal(item.ds.records, ds_record, sizeof ds_record);
	assert_int_equal(item.ds.signatures_length, sizeof signature);
}

static void
hands_out(void **state)
{
	struct bench bench;
	struct buffer items = { 0 };
	struct host_item item;
	struct batch *batch;
	struct wire wire;

	(void)state;
	begin(&bench, true);
	batch = next(&bench);
	assert_int_equal(batch->items, 2);
	open_items(batch, &items, &wire);
	has_hint(&wire);
	assert_true(host_item_get(&wire, &item));
	assert_string_equal(item.name, "mx.b.example");
	assert_int_equal(item.servers_length, 0);
	assert_int_equal(item.ds.length, 0);
	assert_true(hosts_queue.is_done(&bench.work));
	buffer_fini(&items);
	batch_free(batch);
	end(&bench);
}

/* An address that was looked up meanwhile counts. */
static void
learned(void **state)
{
	struct bench bench;
	struct buffer part = { 0 }, items = { 0 };
	struct batch *batch;
	struct wire wire;

	(void)state;
	begin(&bench, false);
	wire_put_number(&part, 1, 4);
	wire_put_number(&part, 1, 1);
	address_put(&part, &address);
	assert_true(plan_servers_learn(bench.plan.servers, part.bytes,
	    part.length));
	batch = next(&bench);
	open_items(batch, &items, &wire);
	has_hint(&wire);
	buffer_fini(&items);
	buffer_fini(&part);
	batch_free(batch);
	end(&bench);
}

/* The worker has deferred the host. */
static struct harvest
deferring(enum item_state state)
{
	struct harvest harvest = { 0 };

	host_item_put(&harvest.deferred, &(struct host_item){
	    .name = "mx.a.example", .state = state });
	return harvest;
}

static void
commit(struct bench *bench, struct batch *batch, enum item_state state)
{
	struct harvest harvest = deferring(state);

	hosts_job.committed(&bench->work, batch, &harvest);
	buffer_fini(&harvest.deferred);
	batch_free(batch);
}

/* It waits for its server, without an attempt counted, and goes out again with
 * the same hint. The twin has failed, and waits for its second pass. */
static void
waits(void **state)
{
	struct bench bench;
	struct buffer items = { 0 };
	struct batch *batch;
	struct wire wire;

	(void)state;
	begin(&bench, true);
	commit(&bench, next(&bench), ITEM_HELD);
	assert_int_equal(bench.hinted->phase, HOST_HELD);
	assert_int_equal(name_servers_held_hosts(bench.work.name_servers), 1);
	assert_false(hosts_held_queue.is_done(&bench.work));
	assert_true(hosts_second_queue.is_done(&bench.work));
	assert_true(hosts_held_queue.has_next(&bench.work, 0));
	/* Not while more wait at the worker than it can ask soon. */
	name_servers_report(bench.work.name_servers, 0, "192.0.2.1", 0, 0,
	    100000, 0);
	assert_null(hosts_held_queue.next(&bench.work, 0, 1000));
	name_servers_report(bench.work.name_servers, 0, "192.0.2.1", 0, 0, 0,
	    1000);
	batch = hosts_held_queue.next(&bench.work, 0, 2000);
	assert_non_null(batch);
	assert_int_equal(batch->items, 1);
	assert_int_equal(batch->attempt, 1);
	open_items(batch, &items, &wire);
	has_hint(&wire);
	assert_int_equal(bench.hinted->phase, HOST_IN_BATCH);
	assert_true(hosts_held_queue.is_done(&bench.work));
	assert_null(hosts_held_queue.next(&bench.work, 1, 4000));
	buffer_fini(&items);
	/* The worker died. */
	hosts_held_queue.lost(&bench.work, batch);
	assert_int_equal(bench.hinted->phase, HOST_WAITING);
	batch_free(batch);
	end(&bench);

	begin(&bench, true);
	commit(&bench, next(&bench), ITEM_FAILED);
	assert_int_equal(bench.hinted->phase, HOST_DEFERRED);
	assert_true(hosts_held_queue.is_done(&bench.work));
	assert_false(hosts_second_queue.is_done(&bench.work));
	end(&bench);
}

/* After a restart a host that was held is in line; what is known of it from
 * later counts. */
static void
restart(void **state)
{
	struct harvest held = deferring(ITEM_HELD);
	struct harvest failed = deferring(ITEM_FAILED);
	struct bench bench;

	(void)state;
	begin(&bench, true);
	assert_true(hosts_job.read_back(&bench.work, 0, &held));
	assert_int_equal(bench.hinted->phase, HOST_WAITING);
	assert_int_equal(bench.work.registry.waiting_count, 2);
	assert_true(hosts_job.read_back(&bench.work, 1, &failed));
	assert_int_equal(bench.hinted->phase, HOST_DEFERRED);
	assert_true(hosts_job.read_back(&bench.work, 2, &held));
	assert_int_equal(bench.hinted->phase, HOST_DEFERRED);
	assert_int_equal(bench.work.registry.waiting_count, 1);
	assert_true(hosts_held_queue.is_done(&bench.work));
	buffer_fini(&held.deferred);
	buffer_fini(&failed.deferred);
	end(&bench);
}

/* Something else is at work at this worker. */
static void
make_busy(struct bench *bench, unsigned worker, struct list *batch)
{
	list_init(batch);
	list_append(&bench->workers[worker].batches, batch);
}

/* A host waits for the worker that knows its keys. Another one gets what needs no
 * keys, and the rest only if it has nothing else to do. */
static void
prefers(void **state)
{
	struct bench bench;
	struct list other;
	struct batch *batch;

	(void)state;
	begin(&bench, true);
	registry_prefer(&bench.work.registry, bench.hinted, 1);
	registry_prefer(&bench.work.registry, bench.plain, 1);	/* no DS */
	make_busy(&bench, 0, &other);
	batch = next(&bench);
	assert_int_equal(batch->items, 1);
	assert_int_equal(bench.plain->phase, HOST_IN_BATCH);
	assert_int_equal(bench.hinted->phase, HOST_WAITING);
	batch_free(batch);
	assert_null(hosts_queue.next(&bench.work, 0, 0));
	list_remove(&other);
	batch = next(&bench);
	assert_int_equal(bench.hinted->phase, HOST_IN_BATCH);
	assert_true(hosts_queue.is_done(&bench.work));
	batch_free(batch);
	end(&bench);
	/* The twin: its own worker, which is busy. */
	begin(&bench, true);
	registry_prefer(&bench.work.registry, bench.hinted, 1);
	make_busy(&bench, 1, &other);
	batch = hosts_queue.next(&bench.work, 1, 0);
	assert_int_equal(batch->items, 2);
	batch_free(batch);
	end(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_out), cmocka_unit_test(learned),
		cmocka_unit_test(waits), cmocka_unit_test(prefers), cmocka_unit_test(restart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
