/* The content of a zone is counted once, in whatever order the records come.
 * The expected numbers are counted by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "scanner/commands/zone/holdings.h"

struct row {
	const char	*owner, *server;	/* NULL: a DS */
	bool		 is_new;
};

static void
take(struct holdings *holdings, const struct row *row)
{
	uint8_t owner[NAME_WIRE_MAX], server[NAME_WIRE_MAX];
	struct delegation_record record = {
		.kind = row->server != NULL ? DELEGATION_NS : DELEGATION_DS,
		.owner = owner,
	};

	assert_int_equal(name_from_text(row->owner, strlen(row->owner), owner,
	    &record.owner_length), NAME_OK);
	if (row->server == NULL) {
		record.ds = (struct ds_record){
			.algorithm = 13, .digest_type = 2,
		};
		holdings_take_ds(holdings, &record);
		return;
	}
	record.server = server;
	assert_int_equal(name_from_text(row->server, strlen(row->server),
	    server, &record.server_length), NAME_OK);
	assert_int_equal(holdings_take_server(holdings, &record), row->is_new);
}

static uint64_t
delegations_of(const struct holdings *holdings, const char *operator)
{
	for (uint32_t i = 1; i <= holdings->operator_count; i++)
		if (strcmp(holdings->operators[i].name, operator) == 0)
			return holdings->operators[i].delegations;
	return 0;
}

/* a: one operator, signed. b: two operators. c: signed, with its DS first. d: a
 * DS alone. */
static void
check(const struct row rows[], size_t count)
{
	struct suffix_list *suffixes = suffix_list_open();
	struct holdings holdings;

	assert_non_null(suffixes);
	holdings_init(&holdings, "a", suffixes);
	for (size_t i = 0; i < count; i++)
		take(&holdings, &rows[i]);
	assert_int_equal(holdings.delegations, 3);
	assert_int_equal(holdings.signed_count, 2);
	assert_int_equal(keymap_count(holdings.servers), 4);
	assert_int_equal(holdings.operator_count, 2);
	assert_int_equal(delegations_of(&holdings, "one.example"), 3);
	assert_int_equal(delegations_of(&holdings, "two.example"), 1);
	assert_int_equal(holdings.algorithms[13], 4);
	assert_int_equal(holdings.digests[2], 4);
	holdings_fini(&holdings);
	suffix_list_free(suffixes);
}

static void
in_order(void **state)
{
	static const struct row rows[] = {
		{ "a.zz", "ns1.one.example", true },
		{ "a.zz", "ns2.one.example", false },
		{ "a.zz", NULL, false }, { "a.zz", NULL, false },
		{ "b.zz", "ns1.one.example", true },
		{ "b.zz", "ns1.two.example", false },
		{ "b.zz", "ns2.two.example", false },
		{ "c.zz", NULL, false },
		{ "c.zz", "ns1.one.example", true },
		{ "d.zz", NULL, false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof rows[0]);
}

static void
mixed(void **state)
{
	static const struct row rows[] = {
		{ "d.zz", NULL, false }, { "c.zz", NULL, false },
		{ "b.zz", "ns1.two.example", true },
		{ "a.zz", "ns1.one.example", true },
		{ "b.zz", "ns1.one.example", false },
		{ "c.zz", "ns1.one.example", true },
		{ "a.zz", NULL, false },
		{ "b.zz", "ns2.two.example", false },
		{ "a.zz", "ns2.one.example", false },
		{ "b.zz", "ns1.one.example", false },
		{ "a.zz", NULL, false },
	};

	(void)state;
	check(rows, sizeof rows / sizeof rows[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order), cmocka_unit_test(mixed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
