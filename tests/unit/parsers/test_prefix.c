/* Addresses, prefixes (RFC 4291, RFC 5952) and what is special-purpose (RULES
 * K1; the IANA registries as of RFC 6890, 8190, 9602, 9637, 9665, 9780). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "parsers/prefix.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static struct address
address(const char *text)
{
	struct address address;

	if (!address_from_text(text, strlen(text), &address))
		fail_msg("%s is no address", text);
	return address;
}

static struct prefix
prefix(const char *text)
{
	struct prefix prefix;

	if (!prefix_from_text(text, strlen(text), &prefix))
		fail_msg("%s is no prefix", text);
	return prefix;
}

static void
address_texts(void **state)
{
	/* A NULL is to be refused. */
	static const struct { const char *rule, *text, *canonical; } rows[] = {
		{ "dotted quad", "192.0.2.1", "192.0.2.1" },
		{ "all bits", "255.255.255.255", "255.255.255.255" },
		{ "5952 4.1 leading zeros", "2001:0db8::0001", "2001:db8::1" },
		{ "5952 4.2.1 shorten as much", "2001:db8:0:0:0:0:2:1",
		    "2001:db8::2:1" },
		{ "5952 4.2.2 not one field", "2001:db8::1:1:1:1:1",
		    "2001:db8:0:1:1:1:1:1" },
		{ "5952 4.2.3 the longest run", "2001:0:0:1:0:0:0:1",
		    "2001:0:0:1::1" },
		{ "5952 4.2.3 the first of equal ones", "2001:db8:0:0:1:0:0:1",
		    "2001:db8::1:0:0:1" },
		{ "5952 4.3 lower case", "2001:DB8::A", "2001:db8::a" },
		{ "5952 5 IPv4-mapped", "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "unspecified", "::", "::" },
		{ "loopback", "0:0:0:0:0:0:0:1", "::1" },
		{ "the longest",
		    "1111:2222:3333:4444:5555:6666:255.255.255.255",
		    "1111:2222:3333:4444:5555:6666:ffff:ffff" },
		{ "nothing", "", NULL },
		{ "three parts", "192.0.2", NULL },
		{ "five parts", "192.0.2.1.1", NULL },
		{ "over 255", "192.0.2.256", NULL },
		{ "octal", "192.0.2.01", NULL },
		{ "hexadecimal", "0x7f.0.0.1", NULL },
		{ "a number", "3221225985", NULL },
		{ "a space", " 192.0.2.1", NULL },
		{ "brackets", "[2001:db8::1]", NULL },
		{ "zone", "fe80::1%eth0", NULL },
		{ "two ::", "2001::db8::1", NULL },
		{ "nine fields", "1:2:3:4:5:6:7:8:9", NULL },
		{ "five digits", "2001:0db80::1", NULL },
		{ "a name", "mx.example.com", NULL },
		{ "too long", "0000:0000:0000:0000:0000:0000:0000:0000:0000:"
		    "0000:0000", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address address, again;
		char text[ADDRESS_TEXT_MAX];
		size_t length;
		bool is_good = address_from_text(rows[i].text,
		    strlen(rows[i].text), &address);

		if (is_good != (rows[i].canonical != NULL))
			fail_msg("%s", rows[i].rule);
		if (!is_good)
			continue;
		length = address_to_text(&address, text);
		if (strcmp(text, rows[i].canonical) != 0)
			fail_msg("%s: %s", rows[i].rule, text);
		assert_int_equal(length, strlen(text));
		assert_true(address_from_text(text, length, &again));
		assert_int_equal(address_compare(&address, &again), 0);
	}
}

/* Exactly `length` bytes: more may follow, a NUL is no end. */
static void
address_lengths(void **state)
{
	struct address read, expected = address("192.0.2.1");

	(void)state;
	assert_true(address_from_text("192.0.2.12", 9, &read));
	assert_int_equal(read.family, 4);
	assert_int_equal(address_compare(&read, &expected), 0);
	assert_false(address_from_text("192.0.2.1\0x", 10, &read));
	assert_false(address_from_text("2001:db8::1\0", 12, &read));
}

static void
address_order(void **state)
{
	static const char *const rows[] = {
		"0.0.0.0", "9.0.0.0", "10.0.0.0", "10.0.0.1", "200.0.0.0",
		"::", "::1", "9::", "10::", "2001:db8::", "ff00::",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(rows); j++) {
			struct address a = address(rows[i]),
			    b = address(rows[j]);
			int order = address_compare(&a, &b);

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%s and %s", rows[i], rows[j]);
		}
}

static void
prefix_texts(void **state)
{
	static const struct { const char *rule, *text, *canonical; } rows[] = {
		{ "IPv4", "192.0.2.0/24", "192.0.2.0/24" },
		{ "IPv6", "2001:DB8::/32", "2001:db8::/32" },
		{ "everything", "0.0.0.0/0", "0.0.0.0/0" },
		{ "everything, IPv6", "::/0", "::/0" },
		{ "not on a byte", "198.18.0.0/15", "198.18.0.0/15" },
		{ "bare IPv4", "192.0.2.1", "192.0.2.1/32" },
		{ "bare IPv6", "2001:db8::1", "2001:db8::1/128" },
		{ "the last bit", "192.0.2.254/31", "192.0.2.254/31" },
		{ "three digits", "2001:db8::/100", "2001:db8::/100" },
		{ "the longest",
		    "1111:2222:3333:4444:5555:6666:7777:8888/128",
		    "1111:2222:3333:4444:5555:6666:7777:8888/128" },
		{ "bits behind the length", "192.0.2.1/24", NULL },
		{ "one bit behind the length", "198.19.0.0/15", NULL },
		{ "bits behind it, IPv6", "2001:db8::1/127", NULL },
		{ "over 32", "192.0.2.0/33", NULL },
		{ "over 128", "2001:db8::/129", NULL },
		{ "four digits", "2001:db8::/1280", NULL },
		{ "leading zero", "10.0.0.0/08", NULL },
		{ "no length", "192.0.2.0/", NULL },
		{ "no number", "192.0.2.0/2x", NULL },
		{ "negative", "192.0.2.0/-1", NULL },
		{ "a mask", "192.0.2.0/255.255.255.0", NULL },
		{ "two slashes", "192.0.2.0/24/", NULL },
		{ "a space", "192.0.2.0/ 8", NULL },
		{ "no address", "/8", NULL },
		{ "short form", "10/8", NULL },
		{ "nothing", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct prefix prefix;
		char text[ADDRESS_TEXT_MAX + 4];
		size_t length;
		bool is_good = prefix_from_text(rows[i].text,
		    strlen(rows[i].text), &prefix);

		if (is_good != (rows[i].canonical != NULL))
			fail_msg("%s", rows[i].rule);
		if (!is_good)
			continue;
		length = prefix_to_text(&prefix, text);
		if (strcmp(text, rows[i].canonical) != 0)
			fail_msg("%s: %s", rows[i].rule, text);
		assert_int_equal(length, strlen(text));
	}
}

/* All lengths: the prefix of an address holds it, and ends where it says. */
static void
prefix_lengths(void **state)
{
	static const char *const rows[] = { "170.85.170.85",
		"aa55:aa55:aa55:aa55:aa55:aa55:aa55:aa55" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address one = address(rows[i]);
		unsigned bits = one.family == 4 ? 32 : 128;

		for (unsigned length = 0; length <= bits; length++) {
			struct prefix prefix = prefix_of(&one, length), again;
			struct address other = one;
			char text[ADDRESS_TEXT_MAX + 4];

			assert_int_equal(prefix.length, length);
			assert_true(prefix_contains(&prefix, &one));
			assert_true(prefix_contains(&prefix, &prefix.base));
			assert_true(prefix_from_text(text,
			    prefix_to_text(&prefix, text), &again));
			assert_int_equal(again.length, length);
			assert_int_equal(address_compare(&again.base,
			    &prefix.base), 0);
			if (length > 0) {
				other.bytes[(length - 1) / 8] ^=
				    (uint8_t)(0x80 >> (length - 1) % 8);
				assert_false(prefix_contains(&prefix, &other));
			}
			other = one;
			if (length < bits) {
				other.bytes[length / 8] ^=
				    (uint8_t)(0x80 >> length % 8);
				assert_true(prefix_contains(&prefix, &other));
			}
		}
	}
}

static void
families_apart(void **state)
{
	struct prefix all4 = prefix("0.0.0.0/0"), all6 = prefix("::/0");
	struct address one4 = address("192.0.2.1");
	struct address one6 = address("2001:db8::");

	(void)state;
	assert_true(prefix_contains(&all4, &one4));
	assert_false(prefix_contains(&all4, &one6));
	assert_true(prefix_contains(&all6, &one6));
	assert_false(prefix_contains(&all6, &one4));
}

static void
sets(void **state)
{
	struct prefix_set set = { 0 };
	struct prefix lab = prefix("198.18.0.0/15"), six = prefix("fd00::/8");
	struct address in = address("198.19.255.255"),
	    out = address("198.20.0.0"), local = address("fd00::1");

	(void)state;
	assert_false(prefix_set_contains(&set, &in));
	assert_false(prefix_set_contains(NULL, &in));
	prefix_set_add(&set, &lab);
	assert_false(prefix_set_contains(&set, &local));
	prefix_set_add(&set, &six);
	assert_true(prefix_set_contains(&set, &in));
	assert_false(prefix_set_contains(&set, &out));
	assert_true(prefix_set_contains(&set, &local));
	/* RULES K1: --allow-network allows nothing else. */
	assert_true(address_is_special(&in, NULL));
	assert_false(address_is_special(&in, &set));
	assert_false(address_is_special(&local, &set));
	in = address("10.0.0.1");
	assert_true(address_is_special(&in, &set));
	/* It allows what it names, no embedding of it. */
	in = address("2002:c612::1");
	assert_true(address_is_special(&in, &set));
	prefix_set_fini(&set);
	assert_int_equal(set.count, 0);
	assert_null(set.prefixes);
}

/* Each range: first and last address are special, and what stands before and
 * behind it is as said: S special, R reachable. */
static const struct range {
	const char	*rule, *first, *last, *before, *behind;
	const char	*around;
} ranges[] = {
	{ "this network", "0.0.0.0", "0.255.255.255", NULL, "1.0.0.0", "-R" },
	{ "private", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0",
	    "RR" },
	{ "shared", "100.64.0.0", "100.127.255.255", "100.63.255.255",
	    "100.128.0.0", "RR" },
	{ "loopback", "127.0.0.0", "127.255.255.255", "126.255.255.255",
	    "128.0.0.0", "RR" },
	{ "link local", "169.254.0.0", "169.254.255.255", "169.253.255.255",
	    "169.255.0.0", "RR" },
	{ "private", "172.16.0.0", "172.31.255.255", "172.15.255.255",
	    "172.32.0.0", "RR" },
	{ "IETF protocol assignments", "192.0.0.0", "192.0.0.8",
	    "191.255.255.255", "192.0.0.9", "RR" },
	{ "behind PCP, TURN anycast", "192.0.0.11", "192.0.0.255",
	    "192.0.0.10", "192.0.1.0", "RR" },
	{ "TEST-NET-1", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0",
	    "RR" },
	{ "6to4 relay anycast", "192.88.99.0", "192.88.99.255",
	    "192.88.98.255", "192.88.100.0", "RR" },
	{ "private", "192.168.0.0", "192.168.255.255", "192.167.255.255",
	    "192.169.0.0", "RR" },
	{ "benchmarking", "198.18.0.0", "198.19.255.255", "198.17.255.255",
	    "198.20.0.0", "RR" },
	{ "TEST-NET-2", "198.51.100.0", "198.51.100.255", "198.51.99.255",
	    "198.51.101.0", "RR" },
	{ "TEST-NET-3", "203.0.113.0", "203.0.113.255", "203.0.112.255",
	    "203.0.114.0", "RR" },
	{ "multicast", "224.0.0.0", "239.255.255.255", "223.255.255.255",
	    "240.0.0.0", "RS" },
	{ "reserved, broadcast", "240.0.0.0", "255.255.255.255",
	    "239.255.255.255", NULL, "S-" },
	{ "below 2000::/3", "::", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff",
	    NULL, "64:ff9b::808:808", "-R" },
	{ "below 2000::/3", "64:ff9b:0:0:0:1::",
	    "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::dfff:ffff",
	    "2000::", "RR" },
	{ "2001::/23, Teredo", "2001::", "2001:1::",
	    "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:1::1", "RR" },
	{ "behind PCP, TURN, SRP anycast", "2001:1::4",
	    "2001:2:ffff:ffff:ffff:ffff:ffff:ffff", "2001:1::3", "2001:3::",
	    "RR" },
	{ "behind AMT", "2001:4::", "2001:4:111:ffff:ffff:ffff:ffff:ffff",
	    "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", "2001:4:112::", "RR" },
	{ "behind AS112-v6, ORCHID", "2001:4:113::",
	    "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:4:112:ffff:ffff:ffff:ffff:ffff", "2001:20::", "RS" },
	{ "ORCHIDv2 (RFC 7343): identifiers", "2001:20::",
	    "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:30::", "SS" },
	{ "drone remote ID (RFC 9374): identifiers", "2001:30::",
	    "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:40::", "SS" },
	{ "behind drone identifiers", "2001:40::",
	    "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", "SR" },
	{ "documentation", "2001:db8::",
	    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "RR" },
	{ "documentation (RFC 9637)", "3fff::",
	    "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::", "RR" },
	{ "above 2000::/3", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, "R-" },
};

/* One address each: the entries of the registries, and what embeds. */
static const struct { const char *rule, *text; bool is_special; } ones[] = {
	{ "dummy", "192.0.0.8", true },
	{ "service continuity", "192.0.0.1", true },
	{ "PCP anycast, globally reachable", "192.0.0.9", false },
	{ "TURN anycast, globally reachable", "192.0.0.10", false },
	{ "6a44 relay anycast (RFC 6751)", "192.88.99.2", true },
	{ "NAT64 discovery", "192.0.0.170", true },
	{ "broadcast", "255.255.255.255", true },
	{ "AS112-v4, globally reachable", "192.31.196.1", false },
	{ "AMT, globally reachable", "192.52.193.1", false },
	{ "AS112, globally reachable", "192.175.48.1", false },
	{ "a name server", "198.41.0.4", false },
	{ "a name server", "2001:503:ba3e::2:30", false },
	{ "AS112, globally reachable", "2620:4f:8000::1", false },
	{ "ORCHIDv2, identifiers", "2001:20::1", true },
	{ "drone remote ID, identifiers", "2001:30::1", true },
	{ "PCP anycast, globally reachable", "2001:1::1", false },
	{ "DNS-SD SRP anycast, globally reachable", "2001:1::3", false },
	{ "AMT, globally reachable", "2001:3::1", false },
	{ "AS112-v6, globally reachable", "2001:4:112::1", false },
	{ "ORCHID, ended", "2001:10::1", true },
	{ "benchmarking", "2001:2::1", true },
	{ "TURN anycast", "2001:1::2", false },
	{ "unspecified", "::", true },
	{ "loopback", "::1", true },
	{ "discard only", "100::1", true },
	{ "dummy (RFC 9780)", "100:0:0:1::1", true },
	{ "SRv6 SIDs (RFC 9602)", "5f00::1", true },
	{ "unique local", "fc00::1", true },
	{ "unique local", "fd12:3456:789a::1", true },
	{ "link local", "fe80::1", true },
	{ "site local", "fec0::1", true },
	{ "multicast", "ff02::1", true },
	{ "IPv4-mapped", "::ffff:8.8.8.8", true },
	{ "IPv4-compatible", "::8.8.8.8", true },
	{ "NAT64 for local use (RFC 8215)", "64:ff9b:1::808:808", true },
	{ "NAT64, public", "64:ff9b::8.8.8.8", false },
	{ "NAT64, private", "64:ff9b::10.0.0.1", true },
	{ "NAT64, loopback", "64:ff9b::127.0.0.1", true },
	{ "NAT64, multicast", "64:ff9b::224.0.0.1", true },
	{ "6to4, public", "2002:808:808::1", false },
	{ "6to4, private", "2002:a00:1::1", true },
	{ "6to4, private, next to it", "2002:b00:1::1", false },
	{ "6to4, loopback", "2002:7f00:1::", true },
	{ "6to4, a private address elsewhere", "2002:808:808::a00:1", false },
	{ "Teredo: its server and client are public",
	    "2001:0:4136:e378:8000:63bf:f7f7:f7f7", true },
	{ "Teredo: its client is private",
	    "2001:0:4136:e378:8000:63bf:f5ff:fffe", true },
	{ "Teredo: its server is private", "2001:0:a00:1::f7f7:f7f7", true },
};

static bool
is_listed(const struct address *address)
{
	struct prefix_set special = { 0 };
	bool found;

	prefix_set_add_special(&special);
	found = prefix_set_contains(&special, address);
	prefix_set_fini(&special);
	return found;
}

/* The judgement, and the list that the resolver is given, say the same. */
static void
must_be(const char *rule, const char *text, bool is_special)
{
	struct address one = address(text);

	if (address_is_special(&one, NULL) != is_special)
		fail_msg("%s: %s", rule, text);
	if (is_listed(&one) != is_special)
		fail_msg("%s: %s in the list", rule, text);
}

static void
special_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		const struct range *range = &ranges[i];

		must_be(range->rule, range->first, true);
		must_be(range->rule, range->last, true);
		if (range->before != NULL)
			must_be(range->rule, range->before,
			    range->around[0] == 'S');
		if (range->behind != NULL)
			must_be(range->rule, range->behind,
			    range->around[1] == 'S');
	}
	for (size_t i = 0; i < COUNT(ones); i++)
		must_be(ones[i].rule, ones[i].text, ones[i].is_special);
}

/* Every network of the list is well-formed, special at both ends, and stands in
 * it once; the list ends. */
static void
special_list(void **state)
{
	struct prefix_set special = { 0 };

	(void)state;
	prefix_set_add_special(&special);
	for (size_t at = 0; at < special.count; at++) {
		struct prefix network = special.prefixes[at];
		struct prefix masked = prefix_of(&network.base, network.length);
		struct address last = network.base;
		unsigned bits = network.base.family == 4 ? 32 : 128;

		assert_int_equal(address_compare(&masked.base, &network.base),
		    0);
		for (unsigned bit = network.length; bit < bits; bit++)
			last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
		assert_true(address_is_special(&network.base, NULL));
		assert_true(address_is_special(&last, NULL));
		for (size_t i = 0; i < at; i++)
			assert_false(prefix_contains(&special.prefixes[i],
			    &network.base));
	}
	assert_true(special.count > COUNT(ranges));
	prefix_set_fini(&special);
}

static void
a_network_is_a_24_or_a_48(void **state)
{
	static const struct { const char *address, *network; } cases[] = {
		{ "192.0.2.255", "192.0.2.0/24" },
		{ "2001:db8:1:ffff::1", "2001:db8:1::/48" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct address address;
		struct prefix network;
		char text[ADDRESS_TEXT_MAX + 4];

		assert_true(address_from_text(cases[i].address,
		    strlen(cases[i].address), &address));
		network = address_network(&address);
		prefix_to_text(&network, text);
		assert_string_equal(text, cases[i].network);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_is_a_24_or_a_48),
		cmocka_unit_test(address_texts),
		cmocka_unit_test(address_lengths),
		cmocka_unit_test(address_order),
		cmocka_unit_test(prefix_texts),
		cmocka_unit_test(prefix_lengths),
		cmocka_unit_test(families_apart),
		cmocka_unit_test(sets),
		cmocka_unit_test(special_ranges),
		cmocka_unit_test(special_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
