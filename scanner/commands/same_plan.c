#include "scanner/commands/same_plan.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/log.h"
#include "scanner/options/options.h"
#include "scanner/options/vantage_name.h"

const char *
run_place(const struct run_json *file)
{
	const char *name = run_json_option(file, "vantage");

	return name != NULL && name[0] != '\0' ? name : NULL;
}

const char *
run_merged_place(const struct run_json *file, size_t index)
{
	const char *name = json_string_value(json_object_get(json_array_get(
	    json_object_get(file->root, "merged"), index), "name"));

	return name != NULL && vantage_name_is_good(name) ? name : NULL;
}

/* A run alone ************************************************************* */

static int
check_alone(const struct sealed_run *run)
{
	const struct run_json *file = &run->file;
	const char *name = run_place(file);
	const char *fault = run_json_check(file, RUN_MEMBERS_OF_A_VERDICT |
	    1u << RUN_MEMBER_LEVEL | 1u << RUN_MEMBER_RECORDS |
	    1u << RUN_MEMBER_DUPLICATES | 1u << RUN_MEMBER_REJECTED |
	    1u << RUN_MEMBER_OPTED_OUT);

	if (fault != NULL) {
		log_line("%s/" RUN_JSON_FILE ": %s", run->path, fault);
		return EXIT_INPUT;
	}
	if (json_object_get(file->root, "merged") != NULL) {
		log_line("%s is merged of several runs already: name the runs of "
		    "scans", run->path);
		return EXIT_USAGE;
	}
	if (json_is_true(json_object_get(file->root, "anonymous"))) {
		log_line("%s is anonymous: its addresses are those of no other "
		    "run", run->path);
		return EXIT_USAGE;
	}
	if (name == NULL) {
		log_line("%s has no name of its place: it was not scanned with "
		    "--vantage NAME", run->path);
		return EXIT_USAGE;
	}
	if (!vantage_name_is_good(name)) {
		log_line("%s/" RUN_JSON_FILE ": options.vantage: not a name of a "
		    "place", run->path);
		return EXIT_INPUT;
	}
	return EXIT_COMPLETE;
}

/* Two runs **************************************************************** */

static bool
differ(const struct sealed_run *a, const struct sealed_run *b,
    const char *what)
{
	log_line("%s and %s are not of one plan: %s", a->path, b->path, what);
	return false;
}

static bool
same_member(const json_t *a, const json_t *b, const char *name)
{
	const json_t *x = json_object_get(a, name), *y = json_object_get(b,
	    name);

	return (x == NULL && y == NULL) || json_equal(x, y);
}

/* Names may differ from one machine to another, the bytes may not. */
static bool
same_files(const json_t *a, const json_t *b)
{
	static const char *const members[] = { "format", "bytes", "sha256" };
	size_t count = json_array_size(a);

	if (count != json_array_size(b))
		return false;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof members / sizeof members[0]; j++)
			if (!same_member(json_array_get(a, i),
			    json_array_get(b, i), members[j]))
				return false;
	return true;
}

static bool
same_inputs(const struct sealed_run *a, const struct sealed_run *b)
{
	const json_t *x = json_object_get(a->file.root, "inputs");
	const json_t *y = json_object_get(b->file.root, "inputs");

	return (same_files(json_object_get(x, "files"),
	    json_object_get(y, "files")) &&
	    same_files(json_object_get(x, "delegations"),
	    json_object_get(y, "delegations")) &&
	    a->file.records == b->file.records &&
	    a->file.duplicates == b->file.duplicates &&
	    a->file.rejected == b->file.rejected) ||
	    differ(a, b, "their inputs differ");
}

/* Options that a place has for itself. */
static bool
is_of_place(const char *option)
{
	return strcmp(option, "vantage") == 0 || strcmp(option, "ehlo") == 0;
}

static bool
same_option(const struct sealed_run *a, const struct sealed_run *b,
    const char *name)
{
	const char *x = run_json_option(&a->file, name);
	const char *y = run_json_option(&b->file, name);

	if ((x == NULL && y == NULL) ||
	    (x != NULL && y != NULL && strcmp(x, y) == 0))
		return true;
	log_line("%s and %s are not of one plan: --%s is '%s' and '%s'",
	    a->path, b->path, name, x != NULL ? x : "", y != NULL ? y : "");
	return false;
}

static bool
same_options(const struct sealed_run *a, const struct sealed_run *b)
{
	static const struct options none;
	const char *name;
	char value[1024];
	bool changes_facts, same = true;

	for (size_t i = 0; options_in_force(&none, i, &name, value,
	    &changes_facts); i++)
		if (changes_facts && !is_of_place(name))
			same = same_option(a, b, name) && same;
	if (a->file.probing != b->file.probing)
		same = differ(a, b, "only one of them probes");
	return same;
}

static bool
same_list(const struct sealed_run *a, const struct sealed_run *b)
{
	char of_a[SHA256_HEX], of_b[SHA256_HEX];

	sealed_run_list_hash(a, of_a);
	sealed_run_list_hash(b, of_b);
	return strcmp(of_a, of_b) == 0 ||
	    differ(a, b, "their policy lists differ");
}

int
same_plan_check(const struct sealed_run *a, const struct sealed_run *b)
{
	int status = check_alone(a);

	if (status == EXIT_COMPLETE)
		status = check_alone(b);
	if (status != EXIT_COMPLETE)
		return status;
	if (strcmp(run_place(&a->file), run_place(&b->file)) == 0) {
		log_line("%s and %s are from one place, %s", a->path, b->path,
		    run_place(&a->file));
		return EXIT_USAGE;
	}
	return same_inputs(a, b) && same_options(a, b) && same_list(a, b)
	    ? EXIT_COMPLETE : EXIT_USAGE;
}
