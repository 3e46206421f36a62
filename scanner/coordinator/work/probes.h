/*
 * probes: the queues of probes. They gather attempts that pacing has granted,
 * and judgements from committed facts, into batches. A confirmation (RULES U10:
 * a mismatch is looked at twice) goes to a worker that is started for it, so
 * that its resolver has nothing cached. Work owns it.
 */
#ifndef MXCENSUS_COORDINATOR_WORK_PROBES_H
#define MXCENSUS_COORDINATOR_WORK_PROBES_H

#include "scanner/coordinator/work/work.h"

struct grant;
struct probes;

struct probes *probes_new(void);
void	probes_free(struct probes *);

/* For suspects: makes a batch of one target that was in flight when a worker
 * crashed. Returns NULL if there is none, or work has failed. */
bool	probes_has_suspect(const struct work *);
struct batch *probes_next_suspect(struct work *, int64_t now_ms);
/* The fault was ours: the attempt gets no row, and is queued again. */
void	probes_return(struct work *, struct grant *);
/* A batch was lost: its attempts wait again. */
void	probes_take_back(struct work *, struct batch *);

#endif
