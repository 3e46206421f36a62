/*
 * sight: how much a run saw of something from its place (RULES 14). Two runs of
 * one plan are compared and merged by it. These are pure functions over facts.
 */
#ifndef MXCENSUS_ANALYSIS_PLACES_SIGHT_H
#define MXCENSUS_ANALYSIS_PLACES_SIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/verdict/verdict.h"
#include "scanner/base/facts.h"

/* The run that is named first is A. */
enum place { PLACE_A, PLACE_B, PLACE_COUNT };

/* From the least to the most. */
enum sight {
	SIGHT_NONE,	/* nothing: it was not asked, or failed once */
	SIGHT_FAILED,	/* it is bogus, or failed in both attempts */
	SIGHT_MET,	/* a server is there, and did not say what was asked */
	SIGHT_FILTERED,	/* something on the way changed the answer */
	SIGHT_ANSWERED,
};

/* Why a pair was not answered. */
#define OBSTACLE_VALUES(X)						\
	X(OBSTACLE_NONE, "none")					\
	X(OBSTACLE_BLOCKED, "blocked")	/* no connection, or turned away */ \
	X(OBSTACLE_GREYLISTED, "greylisted") /* told to come later */	\
	X(OBSTACLE_FILTERED, "filtered") /* something on the way spoke */ \
	X(OBSTACLE_UNCLEAR, "unclear")	/* the session made no sense */	\
	X(OBSTACLE_NOT_TRIED, "not_tried") /* this machine did not ask */

#define OBSTACLE_NAME(name, text) name,
enum obstacle { OBSTACLE_VALUES(OBSTACLE_NAME) OBSTACLE_COUNT };
#undef OBSTACLE_NAME

extern const struct enumeration obstacle_texts;

/* RULES V3: who takes mail for a domain. */
enum sight sight_of_mx(enum mx_status, unsigned attempts);
/* How many of the two TXT records of a domain were answered. */
unsigned sight_of_records(enum txt_status mta_sts, enum txt_status tlsrpt);

/* RULES V4: an MX host. */
struct host_sight {
	enum sight	 addresses, tlsa;
	unsigned	 families;	/* A and AAAA that were answered */
};

/* A family that was not asked for is -1. */
struct host_sight sight_of_host(enum host_status, enum tlsa_status, int ipv4,
	    int ipv6, unsigned attempts);
/* Negative if `a` saw less than `b`, 0 if both saw as much. */
int	host_sight_compare(const struct host_sight *a,
	    const struct host_sight *b);

/* RULES V5: what the attempts with one server name show of a pair. */
struct pair_sight {
	enum sight	 sight;
	enum obstacle	 obstacle;	/* NONE if it was answered */
	enum pair_class	 class;
	int		 attempt;	/* on which it is based; -1: none */
};

/* `intercepted` says of each attempt whether a middlebox answered it (RULES
 * F30). */
struct pair_sight sight_of_attempts(
	    const struct attempt_facts[VERDICT_ATTEMPTS],
	    const bool intercepted[VERDICT_ATTEMPTS], int64_t retry_after_ms);

/* RULES V7: was the policy seen, whatever it says? */
bool	policy_is_seen(enum mta_sts_status);
/* Was it asked for in vain? */
bool	policy_is_missed(enum mta_sts_status);

#endif
