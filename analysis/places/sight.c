#include "analysis/places/sight.h"

#define OBSTACLE_TEXT(name, text) text,
static const char *const texts[] = { OBSTACLE_VALUES(OBSTACLE_TEXT) NULL };
const struct enumeration obstacle_texts = { "obstacle", texts,
	OBSTACLE_COUNT };

/* A lookup that failed. */
static enum sight
sight_of_failure(unsigned attempts)
{
	return attempts > 1 ? SIGHT_FAILED : SIGHT_NONE;
}

enum sight
sight_of_mx(enum mx_status status, unsigned attempts)
{
	switch (status) {
	case MX_SERVFAIL:
	case MX_TIMEOUT:
		return sight_of_failure(attempts);
	case MX_BOGUS:
		return SIGHT_FAILED;
	case MX_RESOLVER_CRASHED:
		return SIGHT_NONE;
	default:
		return SIGHT_ANSWERED;
	}
}

static bool
is_answered(enum txt_status status)
{
	return status != TXT_ERROR && status != TXT_NOT_ASKED;
}

unsigned
sight_of_records(enum txt_status mta_sts, enum txt_status tlsrpt)
{
	return (unsigned)is_answered(mta_sts) + (unsigned)is_answered(tlsrpt);
}

/* Hosts ******************************************************************* */

static enum sight
sight_of_addresses(enum host_status status, unsigned attempts)
{
	switch (status) {
	case HOST_SERVFAIL:
	case HOST_TIMEOUT:
		return sight_of_failure(attempts);
	case HOST_BOGUS:
		return SIGHT_FAILED;
	case HOST_OPTED_OUT:
	case HOST_RESOLVER_CRASHED:
		return SIGHT_NONE;
	default:
		return SIGHT_ANSWERED;
	}
}

static enum sight
sight_of_tlsa(enum tlsa_status status, unsigned attempts)
{
	switch (status) {
	case TLSA_STATUS_SERVFAIL:
	case TLSA_STATUS_TIMEOUT:
		return sight_of_failure(attempts);
	case TLSA_STATUS_BOGUS:
		return SIGHT_FAILED;
	case TLSA_STATUS_RESOLVER_CRASHED:
		return SIGHT_NONE;
	default:
		return SIGHT_ANSWERED;
	}
}

static bool
is_found_out(int status)
{
	return status == LOOKUP_FOUND || status == LOOKUP_NODATA ||
	    status == LOOKUP_NXDOMAIN;
}

struct host_sight
sight_of_host(enum host_status status, enum tlsa_status tlsa, int ipv4,
    int ipv6, unsigned attempts)
{
	return (struct host_sight){
		sight_of_addresses(status, attempts),
		sight_of_tlsa(tlsa, attempts),
		(unsigned)is_found_out(ipv4) + (unsigned)is_found_out(ipv6),
	};
}

int
host_sight_compare(const struct host_sight *a, const struct host_sight *b)
{
	if (a->addresses != b->addresses)
		return a->addresses < b->addresses ? -1 : 1;
	if (a->tlsa != b->tlsa)
		return a->tlsa < b->tlsa ? -1 : 1;
	return (int)a->families - (int)b->families;
}

/* Pairs ******************************************************************* */

static const enum obstacle obstacles[OUTCOME_COUNT] = {
	[OUTCOME_TLS_ESTABLISHED] = OBSTACLE_NONE,
	[OUTCOME_STARTTLS_ABSENT] = OBSTACLE_NONE,
	[OUTCOME_STARTTLS_STRIPPED] = OBSTACLE_FILTERED,
	[OUTCOME_STARTTLS_REFUSED] = OBSTACLE_NONE,
	[OUTCOME_STARTTLS_TEMPORARY] = OBSTACLE_GREYLISTED,
	[OUTCOME_PLAINTEXT_INJECTED] = OBSTACLE_FILTERED,
	[OUTCOME_HANDSHAKE_FAILED] = OBSTACLE_NONE,
	[OUTCOME_HANDSHAKE_TOO_LARGE] = OBSTACLE_UNCLEAR,
	[OUTCOME_REJECTED] = OBSTACLE_BLOCKED,
	[OUTCOME_TEMPORARY_REJECT] = OBSTACLE_GREYLISTED,
	[OUTCOME_PROTOCOL_ERROR] = OBSTACLE_UNCLEAR,
	[OUTCOME_CLOSED] = OBSTACLE_BLOCKED,
	[OUTCOME_RESET] = OBSTACLE_BLOCKED,
	[OUTCOME_TIMEOUT] = OBSTACLE_BLOCKED,
	[OUTCOME_CONNECT_REFUSED] = OBSTACLE_BLOCKED,
	[OUTCOME_CONNECT_TIMEOUT] = OBSTACLE_BLOCKED,
	[OUTCOME_UNREACHABLE] = OBSTACLE_BLOCKED,
	[OUTCOME_SPECIAL_ADDRESS] = OBSTACLE_NOT_TRIED,
	[OUTCOME_OPTED_OUT] = OBSTACLE_NOT_TRIED,
	[OUTCOME_NOT_ALLOWED] = OBSTACLE_NOT_TRIED,
	[OUTCOME_PACED_OUT] = OBSTACLE_NOT_TRIED,
	[OUTCOME_LOCAL_ERROR] = OBSTACLE_NOT_TRIED,
	[OUTCOME_WORKER_CRASHED] = OBSTACLE_NOT_TRIED,
};

/* Did somebody accept a connection? */
static bool
has_met(const struct attempt_facts attempts[VERDICT_ATTEMPTS])
{
	for (int i = 0; i < VERDICT_ATTEMPTS; i++)
		if (attempts[i].is_made && attempts[i].phase != PHASE_CONNECT)
			return true;
	return false;
}

struct pair_sight
sight_of_attempts(const struct attempt_facts attempts[VERDICT_ATTEMPTS],
    const bool intercepted[VERDICT_ATTEMPTS], int64_t retry_after_ms)
{
	struct combined combined = verdict_combine(attempts, retry_after_ms);
	struct pair_sight pair = {
		.class = combined.class, .attempt = combined.attempt,
		.obstacle = OBSTACLE_NOT_TRIED,
	};

	if (combined.attempt >= 0)
		pair.obstacle = intercepted[combined.attempt]
		    ? OBSTACLE_FILTERED
		    : obstacles[attempts[combined.attempt].outcome];
	if (combined.class == PAIR_TLS || combined.class == PAIR_NO_TLS) {
		/* What both attempts say is an answer. */
		if (pair.obstacle != OBSTACLE_FILTERED)
			pair.obstacle = OBSTACLE_NONE;
		pair.sight = pair.obstacle == OBSTACLE_FILTERED
		    ? SIGHT_FILTERED : SIGHT_ANSWERED;
	} else if (has_met(attempts)) {
		pair.sight = SIGHT_MET;
	} else if (combined.class == PAIR_UNREACHABLE) {
		pair.sight = SIGHT_FAILED;
	}
	return pair;
}

/* Policies **************************************************************** */

bool
policy_is_seen(enum mta_sts_status status)
{
	return status == MTA_STS_VALID || status == MTA_STS_INVALID_POLICY;
}

bool
policy_is_missed(enum mta_sts_status status)
{
	return status == MTA_STS_FETCH_FAILED || status == MTA_STS_ERROR ||
	    status == MTA_STS_NOT_ASKED;
}
