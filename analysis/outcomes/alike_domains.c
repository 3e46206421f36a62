#include "analysis/outcomes/alike_domains.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/verdict/reason_list.h"
#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

#define KINDS_COUNT	16384		/* a power of two */
#define KIND_MX_MAX	8		/* the most MX hosts of a kind that is
					 * kept */

/* A place in a row where the name of an MX host is left out. */
struct gap {
	size_t		 at;
	size_t		 mx;		/* which of the MX hosts */
};

/* What is kept for the domains of one key. */
struct kind {
	uint64_t	 last;		/* hash of the key that came last */
	struct buffer	 key;		/* empty: no kind is kept here */
	/* The rest of the row (table_rest) without the names of MX hosts. */
	struct buffer	 row;
	struct gap	*gaps;
	size_t		 gap_count;
	/* For the shares: one of the domains of the kind, and how many there
	 * were. */
	struct domain_facts domain;
	struct mx_facts	 mxs[KIND_MX_MAX];
	struct domain_records records;
	struct verdict	 verdict;
	uint64_t	 count;
	bool		 is_used;	/* listed in alike->used */
};

struct alike_domains {
	struct table	*rows;
	struct shares	*shares;
	struct siphash_key hash_key;
	struct kind	*items;
	/* The kinds that are in `items`, so that the end need not look through
	 * the whole table. */
	struct kind	**used;
	size_t		 used_count;
	/* Belong to the present domain, and are used again for the next one. */
	struct buffer	 key, row, text;
	struct reasons	 reasons;
	struct verdict	 verdict;
};

struct alike_domains *
alike_domains_new(struct table *rows, struct shares *shares)
{
	struct alike_domains *alike = xcalloc(1, sizeof *alike);

	alike->rows = rows;
	alike->shares = shares;
	alike->items = xcalloc(KINDS_COUNT, sizeof *alike->items);
	alike->used = xcalloc(KINDS_COUNT, sizeof(struct kind *));
	/* Strangers choose the facts, but that only affects the time that this
	 * takes. */
	if (getrandom(&alike->hash_key, sizeof alike->hash_key, 0) !=
	    (ssize_t)sizeof alike->hash_key)
		abort();
	return alike;
}

void
alike_domains_free(struct alike_domains *alike)
{
	if (alike == NULL)
		return;
	for (size_t i = 0; i < alike->used_count; i++) {
		buffer_fini(&alike->used[i]->key);
		buffer_fini(&alike->used[i]->row);
		free(alike->used[i]->gaps);
	}
	free(alike->used);
	free(alike->items);
	buffer_fini(&alike->key);
	buffer_fini(&alike->row);
	buffer_fini(&alike->text);
	reasons_fini(&alike->reasons);
	free(alike);
}

/* Keys ******************************************************************** */

/* Counts the MX hosts whose names come before its name among the reasons. */
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

/* A static text, or an array of pairs that hosts share, is identified by its
 * address. It does not move or change while a kind is kept, so one address
 * always means the same content. Equal content may have two addresses; then the
 * domains are judged twice, and their rows are the same. */
static uint64_t
identity_of(const void *lasting)
{
	return (uintptr_t)lasting;
}

/* Appends everything on which a row and the shares depend, except the names of
 * the domain and its hosts; only the order of the hosts counts. Hosts that are
 * alike share their pairs (hosts_read_alike). */
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
		domain->attempts, identity_of(domain->mta_sts_status),
	};

	key->length = 0;
	buffer_append(key, own, sizeof own);
	buffer_append(key, words, sizeof words);
	for (size_t i = 0; i < domain->mx_count; i++) {
		const struct mx_facts *mx = &domain->mxs[i];
		const uint64_t of_mx[] = {
			identity_of(mx->host->pairs), mx->tier,
			rank(domain, i) << 1 | mx->in_mta_sts,
			mx->next_hop_matches, mx->in_policy_list,
		};

		buffer_append(key, of_mx, sizeof of_mx);
	}
}

/* Rows ******************************************************************** */

static void
write_row(struct alike_domains *alike, const char *domain)
{
	const struct verdict *verdict = &alike->verdict;
	struct table *rows = alike->rows;

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
	table_set(rows, CONCLUSIONS_REASONS, buffer_text(&alike->text));
	table_set_flags(rows, CONCLUSIONS_FLAGS, verdict->flags);
	table_end_row(rows);
}

/* Writes the row of another domain of the kind. */
static void
write_row_like(struct alike_domains *alike, const struct kind *kind,
    const char *domain, const struct domain_facts *facts)
{
	struct buffer *row = &alike->row;
	size_t at = 0;

	row->length = 0;
	for (size_t i = 0; i < kind->gap_count; i++) {
		const struct gap *gap = &kind->gaps[i];

		buffer_append(row, kind->row.bytes + at, gap->at - at);
		buffer_append_text(row, facts->mxs[gap->mx].host->name);
		at = gap->at;
	}
	buffer_append(row, kind->row.bytes + at, kind->row.length - at);
	table_end_row_like(alike->rows, domain, row->bytes, row->length);
}

/* Kinds ******************************************************************* */

/* Would the reasons of every domain of the kind fit, even with the longest
 * names? */
static bool
may_keep(const struct alike_domains *alike, const struct domain_facts *domain)
{
	return domain->mx_count <= KIND_MX_MAX && alike->text.length +
	    alike->reasons.count * NAME_TEXT_MAX <= REASON_LIST_MAX;
}

/* Which of its MX hosts has the name? A reason names one of them. */
static size_t
index_of(const struct domain_facts *domain, const char *name)
{
	size_t index = 0;

	while (strcmp(domain->mxs[index].host->name, name) != 0) {
		index++;
		assert(index < domain->mx_count);
	}
	return index;
}

/* As reason_list_spell spells a reason, with a gap for the name of its host. */
static void
append_reason(struct kind *kind, const struct domain_facts *domain,
    const struct reason *reason)
{
	struct buffer *row = &kind->row;

	buffer_printf(row, "%s:", sender_texts.texts[reason->sender]);
	if (reason->host == NULL)
		buffer_append_byte(row, '-');
	else
		kind->gaps[kind->gap_count++] = (struct gap){
			row->length, index_of(domain, reason->host),
		};
	buffer_printf(row, ":%s", reason->value);
}

/* Keeps the row that was written last without the names in its reasons. Returns
 * false if the reasons are quoted. */
static bool
keep_row(struct alike_domains *alike, struct kind *kind,
    const struct domain_facts *domain)
{
	const struct reasons *reasons = &alike->reasons;
	struct buffer *row = &kind->row;
	size_t length, end;
	const char *rest = table_rest(alike->rows, &length);
	struct table_span span = table_rest_span(alike->rows,
	    CONCLUSIONS_REASONS);

	if (span.length != alike->text.length)
		return false;
	row->length = kind->gap_count = 0;
	kind->gaps = xreallocarray(kind->gaps, reasons->count + 1,
	    sizeof *kind->gaps);
	buffer_append(row, rest, span.at);
	for (size_t i = 0; i < reasons->count; i++) {
		if (i > 0)
			buffer_append_byte(row, ' ');
		append_reason(kind, domain, &reasons->items[i]);
	}
	end = span.at + span.length;
	buffer_append(row, rest + end, length - end);
	return true;
}

static void
count(struct alike_domains *alike, struct kind *kind)
{
	if (kind->count > 0)
		shares_add_domains(alike->shares, kind->count, &kind->domain,
		    &kind->verdict, &kind->records);
	kind->count = 0;
}

/* Keeps the present domain for later domains that are like it. */
static void
keep(struct alike_domains *alike, struct kind *kind,
    const struct domain_facts *domain, const struct domain_records *records)
{
	count(alike, kind);
	if (!kind->is_used)
		alike->used[alike->used_count++] = kind;
	kind->is_used = true;
	kind->key.length = 0;
	if (!keep_row(alike, kind, domain))
		return;
	buffer_append(&kind->key, alike->key.bytes, alike->key.length);
	kind->domain = *domain;
	if (domain->mx_count > 0)
		memcpy(kind->mxs, domain->mxs,
		    domain->mx_count * sizeof *domain->mxs);
	kind->domain.mxs = kind->mxs;
	kind->records = *records;
	kind->verdict = alike->verdict;
}

void
alike_domains_add(struct alike_domains *alike, const char *domain,
    const struct domain_facts *facts, const struct domain_records *records)
{
	struct buffer *key = &alike->key;
	struct kind *kind;
	uint64_t hash;

	append_key(key, facts, records);
	hash = siphash(&alike->hash_key, key->bytes, key->length);
	kind = &alike->items[hash & (KINDS_COUNT - 1)];
	if (kind->key.length == key->length &&
	    memcmp(kind->key.bytes, key->bytes, key->length) == 0) {
		write_row_like(alike, kind, domain, facts);
		kind->count++;
		return;
	}
	verdict_of(facts, &alike->verdict, &alike->reasons);
	reason_list_sort(&alike->reasons);
	reason_list_spell(&alike->reasons, &alike->text);
	write_row(alike, domain);
	shares_add_domain(alike->shares, facts, &alike->verdict, records);
	/* A key that came twice will come again. A key that came once does not
	 * replace a kind. */
	if (kind->last == hash && may_keep(alike, facts))
		keep(alike, kind, facts, records);
	kind->last = hash;
}

void
alike_domains_count(struct alike_domains *alike)
{
	for (size_t i = 0; i < alike->used_count; i++)
		count(alike, alike->used[i]);
}
