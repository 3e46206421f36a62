/* host_hints: which MX hosts of a batch may be asked at the name servers of a
 * delegation (RULES L14). The rows of the worker are made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "scanner/coordinator/work/host_hints.h"
#include "scanner/out/table.h"

#define COUNT(array) (sizeof array / sizeof array[0])

static const struct domain_item plain = {
	.name = "a.example", .set_id = 7, .parent_ds = PARENT_DS_NO,
	.parent_ds_algorithms = "", .dns_operator = "",
};

static const uint8_t ds_record[] = { 0, 1, 13, 2, 1, 0, 0, 0, 0xff };

static int
table_of(struct table *table)
{
	int descriptor = memfd_create("test", MFD_CLOEXEC);

	assert_true(descriptor >= 0);
	assert_true(table_write(table, descriptor, 1, false));
	table_free(table);
	return descriptor;
}

static void
put_mx(struct table *table, const char *domain, const char *host)
{
	table_set(table, MX_DOMAIN, domain);
	table_set_number(table, MX_PREFERENCE, 10);
	table_set_number(table, MX_TIER, 1);
	table_set(table, MX_HOST, host);
	table_set_flags(table, MX_FLAGS, 0);
	table_end_row(table);
}

/* The hints from a committed batch with these rows of mx. */
static struct harvest *
harvest_of(struct table *mx)
{
	int descriptors[DOMAINS_OUTPUTS];
	struct harvest *harvest;
	char why[256] = "";

	descriptors[DOMAINS_TO_MX] = table_of(mx);
	descriptors[DOMAINS_TO_DOMAINS] = table_of(table_new(TABLE_DOMAINS));
	descriptors[DOMAINS_TO_DEFERRED] = -1;
	harvest = harvest_read(harvest_domains, descriptors, NULL, true,
	    false, why);
	assert_string_equal(why, "");
	assert_non_null(harvest);
	close(descriptors[DOMAINS_TO_MX]);
	close(descriptors[DOMAINS_TO_DOMAINS]);
	return harvest;
}

/* Of a scan that has all hosts. */
static const struct options whole;

static void
take(struct registry *registry, struct table *mx,
    const struct domain_item *items, size_t count, unsigned worker)
{
	struct harvest *harvest = harvest_of(mx);
	struct buffer list = { 0 };

	for (size_t i = 0; i < count; i++)
		domain_item_put(&list, &items[i]);
	host_hints_take(&whole, registry, harvest, &list, worker);
	buffer_fini(&list);
	harvest_free(harvest);
}

static void
has(struct registry *registry, const char *name, uint32_t set_id,
    uint8_t labels_below)
{
	const struct host *host = map_get(registry->hosts, name);

	assert_non_null(host);
	if (host->set_id != set_id || host->labels_below != labels_below)
		fail_msg("%s: set %u, %u labels", name, host->set_id,
		    host->labels_below);
}

/* A host of each kind, and its twins. */
static void
names(void **state)
{
	static const struct {
		const char	*host;
		uint32_t	 set_id;
		uint8_t		 labels_below;
	} rows[] = {
		{ "mail.a.example", 7, 1 },
		{ "mx.in.a.example", 7, 2 },
		{ "a.example", 7, 0 },		/* the domain itself */
		{ "mail\\046x.a.example", 7, 1 },	/* a dot in a label */
		{ "mail.b.example", 0, 0 },	/* another delegation */
		{ "mail.ba.example", 0, 0 },
		{ "xa.example", 0, 0 },		/* it ends alike */
		{ "example", 0, 0 },
	};
	struct registry registry;
	struct table *mx = table_new(TABLE_MX);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		put_mx(mx, "a.example", rows[i].host);
	registry_init(&registry);
	take(&registry, mx, &plain, 1, HINTS_OF_NOBODY);
	for (size_t i = 0; i < COUNT(rows); i++)
		has(&registry, rows[i].host, rows[i].set_id,
		    rows[i].labels_below);
	assert_int_equal(map_count(registry.hosts), COUNT(rows));
	registry_fini(&registry);
}

/* What the zone file says about the delegation decides. */
static void
delegations(void **state)
{
	struct domain_item items[] = { plain, plain, plain, plain, plain,
		plain };
	const struct host *with_ds;
	struct registry registry;
	struct table *mx = table_new(TABLE_MX);

	(void)state;
	items[1].name = "signed.example";
	items[1].parent_ds = PARENT_DS_YES;
	items[2].name = "listed.example";
	items[2].parent_ds = PARENT_DS_UNKNOWN;
	items[2].set_id = 0;
	items[3].name = "occluded.example";
	items[3].is_occluded = true;
	items[4].name = "other.example";
	items[4].set_id = 9;
	/* The DS of the first were too many for an item. */
	items[5] = items[1];
	items[5].name = "with-ds.example";
	items[5].ds = ds_record;
	items[5].ds_length = sizeof ds_record;
	items[5].ds_ttl = 300;
	for (size_t i = 0; i < COUNT(items); i++) {
		char name[64];

		snprintf(name, sizeof name, "mx.%s", items[i].name);
		put_mx(mx, items[i].name, name);
	}
	put_mx(mx, "gone.example", "mx.gone.example");	/* no such item */
	put_mx(mx, "a.example", "mx2.a.example");
	registry_init(&registry);
	take(&registry, mx, items, COUNT(items), 1);
	has(&registry, "mx.a.example", 7, 1);
	has(&registry, "mx2.a.example", 7, 1);
	has(&registry, "mx.signed.example", 0, 0);
	has(&registry, "mx.listed.example", 0, 0);
	has(&registry, "mx.occluded.example", 0, 0);
	has(&registry, "mx.other.example", 9, 1);
	has(&registry, "mx.gone.example", 0, 0);
	has(&registry, "mx.with-ds.example", 7, 1);
	with_ds = map_get(registry.hosts, "mx.with-ds.example");
	/* Its TTL, and the counted records and signatures. */
	assert_int_equal(with_ds->ds_length, 1 + 4 + 4 + sizeof ds_record + 4);
	assert_null(((const struct host *)map_get(registry.hosts,
	    "mx.a.example"))->ds);
	/* It waits for the worker that had the batch; the others for any. */
	assert_int_equal(with_ds->line, host_line_of(1));
	assert_int_equal(registry.lines[host_line_of(1)].count, 1);
	assert_int_equal(registry.lines[HOST_LINE_ANY].count,
	    registry.waiting_count - 1);
	registry_fini(&registry);
}

/* A stranger names the host first, and its own domain later; and a restart that
 * does not know the items. */
static void
in_turn(void **state)
{
	struct registry registry;
	struct table *mx = table_new(TABLE_MX);
	const struct host *host;

	(void)state;
	registry_init(&registry);
	put_mx(mx, "b.example", "mx.a.example");
	take(&registry, mx, &plain, 1, HINTS_OF_NOBODY);
	has(&registry, "mx.a.example", 0, 0);
	host = map_get(registry.hosts, "mx.a.example");
	mx = table_new(TABLE_MX);
	put_mx(mx, "a.example", "mx.a.example");
	take(&registry, mx, &plain, 0, 1);
	has(&registry, "mx.a.example", 0, 0);
	mx = table_new(TABLE_MX);
	put_mx(mx, "a.example", "mx.a.example");
	take(&registry, mx, &plain, 1, HINTS_OF_NOBODY);
	has(&registry, "mx.a.example", 7, 1);
	/* It is in line once. */
	assert_ptr_equal(host, map_get(registry.hosts, "mx.a.example"));
	assert_int_equal(registry.waiting_count, 1);
	registry_fini(&registry);
}

/* The items are read only if a host asks for it. */
static void
wanted(void **state)
{
	struct table *mx = table_new(TABLE_MX);
	struct harvest *harvest;

	(void)state;
	put_mx(mx, "a.example", "mx.b.example");
	harvest = harvest_of(mx);
	assert_false(host_hints_want(harvest));
	harvest_free(harvest);
	mx = table_new(TABLE_MX);
	put_mx(mx, "a.example", "mx.b.example");
	put_mx(mx, "a.example", "mx.a.example");
	harvest = harvest_of(mx);
	assert_true(host_hints_want(harvest));
	harvest_free(harvest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(delegations),
		cmocka_unit_test(in_turn), cmocka_unit_test(wanted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
