/*
 * face: one side of the network (base/faces.h), and whether the share of
 * failures makes it suspect (docs/rules.md, "Whose fault"). The share by itself
 * proves nothing, since a list of dead names is legitimate. network.c asks for
 * the proof.
 *
 * Pure: the caller gives the time (base/clock.h).
 */
#ifndef MXCENSUS_COORDINATOR_NETWORK_FACE_H
#define MXCENSUS_COORDINATOR_NETWORK_FACE_H

#include <stdbool.h>
#include <stdint.h>

/* Failures are counted over this time and the same time before. */
#define FACE_PERIOD_MS	15000
/* If nothing has succeeded for this time, what succeeded before does not speak
 * for what has failed. It is less than the time that a failure is held. */
#define FACE_QUIET_MS	5000
/* After a proof that the network works, there is no new suspicion for this
 * time. */
#define FACE_CLEARED_MS	60000

/* Zeroed, nothing was tried. */
struct face {
	uint64_t	good[2], bad[2];	/* now, the period before */
	int64_t		period_ms;		/* when this period began */
	int64_t		good_ms;		/* the latest success */
	int64_t		cleared_until_ms;
};

/* Items that succeeded and items that failed by a fault that may be ours. */
void	face_note(struct face *, uint64_t good, uint64_t bad, int64_t now_ms);
/* Do at least half of the recent items fail, and is there no fresh proof? */
bool	face_is_suspect(struct face *, int64_t now_ms);
/* Do some of the recent items fail, has none succeeded for FACE_QUIET_MS, and is
 * there no fresh proof? */
bool	face_has_stalled(struct face *, int64_t now_ms);
/* Says that the network was proven to work. The counts are reset. */
void	face_clear(struct face *, int64_t now_ms);

#endif
