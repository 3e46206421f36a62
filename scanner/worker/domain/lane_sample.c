#include "scanner/worker/domain/lane_sample.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/base/siphash.h"

void
lane_sample_set_shares(unsigned one_in[SAMPLE_GROUPS], const char *wanted)
{
	one_in[SAMPLED_NAMES] = 1000;
	one_in[SAMPLED_DIFFERING] = 100;
	if (wanted != NULL)
		for (int i = 0; i < SAMPLE_GROUPS; i++)
			one_in[i] = (unsigned)strtoul(wanted, NULL, 10);
}

/* The key is a constant of its own. So the choice does not depend on the order
 * of the plan, a chunk of which is a range of another hash, and is the same in
 * every run. */
bool
lane_sample_takes_name(const unsigned one_in[SAMPLE_GROUPS],
    enum sample_group group, const char *name)
{
	static const struct siphash_key key = {
		0x6d7863656e737573, 0x636f6d7061726564,
	};

	return one_in[group] != 0 &&
	    siphash(&key, name, strlen(name)) % one_in[group] == 0;
}

struct lane_sample *
lane_sample_new(enum sample_group group)
{
	struct lane_sample *sample = xcalloc(1, sizeof *sample);

	sample->group = group;
	for (int i = 0; i < SAMPLE_ROUNDS; i++)
		findings_init(&sample->rounds[i]);
	return sample;
}

void
lane_sample_free(struct lane_sample *sample)
{
	if (sample == NULL)
		return;
	for (int i = 0; i < SAMPLE_ROUNDS; i++)
		findings_fini(&sample->rounds[i]);
	free(sample);
}

static bool
rounds_equal(const struct lane_sample *sample, enum sample_round a,
    enum sample_round b)
{
	return findings_equal(&sample->rounds[a], &sample->rounds[b]);
}

bool
lane_sample_settles(struct lane_sample *sample, struct findings *findings)
{
	sample->rounds[sample->round++] = *findings;
	findings_init(findings);
	return sample->round == SAMPLE_ROUNDS ||
	    (sample->round == ROUND_RECURSIVE + 1 &&
	    rounds_equal(sample, ROUND_DIRECT, ROUND_RECURSIVE));
}

enum asking_way
lane_sample_way(const struct lane_sample *sample)
{
	static const enum asking_way ways[SAMPLE_ROUNDS] = {
		[ROUND_DIRECT] = ASKING_FIRST,
		[ROUND_RECURSIVE] = ASKING_RECURSIVE,
		[ROUND_RECURSIVE_AGAIN] = ASKING_RECURSIVE_AGAIN,
		[ROUND_DIRECT_AGAIN] = ASKING_DIRECT_AGAIN,
	};

	return ways[sample->round];
}

/* L12: a disagreement counts if each lane gives the same answer twice. A server
 * whose answers change, in turns or for good, says nothing about the lanes. */
enum sample_result
lane_sample_result(const struct lane_sample *sample)
{
	const struct findings *again = &sample->rounds[ROUND_DIRECT_AGAIN];

	if (sample->round < SAMPLE_ROUNDS)
		return SAMPLE_AGREED;
	return again->answer.lane == LANE_DIRECT &&
	    rounds_equal(sample, ROUND_DIRECT, ROUND_DIRECT_AGAIN) &&
	    rounds_equal(sample, ROUND_RECURSIVE, ROUND_RECURSIVE_AGAIN) ?
	    SAMPLE_DISAGREED : SAMPLE_CHANGED;
}

void
lane_sample_give_row(struct lane_sample *sample, struct findings *findings)
{
	findings_fini(findings);
	*findings = sample->rounds[ROUND_RECURSIVE];
	findings_init(&sample->rounds[ROUND_RECURSIVE]);
	/* Only a direct answer shows this flag. */
	findings->flags |= sample->rounds[ROUND_DIRECT].flags &
	    1u << DOMAIN_DELEGATION_DIFFERS;
}
