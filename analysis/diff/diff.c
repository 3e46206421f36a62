#include "analysis/diff/diff.h"

#include <stdlib.h>

#include "analysis/diff/diff_internal.h"
#include "scanner/base/memory.h"

#define MOVE_TEXT(name, text) text,
static const char *const texts[] = { MOVE_VALUES(MOVE_TEXT) NULL };
const struct enumeration move_texts = { "move", texts, MOVE_COUNT };

#define SEEN_TEXT(name, text) text,
static const char *const seen_list[] = { SEEN_VALUES(SEEN_TEXT) NULL };
const struct enumeration seen_texts = { "seen", seen_list, SEEN_COUNT };

static bool
is_unknown(enum delivery delivery)
{
	return delivery == DELIVERY_UNDETERMINED ||
	    delivery == DELIVERY_NOT_PROBED;
}

/* Returns the place in the order of protection, 0 without delivery, or -1 if it
 * has no place. */
static int
rank_of(enum delivery delivery)
{
	switch (delivery) {
	case DELIVERY_REFUSED:
	case DELIVERY_UNREACHABLE:
		return 0;
	case DELIVERY_CLEARTEXT:
		return 1;
	case DELIVERY_ENCRYPTED:
		return 2;
	case DELIVERY_AUTHENTICATED_INSECURE_MX:
		return 3;
	case DELIVERY_AUTHENTICATED:
		return 4;
	default:
		return -1;
	}
}

enum move
move_of(enum delivery before, enum delivery after)
{
	int was = rank_of(before), is = rank_of(after);

	if (before == after)
		return MOVE_SAME;
	if (is_unknown(before) != is_unknown(after))
		return is_unknown(after) ? MOVE_INTO_UNDETERMINED
		    : MOVE_OUT_OF_UNDETERMINED;
	if (was < 0 || is < 0 || was == is)
		return MOVE_OTHER;
	return is > was ? MOVE_BETTER : MOVE_WORSE;
}

/* Nobody is known to get mail there. */
static bool
is_unseen(enum delivery delivery)
{
	return is_unknown(delivery) || delivery == DELIVERY_UNREACHABLE;
}

enum seen_by
seen_of(enum delivery a, enum delivery b)
{
	if (is_unseen(a) != is_unseen(b))
		return is_unseen(b) ? SEEN_BY_OLD : SEEN_BY_NEW;
	if (is_unseen(a))
		return SEEN_BY_NONE;
	return a == b ? SEEN_ALIKE : SEEN_OTHERWISE;
}

static struct diff *
compare_runs(struct comparison comparison)
{
	const struct diff_run *runs = comparison.runs;
	bool good = true;

	comparison.diff = xcalloc(1, sizeof *comparison.diff);

	for (int side = 0; side < SIDE_COUNT && good; side++) {
		comparison.hosts[side] = hosts_read_shown(runs[side].folder,
		    runs[side].retry_after_ms);
		good = comparison.hosts[side] != NULL;
	}
	good = good && diff_hosts(&comparison) && diff_domains(&comparison);
	for (int side = 0; side < SIDE_COUNT; side++)
		hosts_free(comparison.hosts[side]);
	if (good)
		return comparison.diff;
	diff_free(comparison.diff);
	return NULL;
}

struct diff *
diff_runs(const struct diff_run runs[SIDE_COUNT],
    const struct diff_files *files)
{
	return compare_runs((struct comparison){
		.runs = runs, .files = files });
}

struct diff *
diff_places(const struct diff_run runs[SIDE_COUNT], enum sender sender,
    FILE *domains)
{
	return compare_runs((struct comparison){
		.runs = runs, .seen = domains, .seen_sender = sender });
}

void
diff_free(struct diff *diff)
{
	struct domain_changes *domains;

	if (diff == NULL)
		return;
	domains = &diff->domains;
	for (size_t i = 0; i < domains->provider_count; i++) {
		free((char *)(uintptr_t)domains->providers[i]->name);
		free(domains->providers[i]);
	}
	free(domains->providers);
	free(diff);
}
