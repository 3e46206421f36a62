/*
 * interrupt: the signals that stop a run (SIGINT, SIGTERM, SIGHUP), while no loop
 * waits for them: the plan is being made, or what is committed is read back.
 */
#ifndef MXCENSUS_PLAN_INTERRUPT_H
#define MXCENSUS_PLAN_INTERRUPT_H

#include <stdbool.h>

/* From now on the signals are only recorded; system calls return with EINTR. */
void	interrupt_watch(void);
/* Has a signal come since then? */
bool	interrupt_has_come(void);

#endif
