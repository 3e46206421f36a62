#include "scanner/coordinator/probing/schedule.h"

#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/run/shard.h"

#define FIRST_NAMES 2

static struct attempt *
attempt_of(struct target *target, uint8_t attempt)
{
	return &target->attempts[attempt - 1];
}

static struct peer_evidence *
evidence_of(struct target *target, uint8_t attempt)
{
	return &target->peer->evidence[attempt - 1];
}

/* Gives the target's attempt to pacing, which starts it no earlier than it
 * may. */
static void
release(struct schedule *schedule, struct target *target, uint8_t attempt)
{
	int64_t wait = (int64_t)schedule->options->retry_after_ms;
	int64_t started = starts_last(schedule->starts, &target->peer->address,
	    target->sni, attempt);
	int64_t due = attempt > 1 ? target->attempts[0].measured_at + wait : 0;

	evidence_of(target, attempt)->released++;
	target->attempt = attempt;
	attempt_of(target, attempt)->state = ATTEMPT_WAITING;
	if (started != INT64_MIN && started + wait > due)
		due = started + wait;
	pace_add(schedule->pace, target, due);
}

/* No session takes place, and this is why. */
static void
bar(struct schedule *schedule, struct target *target, uint8_t attempt,
    enum outcome reason)
{
	*attempt_of(target, attempt) = (struct attempt){
		.state = ATTEMPT_DONE, .basis = BASIS_NONE,
		.outcome = reason, .tls_class = outcome_tls_class(reason),
		.measured_at = clock_ms(),
	};
	registry_want_judged(schedule->registry, target);
}

static void
share(struct schedule *schedule, struct target *target, uint8_t attempt,
    struct target *shown)
{
	struct attempt *result = attempt_of(target, attempt);

	*result = *attempt_of(shown, attempt);
	result->basis = BASIS_SHARED;
	registry_want_judged(schedule->registry, target);
	schedule_target(schedule, target);
}

/* How many names of an address may have been given to pacing by now. */
static uint32_t
names_allowed(const struct options *options, const struct peer_evidence *evidence)
{
	uint32_t most = (uint32_t)options->sni_per_address;

	if (evidence->late_differ || evidence->done >= most)
		return (uint32_t)options->max_per_address;
	if (evidence->late != NULL || most < FIRST_NAMES)
		return most;
	return evidence->done < FIRST_NAMES ? FIRST_NAMES : evidence->done + 1;
}

/* Decides as much as possible about the names that wait at an address. */
static void
advance(struct schedule *schedule, struct peer *peer, uint8_t attempt)
{
	struct peer_evidence *evidence = &peer->evidence[attempt - 1];
	const struct options *options = schedule->options;

	while (!list_is_empty(&evidence->undecided)) {
		struct target *target = list_entry(evidence->undecided.next,
		    struct target, link);
		bool over = evidence->shown == NULL && evidence->released >=
		    names_allowed(options, evidence);

		/* The sessions that are under way will decide. */
		if (over && !evidence->late_differ &&
		    evidence->done < options->sni_per_address &&
		    evidence->released > evidence->done)
			return;
		list_remove(&target->link);
		if (evidence->shown != NULL)
			share(schedule, target, attempt, evidence->shown);
		else if (over)
			bar(schedule, target, attempt, OUTCOME_PACED_OUT);
		else
			release(schedule, target, attempt);
	}
}

/* The name cannot have changed anything: the ClientHello was not sent. */
static bool
is_early(const struct attempt *result)
{
	return result->phase < PHASE_HANDSHAKE ||
	    result->outcome == OUTCOME_PLAINTEXT_INJECTED;
}

static bool
is_same(const struct attempt *a, const struct attempt *b)
{
	return a->outcome == b->outcome && a->phase == b->phase &&
	    a->has_chain == b->has_chain &&
	    a->is_truncated == b->is_truncated && (!a->has_chain ||
	    memcmp(a->chain_id, b->chain_id, sizeof a->chain_id) == 0);
}

static void
take_evidence(const struct options *options, struct target *target,
    uint8_t attempt)
{
	struct peer_evidence *evidence = evidence_of(target, attempt);
	const struct attempt *result = attempt_of(target, attempt);

	evidence->done++;
	if (result->basis != BASIS_OWN ||
	    result->outcome == OUTCOME_LOCAL_ERROR)
		return;			/* says nothing about the address */
	if (is_early(result)) {
		if (evidence->early != NULL && is_same(result,
		    attempt_of(evidence->early, attempt)))
			evidence->early_agree = true;
		evidence->early = target;
	} else if (evidence->late == NULL) {
		evidence->late = target;
	} else if (!is_same(result, attempt_of(evidence->late, attempt))) {
		evidence->late_differ = true;
	}
	if (evidence->late == NULL)
		evidence->shown = evidence->early_agree ||
		    options->sni_per_address < FIRST_NAMES
		    ? evidence->early : NULL;
	else
		evidence->shown = !evidence->late_differ &&
		    evidence->done >= options->sni_per_address
		    ? evidence->late : NULL;
}

/* An attempt that saw neither TLS nor its absence is repeated once, late enough
 * for a passing fault to pass. So is one with a DANE mismatch (RULES U10: a
 * mismatch is looked at twice), and one without STARTTLS: a decoy may have
 * answered, or one server of a farm. */
static bool
wants_second(const struct options *options, const struct target *target)
{
	const struct attempt *first = &target->attempts[0];

	return options->attempts > 1 && first->state == ATTEMPT_DONE &&
	    first->basis != BASIS_NONE && (target->mismatched ||
	    first->outcome == OUTCOME_STARTTLS_ABSENT ||
	    (first->tls_class != TLS_CLASS_TLS &&
	    first->tls_class != TLS_CLASS_NO_TLS));
}

/* The target is one more name of its address, or must have its own session. */
static void
consider(struct schedule *schedule, struct target *target, uint8_t attempt)
{
	struct peer_evidence *evidence = evidence_of(target, attempt);
	struct attempt *result = attempt_of(target, attempt);

	if (target->must_probe || target->mismatched) {
		list_remove(&target->link);	/* it may be undecided */
		release(schedule, target, attempt);
		return;
	}
	if (result->state == ATTEMPT_UNDECIDED)
		return;
	result->state = ATTEMPT_UNDECIDED;
	list_append(&evidence->undecided, &target->link);
	advance(schedule, target->peer, attempt);
}

/* A host with secure TLSA waits for a session that this target has not had. */
static bool
lacks_own(const struct target *target)
{
	if (!target->must_probe || target->attempts[0].basis != BASIS_SHARED)
		return false;
	for (uint32_t i = 0; i < target->host_count; i++)
		if ((target->hosts[i].judged & 1u << 1) == 0 &&
		    host_has_secure_tlsa(target->hosts[i].host))
			return true;
	return false;
}

void
schedule_target(struct schedule *schedule, struct target *target)
{
	for (int i = 0; i < ATTEMPTS_MAX; i++)
		if (target->attempts[i].state == ATTEMPT_WAITING ||
		    target->attempts[i].state == ATTEMPT_GRANTED)
			return;		/* decided when that attempt is over */
	if (target->attempts[0].state != ATTEMPT_DONE || lacks_own(target))
		consider(schedule, target, 1);
	else if (target->attempts[1].state != ATTEMPT_DONE &&
	    wants_second(schedule->options, target))
		consider(schedule, target, 2);
}

void
schedule_ended(struct schedule *schedule, struct target *target,
    uint8_t attempt)
{
	take_evidence(schedule->options, target, attempt);
	advance(schedule, target->peer, attempt);
	schedule_target(schedule, target);
}

bool
schedule_is_opted_out(const struct schedule *schedule,
    const struct target *target)
{
	const struct opt_out *opt_out = schedule->opt_out;

	if (opt_out_is_empty(opt_out))
		return false;
	if (opt_out_has_address(opt_out, &target->peer->address) ||
	    opt_out_has_name(opt_out, target->sni))
		return true;
	for (uint32_t i = 0; i < target->host_count; i++)
		if (!opt_out_has_name(opt_out, target->hosts[i].host->name))
			return false;
	return true;
}

void
schedule_bar(struct schedule *schedule, struct target *target,
    uint8_t attempt, enum outcome reason)
{
	bar(schedule, target, attempt, reason);
	schedule_ended(schedule, target, attempt);
}

static struct target *
attach(struct schedule *schedule, struct host *host, struct peer *peer,
    const char *sni, enum address_class class)
{
	bool is_new;
	struct target *target = registry_target(schedule->registry, peer, sni,
	    &is_new);

	registry_attach(target, host);
	if (host_has_secure_tlsa(host))
		target->must_probe = true;
	if (is_new && class != CLASS_PUBLIC)
		bar(schedule, target, 1, address_class_outcome(class));
	return target;
}

/* In the stage of hosts, targets are left to the next stage. */
static bool
has_probes(const struct options *options)
{
	return options->probes != 0 && options->stage != STAGE_HOSTS;
}

static void
attach_each(struct schedule *schedule, struct host *host,
    const struct address *addresses, const enum address_class *classes,
    size_t count, void (*then)(struct schedule *, struct target *))
{
	bool second_name = host_has_secure_tlsa(host) &&
	    strcmp(host->tlsa_base, host->name) != 0;

	if (!has_probes(schedule->options))
		return;
	for (size_t i = 0; i < count; i++) {
		struct peer *peer;

		if (classes[i] == CLASS_NO_ROUTE ||
		    !shard_has_address(schedule->options, &addresses[i]))
			continue;
		peer = registry_peer(schedule->registry, &addresses[i]);
		then(schedule, attach(schedule, host, peer, host->name,
		    classes[i]));
		/* N6: if the two names differ, there are two probes. */
		if (second_name && classes[i] == CLASS_PUBLIC)
			then(schedule, attach(schedule, host, peer,
			    host->tlsa_base, classes[i]));
	}
}

static void
wait_for_all(struct schedule *schedule, struct target *target)
{
	(void)schedule;
	(void)target;
}

static void
go_on(struct schedule *schedule, struct target *target)
{
	registry_want_judged(schedule->registry, target);
	schedule_target(schedule, target);
}

void
schedule_attach(struct schedule *schedule, struct host *host,
    const struct address *addresses, const enum address_class *classes,
    size_t count)
{
	attach_each(schedule, host, addresses, classes, count, wait_for_all);
}

void
schedule_host(struct schedule *schedule, struct host *host,
    const struct address *addresses, const enum address_class *classes,
    size_t count)
{
	attach_each(schedule, host, addresses, classes, count, go_on);
}

/* A restart **************************************************************** */

/* A result that was shared before takes the peer's facts again if a host still
 * lacks its row. If the peer has no such facts any more, it is decided once
 * more. */
static void
take_up_shared(struct target *target, uint8_t attempt)
{
	struct attempt *result = attempt_of(target, attempt);
	struct target *shown = evidence_of(target, attempt)->shown;
	bool lacks = false;

	for (uint32_t i = 0; i < target->host_count; i++)
		lacks = lacks || registry_lacks_row(target, &target->hosts[i],
		    attempt);
	if (result->basis != BASIS_SHARED || !lacks)
		return;
	if (shown == NULL) {
		result->state = ATTEMPT_NONE;
		return;
	}
	*result = *attempt_of(shown, attempt);
	result->basis = BASIS_SHARED;
}

static void
take_up_evidence(struct schedule *schedule, struct target *target)
{
	for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
		const struct attempt *result = attempt_of(target, attempt);

		if (result->state != ATTEMPT_DONE || result->basis != BASIS_OWN)
			continue;
		evidence_of(target, attempt)->released++;
		take_evidence(schedule->options, target, attempt);
	}
}

void
schedule_resume(struct schedule *schedule)
{
	struct map *targets = schedule->registry->targets;
	const char *key;
	void *value;

	if (!has_probes(schedule->options))
		return;
	for (size_t index = 0; map_next(targets, &index, &key, &value);)
		take_up_evidence(schedule, value);
	for (size_t index = 0; map_next(targets, &index, &key, &value);) {
		for (uint8_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++)
			take_up_shared(value, attempt);
		go_on(schedule, value);
	}
}
