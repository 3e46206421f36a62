/* schedule: which (address, SNI) a host asks for, and when (RULES N6, 9, 11). */
#include <string.h>

#include "scanner/base/clock.h"
#include "scanner/coordinator/coordinator.h"

static bool
has_secure_tlsa(const struct host *host)
{
	return host->tlsa_status == TLSA_STATUS_USABLE ||
	    host->tlsa_status == TLSA_STATUS_UNUSABLE_ONLY;
}

/* The unit's present attempt goes to pacing, not before it may. */
static void
enqueue(struct coordinator *coordinator, struct unit *unit, uint8_t attempt,
    int64_t due_ms)
{
	int64_t before = resume_not_before(coordinator, unit, attempt);

	unit->attempt = attempt;
	unit->attempts[attempt - 1].state = SIGHTING_WAITING;
	pace_add(coordinator->pace, unit, before > due_ms ? before : due_ms);
}

/* An attempt that saw neither TLS nor its absence is made once more, so much
 * later that a passing fault has passed; so is one that did not match (U10). */
static bool
wants_second(const struct options *options, const struct unit *unit)
{
	enum tls_class class = outcome_tls_class(unit->attempts[0].outcome);

	return options->attempts > 1 && !unit->barred && (unit->mismatched ||
	    (class != TLS_CLASS_TLS && class != TLS_CLASS_NO_TLS));
}

void
schedule_attempt(struct coordinator *coordinator, struct unit *unit)
{
	const struct options *options = coordinator->options;

	if (unit->attempts[0].state == SIGHTING_NONE)
		enqueue(coordinator, unit, 1, 0);
	else if (unit->attempts[0].state == SIGHTING_DONE &&
	    unit->attempts[1].state == SIGHTING_NONE &&
	    wants_second(options, unit))
		enqueue(coordinator, unit, 2, unit->attempts[0].measured_at +
		    (int64_t)options->retry_after_ms);
}

static void
want(struct coordinator *coordinator, struct host *host, struct place *place,
    const char *sni, bool barred)
{
	bool is_new;
	struct unit *unit = registry_unit(&coordinator->registry, place, sni,
	    &is_new);

	registry_attach(unit, host);
	if (is_new && barred) {
		unit->barred = true;
		unit->attempts[0] = (struct sighting){
			.state = SIGHTING_DONE,
			.outcome = OUTCOME_SPECIAL_ADDRESS,
			.measured_at = clock_ms(),
		};
	} else if (is_new && !coordinator->resuming) {
		schedule_attempt(coordinator, unit);
	}
	if (!coordinator->resuming)
		registry_want_judged(&coordinator->registry, unit);
}

void
schedule_host(struct coordinator *coordinator, struct host *host,
    const struct address *addresses, const enum address_class *classes,
    size_t count)
{
	bool second_name = has_secure_tlsa(host) &&
	    strcmp(host->tlsa_base, host->name) != 0;

	if (coordinator->options->probes == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		struct place *place;
		bool barred = classes[i] == CLASS_SPECIAL;

		if (classes[i] != CLASS_PUBLIC && !barred)
			continue;
		place = registry_place(&coordinator->registry, &addresses[i]);
		want(coordinator, host, place, host->name, barred);
		/* N6: where the names differ, two probes. */
		if (second_name && !barred)
			want(coordinator, host, place, host->tlsa_base, false);
	}
}
