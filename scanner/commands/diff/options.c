/* options: finds differences between the run.json of two runs in how they were
 * made. */
#include <stdlib.h>
#include <string.h>

#include "scanner/commands/diff/diff_internal.h"
#include "scanner/options/options.h"

static void
add(json_t *differences, const char *what, const char *old, const char *new)
{
	if (strcmp(old, new) != 0)
		json_array_append_new(differences, json_pack("[s, s, s]", what,
		    old, new));
}

/* Text unchanged, everything else as JSON. The caller frees it. */
static char *
text_of(const json_t *value)
{
	char *text;

	if (json_is_string(value))
		return strdup(json_string_value(value));
	text = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY |
	    JSON_COMPACT | JSON_SORT_KEYS);
	return text != NULL ? text : strdup("");
}

static void
add_member(json_t *differences, const char *what, const json_t *old,
    const json_t *new, const char *name)
{
	char *was = text_of(json_object_get(old, name));
	char *is = text_of(json_object_get(new, name));

	add(differences, what, was, is);
	free(was);
	free(is);
}

/* Can the facts depend on this option? Asked only for options that this version
 * knows. */
static bool
changes_facts(const char *option)
{
	static const struct options none;
	const char *name;
	char value[1024];
	bool changes;

	for (size_t i = 0; options_in_force(&none, i, &name, value, &changes);
	    i++)
		if (strcmp(name, option) == 0)
			return changes;
	return true;
}

static void
add_options(json_t *differences, const json_t *old, const json_t *new)
{
	json_t *all = json_object();
	const char *name;
	json_t *value;

	json_object_update(all, (json_t *)(uintptr_t)old);
	json_object_update(all, (json_t *)(uintptr_t)new);
	json_object_foreach(all, name, value) {
		char what[128];

		snprintf(what, sizeof what, "--%s", name);
		if (changes_facts(name))
			add_member(differences, what, old, new, name);
	}
	json_decref(all);
}

json_t *
diff_options(const struct sealed_run runs[SIDE_COUNT])
{
	static const char *const members[] = {
		"trust_anchors", "qname_minimisation", "root_store",
		"public_suffix_list", "vantage", "anonymous",
	};
	const json_t *old = runs[SIDE_OLD].file.root;
	const json_t *new = runs[SIDE_NEW].file.root;
	char was[SHA256_HEX], is[SHA256_HEX];
	json_t *differences = json_array();

	add_member(differences, "program", json_object_get(old, "program"),
	    json_object_get(new, "program"), "mxcensus");
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		add_member(differences, members[i], old, new, members[i]);
	add_options(differences, json_object_get(old, "options"),
	    json_object_get(new, "options"));
	sealed_run_list_hash(&runs[SIDE_OLD], was);
	sealed_run_list_hash(&runs[SIDE_NEW], is);
	add(differences, "policy-list.json", was, is);
	return differences;
}

static void
print_field(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void
diff_options_list(const json_t *differences, FILE *out)
{
	const json_t *difference;
	size_t i;

	fputs("what,old,new\n", out);
	json_array_foreach(differences, i, difference)
		for (size_t j = 0; j < 3; j++) {
			print_field(out, json_string_value(json_array_get(
			    difference, j)));
			putc(j < 2 ? ',' : '\n', out);
		}
}
