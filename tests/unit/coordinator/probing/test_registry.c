/* registry: the hints of hosts (RULES L14), and what a host costs. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scanner/coordinator/probing/registry.h"

/* The first hint stays, since a host has one delegation. */
static void
hints(void **state)
{
	struct registry registry;
	struct host *host;

	(void)state;
	registry_init(&registry);
	host = registry_host(&registry, "mx.a.example");
	assert_int_equal(host->set_id, 0);
	host_hint(host, 7, 1, "DS", 2);
	host_hint(host, 8, 2, "none", 4);
	assert_int_equal(host->set_id, 7);
	assert_int_equal(host->labels_below, 1);
	assert_int_equal(host->ds_length, 2);
	assert_memory_equal(host->ds, "DS", 2);
	assert_ptr_equal(registry_host(&registry, "mx.a.example"), host);
	assert_int_equal(registry.waiting_count, 1);
	registry_fini(&registry);
}

/* A known host needs no hint, and its DS records are replaced with its TLSA
 * records. */
static void
known(void **state)
{
	struct registry registry;
	struct host *hosts[2];

	(void)state;
	registry_init(&registry);
	hosts[0] = registry_host(&registry, "mx.a.example");
	hosts[1] = registry_host(&registry, "mx.b.example");
	for (size_t i = 0; i < 2; i++)
		host_hint(hosts[i], 7, 1, "DS", 2);
	host_becomes_known(hosts[0]);
	assert_int_equal(hosts[0]->phase, HOST_KNOWN);
	assert_null(hosts[0]->tlsa_records);
	assert_int_equal(hosts[0]->tlsa_records_length, 0);
	hosts[0]->tlsa_records = (const uint8_t *)"TLSA";
	hosts[0]->tlsa_records_length = 4;
	host_hint(hosts[0], 8, 1, "DS", 2);
	host_becomes_known(hosts[0]);
	assert_int_equal(hosts[0]->tlsa_records_length, 4);
	/* The other one waits to the end. */
	assert_int_equal(hosts[1]->ds_length, 2);
	registry_fini(&registry);
}

static size_t
bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* Vanity names make hosts grow with the zone (docs/architecture.md), so a host
 * that waits takes 250 bytes at most, with its name and its place in the map. */
static void
memory(void **state)
{
	enum { HOSTS = 200000, MOST = 250 };
	size_t before = bytes_in_use(), each;
	struct registry registry;
	char name[64];

	(void)state;
	registry_init(&registry);
	for (int i = 0; i < HOSTS; i++) {
		snprintf(name, sizeof name, "mail.customer-%d.example", i);
		host_hint(registry_host(&registry, name), (uint32_t)i, 1, NULL,
		    0);
	}
	each = (bytes_in_use() - before) / HOSTS;
	print_message("# %zu bytes a host\n", each);
	assert_true(each <= MOST);
	registry_fini(&registry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(hints), cmocka_unit_test(memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
