/*
 * grant: one item of a probe batch: an attempt that pacing lets start, or a
 * judgement from committed facts. The probe batch owns its grants. Only the
 * queue of probes uses them.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_GRANT_H
#define MXCENSUS_COORDINATOR_WORK_GRANT_H

#include "scanner/coordinator/work/work.h"

#define GRANTS_A_BATCH	256

struct grant {
	struct target	*target;
	uint8_t		 attempt;
	bool		 connects;	/* false: it is judged without a
					 * connection */
	bool		 is_returned;	/* its attempt is queued again, and has
					 * no row */
	int		 own_error;	/* errno of a fault of our own; 0:
					 * none */
	bool		 has_ended;	/* pacing knows that the sessions are
					 * over */
	struct host	**hosts;	/* the hosts that its batch judges */
	uint32_t	 host_count;
	int64_t		 granted_ms;
};

/* Takes every host of the target that has no row of this attempt yet, and marks
 * it as being judged. */
void	grant_init(struct grant *, struct target *, uint8_t attempt,
	    bool connects, int64_t now_ms);
/* Marks the hosts as without a row again. */
void	grant_forget_hosts(const struct grant *);
void	grants_free(struct grant *, uint32_t count);
void	grants_free_cargo(struct batch *);

/* Is this the second look at a mismatch, and not a retry of an attempt that saw
 * nothing (RULES U10: a mismatch is looked at twice)? */
bool	grant_confirms(const struct target *, uint8_t attempt);
/* Tells pacing, once, that the sessions are over. */
void	grant_release(struct work *, struct grant *, bool back_off);

/* Writes the batch's grants into its input, and notes which attempts start.
 * Returns false with errno. */
bool	grants_put(struct work *, struct batch *, int64_t now_ms);
/* The batch will not be handed out: its attempts may start at once. */
void	grants_forget_start(struct work *, struct batch *);
/* Adds the keys that the batch must have: one for each attempt that connects,
 * and one for each host that a grant judges. */
bool	grants_expect(const struct batch *, struct map *expected);

#endif
