#include "analysis/outcomes/alike_domains.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/verdict/reason_list.h"
#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

#define KINDS_COUNT	16384		/* a power of two */
#define KIND_MX_MAX	8		/* of a kind that is kept */

/* Where the name of an MX host is left out of a row. */
struct gap {
	size_t		 at;
	size_t		 mx;
};

struct kind {
	uint64_t	 last;		/* hash of the key that came last */
	struct buffer	 key;		/* empty: none is kept */
	/* The row behind the domain, without the names of its MX hosts. */
	struct buffer	 row;
	struct gap	*gaps;
	size_t		 gap_count;
	/* For the shares: one of its domains, and how many there were. */
	struct domain_facts domain;
	struct mx_facts	 mxs[KIND_MX_MAX];
	struct domain_records records;
	struct verdict	 verdict;
	uint64_t	 count;
};

struct kinds {
	struct table	*rows;
	struct shares	*shares;
	struct siphash_key hash_key;
	struct kind	*items;
	/* Of the present domain, used again for the next. */
	struct buffer	 key, row, text;
	struct reasons	 reasons;
	struct verdict	 verdict;
};

struct kinds *
kinds_new(struct table *rows, struct shares *shares)
{
	struct kinds *kinds = xcalloc(1, sizeof *kinds);

	kinds->rows = rows;
	kinds->shares = shares;
	kinds->items = xcalloc(KINDS_COUNT, sizeof *kinds->items);
	/* Strangers choose the facts; what they steer is time alone. */
	if (getrandom(&kinds->hash_key, sizeof kinds->hash_key, 0) !=
	    (ssize_t)sizeof kinds->hash_key)
		abort();
	return kinds;
}

void
kinds_free(struct kinds *kinds)
{
	if (kinds == NULL)
		return;
	for (size_t i = 0; i < KINDS_COUNT; i++) {
		buffer_fini(&kinds->items[i].key);
		buffer_fini(&kinds->items[i].row);
		free(kinds->items[i].gaps);
	}
	free(kinds->items);
	buffer_fini(&kinds->key);
	buffer_fini(&kinds->row);
	buffer_fini(&kinds->text);
	reasons_fini(&kinds->reasons);
	free(kinds);
}

/* Keys ******************************************************************** */

/* How many names come before it among the reasons. */
static uint64_t
rank(const struct domain_facts *domain, size_t index)
{
	const char *name = domain->mxs[index].host->name;
	uint64_t before = 0;

	for (size_t i = 0; i < domain->mx_count; i++)
		before += i != index && reason_list_compare(
		    domain->mxs[i].host->name, name) < 0;
	return before;
}

/* All that a row and the shares depend on, the names of domain and hosts apart,
 * and the order of those. Hosts that are alike share their pairs (hosts.h). */
static void
append_key(struct buffer *key, const struct domain_facts *domain,
    const struct domain_records *records)
{
	const uint8_t own[] = {
		(uint8_t)domain->mx_status, (uint8_t)domain->mx_dnssec,
		domain->is_probed, (uint8_t)domain->mta_sts,
		(uint8_t)domain->policy_list, (uint8_t)records->parent_ds,
		(uint8_t)records->tlsrpt, records->list_is_given,
	};
	const uint64_t words[] = {
		domain->attempts, (uintptr_t)domain->mta_sts_status,
	};

	key->length = 0;
	buffer_append(key, own, sizeof own);
	buffer_append(key, words, sizeof words);
	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct mx_facts *mx = &domain->mxs[i];
		const uint64_t of_mx[] = {
			(uintptr_t)mx->host->pairs, mx->tier,
			rank(domain, i) << 1 | mx->in_mta_sts,
			mx->next_hop_matches, mx->in_policy_list,
		};

		buffer_append(key, of_mx, sizeof of_mx);
	}
}

/* Rows ******************************************************************** */

static void
write_row(struct kinds *kinds, const char *domain)
{
	const struct verdict *verdict = &kinds->verdict;
	struct table *rows = kinds->rows;

	table_set(rows, CONCLUSIONS_DOMAIN, domain);
	for (unsigned i = 0; i < SENDER_COUNT; i++) {
		const struct deliveries *sender = &verdict->senders[i];
		unsigned column = CONCLUSIONS_FIRST_SENDER +
		    CONCLUSIONS_OF_A_SENDER * i;

		table_set_enum(rows, column, (int)sender->first);
		table_set_enum(rows, column + 1, (int)sender->deliver);
		table_set_enum(rows, column + 2, (int)sender->worst);
	}
	if (verdict->dane_domain != ANSWER_UNDETERMINED)
		table_set_bool(rows, CONCLUSIONS_DANE_DOMAIN,
		    verdict->dane_domain == ANSWER_YES);
	if (verdict->dane_domain_all != ANSWER_UNDETERMINED)
		table_set_bool(rows, CONCLUSIONS_DANE_DOMAIN_ALL,
		    verdict->dane_domain_all == ANSWER_YES);
	table_set(rows, CONCLUSIONS_REASONS, buffer_text(&kinds->text));
	table_set_flags(rows, CONCLUSIONS_FLAGS, verdict->flags);
	table_end_row(rows);
}

/* The row of a further domain of the kind. */
static void
write_row_like(struct kinds *kinds, const struct kind *kind, const char *domain,
    const struct domain_facts *facts)
{
	struct buffer *row = &kinds->row;
	size_t at = 0;

	row->length = 0;
	for (size_t i = 0; i < kind->gap_count; i++) {
		const struct gap *gap = &kind->gaps[i];

		buffer_append(row, kind->row.bytes + at, gap->at - at);
		buffer_append_text(row, facts->mxs[gap->mx].host->name);
		at = gap->at;
	}
	buffer_append(row, kind->row.bytes + at, kind->row.length - at);
	table_end_row_like(kinds->rows, domain, row->bytes, row->length);
}

/* Kinds ******************************************************************* */

/* Would the reasons of every domain of the kind be whole, so long as names may
 * be? */
static bool
may_keep(const struct kinds *kinds, const struct domain_facts *domain)
{
	return domain->mx_count <= KIND_MX_MAX && kinds->text.length +
	    kinds->reasons.count * NAME_TEXT_MAX <= REASON_LIST_MAX;
}

/* Which of the MX hosts of the domain is it? The reasons point to their names. */
static size_t
index_of(const struct domain_facts *domain, const char *name)
{
	size_t index = 0;

	while (domain->mxs[index].host->name != name)
		index++;
	return index;
}

/* Where the reasons begin in what stands behind the domain. */
static const char *
find_reasons(const char *rest)
{
	for (int i = 0; i < CONCLUSIONS_REASONS; i++)
		rest = strchr(rest, ',') + 1;
	return rest;
}

static const char *
take(struct buffer *row, const char *bytes, size_t length)
{
	buffer_append(row, bytes, length);
	return bytes + length;
}

/* The row that was written last, without the names in its reasons. False where
 * those are quoted. */
static bool
keep_row(struct kinds *kinds, struct kind *kind,
    const struct domain_facts *domain)
{
	const struct reasons *reasons = &kinds->reasons;
	struct buffer *row = &kind->row;
	size_t length;
	const char *rest = table_rest(kinds->rows, &length);
	const char *end = rest + length, *at = find_reasons(rest);

	if (memcmp(at, kinds->text.bytes, kinds->text.length) != 0)
		return false;
	row->length = kind->gap_count = 0;
	kind->gaps = xreallocarray(kind->gaps, reasons->count + 1,
	    sizeof *kind->gaps);
	take(row, rest, (size_t)(at - rest));
	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *reason = &reasons->items[i];

		at = take(row, at, strlen(sender_texts.texts[
		    reason->sender]) + 1);
		if (reason->host == NULL) {
			at = take(row, at, 1);
		} else {
			kind->gaps[kind->gap_count++] = (struct gap){
				row->length, index_of(domain, reason->host),
			};
			at += strlen(reason->host);
		}
		/* And what ends it. */
		at = take(row, at, strlen(reason->value) + 2);
	}
	take(row, at, (size_t)(end - at));
	return true;
}

static void
count(struct kinds *kinds, struct kind *kind)
{
	if (kind->count > 0)
		shares_add_domains(kinds->shares, kind->count, &kind->domain,
		    &kind->verdict, &kind->records);
	kind->count = 0;
}

/* The present domain, for those like it that are to come. */
static void
keep(struct kinds *kinds, struct kind *kind, const struct domain_facts *domain,
    const struct domain_records *records)
{
	count(kinds, kind);
	kind->key.length = 0;
	if (!keep_row(kinds, kind, domain))
		return;
	buffer_append(&kind->key, kinds->key.bytes, kinds->key.length);
	kind->domain = *domain;
	if (domain->mx_count > 0)
		memcpy(kind->mxs, domain->mxs,
		    domain->mx_count * sizeof *domain->mxs);
	kind->domain.mxs = kind->mxs;
	kind->records = *records;
	kind->verdict = kinds->verdict;
}

void
kinds_add(struct kinds *kinds, const char *domain,
    const struct domain_facts *facts, const struct domain_records *records)
{
	struct buffer *key = &kinds->key;
	struct kind *kind;
	uint64_t hash;

	append_key(key, facts, records);
	hash = siphash(&kinds->hash_key, key->bytes, key->length);
	kind = &kinds->items[hash & (KINDS_COUNT - 1)];
	if (kind->key.length == key->length &&
	    memcmp(kind->key.bytes, key->bytes, key->length) == 0) {
		write_row_like(kinds, kind, domain, facts);
		kind->count++;
		return;
	}
	verdict_of(facts, &kinds->verdict, &kinds->reasons);
	reason_list_sort(&kinds->reasons);
	reason_list_spell(&kinds->reasons, &kinds->text);
	write_row(kinds, domain);
	shares_add_domain(kinds->shares, facts, &kinds->verdict, records);
	/* What came twice comes again; what came once may take no place. */
	if (kind->last == hash && may_keep(kinds, facts))
		keep(kinds, kind, facts, records);
	kind->last = hash;
}

void
kinds_count(struct kinds *kinds)
{
	for (size_t i = 0; i < KINDS_COUNT; i++)
		count(kinds, &kinds->items[i]);
}
