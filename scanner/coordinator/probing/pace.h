/*
 * pace: the one owner of manners towards mail servers (RULES K3, K4). It lets
 * targets go: so many sessions at a time to an address and to a prefix (/24,
 * /48), a pause between starts in a prefix, a rate and a number of sessions
 * over all.
 *
 * A target that may not go yet holds nothing up but itself.
 */
#ifndef MXCENSUS_COORDINATOR_PROBING_PACE_H
#define MXCENSUS_COORDINATOR_PROBING_PACE_H

#include <stdint.h>

#include "scanner/coordinator/probing/registry.h"
#include "scanner/options/options.h"

struct pace;

struct pace *pace_new(const struct options *);
void	pace_free(struct pace *);
/* Fewer sessions at a time than --probes. */
void	pace_set_sessions(struct pace *, uint64_t most);
/* The target's attempt may start at `due_ms` or later. */
void	pace_add(struct pace *, struct target *, int64_t due_ms);
/* A target that may start now, NULL if there is none; then *wake_ms is when to ask
 * again (INT64_MAX: when something was released or added). */
struct target *pace_next(struct pace *, int64_t now_ms, int64_t *wake_ms);
/* True if pace_next would give a target now; else *wake_ms as above. */
bool	pace_peek(struct pace *, int64_t now_ms, int64_t *wake_ms);
/* The target's sessions are over; `back_off` doubles the pause of its prefix. */
void	pace_release(struct pace *, struct target *, bool back_off);
uint64_t pace_waiting(const struct pace *);	/* added, not let go */
uint64_t pace_in_flight(const struct pace *);

#endif
