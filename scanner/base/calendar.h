/* calendar: days of the proleptic Gregorian calendar; no time zone, no file. */
#ifndef MXCENSUS_BASE_CALENDAR_H
#define MXCENSUS_BASE_CALENDAR_H

#include <stdint.h>

/* Months and days from 1. */
int	calendar_days_in_month(int year, int month);
/* Since 1970-01-01. */
int64_t	calendar_days(int64_t year, int64_t month, int64_t day);

#endif
