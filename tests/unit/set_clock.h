/*
 * set_clock: in place of clock.c, a clock that a test sets. For the one source
 * file of a test.
 */
#ifndef MXCENSUS_TESTS_SET_CLOCK_H
#define MXCENSUS_TESTS_SET_CLOCK_H

#include "scanner/base/clock.h"

static int64_t set_wall_ms = INT64_C(1780272000000), set_monotonic_ms = 1000;

int64_t
clock_ms(void)
{
	return set_wall_ms;
}

int64_t
clock_wall_ms(void)
{
	return set_wall_ms;
}

int64_t
clock_boot_ms(void)
{
	return set_monotonic_ms;
}

int64_t
clock_monotonic_ms(void)
{
	return set_monotonic_ms;
}

bool
clock_pass_on(void)
{
	return false;
}

void
clock_take_over(void)
{
}

void
clock_text(int64_t ms, char text[CLOCK_TEXT_MAX])
{
	(void)ms;
	text[0] = '\0';
}

#endif
