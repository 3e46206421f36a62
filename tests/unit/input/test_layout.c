/* Where a CSV has what (RULES I6, I16). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#include "scanner/input/layout.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])
#define NONE LAYOUT_NO_COLUMN
#define HEADER true

static const struct {
	const char	*text;
	struct layout	 layout;
} layouts[] = {
	/* A header with a word for names; a better word wins. */
	{ "GlobalRank,TldRank,Domain\n1,1,a.example\n",
	    { ',', HEADER, 2, 0 } },
	{ "Rank,Domain,Open Page Rank\n1,a.example,10\n",
	    { ',', HEADER, 1, 0 } },
	{ "rank;name;domain\n1;b.example;a.example\n",
	    { ';', HEADER, 2, 0 } },
	{ "rank\tdomain\n", { '\t', HEADER, 1, 0 } },
	{ "\"Domain\"\n\"a.example\"\n", { ',', HEADER, 0, NONE } },
	{ " Rank , Domain \n1,a.example\n", { ',', HEADER, 1, 0 } },
	{ "domain,x\na.example\nb.example,1,2\n", { ',', HEADER, 0, NONE } },
	{ "# made, by \"us\n\ndomain,x\na.example,1\n",
	    { ',', HEADER, 0, NONE } },
	{ "Domain,Country\nhttps://a.example/,US\n",
	    { ',', HEADER, 0, NONE } },
	/* `name` is what the column holds, or nothing. */
	{ "name,x\na.example,1\n", { ',', HEADER, 0, NONE } },
	{ "name,web\nAcme,a.example\nOther,b.example\n",
	    { ',', HEADER, 1, NONE } },
	{ "name,x\ncom,1\nnet,2\n", { ',', HEADER, 0, NONE } },
	/* Other words: the first column of host names. */
	{ "Firm,Site,Parent\nA,a.example,b.example\n",
	    { ',', HEADER, 1, NONE } },
	/* No header. */
	{ "a.example,A-1\nb.example,A-1\n", { ',', false, 0, NONE } },
	{ "A-1;a.example\nA-1;b.example\n", { ';', false, 1, NONE } },
	{ "7\ta.example\tx\n8\tb.example\ty\n", { '\t', false, 1, 0 } },
	{ "7\ta.example\nx\tb.example\n", { '\t', false, 1, NONE } },
	{ "com;5\nnet;7\n", { ';', false, 0, NONE } },
	{ "\"a.example\",\"x, y\"\n\"b.example\",\"z\n\"\n",
	    { ',', false, 0, NONE } },
	{ "a.example,1\nhttps://b.example/,2\n", { ',', false, 0, NONE } },
	{ "https://a.example/,1\nb.example,2\n", { ',', false, 0, NONE } },
	{ "a.example,1\n# x\n\nb.example,2\n", { ',', false, 0, NONE } },
};

static const char *const others[] = {
	"", "# x\n", "a.example\nb.example\n", "name\na.example\n",
	"host\na.example\n",
	/* One record does not tell. */
	"a.example;A-1;B-2\n",
	/* Nor does a column that is always empty. */
	"a.example,\nb.example,\n", ",a.example\n,b.example\n",
	"a.example,1\nb.example\n", "a.example,1\nb.example,2,3\n",
	"1;2\n3;4\n", "x y;1\nz w;2\n",
	"\"a.example\"\n\"b.example\"\n",
	/* A quote that is out of place. */
	"a.example,1\nb\"x,2\n",
};

static void
found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(layouts); i++) {
		const struct layout *wanted = &layouts[i].layout;
		struct layout layout = { 0 };

		if (!layout_find(layouts[i].text, strlen(layouts[i].text),
		    true, &layout))
			fail_msg("no CSV: %s", layouts[i].text);
		if (layout.separator != wanted->separator ||
		    layout.has_header != wanted->has_header ||
		    layout.name_column != wanted->name_column ||
		    layout.rank_column != wanted->rank_column)
			fail_msg("'%c' %d %d %d: %s", layout.separator,
			    layout.has_header, (int)layout.name_column,
			    (int)layout.rank_column, layouts[i].text);
	}
}

static void
not_found(void **state)
{
	struct layout layout;

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++)
		if (layout_find(others[i], strlen(others[i]), true, &layout))
			fail_msg("CSV: %s", others[i]);
}

/* The record that may go on behind the bytes is not counted. */
static void
cut_off(void **state)
{
	static const char text[] = "a.example,1\nb.example,2\nc.exa";
	struct layout layout;

	(void)state;
	assert_true(layout_find(text, strlen(text), false, &layout));
	assert_false(layout_find(text, strlen(text), true, &layout));
}

/* A hundred records tell. */
static void
hundred(void **state)
{
	char text[4096] = "";
	struct layout layout;

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(text, "a.example,1\n");
	strcat(text, "b.example\n");
	assert_true(layout_find(text, strlen(text), true, &layout));
	assert_false(layout_find(text + 12, strlen(text) - 12, true,
	    &layout));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(not_found),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(hundred),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
