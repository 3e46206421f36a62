/* Whose fault a failure is (RULES F1 to F22), for every errno, outcome and end
 * of a lookup. The expectations are read from the tables of docs/rules.md, so
 * that document and program cannot drift apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/fault.h"

#define COUNT(array)	(sizeof (array) / sizeof (array)[0])
#define ROWS_MAX	64
#define CELLS_MAX	8
#define ERRNO_MAX	133	/* EHWPOISON, the last of Linux */

struct rule {
	char	*cells[CELLS_MAX];	/* the first has the identifier */
	size_t	 count;
	bool	 is_used;
};

struct rules {
	struct rule	rows[ROWS_MAX];
	size_t		count;
};

static char *document;
static struct rules errors, outcomes, lookups;

/* Reading the document ***************************************************** */

static void
read_document(void)
{
	FILE *file = fopen("docs/rules.md", "r");
	size_t size = 1 << 20;

	assert_non_null(file);
	document = calloc(1, size);
	assert_non_null(document);
	assert_in_range(fread(document, 1, size - 1, file), 1, size - 2);
	fclose(file);
}

/* Cuts "| a | b |" into its cells. */
static void
cut_row(char *line, struct rule *rule)
{
	char *cell, *rest = line;

	*rule = (struct rule){ 0 };
	while ((cell = strtok_r(rest, "|", &rest)) != NULL) {
		assert_true(rule->count < CELLS_MAX);
		rule->cells[rule->count++] = cell;
	}
}

static struct rules *
table_of(const char *header)
{
	static const struct { const char *header; struct rules *rules; } all[] = {
		{ "| id | error |", &errors },
		{ "| id | outcome |", &outcomes },
		{ "| id | lookup |", &lookups },
	};

	for (size_t i = 0; i < COUNT(all); i++)
		if (strncmp(header, all[i].header, strlen(all[i].header)) == 0)
			return all[i].rules;
	return NULL;
}

static int
read_tables(void **state)
{
	struct rules *rules = NULL;
	char *line, *rest;

	(void)state;
	read_document();
	rest = strstr(document, "## 12 Whose fault\n");
	assert_non_null(rest);
	while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
		if (strncmp(line, "| id |", 6) == 0)
			rules = table_of(line);
		else if (strncmp(line, "| <a id=\"F", 10) == 0 &&
		    rules != NULL) {
			assert_true(rules->count < ROWS_MAX);
			cut_row(line, &rules->rows[rules->count++]);
		}
	}
	return 0;
}

static int
free_document(void **state)
{
	(void)state;
	free(document);
	return 0;
}

/* Is the word among those of a cell, with anything but letters between? */
static bool
has_word(const char *cell, const char *word)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	while (*cell != '\0') {
		size_t length = strspn(cell, letters);

		if (length == strlen(word) && strncmp(cell, word, length) == 0)
			return true;
		cell += length;
		cell += strcspn(cell, letters);
	}
	return false;
}

static enum blame
blame_of(const char *cell)
{
	static const char *const words[] = {
		[BLAME_NOBODY] = "nobody", [BLAME_THEIRS] = "theirs",
		[BLAME_SUSPECTED] = "suspected", [BLAME_OURS] = "ours",
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (has_word(cell, words[i]))
			return (enum blame)i;
	fail_msg("%s: who is that?", cell);
	return BLAME_NOBODY;
}

static enum remedy
remedy_of(const char *cell)
{
	if (strstr(cell, "with fewer sockets") != NULL)
		return REMEDY_FEWER;
	return strstr(cell, "back in line") != NULL ? REMEDY_BACK : REMEDY_NONE;
}

/* A fault against the row that fits; the row's last two cells say it. */
static void
compare(struct fault fault, int error, struct rule *row, const char *what)
{
	struct fault wanted = {
		.blame = blame_of(row->cells[row->count - 2]),
		.remedy = remedy_of(row->cells[row->count - 1]),
		.error = error,
	};

	row->is_used = true;
	if (fault.blame != wanted.blame || fault.remedy != wanted.remedy ||
	    fault.error != wanted.error)
		fail_msg("%s, row%s: blame %d, remedy %d, error %d", what,
		    row->cells[0], fault.blame, fault.remedy, fault.error);
}

/* A row that never counts says something that is not so. */
static void
all_used(const struct rules *rules, size_t cells)
{
	assert_true(rules->count > 0);
	for (size_t i = 0; i < rules->count; i++) {
		assert_int_equal(rules->rows[i].count, cells);
		if (!rules->rows[i].is_used)
			fail_msg("row%s is never used",
			    rules->rows[i].cells[0]);
	}
}

/* Every word in backticks of a column is known to the program. */
static void
all_known(const struct rules *rules, bool (*is_known)(const char *word))
{
	for (size_t i = 0; i < rules->count; i++) {
		char *copy = strdup(rules->rows[i].cells[1]);
		char *word = strtok(copy, "`");

		/* Every second piece was between backticks. */
		while (word != NULL && (word = strtok(NULL, "`")) != NULL) {
			if (!is_known(word))
				fail_msg("row%s: %s", rules->rows[i].cells[0],
				    word);
			word = strtok(NULL, "`");
		}
		free(copy);
	}
}

/* Errors ******************************************************************* */

static bool
is_errno(const char *word)
{
	for (int error = 1; error <= ERRNO_MAX; error++)
		if (strerrorname_np(error) != NULL &&
		    strcmp(strerrorname_np(error), word) == 0)
			return true;
	return false;
}

static struct rule *
error_row(const char *name, const char *from, const char *when)
{
	for (size_t i = 0; i < errors.count; i++) {
		struct rule *row = &errors.rows[i];

		if ((has_word(row->cells[1], name) ||
		    strstr(row->cells[1], "any other") != NULL) &&
		    (has_word(row->cells[2], from) ||
		    has_word(row->cells[2], "any")) &&
		    (has_word(row->cells[3], when) ||
		    has_word(row->cells[3], "any")))
			return row;
	}
	fail_msg("no row for %s, %s, %s", name, from, when);
	return NULL;
}

static void
errors_are_the_table(void **state)
{
	static const char *const origins[] = {
		[ERROR_OF_CALL] = "call", [ERROR_OF_BIND] = "bind",
		[ERROR_FROM_HERE] = "here",
		[ERROR_FROM_ELSEWHERE] = "elsewhere",
	};
	static const char *const times[] = { "connecting", "established" };

	(void)state;
	for (int error = 1; error <= ERRNO_MAX; error++) {
		const char *name = strerrorname_np(error);

		for (size_t i = 0; name != NULL && i < 2 * COUNT(origins); i++)
			compare(fault_of_error(error, (enum error_origin)(i / 2),
			    i % 2 == 1), error, error_row(name, origins[i / 2],
			    times[i % 2]), name);
	}
	all_known(&errors, is_errno);
	all_used(&errors, 6);
}

/* Outcomes and lookups ***************************************************** */

static bool
is_outcome(const char *word)
{
	return enumeration_value(&outcome_texts, word) >= 0;
}

static bool
is_lookup_status(const char *word)
{
	return enumeration_value(&lookup_status_texts, word) >= 0;
}

static void
outcomes_are_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < (size_t)OUTCOME_COUNT * PHASE_COUNT; i++) {
		enum outcome outcome = (enum outcome)(i / PHASE_COUNT);
		enum phase phase = (enum phase)(i % PHASE_COUNT);
		const char *name = outcome_texts.texts[outcome];
		struct rule *row = outcomes.rows;

		while (row < outcomes.rows + outcomes.count &&
		    !(has_word(row->cells[1], name) &&
		    (has_word(row->cells[2], "any") ||
		    has_word(row->cells[2], phase_texts.texts[phase]))))
			row++;
		if (row == outcomes.rows + outcomes.count)
			fail_msg("no row for %s", name);
		compare(fault_of_outcome(outcome, phase), 0, row, name);
	}
	all_known(&outcomes, is_outcome);
	all_used(&outcomes, 5);
}

static void
lookups_are_the_table(void **state)
{
	(void)state;
	for (int status = 0; status < LOOKUP_STATUS_COUNT; status++) {
		const char *name = lookup_status_texts.texts[status];
		struct rule *row = lookups.rows;

		while (row < lookups.rows + lookups.count &&
		    !has_word(row->cells[1], name))
			row++;
		if (row == lookups.rows + lookups.count)
			fail_msg("no row for %s", name);
		compare(fault_of_lookup((enum lookup_status)status), 0, row,
		    name);
	}
	all_known(&lookups, is_lookup_status);
	all_used(&lookups, 4);
}

/* The worse of two ********************************************************* */

static void
worse_is_by_blame_then_remedy(void **state)
{
	/* Best to worst. */
	static const struct fault order[] = {
		{ BLAME_NOBODY, REMEDY_NONE, 0 },
		{ BLAME_THEIRS, REMEDY_NONE, 0 },
		{ BLAME_THEIRS, REMEDY_NONE, ECONNRESET },
		{ BLAME_SUSPECTED, REMEDY_NONE, 0 },
		{ BLAME_OURS, REMEDY_BACK, 0 },
		{ BLAME_OURS, REMEDY_BACK, ENETUNREACH },
		{ BLAME_OURS, REMEDY_FEWER, EMFILE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(order); i++)
		for (size_t j = 0; j < COUNT(order); j++) {
			struct fault worse = fault_worse(order[i], order[j]);
			struct fault wanted = order[i > j ? i : j];

			assert_int_equal(worse.blame, wanted.blame);
			assert_int_equal(worse.remedy, wanted.remedy);
			assert_int_equal(worse.error, wanted.error);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_the_table),
		cmocka_unit_test(outcomes_are_the_table),
		cmocka_unit_test(lookups_are_the_table),
		cmocka_unit_test(worse_is_by_blame_then_remedy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, read_tables, free_document);
}
