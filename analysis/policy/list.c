#include "analysis/policy/list.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/policy/repeated_keys.h"
#include "parsers/packed_file.h"
#include "parsers/policy_list.h"
#include "scanner/base/buffer.h"
#include "scanner/base/map.h"
#include "scanner/base/memory.h"

#define SECONDS_MAX	INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */

struct reading {
	struct policy_list	*list;
	struct buffer		 pointer;	/* the JSON pointer of the
						 * present value */
	struct map		*aliases;	/* names: index + 1 */
	struct map		*seen;		/* domains */
	const json_t		*all_aliases;	/* with those that have a
						 * fault */
};

/* Faults ****************************************************************** */

static void
append(struct policy_list *list, struct policy_list_fault **faults,
    size_t *count, const char *pointer, const char *what)
{
	*faults = xreallocarray(*faults, *count + 1, sizeof **faults);
	(*faults)[(*count)++] = (struct policy_list_fault){
		arena_text(&list->arena, pointer),
		arena_text(&list->arena, what),
	};
}

static void
add_fault(struct policy_list *list, const char *pointer, const char *what)
{
	append(list, &list->faults, &list->fault_count, pointer, what);
}

static void
fault(struct reading *reading, const char *what)
{
	add_fault(reading->list, buffer_text(&reading->pointer), what);
}

/* Appends a member to the JSON pointer of the present value (RFC 6901 3).
 * leave() takes the value that this returns. */
static size_t
enter(struct reading *reading, const char *key)
{
	size_t length = reading->pointer.length;

	json_pointer_enter(&reading->pointer, key);
	return length;
}

static void
leave(struct reading *reading, size_t length)
{
	reading->pointer.length = length;
}

static void
fault_at(struct reading *reading, const char *key, const char *what)
{
	size_t length = enter(reading, key);

	fault(reading, what);
	leave(reading, length);
}

static void
warn_at(struct reading *reading, const char *key, const char *what)
{
	size_t length = enter(reading, key);

	append(reading->list, &reading->list->warnings,
	    &reading->list->warning_count, buffer_text(&reading->pointer),
	    what);
	leave(reading, length);
}

static bool
is_among(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* Reports every key that is not in `known` (which NULL ends). Keys of other
 * lists that EFF's reader takes are ignored with a warning. */
static void
refuse_others(struct reading *reading, const json_t *object,
    const char *const *known)
{
	static const char *const ignored[] = { "report", "pinsets",
		"min-tls-version", NULL };
	json_t *value;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		if (is_among(known, key))
			continue;
		if (is_among(ignored, key))
			warn_at(reading, key, "not part of the format: "
			    "ignored");
		else
			fault_at(reading, key, "unknown key");
	}
}

static const json_t *
required(struct reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		fault_at(reading, key, "missing");
	return value;
}

/* Policies **************************************************************** */

static const char *
lower_case(struct reading *reading, const char *name)
{
	char *copy = arena_text(&reading->list->arena, name);

	for (char *c = copy; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 'a' - 'A');
	return copy;
}

/* `seen` has the patterns of the policy so far. */
static void
read_pattern(struct reading *reading, struct listed_policy *policy,
    struct map *seen, const json_t *value, size_t index)
{
	const char *text = json_string_value(value), *what;
	char key[24];
	size_t length;
	void **place;

	snprintf(key, sizeof key, "%zu", index);
	length = enter(reading, key);
	what = text == NULL ? "not a string" : policy_list_pattern_fault(text);
	if (what == NULL) {
		text = lower_case(reading, text);
		place = map_place(seen, text, NULL);
		if (*place != NULL)
			what = "twice";
		else
			policy->mxs.items[policy->mxs.count++] = text;
		*place = policy;
	}
	if (what != NULL)
		fault(reading, what);
	leave(reading, length);
}

static void
read_patterns(struct reading *reading, struct listed_policy *policy,
    const json_t *mxs)
{
	size_t length = enter(reading, "mxs"), count = json_array_size(mxs);
	struct map *seen = map_new();

	if (!json_is_array(mxs)) {
		fault(reading, "not an array");
	} else if (count == 0) {
		fault(reading, "empty");
	} else {
		policy->mxs.items = arena_take(&reading->list->arena,
		    count * sizeof *policy->mxs.items);
		for (size_t i = 0; i < count; i++)
			read_pattern(reading, policy, seen,
			    json_array_get(mxs, i), i);
	}
	map_free(seen);
	leave(reading, length);
}

static void
read_mode(struct reading *reading, struct listed_policy *policy,
    const json_t *value)
{
	const char *mode = json_string_value(value);

	if (mode != NULL && strcmp(mode, "testing") == 0)
		policy->mode = LIST_TESTING;
	else if (mode != NULL && strcmp(mode, "enforce") == 0)
		policy->mode = LIST_ENFORCE;
	else
		fault_at(reading, "mode", "neither testing nor enforce");
}

/* `{"mode": ..., "mxs": [...]}` */
static void
read_own(struct reading *reading, struct listed_policy *policy,
    const json_t *object)
{
	static const char *const known[] = { "mode", "mxs", "policy-alias",
		NULL };
	const json_t *mode = required(reading, object, "mode");
	const json_t *mxs = required(reading, object, "mxs");

	refuse_others(reading, object, known);
	if (mode != NULL)
		read_mode(reading, policy, mode);
	if (mxs != NULL)
		read_patterns(reading, policy, mxs);
}

/* `{"policy-alias": name}` gives the policy the mode and patterns of the
 * alias. */
static void
resolve(struct reading *reading, struct listed_policy *policy,
    const json_t *object)
{
	static const char *const known[] = { "policy-alias", "mode", "mxs",
		NULL };
	const char *alias = json_string_value(json_object_get(object,
	    "policy-alias"));
	const struct policy_list *list = reading->list;
	uintptr_t index;

	refuse_others(reading, object, known);
	if (json_object_get(object, "mode") != NULL)
		fault_at(reading, "mode", "beside policy-alias");
	if (json_object_get(object, "mxs") != NULL)
		fault_at(reading, "mxs", "beside policy-alias");
	index = alias == NULL ? 0
	    : (uintptr_t)map_get(reading->aliases, alias);
	if (alias == NULL) {
		fault_at(reading, "policy-alias", "not a string");
	} else if (json_object_get(reading->all_aliases, alias) == NULL) {
		fault_at(reading, "policy-alias", "no such alias");
	} else if (index != 0) {
		const char *name = policy->name;

		*policy = list->aliases[index - 1];
		policy->alias = policy->name;
		policy->name = name;
	}
}

/* An alias cannot refer to another alias. */
static void
read_alias(struct reading *reading, const char *key, const json_t *value)
{
	struct policy_list *list = reading->list;
	struct listed_policy policy = {
		.name = arena_text(&list->arena, key),
	};
	size_t length = enter(reading, key), faults = list->fault_count;

	if (!json_is_object(value)) {
		fault(reading, "not an object");
	} else {
		if (json_object_get(value, "policy-alias") != NULL)
			fault_at(reading, "policy-alias",
			    "an alias of an alias");
		read_own(reading, &policy, value);
	}
	leave(reading, length);
	if (list->fault_count > faults)
		return;
	list->aliases[list->alias_count++] = policy;
	*map_place(reading->aliases, key, NULL) =
	    (void *)(uintptr_t)list->alias_count;
}

static void
read_policy(struct reading *reading, const char *key, const json_t *value)
{
	struct policy_list *list = reading->list;
	struct listed_policy policy = { .name = lower_case(reading, key) };
	size_t length = enter(reading, key), faults = list->fault_count;
	const char *what = policy_list_name_fault(key);
	void **place = map_place(reading->seen, policy.name, NULL);

	if (what != NULL)
		fault(reading, what);
	if (*place != NULL)
		fault(reading, "listed twice, in different case");
	*place = list;
	if (!json_is_object(value))
		fault(reading, "not an object");
	else if (json_object_get(value, "policy-alias") != NULL)
		resolve(reading, &policy, value);
	else
		read_own(reading, &policy, value);
	leave(reading, length);
	/* If the fault is in an alias, it is reported there. */
	if (list->fault_count == faults && policy.mxs.count > 0)
		list->policies[list->policy_count++] = policy;
}

/* Reads `policies` or `policy-aliases`, and makes room for all of them in
 * `entries`. */
static void
read_entries(struct reading *reading, const char *where, const json_t *object,
    struct listed_policy **entries,
    void (*read)(struct reading *, const char *key, const json_t *))
{
	size_t length = enter(reading, where);
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		fault(reading, "not an object");
	*entries = xcalloc(json_object_size(object) + 1, sizeof **entries);
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		read(reading, key, value);
	leave(reading, length);
}

/* The list **************************************************************** */

static bool
read_time(struct reading *reading, const json_t *list, const char *key,
    int64_t *seconds)
{
	const json_t *value = required(reading, list, key);
	const char *text = json_string_value(value);
	int64_t number = json_integer_value(value);

	if (value == NULL || (text != NULL && policy_list_time(text, seconds)))
		return value != NULL;
	if (json_is_integer(value) && number >= 0 && number <= SECONDS_MAX) {
		*seconds = number;
		return true;
	}
	fault_at(reading, key, "neither an RFC 3339 time nor a number of "
	    "seconds");
	return false;
}

static void
read_heading(struct reading *reading, const json_t *root)
{
	static const char *const known[] = { "timestamp", "expires", "version",
		"author", "policies", "policy-aliases", NULL };
	struct policy_list *list = reading->list;
	const json_t *version, *author = json_object_get(root, "author");

	refuse_others(reading, root, known);
	(void)read_time(reading, root, "timestamp", &list->timestamp_s);
	list->has_expiry = read_time(reading, root, "expires",
	    &list->expires_s);
	version = required(reading, root, "version");
	if (version != NULL && (!json_is_string(version) ||
	    strcmp(json_string_value(version), "0.1") != 0))
		fault_at(reading, "version", "not \"0.1\"");
	if (author != NULL && !json_is_string(author))
		fault_at(reading, "author", "not a string");
	if (json_is_string(author))
		list->author = arena_text(&list->arena,
		    json_string_value(author));
}

static void
read_root(struct reading *reading, const json_t *root)
{
	const json_t *aliases, *policies;

	read_heading(reading, root);
	aliases = json_object_get(root, "policy-aliases");
	policies = required(reading, root, "policies");
	reading->all_aliases = aliases;
	reading->list->is_list = policies != NULL;
	if (aliases == NULL)
		warn_at(reading, "policy-aliases", "missing: treated as empty");
	else
		read_entries(reading, "policy-aliases", aliases,
		    &reading->list->aliases, read_alias);
	if (policies != NULL)
		read_entries(reading, "policies", policies,
		    &reading->list->policies, read_policy);
}

static void
on_repeated(void *tag, const char *pointer)
{
	add_fault(tag, pointer, "a duplicate key");
}

/* Returns NULL with the error if the text is not JSON. If a key occurs twice,
 * the last one counts. */
static json_t *
load(struct policy_list *list, const char *text, size_t length,
    json_error_t *error)
{
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, error);

	if (root != NULL ||
	    json_error_code(error) != json_error_duplicate_key)
		return root;
	root = json_loadb(text, length, 0, error);
	if (root != NULL)
		repeated_keys_tell(text, length, on_repeated, list);
	return root;
}

/* Is it a file that holds a list only after it is converted? */
static bool
is_packed(const char *text, size_t length, const char **what)
{
	*what = packed_file_what(text, length);
	if (length >= 2 && memcmp(text, "\037\213", 2) == 0)
		*what = "this is a gzip file: unpack it first, with gzip -dk";
	return *what != NULL;
}

/* Editors write the byte order mark of UTF-8 (RFC 8259 8.1 lets a reader ignore
 * it). */
static void
skip_mark(const char **text, size_t *length)
{
	if (*length >= 3 && memcmp(*text, "\357\273\277", 3) == 0) {
		*text += 3;
		*length -= 3;
	}
}

bool
policy_list_read(struct policy_list *list, const char *text, size_t length)
{
	struct reading reading = { .list = list };
	json_error_t error;
	char what[sizeof error.text + 32];
	const char *packed;
	json_t *root;

	*list = (struct policy_list){ .author = "" };
	if (is_packed(text, length, &packed)) {
		add_fault(list, "", packed);
		return false;
	}
	skip_mark(&text, &length);
	root = load(list, text, length, &error);
	if (root == NULL) {
		snprintf(what, sizeof what, "line %d: %s", error.line,
		    error.text);
		add_fault(list, "", what);
		return false;
	}
	reading.aliases = map_new();
	reading.seen = map_new();
	if (json_is_object(root))
		read_root(&reading, root);
	else
		fault(&reading, "not an object");
	json_decref(root);
	map_free(reading.aliases);
	map_free(reading.seen);
	buffer_fini(&reading.pointer);
	return list->fault_count == 0;
}

void
policy_list_fini(struct policy_list *list)
{
	free(list->policies);
	free(list->aliases);
	free(list->faults);
	free(list->warnings);
	arena_fini(&list->arena);
}
