/* Pairs are kept once where they are the same, member by member; whatever is at
 * the bytes between members, and wherever their texts are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "analysis/facts/pair_sets.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct pair_facts plain = {
	.class = PAIR_TLS, .is_tls_1_2 = true, .chain_error = "ok",
	.dane_class = PAIR_TLS, .tlsa_status = "absent", .dane = DANE_MATCH,
};

/* The same members, and `filling` in all other bytes. */
static void
fill(struct pair_facts *pair, const struct pair_facts *from, int filling)
{
	memset(pair, filling, sizeof *pair);
	pair->class = from->class;
	pair->why = from->why;
	pair->is_tls_1_2 = from->is_tls_1_2;
	pair->chain_trusted = from->chain_trusted;
	pair->in_dates = from->in_dates;
	pair->name_match = from->name_match;
	pair->chain_truncated = from->chain_truncated;
	pair->chain_error = from->chain_error;
	pair->chain_id = from->chain_id;
	pair->is_legacy = from->is_legacy;
	pair->dane_class = from->dane_class;
	pair->dane_why = from->dane_why;
	pair->tlsa = from->tlsa;
	pair->tlsa_status = from->tlsa_status;
	pair->dane = from->dane;
	pair->tlsa_changed = from->tlsa_changed;
}

static void
same(void **state)
{
	struct pair_sets *sets = pair_sets_new();
	char text[] = "ok";
	struct pair_facts pairs[2];
	const struct pair_facts *first;

	(void)state;
	fill(&pairs[0], &plain, 0);
	first = pair_sets_place(sets, HOST_USABLE, pairs, 1)->pairs;
	assert_ptr_not_equal(first, pairs);
	fill(&pairs[0], &plain, 0xa5);
	assert_ptr_equal(pair_sets_place(sets, HOST_USABLE, pairs, 1)->pairs,
	    first);
	pairs[0].chain_error = text;
	assert_ptr_equal(pair_sets_place(sets, HOST_USABLE, pairs, 1)->pairs,
	    first);
	/* Another status, another count. */
	assert_ptr_not_equal(pair_sets_place(sets, HOST_TIMEOUT, pairs,
	    1)->pairs, first);
	fill(&pairs[1], &plain, 0);
	assert_ptr_not_equal(pair_sets_place(sets, HOST_USABLE, pairs,
	    2)->pairs, first);
	pair_sets_free(sets);
}

/* Each differs from `plain` in one member, and from the others. */
static void
different(void **state)
{
	struct pair_facts rows[18];
	struct pair_sets *sets = pair_sets_new();
	const struct pair_facts *places[ROWS_OF(rows)];
	const struct pair_set *set;
	size_t index = 0, count = 0;

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		rows[i] = plain;
	rows[1].class = PAIR_NO_TLS;
	rows[2].why = "reset";
	rows[3].is_tls_1_2 = false;
	rows[4].chain_trusted = true;
	rows[5].in_dates = true;
	rows[6].name_match = true;
	rows[7].chain_error = "reset";
	rows[8].chain_id = "reset";
	rows[9].is_legacy = true;
	rows[10].dane_class = PAIR_NO_TLS;
	rows[11].dane_why = "reset";
	rows[12].tlsa = TLSA_CLASS_USABLE;
	rows[13].tlsa_status = "reset";
	rows[14].dane = DANE_MISMATCH;
	rows[15].tlsa_changed = true;
	/* Not a text is another than an empty one. */
	rows[16].why = "";
	rows[17].chain_truncated = true;
	for (int time = 0; time < 2; time++)
		for (size_t i = 0; i < ROWS_OF(rows); i++) {
			const struct pair_facts *pairs = pair_sets_place(sets,
			    HOST_USABLE, &rows[i], 1)->pairs;

			if (time == 0)
				places[i] = pairs;
			assert_ptr_equal(pairs, places[i]);
			for (size_t j = 0; j < i; j++)
				assert_ptr_not_equal(pairs, places[j]);
		}
	while ((set = pair_sets_next(sets, &index)) != NULL)
		count++;
	assert_int_equal(count, ROWS_OF(rows));
	pair_sets_free(sets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same), cmocka_unit_test(different),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
