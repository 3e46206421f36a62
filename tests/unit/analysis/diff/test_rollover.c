/* The classes of a rollover (rollover.h; RFC 7671 8.1, 8.4), each with a twin
 * that differs in one fact. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analysis/diff/rollover.h"

#define HOUR_MS		INT64_C(3600000)

/* A record of the new key was seen for an hour, and the TTL is as long: both
 * RRsets are usable, and the new key matches. */
static struct rollover_facts
well_done(void)
{
	return (struct rollover_facts){
		.keys_are_known = true, .key_changed = true,
		.old_status = TLSA_STATUS_USABLE,
		.new_status = TLSA_STATUS_USABLE,
		.old_verdict = DANE_MATCH, .new_verdict = DANE_MATCH,
		.has_stood = true, .stood_at = HOUR_MS, .old_ttl_s = 3600,
		.shown_at = 2 * HOUR_MS,
	};
}

static void
expect(const struct rollover_facts *facts, enum rollover wanted)
{
	assert_string_equal(rollover_texts.texts[rollover_of(facts)],
	    rollover_texts.texts[wanted]);
}

static void
pre_published(void **state)
{
	struct rollover_facts facts = well_done();

	(void)state;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
	facts.has_stood = false;
	expect(&facts, ROLLOVER_LATE);
	facts = well_done();
	facts.new_verdict = DANE_MATCH_TA_FROM_DNS;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
	/* That the old key had no record changes nothing for the new one. */
	facts.old_verdict = DANE_MISMATCH;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
}

/* The TTL must have run out: an hour after the record was seen is enough, a
 * millisecond less is not. */
static void
ttl_too_short(void **state)
{
	struct rollover_facts facts = well_done();

	(void)state;
	facts.shown_at--;
	expect(&facts, ROLLOVER_TTL_TOO_SHORT);
	facts.old_ttl_s = 3599;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
	facts = well_done();
	facts.old_ttl_s = 3601;
	expect(&facts, ROLLOVER_TTL_TOO_SHORT);
	/* Nothing can be said. */
	facts.old_ttl_s = -1;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
	facts.old_ttl_s = 3601;
	facts.stood_at = INT64_MIN;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
	/* A cache that has the record of the CA has that of the new key. */
	facts = well_done();
	facts.shown_at--;
	facts.stands_for_both = true;
	expect(&facts, ROLLOVER_PRE_PUBLISHED);
}

static void
never_updated(void **state)
{
	struct rollover_facts facts = well_done();

	(void)state;
	facts.has_stood = false;
	facts.new_verdict = DANE_MISMATCH;
	expect(&facts, ROLLOVER_NEVER_UPDATED);
	facts.new_verdict = DANE_TA_NOT_PRESENTED;
	expect(&facts, ROLLOVER_NEVER_UPDATED);
	/* It stood, and was taken away before the key came. */
	facts.has_stood = true;
	expect(&facts, ROLLOVER_RETRACTED_EARLY);
	/* The certificate may be among those that were not kept. */
	facts.new_verdict = DANE_UNDETERMINED;
	expect(&facts, ROLLOVER_UNDETERMINED);
	/* The path is at fault, not the record. */
	facts.new_verdict = DANE_EXPIRED;
	expect(&facts, ROLLOVER_NOT_APPLICABLE);
	facts.has_stood = false;
	facts.new_verdict = DANE_MISMATCH;
	facts.key_changed = false;
	facts.old_verdict = DANE_MISMATCH;
	expect(&facts, ROLLOVER_NONE);
}

static void
retracted_early(void **state)
{
	struct rollover_facts facts = well_done();

	(void)state;
	facts.key_changed = false;
	expect(&facts, ROLLOVER_NONE);
	facts.new_verdict = DANE_UNDETERMINED;
	expect(&facts, ROLLOVER_UNDETERMINED);
	facts.new_verdict = DANE_MATCH;
	facts.new_verdict = DANE_MISMATCH;
	expect(&facts, ROLLOVER_RETRACTED_EARLY);
	facts.old_verdict = DANE_MISMATCH;
	expect(&facts, ROLLOVER_NONE);
	/* Giving up DANE completely harms no sender. */
	facts.old_verdict = DANE_MATCH;
	facts.new_status = TLSA_STATUS_ABSENT;
	facts.new_verdict = DANE_NOT_APPLICABLE;
	expect(&facts, ROLLOVER_NONE);
	/* "Not seen" does not mean "gone". */
	facts.new_status = TLSA_STATUS_TIMEOUT;
	expect(&facts, ROLLOVER_UNDETERMINED);
}

static void
not_judged(void **state)
{
	static const enum tlsa_status unseen[] = {
		TLSA_STATUS_BOGUS, TLSA_STATUS_SERVFAIL, TLSA_STATUS_TIMEOUT,
		TLSA_STATUS_RESOLVER_CRASHED,
	}, unused[] = {
		TLSA_STATUS_UNUSABLE_ONLY, TLSA_STATUS_INSECURE,
		TLSA_STATUS_ABSENT, TLSA_STATUS_ABSENT_INSECURE,
		TLSA_STATUS_NOT_ASKED,
	};
	struct rollover_facts facts = well_done();

	(void)state;
	facts.keys_are_known = false;
	expect(&facts, ROLLOVER_UNDETERMINED);
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
		facts = well_done();
		facts.old_status = unseen[i];
		expect(&facts, ROLLOVER_UNDETERMINED);
		facts = well_done();
		facts.new_status = unseen[i];
		expect(&facts, ROLLOVER_UNDETERMINED);
	}
	for (size_t i = 0; i < sizeof unused / sizeof unused[0]; i++) {
		facts = well_done();
		facts.old_status = unused[i];
		expect(&facts, ROLLOVER_NOT_APPLICABLE);
		facts = well_done();
		facts.new_status = unused[i];
		expect(&facts, ROLLOVER_NOT_APPLICABLE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pre_published),
		cmocka_unit_test(ttl_too_short),
		cmocka_unit_test(never_updated),
		cmocka_unit_test(retracted_early),
		cmocka_unit_test(not_judged),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
