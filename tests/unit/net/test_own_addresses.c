/* Which addresses are ours (RULES F10): the format of the kernel's routing tables
 * (proc(5), /proc/net/route; net/ipv6/route.c, rt6_info_route). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/net/own_addresses.h"

static bool
has(const struct own_addresses *own, const char *text)
{
	struct address address;

	assert_true(address_from_text(text, strlen(text), &address));
	return own_addresses_contains(own, &address);
}

static void
add_lines(struct own_addresses *own, const char *text,
    void (*add_from)(struct own_addresses *, FILE *))
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	add_from(own, file);
	fclose(file);
}

/* The four bytes of an address, as the number that this machine makes of them. */
static void
print_number(char text[9], const char *address)
{
	struct in_addr bytes;

	assert_int_equal(inet_pton(AF_INET, address, &bytes), 1);
	snprintf(text, 9, "%08X", bytes.s_addr);
}

static void
ipv4_gateways(void **state)
{
	struct own_addresses own = { 0 };
	char text[1024], first[9], second[9], network[9];

	(void)state;
	print_number(first, "192.0.2.1");
	print_number(second, "198.51.100.7");
	print_number(network, "203.0.113.0");
	/* RTF_UP 1, RTF_GATEWAY 2. The network is no gateway, nor is what is
	 * reached without one. */
	snprintf(text, sizeof text, "Iface\tDestination\tGateway \tFlags\t"
	    "RefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
	    "eth0\t00000000\t%s\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
	    "eth0\t%s\t%s\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
	    "eth0\t%s\t%s\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
	    "eth1\t%s\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
	    first, network, second, network, first, network);
	add_lines(&own, text, own_addresses_add_ipv4);
	assert_int_equal(own.count, 2);
	assert_true(has(&own, "192.0.2.1"));
	assert_true(has(&own, "198.51.100.7"));
	assert_false(has(&own, "203.0.113.0"));
	assert_false(has(&own, "0.0.0.0"));
	own_addresses_fini(&own);
}

#define ZERO "00000000000000000000000000000000"

static void
ipv6_gateways(void **state)
{
	static const char text[] =
	    "20010db8000100000000000000000000 40 " ZERO " 00 " ZERO
	    " 00000100 00000001 00000000 00000001     eth0\n"
	    ZERO " 00 " ZERO " 00 20010db8000100000000000000000001"
	    " 00000400 00000002 00000000 00000003     eth0\n"
	    ZERO " 00 " ZERO " 00 fe8000000000000000000000000000fe"
	    " 00000400 00000002 00000000 00000003     eth0\n";
	struct own_addresses own = { 0 };

	(void)state;
	add_lines(&own, text, own_addresses_add_ipv6);
	assert_int_equal(own.count, 2);
	assert_true(has(&own, "2001:db8:1::1"));
	assert_true(has(&own, "fe80::fe"));
	assert_false(has(&own, "2001:db8:1::"));
	assert_false(has(&own, "::"));
	own_addresses_fini(&own);
}

/* Lines that are cut short, or no routes, add nothing. */
static void
other_lines(void **state)
{
	struct own_addresses own = { 0 };

	(void)state;
	add_lines(&own, "\nIface\neth0 0 1\nx y z 3\n",
	    own_addresses_add_ipv4);
	add_lines(&own, "\n" ZERO " 00 " ZERO " 00 20010db8 0 0 0 3 eth0\n",
	    own_addresses_add_ipv6);
	assert_int_equal(own.count, 0);
}

/* Families are told apart, and all 16 bytes count. */
static void
this_machine(void **state)
{
	struct own_addresses own = { 0 };

	(void)state;
	own_addresses_read(&own);
	/* In a separate namespace, the loopback interface can be down. */
	if (own.count == 0)
		skip();
	assert_true(has(&own, "127.0.0.1") || has(&own, "::1"));
	assert_false(has(&own, "203.0.113.77"));
	assert_false(has(&own, "7f00:1::"));
	own_addresses_fini(&own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_gateways),
		cmocka_unit_test(ipv6_gateways),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(this_machine),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
