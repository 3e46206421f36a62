/*
 * clock: Unix time in milliseconds that never runs backwards: the wall clock at
 * the start of the process plus CLOCK_BOOTTIME since (docs/schema.md), so that
 * two times of a process can be subtracted. A worker takes over the start time
 * of its coordinator, whatever the wall clock says when the worker starts.
 */
#ifndef MXCENSUS_BASE_CLOCK_H
#define MXCENSUS_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT_MAX 32	/* 2026-11-24T03:00:00.000Z with the NUL */

/* The environment variable with the difference between clock_ms and
 * CLOCK_BOOTTIME, for workers. */
#define CLOCK_START "MXCENSUS_CLOCK_START"

int64_t	clock_ms(void);
/* Writes the variable into the environment, for a process that is started by
 * exec. Returns false with errno. */
bool	clock_pass_on(void);
/* Takes over the value in the environment. Times from before this call cannot
 * be compared with later ones. */
void	clock_take_over(void);
/* Returns what the wall clock says now, right or wrong. */
int64_t	clock_wall_ms(void);
int64_t	clock_boot_ms(void);
/* Reads a clock that stops while the machine sleeps: for time limits. */
int64_t	clock_monotonic_ms(void);
/* Writes RFC 3339, UTC, with milliseconds. */
void	clock_text(int64_t ms, char text[CLOCK_TEXT_MAX]);

#endif
