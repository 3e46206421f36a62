#include "scanner/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Set once, at the start of the process. */
static int64_t wall_minus_boot;

int64_t
clock_ms(void)
{
	if (wall_minus_boot == 0)
		wall_minus_boot = clock_wall_ms() - clock_boot_ms();
	return wall_minus_boot + clock_boot_ms();
}

bool
clock_pass_on(void)
{
	char text[32];

	(void)clock_ms();
	snprintf(text, sizeof text, "%" PRId64, wall_minus_boot);
	return setenv(CLOCK_START, text, 1) == 0;
}

void
clock_take_over(void)
{
	const char *text = getenv(CLOCK_START);

	if (text != NULL)
		wall_minus_boot = strtoll(text, NULL, 10);
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t
clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

int64_t
clock_monotonic_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

void
clock_text(int64_t ms, char text[CLOCK_TEXT_MAX])
{
	int64_t fraction = ms % 1000;
	time_t seconds = (time_t)(ms / 1000);
	struct tm utc;

	if (fraction < 0) {
		fraction += 1000;
		seconds--;
	}
	if (gmtime_r(&seconds, &utc) == NULL || utc.tm_year < -1900 ||
	    utc.tm_year > 8099) {
		text[0] = '\0';
		return;
	}
	snprintf(text, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    (utc.tm_year + 1900) % 10000, (utc.tm_mon + 1) % 100,
	    utc.tm_mday % 100, utc.tm_hour % 100, utc.tm_min % 100,
	    utc.tm_sec % 100, (int)fraction);
}
