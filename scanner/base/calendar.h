/* calendar: days of the proleptic Gregorian calendar. It uses no time zone and
 * no file. */
#ifndef MXCENSUS_BASE_CALENDAR_H
#define MXCENSUS_BASE_CALENDAR_H

#include <stdint.h>

/* Months and days count from 1. */
int	calendar_days_in_month(int year, int month);
/* Days since 1970-01-01. */
int64_t	calendar_days(int64_t year, int64_t month, int64_t day);

#endif
