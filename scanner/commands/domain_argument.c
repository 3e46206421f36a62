#include "scanner/commands/domain_argument.h"

#include <stdio.h>
#include <string.h>

#include "parsers/listed_name.h"
#include "scanner/base/escape.h"

bool
domain_argument_read(const char *option, const char *text,
    char name[NAME_TEXT_MAX])
{
	struct listed_name listed;
	char why[LISTED_NAME_WHY_MAX];

	listed_name_read(text, strlen(text), &listed);
	/* Elsewhere it is standard input, so no one means a name by it. */
	if (strcmp(text, "-") == 0) {
		snprintf(why, sizeof why, "no domain name, and standard input "
		    "is not read for one");
	} else if (listed.is_name) {
		name_to_text(listed.wire, name);
		return true;
	} else {
		listed_name_explain(&listed, why);
	}
	fputs("mxcensus: ", stderr);
	if (option != NULL)
		fprintf(stderr, "%s ", option);
	/* A terminal shows it. */
	escape_print_column(stderr, text, strlen(text));
	fprintf(stderr, ": that is %s\n", why);
	return false;
}
