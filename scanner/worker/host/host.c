/*
 * host: looks up the addresses of an MX host, and its TLSA records (RFC 7672
 * 2.1, 2.2, RFC 7671 7; RULES 3). Each host is asked once in a run, and a
 * second time if a lookup failed.
 *
 * A host below a delegation of a zone file has a hint: its name servers may be
 * asked for the addresses, and for TLSA if the delegation has DS (asking.h; RULES
 * L14 to L17, L38, L39). Of a host that no zone file knows, the parent zone is
 * asked who these are (L50). Questions about aliases go to the recursive lane.
 *
 * In the first pass one question follows the other, so that the delegation is
 * walked once. In the second pass all are asked at once: if a name server drops
 * one of them, the resolver soon takes it for dead, and then fails the others
 * without asking (T6: if one family fails and the other is secure, the
 * discovery continues).
 */
#include "scanner/worker/host/host.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/base/memory.h"
#include "scanner/worker/conduct.h"
#include "scanner/worker/domain/mx_set.h"
#include "scanner/worker/host/tlsa_base.h"
#include "scanner/worker/parent_question.h"
#include "scanner/worker/worker.h"

/* What failed, and is worth a second pass (MX5, T7, T11). ITEM_NEW: nothing. */
static enum item_state
failure_of(const struct host *host)
{
	if (!host->is_asked)
		return ITEM_NEW;
	if (host->tlsa_status == TLSA_STATUS_SERVFAIL ||
	    host->tlsa_status == TLSA_STATUS_TIMEOUT ||
	    host->tlsa_status == TLSA_STATUS_BOGUS)
		return ITEM_TLSA_FAILED;
	if (host->status == HOST_SERVFAIL || host->status == HOST_TIMEOUT ||
	    host->status == HOST_BOGUS)
		return ITEM_FAILED;
	for (int i = 0; i < 2; i++)
		if (host->answers[i].status == LOOKUP_SERVFAIL ||
		    host->answers[i].status == LOOKUP_TIMEOUT ||
		    host->answers[i].status == LOOKUP_BOGUS)
			return ITEM_PARTLY;
	return ITEM_NEW;
}

/* RULES 9: what fails in the second pass, and did not fail in the first, has
 * failed once. */
static unsigned
attempts_of(const struct host *host, enum item_state failure)
{
	if (host->job->attempt > 1 && failure != host->first_failure &&
	    (failure == ITEM_FAILED || failure == ITEM_TLSA_FAILED))
		return 1;
	return host->job->attempt;
}

static void ask_anew(struct host *);

static void
drop_answers(struct host *host)
{
	for (int i = 0; i < 2; i++)
		answer_facts_fini(&host->answers[i]);
	answer_facts_fini(&host->tlsa_answer);
	answer_facts_fini(&host->early_answer);
	tlsa_set_fini(&host->set);
	tlsa_set_fini(&host->early_set);
}

static void
host_end(struct host *host)
{
	struct job *job = host->job;

	drop_answers(host);
	parent_question_free(host->parent);
	free(host);
	job_item_ended(job);
}

/* Leaves the host to a later batch. */
static void
defer(struct host *host, enum item_state state)
{
	const struct host_item item = { .name = host->name, .state = state };

	host_item_put(&host->job->deferred, &item);
}

static void
finish(struct host *host)
{
	struct job *job = host->job;
	enum item_state failure = failure_of(host);

	/* F23: lookups that fail while this process is stopped say nothing
	 * about the host. */
	if (failure != ITEM_NEW && absence_since(
	    &job->worker->absence, host->asked_ms)) {
		ask_anew(host);
		return;
	}
	asking_end(&host->asking);
	worker_clear_in_flight(job->worker, host->slot);
	if (failure != ITEM_NEW && job_may_defer(job) &&
	    !host->is_name_server) {
		defer(host, failure);
	} else {
		host->attempts = attempts_of(host, failure);
		host_write(host);
	}
	host_end(host);
}

static void have_tlsa(struct host *);
static void ask_next(struct host *, enum tlsa_next);

static bool
is_own_name(const struct host *host, const uint8_t *base)
{
	size_t length = name_wire_length(host->wire, NAME_WIRE_MAX);

	return length == name_wire_length(base, NAME_WIRE_MAX) &&
	    memcmp(host->wire, base, length) == 0;
}

/* The question was asked already: its answer counts. */
static void
take_early(struct host *host)
{
	host->has_early = false;
	host->tlsa_status = host->early_status;
	answer_facts_fini(&host->tlsa_answer);
	host->tlsa_answer = host->early_answer;
	host->early_answer = (struct answer_facts){ 0 };
	host->tlsa_asked_at = host->early_asked_at;
	tlsa_set_fini(&host->set);
	host->set = host->early_set;
	host->early_set = (struct tlsa_set){ 0 };
	have_tlsa(host);
}

static void
take_tlsa(struct host *host, const struct lookup *lookup)
{
	tlsa_set_fini(&host->set);
	host->tlsa_status = tlsa_set_read(&host->set, lookup);
	answer_facts_take(&host->tlsa_answer, lookup->answer);
	have_tlsa(host);
}

static void
on_tlsa(struct asking_question *question)
{
	take_tlsa(list_entry(question, struct host, tlsa), &question->lookup);
}

static void
on_tlsa_lookup(struct lookup *lookup)
{
	take_tlsa(list_entry(lookup, struct host, tlsa.lookup), lookup);
}

/* L39: if there is nothing at `_tcp.<base>`, there is nothing below. Otherwise the
 * records themselves are asked for. Behind an alias it is the target that is
 * denied (RFC 6604 3). */
static void
on_tlsa_parent(struct asking_question *question)
{
	struct host *host = list_entry(question, struct host, tlsa);
	const struct answer *answer = question->lookup.answer;
	uint8_t owner[NAME_WIRE_MAX];

	if (answer->verdict == VERDICT_ANSWERED &&
	    answer->dnssec == DNSSEC_SECURE &&
	    answer->status == LOOKUP_NXDOMAIN && !answer->has_cname) {
		take_tlsa(host, &question->lookup);
		return;
	}
	/* ask_tlsa has checked the length. */
	(void)tlsa_set_owner(host->base,
	    (uint16_t)host->job->worker->options->port, owner);
	asking_ask(&host->asking, &host->tlsa, owner, DNS_TLSA, on_tlsa);
}

static void
ask_tlsa(struct host *host, const uint8_t *base)
{
	uint8_t owner[NAME_WIRE_MAX];

	memcpy(host->base, base, name_wire_length(base, NAME_WIRE_MAX));
	host->has_base = true;
	host->tlsa_asked_at = clock_ms();
	if (!tlsa_set_owner(base, (uint16_t)host->job->worker->options->port,
	    owner)) {
		/* The name would be too long, so nothing can be published
		 * there. */
		host->tlsa_status = TLSA_STATUS_ABSENT;
		host->tlsa_answer.dnssec = DNSSEC_UNCHECKED;
		have_tlsa(host);
		return;
	}
	if (host->has_early && is_own_name(host, base)) {
		take_early(host);
		return;
	}
	if (asking_is_secure(&host->asking))
		asking_try(&host->asking, &host->tlsa, tlsa_set_parent(owner),
		    DNS_A, on_tlsa_parent);
	else
		lookup_start(&host->tlsa.lookup, job_lane(host->job), NULL,
		    owner, DNS_TLSA, on_tlsa_lookup);
}

static void
have_tlsa(struct host *host)
{
	if (host->original_is_next) {
		host->original_is_next = false;
		ask_next(host, tlsa_base_after_expanded(host->tlsa_status));
		return;
	}
	finish(host);
}

/* DS7, T3: the validator gives one status for the whole chain, so the alias is
 * asked for alone. */
static void
on_cname(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, cname);

	host->cname_dnssec = lookup->answer->dnssec;
	ask_next(host, tlsa_base_after_alias(lookup->answer->status,
	    lookup->answer->dnssec,
	    host->job->worker->options->tlsa == CHOICE_ALWAYS));
}

static void
ask_alias(struct host *host)
{
	if (tlsa_base_alias_is_insecure(host->answers)) {
		host->cname_dnssec = DNSSEC_INSECURE;
		ask_next(host, TLSA_ASK_NOTHING);
	} else {
		lookup_start(&host->cname, job_lane(host->job), NULL,
		    host->wire, DNS_CNAME, on_cname);
	}
}

static void
ask_next(struct host *host, enum tlsa_next next)
{
	switch (next) {
	case TLSA_ASK_HOST:
		ask_tlsa(host, host->wire);
		return;
	case TLSA_ASK_EXPANDED:
		host->original_is_next = true;
		ask_tlsa(host, host->canonical);
		return;
	case TLSA_ASK_ALIAS:
		ask_alias(host);
		return;
	case TLSA_ASK_NOTHING:
		host->tlsa_status = TLSA_STATUS_NOT_ASKED;
		break;
	case TLSA_TAKE:
		break;
	}
	finish(host);
}

static void
discover_tlsa(struct host *host)
{
	enum three_way when = host->job->worker->options->tlsa;

	if (when == CHOICE_NEVER || host->is_name_server)
		ask_next(host, TLSA_ASK_NOTHING);
	else
		ask_next(host, tlsa_base_begin(host->answers, host->has_cname,
		    when == CHOICE_ALWAYS));
}

/* T5 to T7. */
static enum host_status
status_of(const struct host *host)
{
	static const struct {
		enum lookup_status	address;
		enum host_status	host;
	} worst_first[] = {
		{ LOOKUP_BOGUS, HOST_BOGUS },
		{ LOOKUP_SERVFAIL, HOST_SERVFAIL },
		{ LOOKUP_TIMEOUT, HOST_TIMEOUT },
		{ LOOKUP_NXDOMAIN, HOST_NXDOMAIN },
	};
	bool opted_out = false;

	for (size_t i = 0; i < host->address_count; i++) {
		enum address_class class = conduct_class_of(host->job->worker,
		    &host->addresses[i]);

		if (class == CLASS_PUBLIC || class == CLASS_NO_ROUTE ||
		    class == CLASS_NOT_ALLOWED)
			return HOST_USABLE;
		opted_out = opted_out || class == CLASS_OPTED_OUT;
	}
	if (host->address_count > 0)
		return opted_out ? HOST_OPTED_OUT : HOST_SPECIAL_ADDRESS;
	for (size_t i = 0; i < sizeof worst_first / sizeof worst_first[0]; i++)
		if (host->answers[0].status == worst_first[i].address ||
		    host->answers[1].status == worst_first[i].address)
			return worst_first[i].host;
	return HOST_NO_ADDRESS;
}

static int
compare_addresses(const void *a, const void *b)
{
	return address_compare(a, b);
}

/* Takes every address of the answer, sorted before the limit cuts them. */
static void
read_addresses(struct host *host, const struct lookup *lookup)
{
	size_t length = lookup->type == DNS_A ? 4 : 16, count = 0, taken = 0;
	struct answer_walk walk;
	struct address *found;

	if (lookup->answer->count == 0 || !answer_open(lookup, &walk))
		return;
	found = xcalloc(lookup->answer->count, sizeof *found);
	while (count < lookup->answer->count && answer_next(lookup, &walk)) {
		if (walk.record.rdata_length != length)
			continue;
		found[count].family = length == 4 ? 4 : 6;
		memcpy(found[count++].bytes, walk.record.rdata, length);
	}
	qsort(found, count, sizeof *found, compare_addresses);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && address_compare(&found[i - 1], &found[i]) == 0)
			continue;
		host->addresses_found++;
		if (taken++ < ADDRESSES_MAX)
			host->addresses[host->address_count++] = found[i];
	}
	free(found);
}

static void
on_addresses(struct host *host)
{
	/* The order does not depend on which family answered first. */
	qsort(host->addresses, host->address_count, sizeof *host->addresses,
	    compare_addresses);
	if (host->address_count > ADDRESSES_MAX)
		host->address_count = ADDRESSES_MAX;
	host->status = status_of(host);
	host->cname_dnssec = tlsa_base_alias_dnssec(host->answers);
	if (host->status == HOST_USABLE) {
		discover_tlsa(host);
		return;
	}
	host->tlsa_status = TLSA_STATUS_NOT_ASKED;
	finish(host);
}

static void
on_address(struct host *host, struct lookup *lookup, int index)
{
	answer_facts_take(&host->answers[index], lookup->answer);
	if (lookup->answer->has_cname) {
		host->has_cname = true;
		memcpy(host->canonical, lookup->answer->canonical,
		    NAME_WIRE_MAX);
	}
	if (lookup->answer->status == LOOKUP_FOUND)
		read_addresses(host, lookup);
}

static void on_ipv6(struct asking_question *);

static void
on_ipv4(struct asking_question *question)
{
	struct host *host = list_entry(question, struct host, ipv4);

	on_address(host, &question->lookup, 0);
	asking_ask(&host->asking, &host->ipv6, host->wire, DNS_AAAA, on_ipv6);
}

static void
on_ipv6(struct asking_question *question)
{
	struct host *host = list_entry(question, struct host, ipv6);

	on_address(host, &question->lookup, 1);
	on_addresses(host);
}

/* All at once ************************************************************ */

static void
close_one(struct host *host)
{
	if (--host->open == 0)
		on_addresses(host);
}

static void
on_ipv4_of_all(struct asking_question *question)
{
	struct host *host = list_entry(question, struct host, ipv4);

	on_address(host, &question->lookup, 0);
	close_one(host);
}

static void
on_ipv6_of_all(struct asking_question *question)
{
	struct host *host = list_entry(question, struct host, ipv6);

	on_address(host, &question->lookup, 1);
	close_one(host);
}

static void
on_early(struct lookup *lookup)
{
	struct host *host = list_entry(lookup, struct host, early);

	host->has_early = true;
	host->early_status = tlsa_set_read(&host->early_set, lookup);
	answer_facts_take(&host->early_answer, lookup->answer);
	close_one(host);
}

static void
ask_all(struct host *host)
{
	const struct options *options = host->job->worker->options;
	uint8_t owner[NAME_WIRE_MAX];

	host->open = 2;
	asking_ask(&host->asking, &host->ipv4, host->wire, DNS_A,
	    on_ipv4_of_all);
	asking_ask(&host->asking, &host->ipv6, host->wire, DNS_AAAA,
	    on_ipv6_of_all);
	if (options->tlsa == CHOICE_NEVER || host->is_name_server ||
	    !tlsa_set_owner(host->wire,
	    (uint16_t)options->port, owner))
		return;
	host->open++;
	host->early_asked_at = clock_ms();
	lookup_start(&host->early, job_lane(host->job), NULL, owner, DNS_TLSA,
	    on_early);
}

static void
ask(struct host *host)
{
	host->asked_ms = clock_monotonic_ms();
	if (host->job->attempt > 1)
		ask_all(host);
	else
		asking_ask(&host->asking, &host->ipv4, host->wire, DNS_A,
		    on_ipv4);
}

/* Forgets every answer. The host keeps its turn at the name server. */
static void
ask_anew(struct host *host)
{
	struct host fresh = {
		.job = host->job, .name = host->name, .index = host->index,
		.slot = host->slot, .asking = host->asking,
		.parent = host->parent,
		.first_failure = host->first_failure,
		.is_name_server = host->is_name_server,
		.started_ms = clock_ms(), .is_asked = true,
		.tlsa_status = TLSA_STATUS_NOT_ASKED,
	};

	memcpy(fresh.wire, host->wire, sizeof fresh.wire);
	drop_answers(host);
	*host = fresh;
	ask(host);
}

static void
on_turn(struct asking *asking, bool may_ask)
{
	struct host *host = list_entry(asking, struct host, asking);

	if (!may_ask) {
		defer(host, ITEM_HELD);
		host_end(host);
		return;
	}
	host->started_ms = clock_ms();
	host->slot = worker_mark_in_flight(host->job->worker, host->job,
	    host->index);
	ask(host);
}

/* T4: with `--tlsa always` TLSA is asked for below unsigned delegations, too, and
 * such a host is left to the recursive lane as a whole. */
static void
begin_asking(struct host *host, struct asking_subject *subject)
{
	subject->name = host->name;
	subject->is_unsigned = host->job->worker->options->tlsa !=
	    CHOICE_ALWAYS;
	host->is_asked = true;
	asking_begin(&host->asking, host->job, subject, ASKING_FIRST,
	    on_turn);
}

/* The parent zone has answered, or cannot be asked. */
static void
on_parent(void *tag)
{
	struct host *host = tag;
	struct worker *worker = host->job->worker;
	struct asking_subject subject = {
		.delegation = suffix_registrable(worker->suffixes, host->name),
	};

	worker_clear_in_flight(worker, host->slot);
	host->slot = 0;
	subject.is_of_parent = parent_question_has_delegation(host->parent,
	    &subject.servers, &subject.ds);
	begin_asking(host, &subject);
}

/* L50. Returns false if nobody can be asked. */
static bool
ask_parent(struct host *host)
{
	struct worker *worker = host->job->worker;
	const char *domain = suffix_registrable(worker->suffixes, host->name);

	if (host->job->attempt > 1 || host->is_name_server ||
	    domain == NULL)
		return false;
	host->parent = parent_question_new(worker, domain, on_parent, host);
	if (host->parent == NULL)
		return false;
	host->slot = worker_mark_in_flight(worker, host->job, host->index);
	return true;
}

static void
begin(struct host *host, const struct host_item *item)
{
	struct asking_subject subject = {
		.delegation = item->delegation, .ds = item->ds,
		.servers = { item->servers, item->servers_length },
	};

	if (item->servers_length > 0 || !ask_parent(host))
		begin_asking(host, &subject);
}

bool
host_start(struct job *job)
{
	struct host_item item;
	struct host *host;
	size_t length;

	if (!host_item_get(&job->next, &item))
		return false;
	host = xcalloc(1, sizeof *host);
	host->job = job;
	host->name = item.name;
	host->first_failure = item.state;
	host->is_name_server = item.is_name_server;
	host->started_ms = clock_ms();
	if (name_from_text(item.name, strlen(item.name), host->wire,
	    &length) != NAME_OK) {
		free(host);
		return false;
	}
	host->index = job->started++;
	host->tlsa_status = TLSA_STATUS_NOT_ASKED;
	/* MX10: such a name is never resolved. */
	if (item.state == ITEM_CRASHED) {
		host->status = HOST_RESOLVER_CRASHED;
		host->tlsa_status = TLSA_STATUS_RESOLVER_CRASHED;
		finish(host);
	} else if (opt_out_has_name(&job->worker->opt_out, item.name)) {
		host->status = HOST_OPTED_OUT;
		finish(host);
	} else if (mx_name_flags(item.name) != 0) {
		host->status = HOST_INVALID_NAME;
		finish(host);
	} else {
		begin(host, &item);
	}
	return true;
}
