/*
 * lane_sample: a domain that both lanes are asked about, so that a run can
 * report how often they disagree (RULES L11, L12). Its functions are pure. The
 * domain owns it and asks; the sample says by which lane, and what the result
 * is.
 *
 * If the lanes disagree, each is asked a second time, the one that was second
 * first. So a server that alternates between two answers never gives one lane
 * the same answer twice and the other lane the other answer twice.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_LANE_SAMPLE_H
#define MXCENSUS_WORKER_DOMAIN_LANE_SAMPLE_H

#include "scanner/worker/asking.h"
#include "scanner/worker/domain/findings.h"

/* For tests: the environment variable with another number: one name in so many
 * is sampled; 0: none. */
#define LANE_SAMPLE_ENVIRONMENT "MXCENSUS_TEST_LANE_SAMPLE"

enum sample_round {
	ROUND_DIRECT, ROUND_RECURSIVE, ROUND_RECURSIVE_AGAIN,
	ROUND_DIRECT_AGAIN, SAMPLE_ROUNDS,
};

struct lane_sample {
	enum sample_group	group;
	enum sample_round	round;		/* the next one to be taken */
	struct findings		rounds[SAMPLE_ROUNDS];
};

/* One name in how many is sampled, by group. `wanted` is NULL, or the value of
 * the variable. */
void	lane_sample_set_shares(unsigned one_in[SAMPLE_GROUPS],
	    const char *wanted);
/* Is the name sampled, if its own server answered and the group is this? */
bool	lane_sample_takes_name(const unsigned one_in[SAMPLE_GROUPS],
	    enum sample_group, const char *name);
struct lane_sample *lane_sample_new(enum sample_group);
void	lane_sample_free(struct lane_sample *);	/* NULL is legal */

/* Takes the findings of this round over, and leaves empty ones. Returns true if
 * nothing is left to be asked. */
bool	lane_sample_settles(struct lane_sample *, struct findings *);
/* How the next round is asked. */
enum asking_way lane_sample_way(const struct lane_sample *);
/* The functions below are for a settled sample. */
enum sample_result lane_sample_result(const struct lane_sample *);
/* Hands over the findings that the row is written from. */
void	lane_sample_give_row(struct lane_sample *, struct findings *);

#endif
