/* The direction of a move (diff.h), and what is kept about a domain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "analysis/diff/diff.h"
#include "analysis/diff/domain_table.h"

static void
moves(void **state)
{
	static const struct {
		enum delivery	before, after;
		enum move	there, back;
	} table[] = {
		/* RULES 9: worst to best. */
		{ DELIVERY_CLEARTEXT, DELIVERY_ENCRYPTED, MOVE_BETTER,
		    MOVE_WORSE },
		{ DELIVERY_ENCRYPTED, DELIVERY_AUTHENTICATED_INSECURE_MX,
		    MOVE_BETTER, MOVE_WORSE },
		{ DELIVERY_AUTHENTICATED_INSECURE_MX, DELIVERY_AUTHENTICATED,
		    MOVE_BETTER, MOVE_WORSE },
		{ DELIVERY_CLEARTEXT, DELIVERY_AUTHENTICATED, MOVE_BETTER,
		    MOVE_WORSE },
		{ DELIVERY_REFUSED, DELIVERY_CLEARTEXT, MOVE_BETTER,
		    MOVE_WORSE },
		{ DELIVERY_UNREACHABLE, DELIVERY_AUTHENTICATED, MOVE_BETTER,
		    MOVE_WORSE },
		{ DELIVERY_REFUSED, DELIVERY_UNREACHABLE, MOVE_OTHER,
		    MOVE_OTHER },
		/* Never better, never worse. */
		{ DELIVERY_CLEARTEXT, DELIVERY_UNDETERMINED,
		    MOVE_INTO_UNDETERMINED, MOVE_OUT_OF_UNDETERMINED },
		{ DELIVERY_AUTHENTICATED, DELIVERY_UNDETERMINED,
		    MOVE_INTO_UNDETERMINED, MOVE_OUT_OF_UNDETERMINED },
		{ DELIVERY_UNREACHABLE, DELIVERY_UNDETERMINED,
		    MOVE_INTO_UNDETERMINED, MOVE_OUT_OF_UNDETERMINED },
		{ DELIVERY_NO_MAIL, DELIVERY_NOT_PROBED,
		    MOVE_INTO_UNDETERMINED, MOVE_OUT_OF_UNDETERMINED },
		{ DELIVERY_UNDETERMINED, DELIVERY_NOT_PROBED, MOVE_OTHER,
		    MOVE_OTHER },
		{ DELIVERY_MIXED, DELIVERY_AUTHENTICATED, MOVE_OTHER,
		    MOVE_OTHER },
		{ DELIVERY_NO_MAIL, DELIVERY_ENCRYPTED, MOVE_OTHER,
		    MOVE_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(move_of(table[i].before, table[i].after),
		    table[i].there);
		assert_int_equal(move_of(table[i].after, table[i].before),
		    table[i].back);
	}
	for (int i = 0; i < DELIVERY_COUNT; i++)
		assert_int_equal(move_of((enum delivery)i, (enum delivery)i),
		    MOVE_SAME);
}

static enum delivery
first_of(unsigned number, unsigned sender)
{
	return (enum delivery)((number + 3 * sender) % DELIVERY_COUNT);
}

static void
fill(struct domain_table *table, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		enum delivery firsts[SENDER_COUNT];
		struct domain_entry *entry;
		char name[32];

		snprintf(name, sizeof name, "d%u.example", i);
		entry = domain_table_add(table, name);
		assert_non_null(entry);
		for (unsigned s = 0; s < SENDER_COUNT; s++)
			firsts[s] = first_of(i, s);
		entry->provider = i;
		domain_entry_set(entry, firsts);
		if (i % 3 == 0)
			domain_entry_mark(entry);
		assert_null(domain_table_add(table, name));
	}
}

/* Where fewer were expected the table grows, and keeps all. */
static void
kept(void **state)
{
	static const unsigned expected[] = { 0, 20000, 30000 };
	const unsigned count = 20000;

	(void)state;
	for (size_t e = 0; e < sizeof expected / sizeof expected[0]; e++) {
		struct domain_table *table = domain_table_new(expected[e]);

		fill(table, count);
		assert_int_equal(domain_table_count(table), count);
		for (unsigned i = 0; i < count; i++) {
			struct domain_entry *entry;
			char name[32];

			snprintf(name, sizeof name, "d%u.example", i);
			entry = domain_table_find(table, name);
			assert_non_null(entry);
			assert_int_equal(entry->provider, i);
			assert_int_equal(domain_entry_is_marked(entry),
			    i % 3 == 0);
			for (unsigned s = 0; s < SENDER_COUNT; s++)
				assert_int_equal(domain_entry_first(entry, s),
				    first_of(i, s));
		}
		assert_null(domain_table_find(table, "d20000.example"));
		assert_null(domain_table_find(table, ""));
		domain_table_free(table);
	}
}

/* RULES V12: domains. */
static void
seen_by_places(void **state)
{
	static const struct {
		enum delivery	a, b;
		enum seen_by	seen, back;
	} table[] = {
		{ DELIVERY_ENCRYPTED, DELIVERY_ENCRYPTED, SEEN_ALIKE,
		    SEEN_ALIKE },
		{ DELIVERY_REFUSED, DELIVERY_AUTHENTICATED, SEEN_OTHERWISE,
		    SEEN_OTHERWISE },
		{ DELIVERY_NO_MAIL, DELIVERY_MIXED, SEEN_OTHERWISE,
		    SEEN_OTHERWISE },
		{ DELIVERY_CLEARTEXT, DELIVERY_UNREACHABLE, SEEN_BY_OLD,
		    SEEN_BY_NEW },
		{ DELIVERY_REFUSED, DELIVERY_UNDETERMINED, SEEN_BY_OLD,
		    SEEN_BY_NEW },
		{ DELIVERY_UNREACHABLE, DELIVERY_UNDETERMINED, SEEN_BY_NONE,
		    SEEN_BY_NONE },
		{ DELIVERY_NOT_PROBED, DELIVERY_NOT_PROBED, SEEN_BY_NONE,
		    SEEN_BY_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(seen_of(table[i].a, table[i].b),
		    table[i].seen);
		assert_int_equal(seen_of(table[i].b, table[i].a),
		    table[i].back);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen_by_places),
		cmocka_unit_test(moves), cmocka_unit_test(kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
