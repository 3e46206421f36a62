/*
 * domain: finds out which hosts receive mail for a domain (RFC 5321 5.1, RFC
 * 7505; RULES 1).
 *
 * It asks one question for MX. On NODATA it asks for A and AAAA. If the domain
 * receives mail, it asks for its MTA-STS and TLSRPT records. If one of these
 * lookups fails in the first pass, the name is deferred: the item goes back, and
 * no row is written. A name whose name server has no budget left is deferred, too.
 * asking.h decides how the questions are asked. In the first attempt the parent
 * zone of a name from a list is asked before for its delegation. Some names are asked by both
 * lanes, one round after the other (lane_sample.h).
 */
#include "scanner/worker/domain/domain.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/dns/direct/direct.h"
#include "scanner/worker/asking.h"
#include "scanner/worker/domain/findings.h"
#include "scanner/worker/domain/lane_sample.h"
#include "scanner/worker/domain/rows.h"
#include "scanner/worker/domain/txt_record.h"
#include "scanner/worker/job.h"
#include "scanner/worker/parent_question.h"
#include "scanner/worker/worker.h"

struct domain {
	struct job		*job;
	struct domain_item	 item;		/* texts inside job->input */
	uint32_t		 index;		/* index of the item in the
						 * job */
	uint32_t		 slot;		/* while it is in flight */
	struct asking		 asking;
	int64_t			 asked_ms;	/* monotonic; 0: not asked */
	/* Two are asked at a time at most: MX; A and AAAA; or the TXT
	 * records. */
	struct asking_question	 first, second;
	enum lookup_status	 ipv4, ipv6;	/* how A and AAAA were
						 * answered */
	/* Of a name from a list; owned; NULL: nobody is asked. */
	struct parent_question	*parent;
	struct findings		 findings;	/* of this round */
	struct lane_sample	*sample;	/* owned; NULL: only one lane is
						 * asked */
};

/* There are tens of thousands. With the questions that are in flight for it at
 * the direct lane, a domain takes a kilobyte. */
_Static_assert(sizeof(struct domain) + 2 * DIRECT_QUESTION_BYTES <= 1024,
    "a domain is small");

/* F23: a lookup that failed while this process was stopped says nothing about
 * the domain. */
static bool
was_away(const struct domain *domain)
{
	return findings_lack_something(&domain->findings) &&
	    domain->asked_ms != 0 && absence_since(
	    &domain->job->worker->absence, domain->asked_ms);
}

static void ask(struct domain *);

static void
ask_anew(struct domain *domain)
{
	worker_clear_in_flight(domain->job->worker, domain->slot);
	findings_fini(&domain->findings);
	ask(domain);
}

static bool
must_defer(const struct domain *domain)
{
	return findings_lack_something(&domain->findings) &&
	    job_may_defer(domain->job);
}

static void on_turn(struct asking *, bool may_ask);

static void
begin_asking(struct domain *domain, enum asking_way way)
{
	const struct domain_item *item = &domain->item;
	struct asking_subject subject = {
		.name = item->name, .delegation = item->name,
		.servers = domain_item_servers(item),
		.is_unsigned = item->parent_ds == PARENT_DS_NO &&
		    !item->is_occluded,
	};

	if (!item->is_occluded)
		subject.ds = domain_item_ds(item);
	if (domain->parent != NULL && parent_question_has_delegation(
	    domain->parent, &subject.servers, &subject.ds)) {
		subject.is_of_parent = true;
		subject.is_unsigned = subject.ds.length == 0;
	}
	asking_begin(&domain->asking, domain->job, &subject, way, on_turn);
}

/* Its own servers have answered, so that its rows could be written. */
static bool
may_be_sampled(const struct domain *domain)
{
	return domain->findings.answer.lane == LANE_DIRECT &&
	    !must_defer(domain);
}

/* L11: a sampled name has another round. Returns false if there is none: what
 * the domain has found by then is what its rows say. */
static bool
begin_next_round(struct domain *domain)
{
	struct lane_sample *sample = domain->sample;
	struct lane_counts *counts = &domain->job->worker->lane_counts;

	if (sample == NULL || (sample->round == ROUND_DIRECT &&
	    !may_be_sampled(domain)))
		return false;
	if (!lane_sample_settles(sample, &domain->findings)) {
		begin_asking(domain, lane_sample_way(sample));
		return true;
	}
	counts->sampled[sample->group][lane_sample_result(sample)]++;
	lane_sample_give_row(sample, &domain->findings);
	return false;
}

static void
domain_end(struct domain *domain)
{
	struct job *job = domain->job;

	findings_fini(&domain->findings);
	lane_sample_free(domain->sample);
	parent_question_free(domain->parent);
	free(domain);
	job_item_ended(job);
}

/* I14: zone files have such names. Whatever round of questions its row is
 * of. */
static void
note_odd_name(struct domain *domain)
{
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	if (name_from_text(domain->item.name, strlen(domain->item.name), name,
	    &length) == NAME_OK && !name_is_host(name))
		domain->findings.flags |= 1u << DOMAIN_NOT_HOST_NAME;
}

static void
finish(struct domain *domain, enum mx_status status)
{
	struct findings *findings = &domain->findings;
	struct job *job = domain->job;

	findings->status = status;
	if (was_away(domain)) {
		ask_anew(domain);
		return;
	}
	findings->lookup_ms = clock_ms() - findings->started_ms;
	asking_end(&domain->asking);
	worker_clear_in_flight(job->worker, domain->slot);
	if (begin_next_round(domain))
		return;
	if (must_defer(domain)) {
		domain->item.state = findings_have_failed(findings)
		    ? ITEM_FAILED : ITEM_PARTLY;
		domain_item_put(&job->deferred, &domain->item);
	} else {
		note_odd_name(domain);
		rows_write(job, &domain->item, findings);
	}
	domain_end(domain);
}

/* P1, P10 (the TXT records). */
static void
end_records(struct domain *domain)
{
	if (!asking_question_is_busy(&domain->first) &&
	    !asking_question_is_busy(&domain->second))
		finish(domain, domain->findings.status);
}

/* L28: the direct lane has seen signatures, but has not verified them. */
static bool
is_unproven(const struct asking_question *question)
{
	const struct answer *answer = question->lookup.answer;

	return answer->verdict == VERDICT_ANSWERED &&
	    answer->dnssec == DNSSEC_UNCHECKED;
}

/* Nothing can be published beside a CNAME, whether it leads to a record or
 * not. */
static void
note_alias(struct domain *domain, const struct asking_question *question,
    enum domain_flag flag)
{
	if (question->lookup.answer->has_cname)
		domain->findings.flags |= 1u << flag;
}

static void
on_mta_sts(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, first);

	domain->findings.mta_sts_record = txt_record_read(TXT_MTA_STS,
	    &question->lookup, domain->findings.texts == NULL ? NULL
	    : &domain->findings.texts->mta_sts);
	domain->findings.mta_sts_is_unproven = is_unproven(question);
	note_alias(domain, question, DOMAIN_MTA_STS_ALIAS);
	end_records(domain);
}

static void
on_tlsrpt(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, second);

	domain->findings.tlsrpt_record = txt_record_read(TXT_TLSRPT,
	    &question->lookup, domain->findings.texts == NULL ? NULL
	    : &domain->findings.texts->tlsrpt);
	domain->findings.tlsrpt_is_unproven = is_unproven(question);
	note_alias(domain, question, DOMAIN_TLSRPT_ALIAS);
	end_records(domain);
}

/* domain_start has checked the name. */
static void
wire_name(const struct domain *domain, uint8_t name[NAME_WIRE_MAX])
{
	size_t length;

	(void)name_from_text(domain->item.name, strlen(domain->item.name),
	    name, &length);
}

static void
ask_record(struct domain *domain, enum txt_kind kind, const uint8_t *name,
    struct asking_question *question, void (*done)(struct asking_question *))
{
	uint8_t owner[NAME_WIRE_MAX];

	if (txt_record_owner(kind, name, owner))
		asking_ask(&domain->asking, question, owner, DNS_TXT, done);
}

/* The domain receives mail: asks for its MTA-STS and TLSRPT records. */
static void
ask_records(struct domain *domain, enum mx_status status)
{
	uint8_t name[NAME_WIRE_MAX];

	domain->findings.status = status;
	if (domain->job->worker->options->mta_sts == CHOICE_YES) {
		wire_name(domain, name);
		ask_record(domain, TXT_MTA_STS, name, &domain->first,
		    on_mta_sts);
		ask_record(domain, TXT_TLSRPT, name, &domain->second,
		    on_tlsrpt);
	}
	end_records(domain);
}

/* MX2, MX3: the MX set is empty, so the domain's own addresses count. */
static void
on_addresses(struct domain *domain)
{
	enum lookup_status ipv4 = domain->ipv4, ipv6 = domain->ipv6;

	if (ipv4 == LOOKUP_FOUND || ipv6 == LOOKUP_FOUND) {
		mx_set_add_implicit(&domain->findings.set,
		    domain->item.name);
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
	struct domain *domain = list_entry(question, struct domain, first);

	domain->ipv4 = question->lookup.answer->status;
	if (!asking_question_is_busy(&domain->second))
		on_addresses(domain);
}

static void
on_ipv6(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, second);

	domain->ipv6 = question->lookup.answer->status;
	if (!asking_question_is_busy(&domain->first))
		on_addresses(domain);
}

/* MX1, MX6 to MX8, MX11, MX13. */
static void
on_records(struct domain *domain)
{
	struct findings *findings = &domain->findings;

	mx_set_read(&findings->set, &domain->first.lookup);
	if (findings->set.found > 0) {
		if (findings->set.has_dot)
			findings->flags |= 1u << DOMAIN_NULL_MX_MIXED;
		ask_records(domain, MX_FOUND);
	} else if (findings->set.has_dot) {
		if (findings->set.dot_preference != 0)
			findings->flags |= 1u << DOMAIN_NULL_MX_PREFERENCE;
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

/* L11: is the name one that both lanes are asked for? Only the first round of
 * its questions decides. */
static void
choose_sample(struct domain *domain, const struct answer *answer)
{
	enum sample_group group = answer->delegation_differs
	    ? SAMPLED_DIFFERING : SAMPLED_NAMES;

	if (domain->sample == NULL && answer->lane == LANE_DIRECT &&
	    lane_sample_takes_name(domain->job->worker->sample_one_in, group,
	    domain->item.name))
		domain->sample = lane_sample_new(group);
	if (domain->sample != NULL)
		domain->findings.texts = xcalloc(1,
		    sizeof *domain->findings.texts);
}

static void
on_mx(struct asking_question *question)
{
	struct domain *domain = list_entry(question, struct domain, first);
	struct findings *findings = &domain->findings;
	const struct answer *answer = question->lookup.answer;
	const uint8_t *name = question->lookup.name;

	answer_facts_take(&findings->answer, answer);
	if (answer->lane == LANE_DIRECT)
		findings->ds_source = asking_ds_source(&domain->asking);
	if (answer->delegation_differs)
		findings->flags |= 1u << DOMAIN_DELEGATION_DIFFERS;
	if (is_island(answer))
		findings->flags |= 1u << DOMAIN_SIGNED_INSECURE;
	choose_sample(domain, answer);
	switch (answer->status) {
	case LOOKUP_FOUND:
		on_records(domain);
		break;
	case LOOKUP_NODATA:
		asking_ask(&domain->asking, &domain->first, name, DNS_A,
		    on_ipv4);
		asking_ask(&domain->asking, &domain->second, name, DNS_AAAA,
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

	domain->slot = worker_mark_in_flight(job->worker, job, domain->index);
	domain->findings.started_ms = clock_ms();
	domain->asked_ms = clock_monotonic_ms();
	wire_name(domain, name);
	asking_ask(&domain->asking, &domain->first, name, DNS_MX, on_mx);
}

/* Leaves the name to a later batch, for a reason other than an answer. */
static void
set_aside(struct domain *domain, enum item_state state)
{
	domain->item.state = state;
	domain_item_put(&domain->job->deferred, &domain->item);
	domain_end(domain);
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

/* The parent zone has answered, or cannot be asked. */
static void
on_parent(void *tag)
{
	struct domain *domain = tag;

	worker_clear_in_flight(domain->job->worker, domain->slot);
	domain->slot = 0;
	begin_asking(domain, ASKING_FIRST);
}

/* L46: no zone file delegates the name. Returns false if nobody can be asked. */
static bool
ask_parent(struct domain *domain)
{
	struct job *job = domain->job;

	if (job->attempt > 1 || domain->item.servers_length > 0)
		return false;
	domain->parent = parent_question_new(job->worker, domain->item.name,
	    on_parent, domain);
	if (domain->parent == NULL)
		return false;
	domain->slot = worker_mark_in_flight(job->worker, job, domain->index);
	return true;
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
	findings_init(&domain->findings);
	if (item.state == ITEM_ASIDE) {
		set_aside(domain, ITEM_SUSPECT);
	} else if (item.state == ITEM_CRASHED) {
		domain->findings.started_ms = clock_ms();
		finish(domain, MX_RESOLVER_CRASHED);
	} else if (!ask_parent(domain)) {
		begin_asking(domain, ASKING_FIRST);
	}
	return true;
}
