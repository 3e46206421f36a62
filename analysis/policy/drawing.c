/* drawing: decides which domains pass, and makes the list of them. It is a part
 * of candidates. */
#include <stdlib.h>
#include <string.h>

#include "analysis/policy/candidates_internal.h"
#include "scanner/base/buffer.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"

#define DAY_MS	86400000

/* Who passes ************************************************************** */

static int
compare_names(const void *a, const void *b)
{
	const struct candidate *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static struct candidate **
sort_candidates(const struct drawing *drawing)
{
	struct candidate **sorted = xcalloc(map_count(drawing->candidates) + 1,
	    sizeof *sorted);
	size_t index = 0, count = 0;
	const char *name;
	void *value;

	while (map_next(drawing->candidates, &index, &name, &value))
		sorted[count++] = value;
	if (count > 1)
		qsort(sorted, count, sizeof *sorted, compare_names);
	return sorted;
}

/* Checks C7, and C9 for a domain that is missing from the run with which C9 was
 * compared. */
static bool
passes(struct drawing *drawing, const struct candidate *candidate, bool *told)
{
	const struct recorded_run *runs = drawing->order->runs;
	int64_t apart_ms = runs[candidate->last].started_ms -
	    runs[candidate->first].started_ms;
	const char *values[3] = {
		candidate->scans < CANDIDATE_SCANS_MIN ? "too_few_scans" : NULL,
		apart_ms < CANDIDATE_DAYS_MIN * (int64_t)DAY_MS
		    ? "too_few_days" : NULL,
		candidate->expires_ms < drawing->expires_ms
		    ? "expires_before_list" : NULL,
	};
	bool good = true;

	for (int i = 0; i < 3; i++) {
		struct policy_reason reason = {
			i < 2 ? RULE_C7 : RULE_C9, NULL, values[i],
		};

		if (values[i] == NULL)
			continue;
		good = false;
		*told = *told && drawing_tell(drawing, candidate->name, NULL,
		    &reason);
	}
	return good;
}

/* Reports the names of the previous list that are in none of the runs. */
static bool
tell_unmeasured(struct drawing *drawing)
{
	const struct policy_list *previous = drawing->order->previous;
	static const struct policy_reason reason = {
		RULE_C7, NULL, "not_measured",
	};

	for (size_t i = 0; previous != NULL && i < previous->policy_count; i++)
		if (map_get(drawing->unmeasured, previous->policies[i].name) !=
		    NULL && !drawing_tell(drawing, previous->policies[i].name,
		    NULL, &reason))
			return false;
	return true;
}

bool
drawing_settle(struct drawing *drawing, struct candidate ***candidates,
    size_t *count)
{
	struct candidate **sorted = sort_candidates(drawing);
	bool told = true;

	*candidates = sorted;
	*count = 0;
	for (size_t i = 0; i < map_count(drawing->candidates); i++)
		if (!sorted[i]->failed && passes(drawing, sorted[i], &told))
			sorted[(*count)++] = sorted[i];
	return told && tell_unmeasured(drawing);
}

/* The list **************************************************************** */

/* A policy that domains share. */
struct shared {
	const char	*mxs, *mode;
	size_t		 domains;
	const char	*alias;		/* NULL: none yet */
};

struct listing {
	const struct drawing *drawing;
	struct map	*shared;	/* by mode and mxs */
	struct map	*taken;		/* names of aliases: their policy */
	struct buffer	 key;
	struct arena	 arena;
};

/* C8: a scan cannot give the owner's consent. */
static const char *
mode_of(const struct drawing *drawing, const struct candidate *candidate)
{
	return candidate->wants_enforce ||
	    opt_in_has(drawing->order->opt_in, candidate->name) ? "enforce"
	    : "testing";
}

static struct shared *
shared_place(struct listing *listing, const char *mode, const char *mxs)
{
	void **place;

	listing->key.length = 0;
	buffer_printf(&listing->key, "%s %s", mode, mxs);
	place = map_place(listing->shared, buffer_text(&listing->key), NULL);
	if (*place == NULL) {
		struct shared *shared = arena_take(&listing->arena,
		    sizeof *shared);

		*shared = (struct shared){ .mxs = mxs, .mode = mode };
		*place = shared;
	}
	return *place;
}

static json_t *
policy_json(const struct shared *shared)
{
	json_t *mxs = json_array();
	const char *word = shared->mxs;

	while (*word != '\0') {
		size_t length = strcspn(word, " ");

		json_array_append_new(mxs, json_stringn(word, length));
		word += length + (word[length] == ' ');
	}
	return json_pack("{s:s, s:o}", "mode", shared->mode, "mxs", mxs);
}

/* In listing->key, as shared_place has it. */
static void
key_of_alias(struct listing *listing, const struct listed_policy *alias)
{
	struct policy_patterns patterns = {
		xmemdup(alias->mxs.items, alias->mxs.count *
		    sizeof *alias->mxs.items), alias->mxs.count,
	};

	listing->key.length = 0;
	buffer_printf(&listing->key, "%s", alias->mode == LIST_ENFORCE
	    ? "enforce" : "testing");
	policy_patterns_shape(&patterns, listing->drawing->order->suffixes);
	for (size_t i = 0; i < patterns.count; i++)
		buffer_printf(&listing->key, " %s", patterns.items[i]);
	free(patterns.items);
}

/* An alias of the previous list keeps its name for the same policy, whatever
 * its order. */
static void
keep_aliases(struct listing *listing)
{
	const struct policy_list *previous = listing->drawing->order->previous;

	for (size_t i = 0; previous != NULL && i < previous->alias_count;
	    i++) {
		const struct listed_policy *alias = &previous->aliases[i];
		struct shared *shared;

		key_of_alias(listing, alias);
		shared = map_get(listing->shared, buffer_text(&listing->key));
		if (shared == NULL || shared->alias != NULL ||
		    shared->domains < 2)
			continue;
		*map_place(listing->taken, alias->name, &shared->alias) =
		    shared;
	}
}

/* An alias is named after the provider: the registrable domain of the first of
 * `mxs`. */
static void
name_alias(struct listing *listing, struct shared *shared)
{
	char *first = xstrdup(shared->mxs), *name = NULL;
	const char *provider;

	first[strcspn(first, " ")] = '\0';
	provider = first + (first[0] == '.');
	if (suffix_registrable(listing->drawing->order->suffixes, provider) !=
	    NULL)
		provider = suffix_registrable(
		    listing->drawing->order->suffixes, provider);
	for (unsigned number = 1; name == NULL; number++) {
		name = number == 1 ? xstrdup(provider)
		    : xasprintf("%s-%u", provider, number);
		if (map_get(listing->taken, name) == NULL)
			break;
		free(name);
		name = NULL;
	}
	*map_place(listing->taken, name, &shared->alias) = shared;
	free(name);
	free(first);
}

static json_t *
entry_of(struct listing *listing, const struct candidate *candidate)
{
	struct shared *shared = shared_place(listing,
	    mode_of(listing->drawing, candidate), candidate->mxs);

	if (shared->domains < 2)
		return policy_json(shared);
	if (shared->alias == NULL)
		name_alias(listing, shared);
	return json_pack("{s:s}", "policy-alias", shared->alias);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *
aliases_json(const struct listing *listing)
{
	size_t index = 0, count = 0;
	const char **names = xcalloc(map_count(listing->taken) + 1,
	    sizeof *names);
	json_t *aliases = json_object();
	void *value;

	while (map_next(listing->taken, &index, &names[count], &value))
		count++;
	if (count > 1)
		qsort(names, count, sizeof *names, compare_texts);
	for (size_t i = 0; i < count; i++)
		json_object_set_new(aliases, names[i], policy_json(
		    map_get(listing->taken, names[i])));
	free(names);
	return aliases;
}

/* Against the previous list *********************************************** */

static bool
is_same(const struct listed_policy *before, const char *mode, const char *mxs)
{
	const char *word = mxs;
	size_t count = 0;

	if (strcmp(before->mode == LIST_ENFORCE ? "enforce" : "testing",
	    mode) != 0)
		return false;
	for (; *word != '\0'; count++) {
		size_t length = strcspn(word, " ");
		bool found = false;

		for (size_t i = 0; i < before->mxs.count; i++)
			found |= strlen(before->mxs.items[i]) == length &&
			    memcmp(before->mxs.items[i], word, length) == 0;
		if (!found)
			return false;
		word += length + (word[length] == ' ');
	}
	return count == before->mxs.count;
}

static void
compare_previous(const struct drawing *drawing, struct candidate **candidates,
    size_t count, struct candidates_figures *figures)
{
	const struct policy_list *previous = drawing->order->previous;
	struct map *before = map_new();
	size_t shared = 0;

	for (size_t i = 0; i < previous->policy_count; i++)
		*map_place(before, previous->policies[i].name, NULL) =
		    &previous->policies[i];
	for (size_t i = 0; i < count; i++) {
		const struct listed_policy *was = map_get(before,
		    candidates[i]->name);

		if (was == NULL) {
			figures->added++;
			continue;
		}
		shared++;
		if (is_same(was, mode_of(drawing, candidates[i]),
		    candidates[i]->mxs))
			figures->kept++;
		else
			figures->changed++;
	}
	figures->removed = map_count(before) - shared;
	map_free(before);
}

/* ************************************************************************* */

static json_t *
heading(const struct drawing *drawing)
{
	char timestamp[CLOCK_TEXT_MAX], expires[CLOCK_TEXT_MAX];
	json_t *list;

	clock_text(drawing->timestamp_ms, timestamp);
	clock_text(drawing->expires_ms, expires);
	list = json_pack("{s:s, s:s, s:s}", "timestamp", timestamp,
	    "expires", expires, "version", "0.1");
	if (drawing->order->author != NULL)
		json_object_set_new(list, "author",
		    json_string(drawing->order->author));
	return list;
}

json_t *
drawing_list(const struct drawing *drawing, struct candidate **candidates,
    size_t count, struct candidates_figures *figures)
{
	struct listing listing = {
		.drawing = drawing, .shared = map_new(), .taken = map_new(),
	};
	json_t *list = heading(drawing), *policies = json_object();

	*figures = (struct candidates_figures){ .policies = count };
	for (size_t i = 0; i < count; i++) {
		const char *mode = mode_of(drawing, candidates[i]);

		shared_place(&listing, mode, candidates[i]->mxs)->domains++;
		figures->enforced += strcmp(mode, "enforce") == 0;
	}
	keep_aliases(&listing);
	for (size_t i = 0; i < count; i++)
		json_object_set_new(policies, candidates[i]->name,
		    entry_of(&listing, candidates[i]));
	figures->aliases = map_count(listing.taken);
	json_object_set_new(list, "policy-aliases", aliases_json(&listing));
	json_object_set_new(list, "policies", policies);
	if (drawing->order->previous != NULL)
		compare_previous(drawing, candidates, count, figures);
	map_free(listing.shared);
	map_free(listing.taken);
	buffer_fini(&listing.key);
	arena_fini(&listing.arena);
	return list;
}
