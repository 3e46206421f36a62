/*
 * grant: an attempt that pacing has let go, or a judgement from what is committed: one
 * item of a probe batch. For probes alone.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_GRANT_H
#define MXCENSUS_COORDINATOR_WORK_GRANT_H

#include "scanner/coordinator/work/work.h"

#define GRANTS_A_BATCH	256

struct grant {
	struct target	*target;
	uint8_t		 attempt;
	bool		 connects;	/* else it is judged without */
	bool		 has_ended;	/* pacing knows that its sessions are over */
	struct host	**hosts;	/* that its batch judges */
	uint32_t	 host_count;
	int64_t		 granted_ms;
};

/* Every host of the target that has no row of this attempt yet is to be judged. */
void	grant_init(struct grant *, struct target *, uint8_t attempt,
	    bool connects, int64_t now_ms);
/* The hosts lack their row again. */
void	grant_forget_hosts(const struct grant *);
void	grants_free(struct grant *, uint32_t count);
void	grants_free_cargo(struct batch *);

/* The second look at a mismatch, as against one that saw nothing (RULES U10). */
bool	grant_confirms(const struct target *, uint8_t attempt);
/* Pacing is told, once, that the sessions are over. */
void	grant_release(struct work *, struct grant *, bool back_off);

/* Puts the batch's grants into its input, and notes what starts. False with errno. */
bool	grants_put(struct work *, struct batch *, int64_t now_ms);
/* The keys that the batch must have: attempts, and hosts judged by each. */
bool	grants_expect(const struct batch *, struct map *expected);

#endif
