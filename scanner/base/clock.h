/*
 * clock: Unix time in milliseconds that never runs backwards: the wall clock at
 * the start of the process plus CLOCK_BOOTTIME since (docs/schema.md), so that
 * two times of a process can be subtracted.
 */
#ifndef MXCENSUS_BASE_CLOCK_H
#define MXCENSUS_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT_MAX 32	/* 2026-11-24T03:00:00.000Z with the NUL */

int64_t	clock_ms(void);
/* For time limits: a clock that stops while the machine sleeps. */
int64_t	clock_monotonic_ms(void);
/* Writes RFC 3339, UTC, with milliseconds. */
void	clock_text(int64_t ms, char text[CLOCK_TEXT_MAX]);

#endif
