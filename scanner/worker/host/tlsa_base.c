#include "scanner/worker/host/tlsa_base.h"

/* Is each family secure that has addresses? */
static bool
addresses_are_secure(const struct answer_facts answers[2])
{
	for (int i = 0; i < 2; i++)
		if (answers[i].status == LOOKUP_FOUND &&
		    answers[i].dnssec != DNSSEC_SECURE)
			return false;
	return true;
}

static enum tlsa_next
unsigned_host(bool always)
{
	return always ? TLSA_ASK_HOST : TLSA_ASK_NOTHING;
}

enum tlsa_next
tlsa_base_begin(const struct answer_facts answers[2], bool has_cname,
    bool always)
{
	if (addresses_are_secure(answers))
		return has_cname ? TLSA_ASK_EXPANDED : TLSA_ASK_HOST;
	return has_cname ? TLSA_ASK_ALIAS : unsigned_host(always);
}

enum tlsa_next
tlsa_base_after_alias(enum lookup_status status, enum dnssec dnssec,
    bool always)
{
	if (status == LOOKUP_FOUND && dnssec == DNSSEC_SECURE)
		return TLSA_ASK_HOST;
	return unsigned_host(always);
}

enum tlsa_next
tlsa_base_after_expanded(enum tlsa_status status)
{
	switch (status) {
	case TLSA_STATUS_ABSENT:
	case TLSA_STATUS_ABSENT_INSECURE:
	case TLSA_STATUS_INSECURE:
		return TLSA_ASK_HOST;
	default:
		return TLSA_TAKE;
	}
}

enum dnssec
tlsa_base_alias_dnssec(const struct answer_facts answers[2])
{
	for (int i = 0; i < 2; i++)
		if (answers[i].has_cname && answers[i].dnssec == DNSSEC_SECURE)
			return DNSSEC_SECURE;
	return DNSSEC_UNCHECKED;
}

bool
tlsa_base_alias_is_insecure(const struct answer_facts answers[2])
{
	for (int i = 0; i < 2; i++)
		if (answers[i].has_cname && answers[i].lane == LANE_DIRECT &&
		    answers[i].dnssec == DNSSEC_INSECURE)
			return true;
	return false;
}
