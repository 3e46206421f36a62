#include "analysis/diff/rollover.h"

#define ROLLOVER_TEXT(name, text) text,
static const char *const texts[] = { ROLLOVER_VALUES(ROLLOVER_TEXT) NULL };
const struct enumeration rollover_texts = {
	"rollover", texts, ROLLOVER_COUNT,
};

static bool
is_unseen(enum tlsa_status status)
{
	return status == TLSA_STATUS_BOGUS || status == TLSA_STATUS_SERVFAIL ||
	    status == TLSA_STATUS_TIMEOUT ||
	    status == TLSA_STATUS_RESOLVER_CRASHED;
}

static bool
is_match(enum dane_verdict verdict)
{
	return verdict == DANE_MATCH || verdict == DANE_MATCH_TA_FROM_DNS;
}

/* No record matches what was presented. */
static bool
is_unmatched(enum dane_verdict verdict)
{
	return verdict == DANE_MISMATCH || verdict == DANE_TA_NOT_PRESENTED;
}

static enum rollover
of_same_key(const struct rollover_facts *facts)
{
	if (!is_match(facts->old_verdict))
		return ROLLOVER_NONE;
	if (is_unseen(facts->new_status) ||
	    facts->new_verdict == DANE_UNDETERMINED)
		return ROLLOVER_UNDETERMINED;
	return is_unmatched(facts->new_verdict) ? ROLLOVER_RETRACTED_EARLY
	    : ROLLOVER_NONE;
}

static bool
is_too_short(const struct rollover_facts *facts)
{
	return !facts->stands_for_both && facts->old_ttl_s >= 0 &&
	    facts->stood_at != INT64_MIN &&
	    facts->shown_at - facts->stood_at < facts->old_ttl_s * 1000;
}

enum rollover
rollover_of(const struct rollover_facts *facts)
{
	if (!facts->keys_are_known)
		return ROLLOVER_UNDETERMINED;
	if (!facts->key_changed)
		return of_same_key(facts);
	if (is_unseen(facts->old_status) || is_unseen(facts->new_status) ||
	    facts->new_verdict == DANE_UNDETERMINED)
		return ROLLOVER_UNDETERMINED;
	if (facts->old_status != TLSA_STATUS_USABLE ||
	    facts->new_status != TLSA_STATUS_USABLE)
		return ROLLOVER_NOT_APPLICABLE;
	if (is_unmatched(facts->new_verdict))
		return facts->has_stood ? ROLLOVER_RETRACTED_EARLY
		    : ROLLOVER_NEVER_UPDATED;
	if (!is_match(facts->new_verdict))
		return ROLLOVER_NOT_APPLICABLE;
	if (!facts->has_stood)
		return ROLLOVER_LATE;
	return is_too_short(facts) ? ROLLOVER_TTL_TOO_SHORT
	    : ROLLOVER_PRE_PUBLISHED;
}
