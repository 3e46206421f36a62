/*
 * pair_sets: the pairs of hosts, kept once for all hosts that are alike in them:
 * then they share the array, and two arrays differ. Most hosts are alike.
 */
#ifndef MXCENSUS_ANALYSIS_PAIR_SETS_H
#define MXCENSUS_ANALYSIS_PAIR_SETS_H

#include "analysis/verdict.h"

struct pair_sets;

struct pair_sets *pair_sets_new(void);
void	pair_sets_free(struct pair_sets *);
/* The array that has the same in it, made if it is new; lives as long as the
 * sets. Texts are the same where their addresses are. Bytes between members are
 * compared too: zero the array before it is filled. */
const struct pair_facts *pair_sets_place(struct pair_sets *,
	    const struct pair_facts *, unsigned count);

#endif
