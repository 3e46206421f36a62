/* The servers of a delegation and their glue, as the coordinator writes them
 * into an item. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "scanner/dns/delegation.h"

static const struct address v4 = { 4, { 192, 0, 2, 1 } };
static const struct address v6 = { 6, { 0x20, 0x01, 0x0d, 0xb8 } };

static void
put_server(struct buffer *servers, const char *name,
    const struct address *first, const struct address *second)
{
	wire_put_text(servers, name);
	wire_put_number(servers, (first != NULL) + (second != NULL), 1);
	if (first != NULL)
		address_put(servers, first);
	if (second != NULL)
		address_put(servers, second);
}

static void
in_order(void **state)
{
	struct buffer servers = { 0 };
	struct delegation delegation = { .name = "a.example" };
	struct delegation_walk walk;
	struct address address;

	(void)state;
	put_server(&servers, "ns1.example", &v4, &v6);
	put_server(&servers, "ns2.example", NULL, NULL);
	put_server(&servers, "ns3.example", &v6, NULL);
	delegation.servers = servers.bytes;
	delegation.length = servers.length;
	delegation_open(&delegation, &walk);
	assert_true(delegation_next(&walk));
	assert_string_equal(walk.server, "ns1.example");
	assert_true(delegation_next_glue(&walk, &address));
	assert_memory_equal(&address, &v4, sizeof v4);
	/* The second address is skipped. */
	assert_true(delegation_next(&walk));
	assert_string_equal(walk.server, "ns2.example");
	assert_false(delegation_next_glue(&walk, &address));
	assert_true(delegation_next(&walk));
	assert_string_equal(walk.server, "ns3.example");
	assert_true(delegation_next_glue(&walk, &address));
	assert_memory_equal(&address, &v6, sizeof v6);
	assert_false(delegation_next_glue(&walk, &address));
	assert_false(delegation_next(&walk));
	buffer_fini(&servers);
}

/* Whatever is cut off: the walk ends, and never behind the end. */
static void
cut_off(void **state)
{
	struct buffer servers = { 0 };

	(void)state;
	put_server(&servers, "ns1.example", &v4, &v6);
	put_server(&servers, "ns2.example", NULL, NULL);
	for (size_t length = 0; length <= servers.length; length++) {
		struct buffer copy = { 0 };
		struct delegation delegation = { .length = length };
		struct delegation_walk walk;
		unsigned count = 0;

		buffer_append(&copy, servers.bytes, length);
		delegation.servers = copy.bytes;
		delegation_open(&delegation, &walk);
		while (delegation_next(&walk))
			count++;
		assert_int_equal(count == 2, length == servers.length);
		buffer_fini(&copy);
	}
	buffer_fini(&servers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(cut_off),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
