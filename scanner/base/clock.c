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

/* Writes exactly this many digits. */
static char *
put_digits(char *at, int number, int digits)
{
	for (int i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + digits;
}

/* Each row has a time, and printf would cost half as much as the row's
 * question. */
static void
put_time(char *at, const struct tm *utc, int milliseconds)
{
	const struct { int number, digits; char after; } parts[] = {
		{ utc->tm_year + 1900, 4, '-' }, { utc->tm_mon + 1, 2, '-' },
		{ utc->tm_mday, 2, 'T' }, { utc->tm_hour, 2, ':' },
		{ utc->tm_min, 2, ':' }, { utc->tm_sec, 2, '.' },
		{ milliseconds, 3, 'Z' },
	};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		at = put_digits(at, parts[i].number, parts[i].digits);
		*at++ = parts[i].after;
	}
	*at = '\0';
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
	put_time(text, &utc, (int)fraction);
}
