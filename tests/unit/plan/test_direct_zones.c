/* Which zones the direct lane may be used for (RULES L1 to L4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/input/input.h"
#include "scanner/plan/plan.h"

#define HOUR	3600
#define DAY	(24 * HOUR)
/* 2026-11-30T12:00:00Z, and the midnight before it. */
#define NOW	INT64_C(1796040000)
#define TODAY	(NOW - 12 * HOUR)
#define NONE	(-1)

/* L4: a serial, and the time that it says. */
static void
test_serial(void **state)
{
	static const struct { uint32_t serial; int64_t time; } cases[] = {
		{ 2026113000, TODAY },
		{ 2026113099, TODAY },
		{ 2026112901, TODAY - DAY },
		{ 2025113000, TODAY - 365 * DAY },
		/* Tomorrow somewhere; the day after it, nowhere. */
		{ 2026120100, TODAY + DAY },
		{ 2026120200, 0 },
		/* No days. */
		{ 2026113100, 0 }, { 2026130100, 0 }, { 2026110000, 0 },
		{ 2026022900, 0 },
		/* Unix time of the last year, and older. */
		{ (uint32_t)NOW, NOW }, { (uint32_t)(NOW - HOUR), NOW - HOUR },
		{ (uint32_t)(NOW - 364 * DAY), NOW - 364 * DAY },
		{ (uint32_t)(NOW - 400 * DAY), 0 },
		{ (uint32_t)(NOW + 2 * DAY), 0 },
		/* A count. */
		{ 0, 0 }, { 1, 0 }, { 20261130, 0 }, { UINT32_MAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (zone_serial_time(cases[i].serial, NOW) != cases[i].time)
			fail_msg("%u: %lld", cases[i].serial, (long long)
			    zone_serial_time(cases[i].serial, NOW));
}

/* Until when the first zone may be asked; NONE if no zone is told. */
static int64_t
until(struct source *sources, size_t count, const struct options *options)
{
	const struct plan plan = { .sources = sources, .source_count = count };
	struct buffer zones = { 0 };
	struct wire wire;
	struct zone_item item;
	int64_t until = NONE;

	plan_direct_zones(&plan, options, NOW, &zones);
	wire = (struct wire){ zones.bytes, zones.bytes + zones.length, false };
	if (zones.length > 0) {
		assert_true(zone_item_get(&wire, &item));
		assert_string_equal(item.name, sources[0].apex);
		until = item.until_s;
	}
	buffer_fini(&zones);
	return until;
}

static struct source
zone(uint32_t serial, int64_t modified_s)
{
	static char apex[] = "example";

	return (struct source){
		.format = INPUT_ZONE, .is_whole = true, .apex = apex,
		.serial = serial, .modified_s = modified_s,
	};
}

static const struct options by_both_lanes = {
	.lane = CHOOSE_LANE_AUTO, .zone_max_age_ms = UINT64_C(172800000),
};

/* L4: the older of file and serial. */
static void
test_age(void **state)
{
	static const struct { uint32_t serial; int64_t file, made; } cases[] = {
		{ 2026113000, NOW, TODAY },
		{ 2026113000, TODAY - DAY, TODAY - DAY },
		{ 7, NOW - HOUR, NOW - HOUR },
		/* A pipe. */
		{ 2026113000, 0, TODAY }, { 7, 0, 0 },
		{ (uint32_t)NOW - HOUR, NOW, NOW - HOUR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct source source = zone(cases[i].serial, cases[i].file);

		assert_int_equal(until(&source, 1, &by_both_lanes),
		    cases[i].made == 0 ? 0 : cases[i].made + 2 * DAY);
	}
}

static void
test_several_files(void **state)
{
	struct source sources[] = { zone(1, NOW), zone(1, NOW - DAY) };
	struct source list = { .format = INPUT_LIST, .is_whole = true };
	static char other[] = "test", none[] = "";

	(void)state;
	assert_int_equal(until(sources, 2, &by_both_lanes), NOW + DAY);
	/* Another zone has its own age. */
	sources[1].apex = other;
	assert_int_equal(until(sources, 2, &by_both_lanes), NOW + 2 * DAY);
	/* L2: one that was cut off. */
	sources[0].is_whole = false;
	assert_int_equal(until(sources, 2, &by_both_lanes), 0);
	sources[0].is_whole = true;
	/* L1: one without SOA; a list has none either. */
	sources[1].apex = none;
	assert_int_equal(until(sources, 2, &by_both_lanes), NONE);
	list.apex = none;
	sources[1] = list;
	assert_int_equal(until(sources, 2, &by_both_lanes), NOW + 2 * DAY);
	assert_int_equal(until(&list, 1, &by_both_lanes), NONE);
}

/* L44, L45: for which zones the digest counts, and for which the mismatch. */
static void
test_zonemd(void **state)
{
	static const struct {
		const char		*other;
		enum zonemd_state	 is, told;
	} rows[] = {
		{ "test", ZONEMD_MATCH, ZONEMD_MATCH },
		{ "a.example", ZONEMD_MATCH, ZONEMD_MATCH },
		{ "xample", ZONEMD_MATCH, ZONEMD_MATCH },
		{ "an.example", ZONEMD_MATCH, ZONEMD_MATCH },
		{ "example", ZONEMD_MATCH, ZONEMD_UNASKED },
		{ ".", ZONEMD_MATCH, ZONEMD_UNASKED },
		{ "example", ZONEMD_MISMATCH, ZONEMD_MISMATCH },
		{ ".", ZONEMD_MISMATCH, ZONEMD_MISMATCH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct source sources[] = { zone(1, NOW), zone(1, NOW) };
		const struct plan plan = {
			.sources = sources, .source_count = 2,
		};
		struct buffer zones = { 0 };
		struct zone_item item;
		struct wire wire;

		sources[0].zonemd.state = rows[i].is;
		sources[0].zonemd.records_length = 11;
		memcpy(sources[0].zonemd.records, "\7\0\0\0xxxx\1\1d", 11);
		sources[1].apex = strdup(rows[i].other);
		plan_direct_zones(&plan, &by_both_lanes, NOW, &zones);
		wire = (struct wire){ zones.bytes, zones.bytes + zones.length,
			false };
		assert_true(zone_item_get(&wire, &item));
		if (item.zonemd.state != rows[i].told)
			fail_msg("row %zu: %d", i, (int)item.zonemd.state);
		free(sources[1].apex);
		buffer_fini(&zones);
	}
}

/* L1. */
static void
test_options(void **state)
{
	struct source source = zone(1, NOW);
	struct options options = by_both_lanes;

	(void)state;
	options.forward = "192.0.2.1";
	assert_int_equal(until(&source, 1, &options), NONE);
	options = by_both_lanes;
	options.resolver_conf = "unbound.conf";
	assert_int_equal(until(&source, 1, &options), NONE);
	options = by_both_lanes;
	options.lane = CHOOSE_LANE_RECURSIVE;
	assert_int_equal(until(&source, 1, &options), NONE);
}

/* L46: in a run without zone files. */
static void
test_parents(void **state)
{
	struct source sources[] = {
		{ .format = INPUT_LIST, .apex = (char *)"" },
		{ .format = INPUT_LIST, .apex = (char *)"" },
	};
	const struct plan plan = { .sources = sources, .source_count = 2 };
	struct options options = by_both_lanes;

	(void)state;
	assert_true(plan_asks_parents(&plan, &options));
	options.lane = CHOOSE_LANE_RECURSIVE;
	assert_false(plan_asks_parents(&plan, &options));
	options = by_both_lanes;
	options.forward = "192.0.2.1";
	assert_false(plan_asks_parents(&plan, &options));
	options = by_both_lanes;
	options.trust_anchor = "/nowhere";
	assert_false(plan_asks_parents(&plan, &options));
	sources[1].format = INPUT_ZONE;
	assert_false(plan_asks_parents(&plan, &by_both_lanes));
}

/* L3: lines of a trust anchor. */
static void
test_anchor(void **state)
{
	static const struct { const char *text; bool is_root; } cases[] = {
		{ ". IN DS 1 8 2 00\n", true },
		{ "; autotrust\n.\t86400\tIN DNSKEY ( 257 3 13\n\tAAAA )\n",
		    true },
		{ "\n. DS 1 8 2 00", true },
		{ ". IN DS 1 8 2 00\nexample. IN DS 1 8 2 00\n", false },
		{ "example. IN DS 1 8 2 00\n", false },
		{ ".example. IN DS 1 8 2 00\n", false },
		{ "$ORIGIN example.\n@ IN DS 1 8 2 00\n", false },
	};
	char path[] = "/tmp/mxcensus-anchor-XXXXXX";
	struct source source = zone(1, NOW);
	struct options options = by_both_lanes;
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0);
	options.trust_anchor = path;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t length = strlen(cases[i].text);

		assert_int_equal(ftruncate(descriptor, 0), 0);
		assert_int_equal(pwrite(descriptor, cases[i].text, length, 0),
		    length);
		assert_int_equal(until(&source, 1, &options),
		    cases[i].is_root ? NOW + 2 * DAY : NONE);
	}
	close(descriptor);
	unlink(path);
	assert_int_equal(until(&source, 1, &options), NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_several_files),
		cmocka_unit_test(test_zonemd),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_anchor),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
