/*
 * pace: the one module that limits sessions at mail servers (RULES K3: pace;
 * K4: reluctant servers). It bounds the sessions at a time at an address and in
 * a prefix (/24, /48), the pause between two starts in a prefix, and the rate
 * and number of sessions of the whole run. The coordinator's work owns it. It
 * opens no connection and has no callbacks: work asks it for the next target.
 *
 * A target that may not start yet delays only itself.
 */
#ifndef MXCENSUS_COORDINATOR_PROBING_PACE_H
#define MXCENSUS_COORDINATOR_PROBING_PACE_H

#include <stdint.h>

#include "scanner/coordinator/probing/registry.h"
#include "scanner/options/options.h"

struct pace;

struct pace *pace_new(const struct options *);
void	pace_free(struct pace *);
/* Allows at most this many sessions at a time; for when --probes is too
 * many. */
void	pace_set_sessions(struct pace *, uint64_t most);
/* Adds the target's attempt, which may start at `due_ms` or later. */
void	pace_add(struct pace *, struct target *, int64_t due_ms);
/* Returns a target that may start now, and takes it out of the line; or NULL.
 * Then *wake_ms is when to ask again (INT64_MAX: after a release or an
 * addition). */
struct target *pace_next(struct pace *, int64_t now_ms, int64_t *wake_ms);
/* Returns true if pace_next would return a target now. Otherwise *wake_ms is
 * set as above. */
bool	pace_peek(struct pace *, int64_t now_ms, int64_t *wake_ms);
/* The target's sessions are over. `back_off` doubles the pause of its
 * prefix. */
void	pace_release(struct pace *, struct target *, bool back_off);
uint64_t pace_waiting(const struct pace *);	/* added and not granted yet */
uint64_t pace_in_flight(const struct pace *);

#endif
