/* Hints for hosts whose domains were in a batch behind the chunks: the plan has
 * the domains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "scanner/coordinator/work/late_hints.h"
#include "scanner/process/memory_file.h"

/* Of an item that says nothing more. */
#define TEXTS .parent_ds_algorithms = "", .dns_operator = ""

/* A plan of two chunks with one name each. */
static struct plan
plan_of(struct chunk chunks[2], const struct domain_item items[2])
{
	struct buffer bytes = { 0 };
	struct plan plan = { .chunks = chunks, .chunk_count = 2 };

	for (int i = 0; i < 2; i++) {
		chunks[i] = (struct chunk){ .offset = bytes.length,
			.items = 1 };
		domain_item_put(&bytes, &items[i]);
		chunks[i].length = bytes.length - chunks[i].offset;
	}
	plan.names = memory_file_new(&bytes);
	assert_true(plan.names >= 0);
	buffer_fini(&bytes);
	return plan;
}

/* The domain of a host is inside its name. */
static struct mx_host
host_of(const char *name, const char *domain, unsigned labels_below)
{
	return (struct mx_host){
		.name = name, .labels_below = labels_below,
		.domain = domain == NULL ? NULL : strstr(name, domain),
	};
}

static void
from_the_plan(void **state)
{
	static const struct domain_item items[2] = {
		{ .name = "a.example", .set_id = 7,
		    .parent_ds = PARENT_DS_NO, TEXTS },
		{ .name = "b.example", .set_id = 9,
		    .parent_ds = PARENT_DS_NO, .is_occluded = true, TEXTS },
	};
	struct mx_host hosts[] = {
		host_of("mx.a.example", "a.example", 1),
		host_of("mx2.a.example", "a.example", 1),
		/* What the file says of it is not in force. */
		host_of("mx.b.example", "b.example", 1),
		/* Not of its domain, and of a domain that no plan has. */
		host_of("mx.other.example", NULL, 0),
		host_of("mx.c.example", "c.example", 1),
	};
	static const uint32_t sets[] = { 7, 7, 0, 0, 0 };
	const size_t count = sizeof hosts / sizeof hosts[0];
	const struct harvest harvest = {
		.hosts = hosts, .host_count = count,
	};
	static const struct options whole;
	struct late_hints *late = late_hints_new();
	struct registry registry;
	struct chunk chunks[2];
	struct plan plan = plan_of(chunks, items);

	(void)state;
	registry_init(&registry);
	for (size_t i = 0; i < count; i++)
		(void)registry_host(&registry, hosts[i].name);
	late_hints_note(late, &whole, &harvest);
	assert_true(late_hints_take(late, &plan, &registry));
	for (size_t i = 0; i < count; i++) {
		const struct host *host = registry_host(&registry,
		    hosts[i].name);

		if (host->set_id != sets[i] || (sets[i] != 0 &&
		    host->labels_below != 1))
			fail_msg("%s: %u", host->name, host->set_id);
	}
	late_hints_free(late);
	registry_fini(&registry);
	close(plan.names);
}

/* A shard of hosts takes hints of its own hosts alone, and makes no others. */
static void
of_a_shard(void **state)
{
	static const struct domain_item items[2] = {
		{ .name = "a.example", .set_id = 7,
		    .parent_ds = PARENT_DS_NO, TEXTS },
		{ .name = "b.example", .set_id = 9,
		    .parent_ds = PARENT_DS_NO, TEXTS },
	};
	struct mx_host hosts[] = {
		host_of("mx.a.example", "a.example", 1),
		host_of("mx.b.example", "b.example", 1),
	};
	const struct harvest harvest = { .hosts = hosts, .host_count = 2 };
	size_t found = 0;

	(void)state;
	for (uint64_t i = 1; i <= 2; i++) {
		const struct options options = {
			.stage = STAGE_HOSTS, .shard = { i, 2 },
		};
		struct late_hints *late = late_hints_new();
		struct registry registry;
		struct chunk chunks[2];
		struct plan plan = plan_of(chunks, items);

		registry_init(&registry);
		late_hints_note(late, &options, &harvest);
		assert_true(late_hints_take(late, &plan, &registry));
		found += map_count(registry.hosts);
		late_hints_free(late);
		registry_fini(&registry);
		close(plan.names);
	}
	assert_int_equal(found, 2);
}

/* A plan that cannot be read is told. */
static void
no_plan(void **state)
{
	struct mx_host host = host_of("mx.a.example", "a.example", 1);
	const struct harvest harvest = { .hosts = &host, .host_count = 1 };
	static const struct options whole;
	struct chunk chunk = { .length = 9, .items = 1 };
	struct plan plan = {
		.names = -1, .chunks = &chunk, .chunk_count = 1,
	};
	struct late_hints *late = late_hints_new();
	struct registry registry;

	(void)state;
	registry_init(&registry);
	assert_true(late_hints_take(late, &plan, &registry));
	late_hints_note(late, &whole, &harvest);
	assert_false(late_hints_take(late, &plan, &registry));
	late_hints_free(late);
	registry_fini(&registry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_plan), cmocka_unit_test(of_a_shard),
		cmocka_unit_test(no_plan),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
