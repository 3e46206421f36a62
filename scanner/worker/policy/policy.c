/*
 * policy: one item of a policy batch: a domain that has a record of MTA-STS
 * (RFC 8461) or TLSRPT (RFC 8460). First its records are asked for again, since
 * a row of domains does not hold them. Then its policy is fetched, and its row
 * is written.
 */
#include "scanner/worker/policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/name.h"
#include "parsers/tlsrpt.h"
#include "scanner/base/clock.h"
#include "scanner/base/escape.h"
#include "scanner/base/memory.h"
#include "scanner/crypto/trust.h"
#include "scanner/worker/domain/txt_record.h"
#include "scanner/worker/job.h"
#include "scanner/worker/policy/fetch.h"
#include "scanner/worker/worker.h"

/* The records of a domain, and the policy to which they lead. */
struct policy_records {
	struct job		*job;
	struct policy_item	 item;		/* texts inside job->input */
	uint32_t		 index;		/* index of the item in the
						 * job */
	uint32_t		 slot;		/* while it is in flight */
	struct list		 link;		/* job->suspects */
	uint8_t			 domain[NAME_WIRE_MAX];
	int64_t			 asked_at;
	int64_t			 begun_ms;	/* monotonic; 0: not asked */
	struct lookup		 mta_sts, tlsrpt;
	enum txt_status		 mta_sts_record, tlsrpt_record;
	struct buffer		 mta_sts_text, tlsrpt_text;
	/* Where the aliases of their owners lead; NULL: no alias. */
	char			*mta_sts_target, *tlsrpt_target;
	bool			 has_fetch;
	struct policy_fetch	 fetch;
};

/* The row ***************************************************************** */

/* The column of the record is for words: bytes that are not visible ASCII, or
 * that look like an escape, are escaped as elsewhere. */
static void
set_record(struct table *table, const struct buffer *text)
{
	struct buffer escaped = { 0 };

	escape_append(&escaped, (const char *)text->bytes, text->length);
	table_set(table, POLICIES_MTA_STS_TXT, buffer_text(&escaped));
	buffer_fini(&escaped);
}

static void
set_policy(struct table *table, const struct mta_sts_policy *policy)
{
	struct buffer list = { 0 };

	table_set_enum(table, POLICIES_MTA_STS_MODE, policy->mode);
	table_set_number(table, POLICIES_MTA_STS_MAX_AGE_S,
	    (int64_t)policy->max_age_s);
	for (size_t i = 0; i < policy->mx_count; i++)
		buffer_printf(&list, "%s%s", i > 0 ? " " : "", policy->mx[i]);
	table_set(table, POLICIES_MTA_STS_MX, buffer_text(&list));
	buffer_fini(&list);
}

static void
set_fetch(struct table *table, const struct policy_fetch *fetch)
{
	table_set(table, POLICIES_POLICY_HOST, fetch->host);
	if (fetch->code > 0 && fetch->code < 1000)
		table_set_number(table, POLICIES_MTA_STS_HTTP_CODE,
		    fetch->code);
	table_set_flags(table, POLICIES_FLAGS, fetch->flags);
	if (fetch->status == MTA_STS_VALID) {
		set_policy(table, &fetch->policy);
	} else if (fetch->status == MTA_STS_FETCH_FAILED ||
	    fetch->status == MTA_STS_INVALID_POLICY ||
	    fetch->fault == MTA_STS_NOT_ALLOWED) {
		table_set_enum(table, POLICIES_MTA_STS_ERROR, fetch->fault);
		if (fetch->fault == MTA_STS_CERTIFICATE)
			table_set(table, POLICIES_MTA_STS_TLS_ERROR,
			    chain_error_text(fetch->tls_error));
	}
}

static enum mta_sts_status
mta_sts_status(const struct policy_records *policy)
{
	static const enum mta_sts_status statuses[TXT_STATUS_COUNT] = {
		[TXT_FOUND] = MTA_STS_VALID, [TXT_ABSENT] = MTA_STS_ABSENT,
		[TXT_MULTIPLE] = MTA_STS_MULTIPLE,
		[TXT_INVALID] = MTA_STS_INVALID_RECORD,
		[TXT_ERROR] = MTA_STS_ERROR,
		[TXT_NOT_ASKED] = MTA_STS_NOT_ASKED,
	};

	return policy->has_fetch ? policy->fetch.status
	    : statuses[policy->mta_sts_record];
}

static enum tlsrpt_status
tlsrpt_status(const struct policy_records *policy)
{
	static const enum tlsrpt_status statuses[TXT_STATUS_COUNT] = {
		[TXT_FOUND] = TLSRPT_VALID, [TXT_ABSENT] = TLSRPT_ABSENT,
		[TXT_MULTIPLE] = TLSRPT_MULTIPLE,
		[TXT_INVALID] = TLSRPT_INVALID, [TXT_ERROR] = TLSRPT_ERROR,
		[TXT_NOT_ASKED] = TLSRPT_NOT_ASKED,
	};

	return statuses[policy->tlsrpt_record];
}

static void
write_row(const struct policy_records *policy)
{
	struct table *table = policy->job->tables[POLICIES_TO_POLICIES];
	const struct buffer *text = &policy->mta_sts_text;
	struct buffer rua = { 0 };
	char id[MTA_STS_ID_MAX + 1];

	table_set(table, POLICIES_DOMAIN, policy->item.name);
	table_set_enum(table, POLICIES_MTA_STS_STATUS, mta_sts_status(policy));
	table_set_enum(table, POLICIES_TLSRPT_STATUS, tlsrpt_status(policy));
	if (policy->mta_sts_target != NULL)
		table_set(table, POLICIES_MTA_STS_CNAME_TARGET,
		    policy->mta_sts_target);
	if (policy->tlsrpt_target != NULL)
		table_set(table, POLICIES_TLSRPT_CNAME_TARGET,
		    policy->tlsrpt_target);
	if (text->length > 0) {
		set_record(table, text);
		if (mta_sts_record_read((const char *)text->bytes,
		    text->length, id))
			table_set(table, POLICIES_MTA_STS_ID, id);
	}
	if (policy->has_fetch)
		set_fetch(table, &policy->fetch);
	text = &policy->tlsrpt_text;
	if (text->length > 0 && tlsrpt_read((const char *)text->bytes,
	    text->length, &rua))
		table_set_text(table, POLICIES_TLSRPT_RUA_TEXT,
		    buffer_text(&rua), rua.length);
	buffer_fini(&rua);
	table_set_time(table, POLICIES_FETCHED_AT, policy->asked_at);
	table_end_row(table);
}

/* The way of an item ****************************************************** */

static void begin(struct policy_records *);

/* Suspects start one after the other, when nothing else of the job is under
 * way. */
static void
begin_suspect(struct job *job)
{
	struct policy_records *policy;

	if (job->suspect_count == 0 || job->started < job->items ||
	    job->started - job->ended > job->suspect_count)
		return;
	job->suspect_count--;
	policy = list_entry(list_take(&job->suspects), struct policy_records,
	    link);
	worker_item_goes_on(job->worker, job);
	begin(policy);
}

/* F23: what fails while this process is stopped says nothing about the
 * domain. */
static bool
was_away(const struct policy_records *policy)
{
	bool failed = policy->mta_sts_record == TXT_ERROR ||
	    policy->tlsrpt_record == TXT_ERROR || (policy->has_fetch &&
	    policy->fetch.whose.blame >= BLAME_SUSPECTED);

	return failed && policy->begun_ms != 0 && absence_since(
	    &policy->job->worker->absence, policy->begun_ms);
}

static void
forget_aliases(struct policy_records *policy)
{
	free(policy->mta_sts_target);
	free(policy->tlsrpt_target);
	policy->mta_sts_target = policy->tlsrpt_target = NULL;
}

static void
begin_anew(struct policy_records *policy)
{
	worker_clear_in_flight(policy->job->worker, policy->slot);
	policy_fetch_fini(&policy->fetch);
	policy->fetch = (struct policy_fetch){ 0 };
	policy->has_fetch = false;
	policy->mta_sts_text.length = policy->tlsrpt_text.length = 0;
	forget_aliases(policy);
	policy->mta_sts_record = policy->item.mta_sts;
	policy->tlsrpt_record = policy->item.tlsrpt;
	begin(policy);
}

static void
finish(struct policy_records *policy)
{
	struct job *job = policy->job;
	bool is_last;

	if (was_away(policy)) {
		begin_anew(policy);
		return;
	}
	if (policy->has_fetch && policy->fetch.whose.blame == BLAME_OURS)
		job->own_error = policy->fetch.whose.error;
	worker_clear_in_flight(job->worker, policy->slot);
	write_row(policy);
	policy_fetch_fini(&policy->fetch);
	buffer_fini(&policy->mta_sts_text);
	buffer_fini(&policy->tlsrpt_text);
	forget_aliases(policy);
	free(policy);
	is_last = job->ended + 1 == job->items;
	job_item_ended(job);
	if (!is_last)
		begin_suspect(job);
}

static void
on_fetched(struct policy_fetch *fetch)
{
	struct policy_records *policy = list_entry(fetch, struct policy_records,
	    fetch);

	worker_item_goes_on(policy->job->worker, policy->job);
	finish(policy);
}

/* A fetch takes no room in the window of names, so other names may be asked. */
static void
fetch_policy(struct policy_records *policy)
{
	struct worker *worker = policy->job->worker;

	policy->has_fetch = true;
	if (policy_fetch_start(&policy->fetch, worker->policy_hosts,
	    policy->domain, policy->slot, on_fetched))
		worker_item_waits(worker, policy->job);
	else
		finish(policy);
}

static void
on_records(struct policy_records *policy)
{
	if (lookup_is_busy(&policy->mta_sts) ||
	    lookup_is_busy(&policy->tlsrpt))
		return;
	if (policy->mta_sts_record == TXT_FOUND)
		fetch_policy(policy);
	else
		finish(policy);
}

/* The caller's; NULL if the name of the question has the answer itself. */
static char *
alias_target(const struct lookup *lookup)
{
	char text[NAME_TEXT_MAX];

	if (!lookup->answer->has_cname)
		return NULL;
	name_to_text(lookup->answer->canonical, text);
	return xstrdup(text);
}

static void
on_mta_sts(struct lookup *lookup)
{
	struct policy_records *policy = list_entry(lookup,
	    struct policy_records, mta_sts);

	policy->mta_sts_record = txt_record_read(TXT_MTA_STS, lookup,
	    &policy->mta_sts_text);
	policy->mta_sts_target = alias_target(lookup);
	on_records(policy);
}

static void
on_tlsrpt(struct lookup *lookup)
{
	struct policy_records *policy = list_entry(lookup,
	    struct policy_records, tlsrpt);

	policy->tlsrpt_record = txt_record_read(TXT_TLSRPT, lookup,
	    &policy->tlsrpt_text);
	policy->tlsrpt_target = alias_target(lookup);
	on_records(policy);
}

static void
ask_again(struct policy_records *policy, enum txt_kind kind,
    struct lookup *lookup, void (*done)(struct lookup *))
{
	uint8_t owner[NAME_WIRE_MAX];

	/* Did a record have to be asked for again? */
	if (txt_status_is_record(kind == TXT_MTA_STS ? policy->item.mta_sts
	    : policy->item.tlsrpt) &&
	    txt_record_owner(kind, policy->domain, owner))
		lookup_start(lookup, job_lane(policy->job), NULL, owner,
		    DNS_TXT, done);
}

static void
begin(struct policy_records *policy)
{
	policy->slot = worker_mark_in_flight(policy->job->worker, policy->job,
	    policy->index);
	policy->asked_at = clock_ms();
	policy->begun_ms = clock_monotonic_ms();
	ask_again(policy, TXT_MTA_STS, &policy->mta_sts, on_mta_sts);
	ask_again(policy, TXT_TLSRPT, &policy->tlsrpt, on_tlsrpt);
	if (!lookup_is_busy(&policy->mta_sts) &&
	    !lookup_is_busy(&policy->tlsrpt))
		finish(policy);
}

/* Writes a row without a question: what was there is unknown, for this
 * reason. */
static void
leave_alone(struct policy_records *policy, enum txt_status why)
{
	policy->asked_at = clock_ms();
	if (txt_status_is_record(policy->mta_sts_record))
		policy->mta_sts_record = why;
	if (txt_status_is_record(policy->tlsrpt_record))
		policy->tlsrpt_record = why;
	finish(policy);
}

bool
policy_start(struct job *job)
{
	struct policy_item item;
	struct policy_records *policy;
	uint8_t name[NAME_WIRE_MAX];
	size_t length;

	if (!policy_item_get(&job->next, &item) || name_from_text(item.name,
	    strlen(item.name), name, &length) != NAME_OK)
		return false;
	policy = xcalloc(1, sizeof *policy);
	policy->job = job;
	policy->item = item;
	policy->index = job->started++;
	policy->mta_sts_record = item.mta_sts;
	policy->tlsrpt_record = item.tlsrpt;
	memcpy(policy->domain, name, length);
	if (item.state == ITEM_ASIDE) {
		leave_alone(policy, TXT_NOT_ASKED);
	} else if (item.state == ITEM_CRASHED) {
		leave_alone(policy, TXT_ERROR);
	} else if (item.state == ITEM_SUSPECT) {
		list_append(&job->suspects, &policy->link);
		job->suspect_count++;
		worker_item_waits(job->worker, job);
		begin_suspect(job);
	} else {
		begin(policy);
	}
	return true;
}
