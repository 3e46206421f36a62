/*
 * rollover: decides how a key and its TLSA records changed between two runs
 * (RFC 7671 8.1, 8.4: the record of the next key is published for two TTLs
 * before the key is used, and the record of the old key is removed afterwards).
 *
 * It is pure, over the recorded facts of one (host, address) in both runs.
 */
#ifndef MXCENSUS_ANALYSIS_DIFF_ROLLOVER_H
#define MXCENSUS_ANALYSIS_DIFF_ROLLOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/facts.h"

/* In order of harm: from what nobody notices to what bounces mail. The worst
 * address of a host counts for the host. */
#define ROLLOVER_VALUES(X)						\
	X(ROLLOVER_NONE, "none")					\
	X(ROLLOVER_NOT_APPLICABLE, "not_applicable")			\
	X(ROLLOVER_UNDETERMINED, "undetermined")			\
	X(ROLLOVER_PRE_PUBLISHED, "pre_published")			\
	X(ROLLOVER_TTL_TOO_SHORT, "ttl_too_short")			\
	X(ROLLOVER_LATE, "late")					\
	X(ROLLOVER_RETRACTED_EARLY, "retracted_early")			\
	X(ROLLOVER_NEVER_UPDATED, "never_updated")

#define ROLLOVER_NAME(name, text) name,
enum rollover { ROLLOVER_VALUES(ROLLOVER_NAME) ROLLOVER_COUNT };
#undef ROLLOVER_NAME

extern const struct enumeration rollover_texts;

struct rollover_facts {
	/* A chain was presented, and its leaf's key is known, in both runs. */
	bool		 keys_are_known;
	bool		 key_changed;
	enum tlsa_status old_status, new_status;
	enum dane_verdict old_verdict, new_verdict;
	/* The RRset of the old run had a record of the key that the new run
	 * saw. stood_at is a time at which it was published, in Unix
	 * milliseconds. stands_for_both says whether this record, or another
	 * one like it, also matches the old key (DANE-TA). */
	bool		 has_stood;
	int64_t		 stood_at;		/* INT64_MIN: not known */
	bool		 stands_for_both;
	int64_t		 old_ttl_s;		/* -1: not known */
	int64_t		 shown_at;		/* start of the new session */
};

/* UNDETERMINED: a key or an RRset could not be seen in one of the runs.
 * NOT_APPLICABLE: one of them has no RRset that DANE could use, or the fault of
 * the new chain is in its path (dates, names) and not in the record.
 * TTL_TOO_SHORT: two runs do not show when the record came and when the key was
 * changed. They show only that the record was there at stood_at, and the key at
 * shown_at. If less than a TTL lies between them, a cache may have kept the
 * RRset without the record until after the change. If more lies between them,
 * nothing that was seen contradicts the change. If the TTL is not known, the
 * result is PRE_PUBLISHED. */
enum rollover rollover_of(const struct rollover_facts *);

#endif
