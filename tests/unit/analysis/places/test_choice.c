/* Whose rows a merged run has (RULES V4 to V6). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "analysis/places/choice.h"

#define ROWS_OF(rows) (sizeof (rows) / sizeof (rows)[0])

/* V4. */
static void
hosts(void **state)
{
	static const struct host_sight all = { SIGHT_ANSWERED,
		SIGHT_ANSWERED, 2 };
	static const struct host_sight less = { SIGHT_ANSWERED, SIGHT_FAILED,
		2 };
	static const struct {
		const struct host_sight *a, *b;
		bool		 same;
		struct pairs_view of_a, of_b;
		enum place	 place;
	} rows[] = {
		{ &all, &all, true, { 1, 0 }, { 1, 0 }, PLACE_A },
		{ &less, &less, true, { 1, 0 }, { 1, 0 }, PLACE_A },
		/* More answers count before what is seen of addresses. */
		{ &less, &all, false, { 2, 0 }, { 0, 2 }, PLACE_B },
		{ &all, &less, false, { 0, 2 }, { 2, 0 }, PLACE_A },
		/* Different answers, and fewer addresses are unseen. */
		{ &all, &all, false, { 0, 1 }, { 1, 0 }, PLACE_B },
		{ &all, &all, false, { 1, 1 }, { 3, 0 }, PLACE_B },
		/* As many, or more. */
		{ &all, &all, false, { 1, 0 }, { 2, 0 }, PLACE_A },
		{ &all, &all, false, { 0, 1 }, { 1, 1 }, PLACE_A },
		/* Nothing is seen: fewer addresses are no more. */
		{ &all, &all, false, { 0, 3 }, { 0, 1 }, PLACE_A },
		/* The same answers do not care. */
		{ &all, &all, true, { 0, 1 }, { 1, 0 }, PLACE_A },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		if (choose_host(rows[i].a, rows[i].b, rows[i].same,
		    &rows[i].of_a, &rows[i].of_b) != rows[i].place)
			fail_msg("row %zu", i);
}

/* A pair as both runs have it, in words: "3 x" is a grade and the names of
 * sessions; NULL: the run does not have it. */
struct row {
	const char	*sides[PLACE_COUNT];
	enum place	 home, choice;
	bool		 is_left_out;
};

#define A		PLACE_A
#define B		PLACE_B
#define NO_RUN		PLACE_A, true

static void
fill(struct claim_side *side, const char *words)
{
	static const char *const names[] = { "u", "v", "w", "x", "y", "z" };

	*side = (struct claim_side){ .is_there = words != NULL };
	if (words == NULL)
		return;
	side->grade = (unsigned)(words[0] - '0');
	for (size_t i = 0; i < ROWS_OF(names); i++)
		if (strstr(words, names[i]) != NULL)
			side->sessions[side->session_count++] = names[i];
}

static void
assert_settled(const struct row *rows, size_t count)
{
	struct claim claims[8] = { 0 };

	for (size_t i = 0; i < count; i++) {
		fill(&claims[i].sides[A], rows[i].sides[A]);
		fill(&claims[i].sides[B], rows[i].sides[B]);
		claims[i].home = rows[i].home;
	}
	settle_address(claims, count);
	for (size_t i = 0; i < count; i++)
		if (claims[i].is_left_out != rows[i].is_left_out ||
		    (!rows[i].is_left_out &&
		    claims[i].choice != rows[i].choice))
			fail_msg("row %zu: %s%s", i, claims[i].choice == A
			    ? "A" : "B", claims[i].is_left_out
			    ? ", left out" : "");
}

/* V5: each alone. */
static void
single(void **state)
{
	static const struct row rows[] = {
		{ { "8 x", "8 x" }, A, A, false },
		{ { "8 x", "8 x" }, B, B, false },
		{ { "2 x", "8 x" }, A, B, false },
		{ { "8 x", "2 x" }, B, A, false },
		/* Only one run has the address. */
		{ { NULL, "0" }, B, B, false },
		{ { "0", NULL }, A, A, false },
		/* Judged by the records of the host. */
		{ { "8 x", "9 x" }, B, B, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS_OF(rows); i++)
		assert_settled(&rows[i], 1);
}

/* V6: names that meet in no session are of any run. */
static void
apart(void **state)
{
	static const struct row rows[] = {
		{ { "8 x", "2 x" }, A, A, false },
		{ { "2 y", "8 y" }, A, B, false },
		{ { "8 z", "8 z" }, A, A, false },
	};

	(void)state;
	assert_settled(rows, ROWS_OF(rows));
}

/* The second needs what B saw with the name of the first, which loses nothing
 * there. */
static void
giving_way(void **state)
{
	static const struct row rows[] = {
		{ { "8 x", "8 x" }, A, B, false },
		{ { "2 y", "8 x" }, A, B, false },
	};
	/* The twin: it would lose. So the second does. */
	static const struct row twin[] = {
		{ { "8 x", "6 x" }, A, A, false },
		{ { "2 y", "8 x" }, A, A, false },
	};

	(void)state;
	assert_settled(rows, ROWS_OF(rows));
	assert_settled(twin, ROWS_OF(twin));
}

/* Nobody can have the third: its sessions in A are of B, and those in B of A. */
static void
one_run_for_all(void **state)
{
	static const struct row rows[] = {
		{ { "8 x", "2 x" }, A, B, false },
		{ { "2 y", "8 y" }, A, B, false },
		{ { "2 w", "8 w" }, A, B, false },
		{ { "8 y", "8 x" }, A, B, false },
	};
	/* With as many for A and for B, A counts. */
	static const struct row even[] = {
		{ { "8 x", "2 x" }, A, A, false },
		{ { "2 y", "8 y" }, A, A, false },
		{ { "8 y", "8 x" }, A, A, false },
	};
	/* No run has them all. */
	static const struct row none[] = {
		{ { "8 x", NULL }, A, A, false },
		{ { NULL, "8 y" }, B, B, false },
		{ { "8 y", "8 x" }, A, NO_RUN },
	};

	(void)state;
	assert_settled(rows, ROWS_OF(rows));
	assert_settled(even, ROWS_OF(even));
	assert_settled(none, ROWS_OF(none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts), cmocka_unit_test(single),
		cmocka_unit_test(apart), cmocka_unit_test(giving_way),
		cmocka_unit_test(one_run_for_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
