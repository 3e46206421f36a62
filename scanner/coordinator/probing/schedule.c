/*
 * schedule: which (address, SNI) has a session of its own, when, and which take
 * the facts of another (RULES N6, 9, 11).
 *
 * Hosted mail gives each customer an MX name on shared addresses. So an address
 * is asked for two names first; where both end the same way before the
 * ClientHello, no name makes a difference. Else for --sni-per-address names; where
 * all of them show one chain, every other name is judged by that. Where they
 * differ, each name has its session, up to --max-per-address.
 */
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/coordinator/coordinator.h"

#define FIRST_NAMES 2

static struct sighting *
sighting_of(struct unit *unit, uint8_t attempt)
{
	return &unit->attempts[attempt - 1];
}

static struct evidence *
evidence_of(struct unit *unit, uint8_t attempt)
{
	return &unit->place->evidence[attempt - 1];
}

/* The unit's attempt goes to pacing, not before it may. */
static void
release(struct coordinator *coordinator, struct unit *unit, uint8_t attempt)
{
	int64_t due = 0, before = resume_not_before(coordinator, unit, attempt);

	if (attempt > 1)
		due = unit->attempts[0].measured_at +
		    (int64_t)coordinator->options->retry_after_ms;
	evidence_of(unit, attempt)->released++;
	unit->attempt = attempt;
	sighting_of(unit, attempt)->state = SIGHTING_WAITING;
	pace_add(coordinator->pace, unit, before > due ? before : due);
}

/* No session takes place, and this is why. */
static void
bar(struct coordinator *coordinator, struct unit *unit, uint8_t attempt,
    enum outcome reason)
{
	*sighting_of(unit, attempt) = (struct sighting){
		.state = SIGHTING_DONE, .basis = BASIS_NONE,
		.outcome = reason, .tls_class = outcome_tls_class(reason),
		.measured_at = clock_ms(),
	};
	registry_want_judged(&coordinator->registry, unit);
}

static void
share(struct coordinator *coordinator, struct unit *unit, uint8_t attempt,
    struct unit *shown)
{
	struct sighting *sighting = sighting_of(unit, attempt);

	*sighting = *sighting_of(shown, attempt);
	sighting->basis = BASIS_SHARED;
	registry_want_judged(&coordinator->registry, unit);
	schedule_unit(coordinator, unit);
}

/* How many names of an address may have been let go by now. */
static uint32_t
names_allowed(const struct options *options, const struct evidence *evidence)
{
	uint32_t most = (uint32_t)options->sni_per_address;

	if (evidence->late_differ || evidence->done >= most)
		return (uint32_t)options->max_per_address;
	if (evidence->late != NULL || most < FIRST_NAMES)
		return most;
	return evidence->done < FIRST_NAMES ? FIRST_NAMES : evidence->done + 1;
}

/* Decides what can be decided about the names that wait at an address. */
static void
advance(struct coordinator *coordinator, struct place *place, uint8_t attempt)
{
	struct evidence *evidence = &place->evidence[attempt - 1];
	const struct options *options = coordinator->options;

	while (!list_is_empty(&evidence->undecided)) {
		struct unit *unit = list_entry(evidence->undecided.next,
		    struct unit, link);
		bool over = evidence->shown == NULL && evidence->released >=
		    names_allowed(options, evidence);

		/* The sessions under way decide. */
		if (over && !evidence->late_differ &&
		    evidence->done < options->sni_per_address &&
		    evidence->released > evidence->done)
			return;
		list_remove(&unit->link);
		if (evidence->shown != NULL)
			share(coordinator, unit, attempt, evidence->shown);
		else if (over)
			bar(coordinator, unit, attempt, OUTCOME_PACED_OUT);
		else
			release(coordinator, unit, attempt);
	}
}

/* Nothing that the name could have changed: the ClientHello was not sent. */
static bool
is_early(const struct sighting *sighting)
{
	return sighting->phase < PHASE_HANDSHAKE ||
	    sighting->outcome == OUTCOME_PLAINTEXT_INJECTED;
}

static bool
is_same(const struct sighting *a, const struct sighting *b)
{
	return a->outcome == b->outcome && a->phase == b->phase &&
	    a->has_chain == b->has_chain && (!a->has_chain ||
	    memcmp(a->chain_id, b->chain_id, sizeof a->chain_id) == 0);
}

static void
weigh(const struct options *options, struct evidence *evidence,
    struct unit *unit, uint8_t attempt)
{
	const struct sighting *sighting = sighting_of(unit, attempt);

	evidence->done++;
	if (sighting->basis != BASIS_OWN ||
	    sighting->outcome == OUTCOME_LOCAL_ERROR)
		return;			/* says nothing of the address */
	if (is_early(sighting)) {
		if (evidence->early != NULL && is_same(sighting,
		    sighting_of(evidence->early, attempt)))
			evidence->early_agree = true;
		evidence->early = unit;
	} else if (evidence->late == NULL) {
		evidence->late = unit;
	} else if (!is_same(sighting, sighting_of(evidence->late, attempt))) {
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

void
schedule_weigh(struct coordinator *coordinator, struct unit *unit,
    uint8_t attempt)
{
	weigh(coordinator->options, evidence_of(unit, attempt), unit, attempt);
}

/* An attempt that saw neither TLS nor its absence is made once more, so much
 * later that a passing fault has passed; so is one that did not match (U10). */
static bool
wants_second(const struct options *options, const struct unit *unit)
{
	const struct sighting *first = &unit->attempts[0];

	return options->attempts > 1 && first->state == SIGHTING_DONE &&
	    first->basis != BASIS_NONE && (unit->mismatched ||
	    (first->tls_class != TLS_CLASS_TLS &&
	    first->tls_class != TLS_CLASS_NO_TLS));
}

/* The unit is one more name of its address, or must be asked for itself. */
static void
consider(struct coordinator *coordinator, struct unit *unit, uint8_t attempt)
{
	struct evidence *evidence = evidence_of(unit, attempt);
	struct sighting *sighting = sighting_of(unit, attempt);

	if (unit->must_probe || unit->mismatched) {
		list_remove(&unit->link);	/* it may be undecided */
		release(coordinator, unit, attempt);
		return;
	}
	if (sighting->state == SIGHTING_UNDECIDED)
		return;
	sighting->state = SIGHTING_UNDECIDED;
	list_append(&evidence->undecided, &unit->link);
	advance(coordinator, unit->place, attempt);
}

/* A host with secure TLSA waits for a session that the unit has not had. */
static bool
lacks_own(const struct unit *unit)
{
	if (!unit->must_probe || unit->attempts[0].basis != BASIS_SHARED)
		return false;
	for (uint32_t i = 0; i < unit->host_count; i++)
		if ((unit->hosts[i].judged & 1u << 1) == 0 &&
		    host_has_secure_tlsa(unit->hosts[i].host))
			return true;
	return false;
}

void
schedule_unit(struct coordinator *coordinator, struct unit *unit)
{
	for (int i = 0; i < ATTEMPTS_MAX; i++)
		if (unit->attempts[i].state == SIGHTING_WAITING ||
		    unit->attempts[i].state == SIGHTING_GRANTED)
			return;		/* asked again when that is over */
	if (unit->attempts[0].state != SIGHTING_DONE || lacks_own(unit))
		consider(coordinator, unit, 1);
	else if (unit->attempts[1].state != SIGHTING_DONE &&
	    wants_second(coordinator->options, unit))
		consider(coordinator, unit, 2);
}

void
schedule_ended(struct coordinator *coordinator, struct unit *unit,
    uint8_t attempt)
{
	schedule_weigh(coordinator, unit, attempt);
	advance(coordinator, unit->place, attempt);
	schedule_unit(coordinator, unit);
}

bool
schedule_is_opted_out(const struct coordinator *coordinator,
    const struct unit *unit)
{
	const struct opt_out *opt_out = &coordinator->opt_out;

	if (opt_out_is_empty(opt_out))
		return false;
	if (opt_out_has_address(opt_out, &unit->place->address) ||
	    opt_out_has_name(opt_out, unit->sni))
		return true;
	for (uint32_t i = 0; i < unit->host_count; i++)
		if (!opt_out_has_name(opt_out, unit->hosts[i].host->name))
			return false;
	return true;
}

void
schedule_bar(struct coordinator *coordinator, struct unit *unit,
    uint8_t attempt, enum outcome reason)
{
	bar(coordinator, unit, attempt, reason);
	schedule_ended(coordinator, unit, attempt);
}

static void
want(struct coordinator *coordinator, struct host *host, struct place *place,
    const char *sni, enum address_class class)
{
	bool is_new;
	struct unit *unit = registry_unit(&coordinator->registry, place, sni,
	    &is_new);

	registry_attach(unit, host);
	if (host_has_secure_tlsa(host))
		unit->must_probe = true;
	if (is_new && class != CLASS_PUBLIC)
		bar(coordinator, unit, 1, address_class_outcome(class));
	if (coordinator->resuming)
		return;
	registry_want_judged(&coordinator->registry, unit);
	schedule_unit(coordinator, unit);
}

void
schedule_host(struct coordinator *coordinator, struct host *host,
    const struct address *addresses, const enum address_class *classes,
    size_t count)
{
	bool second_name = host_has_secure_tlsa(host) &&
	    strcmp(host->tlsa_base, host->name) != 0;

	if (coordinator->options->probes == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		struct place *place;

		if (classes[i] == CLASS_NO_ROUTE)
			continue;
		place = registry_place(&coordinator->registry, &addresses[i]);
		want(coordinator, host, place, host->name, classes[i]);
		/* N6: where the names differ, two probes. */
		if (second_name && classes[i] == CLASS_PUBLIC)
			want(coordinator, host, place, host->tlsa_base,
			    classes[i]);
	}
}
