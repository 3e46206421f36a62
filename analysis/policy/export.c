#include "analysis/policy/export.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/policy/rules.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/base/plural.h"

static int
compare_names(const void *a, const void *b)
{
	const struct listed_policy *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* An entry of TLS_README "TLS policy table". */
static void
print_entry(const struct listed_policy *policy, FILE *out)
{
	fprintf(out, "%s%s secure match=", policy->mode == LIST_ENFORCE ? ""
	    : "# ", policy->name);
	for (size_t i = 0; i < policy->mxs.count; i++)
		fprintf(out, "%s%s", i > 0 ? ":" : "", policy->mxs.items[i]);
	putc('\n', out);
}

static bool
has_suffix(const struct policy_patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (patterns->items[i][0] == '.')
			return true;
	return false;
}

size_t
policy_export_wider(const struct policy_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->policy_count; i++)
		count += list->policies[i].mode == LIST_ENFORCE &&
		    has_suffix(&list->policies[i].mxs);
	return count;
}

void
policy_export_postfix(const struct policy_list *list, FILE *out)
{
	const struct listed_policy **sorted = xcalloc(list->policy_count + 1,
	    sizeof *sorted);
	size_t wider = policy_export_wider(list);
	char expires[CLOCK_TEXT_MAX];

	clock_text(list->expires_s * 1000, expires);
	fprintf(out, "# smtp_tls_policy_maps: for postmap(1). Do not use it "
	    "after %s.\n# Policies in testing are comments. The list requires "
	    "TLS 1.2 or later, and a wildcard\n# in a certificate stands for "
	    "one label. In main.cf:\n#   smtp_tls_mandatory_protocols = "
	    ">=TLSv1.2\n#   tls_wildcard_matches_multiple_labels = no\n",
	    expires);
	if (wider > 0)
		fprintf(out, "# Wider than the list: %zu enforced %s a "
		    "name that begins with a dot.\n# It stands for one label "
		    "in the list, and for any number here.\n", wider,
		    plural(wider, "policy has", "policies have"));
	for (size_t i = 0; i < list->policy_count; i++)
		sorted[i] = &list->policies[i];
	if (list->policy_count > 1)
		qsort(sorted, list->policy_count, sizeof *sorted,
		    compare_names);
	for (size_t i = 0; i < list->policy_count; i++)
		print_entry(sorted[i], out);
	free(sorted);
}

void
policy_export_mta_sts(const struct listed_policy *policy, FILE *out)
{
	fprintf(out, "version: STSv1\r\nmode: %s\r\n",
	    policy->mode == LIST_ENFORCE ? "enforce" : "testing");
	for (size_t i = 0; i < policy->mxs.count; i++) {
		const char *pattern = policy->mxs.items[i];

		fprintf(out, "mx: %s%s\r\n", pattern[0] == '.' ? "*" : "",
		    pattern);
	}
	/* The shortest time that counts as a promise in a list (C6). */
	fprintf(out, "max_age: %d\r\n", POLICY_MAX_AGE_MIN);
}

const struct listed_policy *
policy_export_find(const struct policy_list *list, const char *domain)
{
	for (size_t i = 0; i < list->policy_count; i++)
		if (strcmp(list->policies[i].name, domain) == 0)
			return &list->policies[i];
	return NULL;
}
