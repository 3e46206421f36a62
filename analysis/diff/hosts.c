/* diff_hosts: compares the certificates and TLSA RRsets of the MX hosts that
 * both runs have. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diff/diff_internal.h"
#include "analysis/diff/shown_keys.h"
#include "scanner/base/memory.h"
#include "scanner/out/field.h"

#define RECORD_OF_KEY_MAX 96	/* "3 1 1 " and a SHA-256 */

struct host_diff {
	struct comparison *comparison;
	struct host_changes *changes;
	struct shown_keys *keys[SIDE_COUNT];
};

/* A host in both runs, and what was seen there at one of its addresses. */
struct seen {
	const char	*name;
	const struct shown_host *host[SIDE_COUNT];
	enum tlsa_status tlsa_status[SIDE_COUNT];
	const struct shown_pair *pair[SIDE_COUNT];
	const struct leaf *leaf[SIDE_COUNT];
	struct rrset	 rrset[SIDE_COUNT];	/* with which the pair was
						 * compared */
};

/* Records ***************************************************************** */

/* Does the record match the leaf by its SHA-256? For other records, the scan
 * says whether they match. */
static bool
is_digest_of(const char *record, const struct leaf *leaf)
{
	char by_key[RECORD_OF_KEY_MAX], by_certificate[RECORD_OF_KEY_MAX];

	snprintf(by_key, sizeof by_key, "3 1 1 %s", leaf->spki_sha256);
	snprintf(by_certificate, sizeof by_certificate, "3 0 1 %s",
	    leaf->certificate_sha256);
	return strcmp(record, by_key) == 0 ||
	    strcmp(record, by_certificate) == 0;
}

/* Is the position in a list such as "[0,2,3]"? */
static bool
is_listed(const char *positions, size_t position)
{
	unsigned long listed;

	while (field_next_number(&positions, &listed))
		if (listed == position)
			return true;
	return false;
}

/* Does the record match what the pair of that side showed, according to the
 * scan or to the digest? */
static bool
stands_for(const struct seen *seen, enum side side, const char *record)
{
	const struct rrset *rrset = &seen->rrset[side];

	if (is_digest_of(record, seen->leaf[side]))
		return true;
	for (size_t i = 0; i < rrset->count; i++)
		if (is_listed(seen->pair[side]->matching, i) &&
		    strcmp(rrset->records[i], record) == 0)
			return true;
	return false;
}

/* ************************************************************************* */

/* Looks for the record in the old RRset. It counts from the first asking if it
 * was there then. */
static void
look_for_record(const struct host_diff *diff, const struct seen *seen,
    struct rollover_facts *facts)
{
	const struct rrset *old = &seen->rrset[SIDE_OLD];
	struct rrset first = shown_rrset(diff->keys[SIDE_OLD], seen->name, 1);

	facts->stood_at = INT64_MIN;
	for (size_t i = 0; i < old->count; i++) {
		const char *record = old->records[i];
		int64_t since;

		if (!stands_for(seen, SIDE_NEW, record))
			continue;
		facts->has_stood = true;
		facts->stands_for_both |= stands_for(seen, SIDE_OLD, record);
		since = rrset_has(&first, record)
		    ? seen->host[SIDE_OLD]->measured_at
		    : seen->pair[SIDE_OLD]->tlsa_asked_at;
		if (facts->stood_at == INT64_MIN || since < facts->stood_at)
			facts->stood_at = since;
	}
}

/* The key of an undecodable certificate is not known. */
static bool
keys_are_known(const struct leaf *was, const struct leaf *is)
{
	return was->spki_sha256[0] != '\0' && is->spki_sha256[0] != '\0';
}

static bool
key_changed(const struct leaf *was, const struct leaf *is)
{
	return keys_are_known(was, is) &&
	    strcmp(was->spki_sha256, is->spki_sha256) != 0;
}

static enum rollover
judge(const struct host_diff *diff, const struct seen *seen)
{
	const struct shown_pair *old = seen->pair[SIDE_OLD];
	const struct shown_pair *new = seen->pair[SIDE_NEW];
	const struct leaf *was = seen->leaf[SIDE_OLD];
	const struct leaf *is = seen->leaf[SIDE_NEW];
	struct rollover_facts facts = {
		.old_status = old->tlsa_status, .new_status = new->tlsa_status,
		.old_verdict = old->verdict, .new_verdict = new->verdict,
		.old_ttl_s = seen->host[SIDE_OLD]->tlsa_ttl_s,
		.shown_at = new->measured_at,
	};

	facts.keys_are_known = was != NULL && is != NULL &&
	    keys_are_known(was, is);
	if (facts.keys_are_known) {
		facts.key_changed = key_changed(was, is);
		look_for_record(diff, seen, &facts);
	}
	return rollover_of(&facts);
}

static void
list_certificate(const struct host_diff *diff, const struct seen *seen,
    enum rollover rollover)
{
	const struct leaf *was = seen->leaf[SIDE_OLD];
	const struct leaf *is = seen->leaf[SIDE_NEW];

	fprintf(diff->comparison->files->certificates,
	    "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", seen->name,
	    seen->pair[SIDE_OLD]->address, was->certificate_sha256,
	    is->certificate_sha256, !keys_are_known(was, is) ? "" :
	    key_changed(was, is) ? "1" : "0",
	    tlsa_status_texts.texts[seen->pair[SIDE_OLD]->tlsa_status],
	    tlsa_status_texts.texts[seen->pair[SIDE_NEW]->tlsa_status],
	    dane_verdict_texts.texts[seen->pair[SIDE_OLD]->verdict],
	    dane_verdict_texts.texts[seen->pair[SIDE_NEW]->verdict],
	    rollover_texts.texts[rollover]);
}

static enum rollover
compare_pair(struct host_diff *diff, struct seen *seen)
{
	struct host_changes *changes = diff->changes;
	const struct leaf *was, *is;
	enum rollover rollover;
	bool certificate_changed;

	for (int side = 0; side < SIDE_COUNT; side++) {
		seen->leaf[side] = shown_leaf(diff->keys[side],
		    seen->pair[side]->chain_id);
		seen->rrset[side] = shown_rrset(diff->keys[side], seen->name,
		    seen->pair[side]->asking);
	}
	rollover = judge(diff, seen);
	changes->pairs++;
	changes->pair_rollovers[rollover]++;
	was = seen->leaf[SIDE_OLD];
	is = seen->leaf[SIDE_NEW];
	if (was == NULL || is == NULL) {
		changes->leaves_unknown++;
		return rollover;
	}
	certificate_changed = strcmp(was->certificate_sha256,
	    is->certificate_sha256) != 0;
	changes->leaves_changed += certificate_changed;
	changes->keys_changed += key_changed(was, is);
	if (diff->comparison->files != NULL &&
	    (certificate_changed || rollover != ROLLOVER_NONE))
		list_certificate(diff, seen, rollover);
	return rollover;
}

/* Returns the worst result over the addresses of both runs. */
static enum rollover
compare_pairs(struct host_diff *diff, struct seen *seen,
    const unsigned counts[SIDE_COUNT])
{
	enum rollover worst = ROLLOVER_NONE, one;

	for (unsigned i = 0; i < counts[SIDE_OLD]; i++)
		for (unsigned j = 0; j < counts[SIDE_NEW]; j++) {
			seen->pair[SIDE_OLD] = &seen->host[SIDE_OLD]->pairs[i];
			seen->pair[SIDE_NEW] = &seen->host[SIDE_NEW]->pairs[j];
			if (strcmp(seen->pair[SIDE_OLD]->address,
			    seen->pair[SIDE_NEW]->address) != 0)
				continue;
			one = compare_pair(diff, seen);
			worst = one > worst ? one : worst;
		}
	return worst;
}

/* RRsets ****************************************************************** */

/* Did an answer say what the RRset is? */
static bool
is_answered(enum tlsa_status status)
{
	return status == TLSA_STATUS_USABLE ||
	    status == TLSA_STATUS_UNUSABLE_ONLY ||
	    status == TLSA_STATUS_INSECURE || status == TLSA_STATUS_ABSENT ||
	    status == TLSA_STATUS_ABSENT_INSECURE;
}

/* RRsets are in canonical order. */
static bool
are_equal(const struct rrset *a, const struct rrset *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->records[i], b->records[i]) != 0)
			return false;
	return true;
}

static void
print_records(FILE *out, const struct rrset *rrset)
{
	for (size_t i = 0; i < rrset->count; i++)
		fprintf(out, "%s%s", i > 0 ? "; " : "", rrset->records[i]);
}

static void
list_rrset(const struct host_diff *diff, const struct seen *seen,
    const struct rrset rrsets[SIDE_COUNT], const char *change,
    enum rollover rollover)
{
	FILE *out = diff->comparison->files->tlsa;

	fprintf(out, "%s,%s,%s,%s,", seen->name, change,
	    tlsa_status_texts.texts[seen->tlsa_status[SIDE_OLD]],
	    tlsa_status_texts.texts[seen->tlsa_status[SIDE_NEW]]);
	print_records(out, &rrsets[SIDE_OLD]);
	putc(',', out);
	print_records(out, &rrsets[SIDE_NEW]);
	fprintf(out, ",%s\n", rollover_texts.texts[rollover]);
}

static void
compare_rrsets(struct host_diff *diff, const struct seen *seen,
    enum rollover rollover)
{
	struct host_changes *changes = diff->changes;
	struct rrset rrsets[SIDE_COUNT];
	const char *change;

	for (int side = 0; side < SIDE_COUNT; side++) {
		rrsets[side] = shown_rrset(diff->keys[side], seen->name, 1);
		if (!is_answered(seen->tlsa_status[side])) {
			changes->rrsets_unknown++;
			return;
		}
	}
	if (are_equal(&rrsets[SIDE_OLD], &rrsets[SIDE_NEW])) {
		changes->rrsets_same++;
		return;
	}
	if (rrsets[SIDE_OLD].count == 0) {
		change = "added";
		changes->rrsets_added++;
	} else if (rrsets[SIDE_NEW].count == 0) {
		change = "removed";
		changes->rrsets_removed++;
	} else {
		change = "changed";
		changes->rrsets_changed++;
	}
	if (diff->comparison->files != NULL)
		list_rrset(diff, seen, rrsets, change, rollover);
}

/* Hosts ******************************************************************* */

static void
compare_host(struct host_diff *diff, const struct known_host *old,
    const struct known_host *new)
{
	const struct known_host *hosts[SIDE_COUNT] = { old, new };
	struct seen seen = { .name = old->verdict.name };
	unsigned counts[SIDE_COUNT];
	enum rollover rollover;

	for (int side = 0; side < SIDE_COUNT; side++) {
		seen.host[side] = hosts[side]->shown;
		seen.tlsa_status[side] = hosts[side]->tlsa_status;
		counts[side] = hosts[side]->shown->pairs == NULL ? 0
		    : hosts[side]->verdict.pair_count;
	}
	diff->changes->both++;
	rollover = compare_pairs(diff, &seen, counts);
	diff->changes->host_rollovers[rollover]++;
	compare_rrsets(diff, &seen, rollover);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct known_host *const *)a)->verdict.name,
	    (*(const struct known_host *const *)b)->verdict.name);
}

/* Sorts the hosts of a run by name, for the lists. */
static const struct known_host **
sorted_hosts(const struct hosts *hosts, size_t *count)
{
	const struct known_host **list = NULL, *host;
	size_t index = 0;

	*count = 0;
	while ((host = hosts_next(hosts, &index)) != NULL) {
		/* The array grows by powers of two. */
		if ((*count & (*count - 1)) == 0)
			list = xreallocarray(list, *count == 0 ? 1
			    : 2 * *count, sizeof *list);
		list[(*count)++] = host;
	}
	if (*count > 0)
		qsort(list, *count, sizeof *list, compare_names);
	return list;
}

static void
compare_hosts(struct host_diff *diff)
{
	struct hosts *const *hosts = diff->comparison->hosts;
	const struct known_host **list, *other;
	size_t count, index = 0;

	list = sorted_hosts(hosts[SIDE_OLD], &count);
	diff->changes->hosts[SIDE_OLD] = count;
	while (hosts_next(hosts[SIDE_NEW], &index) != NULL)
		diff->changes->hosts[SIDE_NEW]++;
	for (size_t i = 0; i < count; i++) {
		other = hosts_find(hosts[SIDE_NEW], list[i]->verdict.name);
		if (other != NULL)
			compare_host(diff, list[i], other);
	}
	free(list);
}

bool
diff_hosts(struct comparison *comparison)
{
	struct host_diff diff = {
		.comparison = comparison, .changes = &comparison->diff->hosts,
	};
	bool good = true;

	for (int side = 0; side < SIDE_COUNT && good; side++) {
		diff.keys[side] = shown_keys_read(
		    comparison->runs[side].folder);
		good = diff.keys[side] != NULL;
	}
	if (good && comparison->files != NULL) {
		fputs("host,address,old_certificate_sha256,"
		    "new_certificate_sha256,key_changed,old_tlsa_status,"
		    "new_tlsa_status,old_dane_verdict,new_dane_verdict,"
		    "rollover\n", comparison->files->certificates);
		fputs("host,change,old_tlsa_status,new_tlsa_status,"
		    "old_records,new_records,rollover\n",
		    comparison->files->tlsa);
	}
	if (good)
		compare_hosts(&diff);
	for (int side = 0; side < SIDE_COUNT; side++)
		shown_keys_free(diff.keys[side]);
	return good;
}
