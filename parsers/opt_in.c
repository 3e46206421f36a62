#include "parsers/opt_in.h"

#include <stdio.h>
#include <string.h>

#include "parsers/host_name.h"
#include "parsers/prefix_read.h"

/* Nothing is guessed: a person who consents for one domain does not consent for
 * others. */
static bool
read_domain(struct opt_in *opt_in, const char *text, size_t length,
    char why[HOST_NAME_WHY_MAX])
{
	const char *what = NULL;
	char name[NAME_TEXT_MAX];

	if (prefix_is_meant(text, length))
		what = "this is an address or a prefix; write the domain";
	else if (memchr(text, '@', length) != NULL)
		what = "this is a mailbox; write the domain";
	else if (memchr(text, '*', length) != NULL || text[0] == '.')
		what = "an opt-in is for a single domain; write each of them";
	else if (memchr(text, ',', length) != NULL ||
	    memchr(text, ' ', length) != NULL ||
	    memchr(text, '\t', length) != NULL)
		what = "write one domain per line; a comment begins with #";
	else if (host_name_read(text, length, name, why))
		name_set_add(&opt_in->names, name);
	else
		return false;
	if (what != NULL)
		snprintf(why, HOST_NAME_WHY_MAX, "%s", what);
	return what == NULL;
}

bool
opt_in_read(struct opt_in *opt_in, const char *text, size_t length,
    struct entry_fault *fault)
{
	struct entry_lines lines;
	const char *entry;
	char why[HOST_NAME_WHY_MAX];
	bool good = entry_lines_open(&lines, text, length, fault);

	while (good && entry_lines_next(&lines, &entry, &length))
		good = read_domain(opt_in, entry, length, why) ||
		    entry_lines_refuse(&lines, entry, length, why, fault);
	return good;
}

void
opt_in_fini(struct opt_in *opt_in)
{
	name_set_fini(&opt_in->names);
}

bool
opt_in_has(const struct opt_in *opt_in, const char *name)
{
	return name_set_has(&opt_in->names, name);
}
