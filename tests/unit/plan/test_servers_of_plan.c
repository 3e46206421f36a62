/* The reader of the plan's name servers: what it accepts, byte by byte as
 * plan/servers.h says, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/plan/servers.h"

/* Two hosts; the first has an IPv4 and an IPv6 address. */
static const uint8_t hosts[] =
    "\3\0\0\0" "\12\0\0\0" "a.example\0" "\2"
    "\4\300\0\2\1\0\0\0\0\0\0\0\0\0\0\0\0"
    "\6\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1"
    "\1\0\0\0" "\12\0\0\0" "b.example\0" "\0";
/* Both of them, two names, one of which has DS; the second alone, one name. */
static const uint8_t sets[] =
    "\2\0\0\0" "\1\0\0\0" "\2" "\1\0\0\0" "\2\0\0\0"
    "\1\0\0\0" "\0\0\0\0" "\1" "\2\0\0\0";
#define HOSTS (sizeof hosts - 1)
#define SETS (sizeof sets - 1)

static struct plan_servers *
read_bytes(const uint8_t *host_bytes, size_t host_length,
    const uint8_t *set_bytes, size_t set_length)
{
	struct buffer host = { 0 }, set = { 0 };

	buffer_append(&host, host_bytes, host_length);
	buffer_append(&set, set_bytes, set_length);
	return plan_servers_read(&host, &set);
}

static void
taken(void **state)
{
	struct plan_servers *servers = read_bytes(hosts, HOSTS, sets, SETS);
	struct buffer put = { 0 };
	struct plan_host host;
	struct plan_set set;

	(void)state;
	assert_non_null(servers);
	assert_int_equal(plan_hosts(servers), 2);
	assert_int_equal(plan_sets(servers), 2);
	assert_true(plan_host(servers, 1, &host));
	assert_string_equal(host.name, "a.example");
	assert_int_equal(host.names, 3);
	assert_int_equal(host.address_count, 2);
	assert_int_equal(host.addresses[0].family, 4);
	assert_memory_equal(host.addresses[0].bytes, "\300\0\2\1", 4);
	assert_int_equal(host.addresses[1].family, 6);
	assert_true(plan_host(servers, 2, &host));
	assert_string_equal(host.name, "b.example");
	assert_int_equal(host.address_count, 0);
	assert_true(plan_set(servers, 1, &set));
	assert_int_equal(set.names, 2);
	assert_int_equal(set.signed_names, 1);
	assert_int_equal(set.host_count, 2);
	assert_int_equal(set.hosts[0], 1);
	assert_int_equal(set.hosts[1], 2);
	/* As an item has them: all but the numbers of names. */
	assert_true(plan_set_put(servers, 1, &put));
	assert_int_equal(put.length, HOSTS - 8);
	assert_memory_equal(put.bytes, hosts + 4, 49);
	assert_memory_equal(put.bytes + 49, hosts + 57, 15);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t none = i == 0 ? 0 : 3;

		assert_false(plan_host(servers, none, &host));
		assert_false(plan_set(servers, none, &set));
		assert_false(plan_set_put(servers, none, &put));
	}
	buffer_fini(&put);
	plan_servers_close(servers);
}

static void
empty(void **state)
{
	struct plan_servers *servers = read_bytes(NULL, 0, NULL, 0);

	(void)state;
	assert_non_null(servers);
	assert_int_equal(plan_hosts(servers), 0);
	assert_int_equal(plan_sets(servers), 0);
	plan_servers_close(servers);
}

/* A cut between two records cannot be seen here; the marker has a hash. */
static void
cut(void **state)
{
	(void)state;
	for (size_t length = 1; length < HOSTS; length++)
		if (length != 53)
			assert_null(read_bytes(hosts, length, NULL, 0));
	for (size_t length = 1; length < SETS; length++)
		if (length != 17)
			assert_null(read_bytes(hosts, HOSTS, sets, length));
	/* A set whose second host is gone. */
	assert_null(read_bytes(hosts, 53, sets, 17));
}

static void
refused(void **state)
{
	static const struct {
		const char	*what;
		size_t		at;		/* of the sets */
		uint8_t		byte;
	} rows[] = {
		{ "host 0", 9, 0 }, { "a host behind the last", 13, 3 },
		{ "no host", 8, 0 }, { "17 hosts", 8, 17 },
		{ "more names with DS than names", 4, 3 },
	};
	uint8_t copy[SETS];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memcpy(copy, sets, SETS);
		copy[rows[i].at] = rows[i].byte;
		if (read_bytes(hosts, HOSTS, copy, SETS) != NULL)
			fail_msg("%s", rows[i].what);
	}
}

/* Four addresses of a family, and one more; eight in all, and nine. */
static void
addresses(void **state)
{
	static const struct {
		unsigned	ipv4, ipv6;
		bool		is_taken;
	} rows[] = {
		{ 4, 0, true }, { 5, 0, false }, { 0, 4, true },
		{ 0, 5, false }, { 4, 4, true }, { 5, 4, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buffer host = { 0 }, set = { 0 };
		struct plan_servers *servers;

		buffer_append(&host, hosts, 18);
		buffer_append_byte(&host, (uint8_t)(rows[i].ipv4 +
		    rows[i].ipv6));
		for (unsigned a = 0; a < rows[i].ipv4; a++)
			buffer_append(&host, hosts + 19, 17);
		for (unsigned a = 0; a < rows[i].ipv6; a++)
			buffer_append(&host, hosts + 36, 17);
		servers = plan_servers_read(&host, &set);
		assert_int_equal(servers != NULL, rows[i].is_taken);
		plan_servers_close(servers);
	}
}

/* A part of hosts that got addresses later: the second host, twice. */
static void
learned(void **state)
{
	static const uint8_t part[] =
	    "\2\0\0\0" "\0"
	    "\2\0\0\0" "\1" "\4\300\0\2\11\0\0\0\0\0\0\0\0\0\0\0\0";
	struct plan_servers *servers = read_bytes(hosts, HOSTS, sets, SETS);
	struct buffer put = { 0 };
	struct plan_host host;
	uint8_t copy[sizeof part];

	(void)state;
	assert_false(plan_host_is_learned(servers, 2));
	assert_true(plan_servers_learn(servers, part, 5));
	assert_true(plan_host_is_learned(servers, 2));
	assert_false(plan_host_is_learned(servers, 1));
	assert_true(plan_host(servers, 2, &host));
	assert_int_equal(host.address_count, 0);
	/* What is refused changes nothing. */
	memcpy(copy, part, sizeof part);
	for (size_t length = 6; length < sizeof part - 1; length++)
		assert_false(plan_servers_learn(servers, part, length));
	for (unsigned number = 0; number <= 3; number += 3) {
		copy[5] = (uint8_t)number;
		assert_false(plan_servers_learn(servers, copy,
		    sizeof part - 1));
	}
	assert_true(plan_host(servers, 2, &host));
	assert_int_equal(host.address_count, 0);
	assert_true(plan_servers_learn(servers, part, sizeof part - 1));
	assert_true(plan_host(servers, 2, &host));
	assert_string_equal(host.name, "b.example");
	assert_int_equal(host.address_count, 1);
	assert_memory_equal(host.addresses[0].bytes, "\300\0\2\11", 4);
	assert_true(plan_set_put(servers, 2, &put));
	assert_int_equal(put.length, 4 + 10 + 18);
	assert_memory_equal(put.bytes, hosts + 57, 14);
	assert_memory_equal(put.bytes + 14, part + 9, 18);
	buffer_fini(&put);
	plan_servers_close(servers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken), cmocka_unit_test(empty),
		cmocka_unit_test(cut), cmocka_unit_test(refused),
		cmocka_unit_test(addresses), cmocka_unit_test(learned),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
