/* RULES DS8: the anchor that the program contains is both keys of the root, as
 * IANA publishes them (https://data.iana.org/root-anchors/root-anchors.xml). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "scanner/dns/recursive/anchor.h"

#define ANCHORS "datasets/root-anchors.ds"

static void
published(void **state)
{
	static const char *const keys[] = {
		". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D084"
		    "58E880409BBC683457104237C7F8EC8D",
		". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219"
		    "298D0A450D612C483AF444A4C0FB2B16",
	};

	(void)state;
	assert_string_equal(root_anchor(0), keys[0]);
	assert_string_equal(root_anchor(1), keys[1]);
	assert_null(root_anchor(2));
}

/* The file for other programs has the same keys, and no other. */
static void
file(void **state)
{
	FILE *in = fopen(ANCHORS, "r");
	char line[256];
	size_t count = 0;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		if (line[0] == ';')
			continue;
		line[strcspn(line, "\n")] = '\0';
		assert_non_null(root_anchor(count));
		assert_string_equal(line, root_anchor(count++));
	}
	assert_null(root_anchor(count));
	assert_int_equal(fclose(in), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published),
		cmocka_unit_test(file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
