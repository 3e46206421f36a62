/*
 * tally: counts over the committed rows, for progress, run.json and the
 * summary. The run owns it. The counts are read from the parts when they are
 * taken into the registry, so a restart has them, too.
 */
#ifndef MXCENSUS_RUN_TALLY_H
#define MXCENSUS_RUN_TALLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/facts.h"
#include "scanner/base/lane_fates.h"

struct tally {
	uint64_t	domains;
	uint64_t	mx_status[MX_STATUS_COUNT][DNSSEC_COUNT];
	uint64_t	hosts;
	uint64_t	host_status[HOST_STATUS_COUNT];
	uint64_t	tlsa_status[TLSA_STATUS_COUNT];
	uint64_t	addresses[ADDRESS_CLASS_COUNT];
	uint64_t	probes;			/* rows, one for each session */
	uint64_t	outcome[OUTCOME_COUNT];
	uint64_t	trusted[2], in_dates[2];	/* sessions with a chain */
	uint64_t	results;
	uint64_t	tls_class[TLS_CLASS_COUNT];
	uint64_t	dane_verdict[DANE_VERDICT_COUNT];
	uint64_t	name_match[2];
	uint64_t	with_policy;		/* domains, each of which has a
						 * row in policies in the end */
	uint64_t	policies;
	uint64_t	mta_sts_status[MTA_STS_STATUS_COUNT];
	uint64_t	tlsrpt_status[TLSRPT_STATUS_COUNT];
};

/* What the direct lane asked (RULES L10). */
struct lane_tally {
	struct lane_fates domains, hosts;
	/* Domains that both lanes were asked for (RULES L11). */
	uint64_t	sampled[SAMPLE_GROUPS][SAMPLE_RESULT_COUNT];
};

/* Reads the counts from run.json, from which a restart continues: `object` is
 * NULL if the file has none, and a value that makes no sense counts as 0. */
json_t	*lane_tally_to_json(const struct lane_tally *);
void	lane_tally_take_up(struct lane_tally *, const json_t *object);
void	lane_tally_add(struct lane_tally *, const struct lane_tally *more);
uint64_t lane_tally_sampled(const struct lane_tally *, enum sample_group);
/* RULES L13: do the lanes disagree about so many names of the group that the
 * rows of the direct lane are in doubt? */
bool	lane_tally_is_doubtful(const struct lane_tally *, enum sample_group);
void	tally_add(struct tally *, const struct tally *more);
/* Returns the counts in the form of run.json. */
json_t	*tally_to_json(const struct tally *);

#endif
