/*
 * domain: finds out which hosts receive mail for a domain (RFC 5321 5.1, RFC
 * 7505; RULES 1).
 *
 * It asks one question for MX. On NODATA it asks for A and AAAA. If the domain
 * receives mail, it asks for its MTA-STS and TLSRPT records. If one of these
 * lookups fails in the first pass, the name is deferred: the item goes back, and
 * no row is written. A name whose name server has no budget left is deferred, too.
 * asking.h decides how the questions are asked.
 */
#include "scanner/worker/domain/domain.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/worker/domain/asking.h"
#include "scanner/worker/domain/mx_set.h"
#include "scanner/worker/domain/txt_record.h"
#include "scanner/worker/job.h"
#include "scanner/worker/worker.h"

struct domain {
	struct job		*job;
	struct domain_item	 item;		/* texts inside job->input */
	uint32_t		 index;		/* index of the item in the
						 * job */
	uint32_t		 slot;		/* while it is in flight */
	struct asking		 asking;
	int64_t			 started_ms;
	int64_t			 asked_ms;	/* monotonic; 0: not asked */
	struct asking_question	 mx, ipv4, ipv6, mta_sts, tlsrpt;
	/* From the MX answer, whose packet is gone when the addresses
	 * arrive. */
	struct answer		 answer;
	enum mx_status		 status;
	struct mx_set		 set;
	enum txt_status		 mta_sts_record, tlsrpt_record;
	unsigned		 flags;
};

static void
write_mx_rows(const struct domain *domain)
{
	struct table *table = domain->job->tables[DOMAINS_TO_MX];

	for (size_t i = 0; i < domain->set.count; i++) {
		const struct mx *mx = &domain->set.hosts[i];

		table_set(table, MX_DOMAIN, domain->item.name);
		table_set_number(table, MX_PREFERENCE, mx->preference);
		table_set_number(table, MX_TIER, mx->tier);
		table_set(table, MX_HOST, mx->name);
		table_set_flags(table, MX_FLAGS, mx->flags);
		table_end_row(table);
	}
}

static bool
has_failed(enum mx_status status)
{
	return status == MX_SERVFAIL || status == MX_TIMEOUT ||
	    status == MX_BOGUS;
}

/* MX5: a lookup of MX that fails in the second pass alone has failed once. */
static unsigned
attempts_of(const struct domain *domain)
{
	return has_failed(domain->status) && domain->item.state == ITEM_PARTLY
	    ? 1 : domain->job->attempt;
}

static void
write_row(const struct domain *domain)
{
	struct table *table = domain->job->tables[DOMAINS_TO_DOMAINS];
	const struct domain_item *item = &domain->item;
	const struct answer *answer = &domain->answer;
	const char *registrable = suffix_registrable(
	    domain->job->worker->suffixes, item->name);
	char target[NAME_TEXT_MAX];

	table_set(table, DOMAINS_DOMAIN, item->name);
	table_set_number(table, DOMAINS_SOURCE_ID, item->source_id);
	if (item->rank != 0)
		table_set_number(table, DOMAINS_RANK, (int64_t)item->rank);
	table_set(table, DOMAINS_TLD, name_tld(item->name));
	table_set(table, DOMAINS_REGISTRABLE_DOMAIN,
	    registrable != NULL ? registrable : "");
	if (item->parent_ds != PARENT_DS_UNKNOWN)
		table_set_bool(table, DOMAINS_PARENT_DS,
		    item->parent_ds == PARENT_DS_YES);
	table_set(table, DOMAINS_PARENT_DS_ALGORITHMS,
	    item->parent_ds_algorithms);
	table_set(table, DOMAINS_DNS_OPERATOR, item->dns_operator);
	table_set_enum(table, DOMAINS_LANE, answer->lane);
	table_set_enum(table, DOMAINS_MX_STATUS, domain->status);
	table_set_enum(table, DOMAINS_MX_DNSSEC, answer->dnssec);
	table_set_text(table, DOMAINS_MX_BOGUS_TEXT, answer->bogus_text,
	    strlen(answer->bogus_text));
	if (answer->status == LOOKUP_BOGUS)
		table_set_enum(table, DOMAINS_MX_BOGUS_REASON,
		    answer->bogus_reason);
	table_set_bool(table, DOMAINS_MX_WILDCARD, answer->is_wildcard);
	if (answer->has_cname) {
		name_to_text(answer->canonical, target);
		table_set(table, DOMAINS_CNAME_TARGET, target);
	}
	table_set_number(table, DOMAINS_MX_COUNT,
	    (int64_t)domain->set.found);
	table_set_bool(table, DOMAINS_MX_TRUNCATED,
	    domain->set.found > domain->set.count);
	table_set_enum(table, DOMAINS_MTA_STS_RECORD, domain->mta_sts_record);
	table_set_enum(table, DOMAINS_TLSRPT_RECORD, domain->tlsrpt_record);
	table_set_flags(table, DOMAINS_FLAGS, domain->flags);
	if (answer->dnssec != DNSSEC_UNCHECKED)
		table_set_number(table, DOMAINS_TTL_S, answer->ttl);
	table_set_number(table, DOMAINS_LOOKUP_MS,
	    clock_ms() - domain->started_ms);
	table_set_number(table, DOMAINS_ATTEMPTS, attempts_of(domain));
	table_set_time(table, DOMAINS_MEASURED_AT, domain->started_ms);
	table_end_row(table);
}

/* F23: a lookup that fails while this process is stopped says nothing about the
 * domain. */
static bool
was_away(const struct domain *domain, enum mx_status status)
{
	bool failed = status == MX_SERVFAIL || status == MX_TIMEOUT ||
	    status == MX_BOGUS || domain->mta_sts_record == TXT_ERROR ||
	    domain->tlsrpt_record == TXT_ERROR;

	return failed && domain->asked_ms != 0 && absence_since(
	    &domain->job->worker->absence, domain->asked_ms);
}

static void ask(struct domain *);

static void
ask_anew(struct domain *domain)
{
	worker_clear_in_flight(domain->job->worker, domain->slot);
	mx_set_fini(&domain->set);
	domain->set = (struct mx_set){ 0 };
	domain->flags = 0;
	domain->mta_sts_record = domain->tlsrpt_record = TXT_NOT_ASKED;
	ask(domain);
}

static void
finish(struct domain *domain, enum mx_status status)
{
	struct job *job = domain->job;
	bool failed = has_failed(status);

	if (was_away(domain, status)) {
		ask_anew(domain);
		return;
	}
	domain->status = status;
	asking_end(&domain->asking);
	worker_clear_in_flight(job->worker, domain->slot);
	if ((failed || domain->mta_sts_record == TXT_ERROR ||
	    domain->tlsrpt_record == TXT_ERROR) && job_may_defer(job)) {
		domain->item.state = failed ? ITEM_FAILED : ITEM_PARTLY;
		domain_item_put(&job->deferred, &domain->item);
	} else {
		write_mx_rows(domain);
		write_row(domain);
	}
	mx_set_fini(&domain->set);
	free(domain);
	job_item_ended(job);
}

/* P1, P10 (the TXT records). */
static void
end_records(struct domain *domain)
{
	if (!asking_question_is_busy(&domain->mta_sts) &&
	    !asking_question_is_busy(&domain->tlsrpt))
		finish(domain, domain->status);
}

static void
on_mta_sts(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, mta_sts);

	domain->mta_sts_record = txt_record_read(TXT_MTA_STS,
	    &question->lookup, NULL);
	end_records(domain);
}

static void
on_tlsrpt(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, tlsrpt);

	domain->tlsrpt_record = txt_record_read(TXT_TLSRPT,
	    &question->lookup, NULL);
	end_records(domain);
}

static void
ask_record(struct domain *domain, enum txt_kind kind,
    struct asking_question *question, void (*done)(struct asking_question *))
{
	uint8_t owner[NAME_WIRE_MAX];

	if (txt_record_owner(kind, domain->mx.lookup.name, owner))
		asking_ask(&domain->asking, question, owner, DNS_TXT, done);
}

/* The domain receives mail: asks what it says about how. */
static void
ask_records(struct domain *domain, enum mx_status status)
{
	domain->status = status;
	if (domain->job->worker->options->mta_sts == CHOICE_YES) {
		ask_record(domain, TXT_MTA_STS, &domain->mta_sts, on_mta_sts);
		ask_record(domain, TXT_TLSRPT, &domain->tlsrpt, on_tlsrpt);
	}
	end_records(domain);
}

/* MX2, MX3: the MX set is empty, so the domain's own addresses count. */
static void
on_addresses(struct domain *domain)
{
	enum lookup_status ipv4 = domain->ipv4.lookup.answer.status;
	enum lookup_status ipv6 = domain->ipv6.lookup.answer.status;

	if (ipv4 == LOOKUP_FOUND || ipv6 == LOOKUP_FOUND) {
		mx_set_add_implicit(&domain->set, domain->item.name);
		if (domain->job->worker->options->probe_implicit)
			ask_records(domain, MX_IMPLICIT);
		else
			finish(domain, MX_IMPLICIT);
	} else if (ipv4 == LOOKUP_TIMEOUT || ipv6 == LOOKUP_TIMEOUT) {
		finish(domain, MX_TIMEOUT);
	} else if (ipv4 == LOOKUP_SERVFAIL || ipv6 == LOOKUP_SERVFAIL ||
	    ipv4 == LOOKUP_BOGUS || ipv6 == LOOKUP_BOGUS) {
		finish(domain, MX_SERVFAIL);
	} else {
		finish(domain, MX_NO_MAIL);
	}
}

static void
on_ipv4(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, ipv4);

	if (!asking_question_is_busy(&domain->ipv6))
		on_addresses(domain);
}

static void
on_ipv6(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, ipv6);

	if (!asking_question_is_busy(&domain->ipv4))
		on_addresses(domain);
}

/* MX1, MX6 to MX8, MX11, MX13. */
static void
on_records(struct domain *domain)
{
	mx_set_read(&domain->set, &domain->mx.lookup);
	if (domain->set.found > 0) {
		if (domain->set.has_dot)
			domain->flags |= 1u << DOMAIN_NULL_MX_MIXED;
		ask_records(domain, MX_FOUND);
	} else if (domain->set.has_dot) {
		if (domain->set.dot_preference != 0)
			domain->flags |= 1u << DOMAIN_NULL_MX_PREFERENCE;
		finish(domain, MX_NULL);
	} else {
		/* There were records, but none could be read. */
		finish(domain, MX_SERVFAIL);
	}
}

/* An island has signatures, but no chain of trust from the root. An alias and
 * an opt-out span also make signed data insecure. */
static bool
is_island(const struct answer *answer)
{
	return answer->has_signature && !answer->has_cname &&
	    !answer->is_wildcard && answer->dnssec == DNSSEC_INSECURE;
}

static void
on_mx(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, mx);
	const uint8_t *name = question->lookup.name;

	domain->answer = question->lookup.answer;
	domain->answer.packet = NULL;
	if (domain->answer.delegation_differs)
		domain->flags |= 1u << DOMAIN_DELEGATION_DIFFERS;
	if (is_island(&domain->answer))
		domain->flags |= 1u << DOMAIN_SIGNED_INSECURE;
	switch (domain->answer.status) {
	case LOOKUP_FOUND:
		on_records(domain);
		break;
	case LOOKUP_NODATA:
		asking_ask(&domain->asking, &domain->ipv4, name, DNS_A,
		    on_ipv4);
		asking_ask(&domain->asking, &domain->ipv6, name, DNS_AAAA,
		    on_ipv6);
		break;
	case LOOKUP_NXDOMAIN:
		finish(domain, MX_NXDOMAIN);
		break;
	case LOOKUP_SERVFAIL:
		finish(domain, MX_SERVFAIL);
		break;
	case LOOKUP_TIMEOUT:
		finish(domain, MX_TIMEOUT);
		break;
	default:
		finish(domain, MX_BOGUS);
		break;
	}
}

static void
ask(struct domain *domain)
{
	struct job *job = domain->job;
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	domain->slot = worker_mark_in_flight(job->worker, job, domain->index);
	domain->started_ms = clock_ms();
	domain->asked_ms = clock_monotonic_ms();
	/* domain_start has checked the name. */
	(void)name_from_text(domain->item.name, strlen(domain->item.name),
	    name, &length);
	asking_ask(&domain->asking, &domain->mx, name, DNS_MX, on_mx);
}

/* Leaves the name to a later batch, for a reason other than an answer. */
static void
set_aside(struct domain *domain, enum item_state state)
{
	struct job *job = domain->job;

	domain->item.state = state;
	domain_item_put(&job->deferred, &domain->item);
	free(domain);
	job_item_ended(job);
}

static void
on_turn(struct asking *asking, bool may_ask)
{
	struct domain *domain = list_entry(asking, struct domain, asking);

	if (may_ask)
		ask(domain);
	else
		set_aside(domain, ITEM_HELD);
}

bool
domain_start(struct job *job)
{
	uint8_t name[NAME_WIRE_MAX];
	size_t length;
	struct domain_item item;
	struct domain *domain;

	if (!domain_item_get(&job->next, &item) || name_from_text(item.name,
	    strlen(item.name), name, &length) != NAME_OK)
		return false;
	domain = xcalloc(1, sizeof *domain);
	domain->job = job;
	domain->item = item;
	domain->index = job->started++;
	domain->mta_sts_record = domain->tlsrpt_record = TXT_NOT_ASKED;
	/* I14: zone files have such names. */
	if (!name_is_host(name))
		domain->flags |= 1u << DOMAIN_NOT_HOST_NAME;
	if (item.state == ITEM_ASIDE) {
		set_aside(domain, ITEM_SUSPECT);
	} else if (item.state == ITEM_CRASHED) {
		domain->started_ms = clock_ms();
		domain->answer.dnssec = DNSSEC_UNCHECKED;
		finish(domain, MX_RESOLVER_CRASHED);
	} else {
		asking_begin(&domain->asking, job, &domain->item, on_turn);
	}
	return true;
}
