/*
 * log: messages to the operator, on standard error, one line each. Findings
 * about the world never go here; they are rows.
 */
#ifndef MXCENSUS_BASE_LOG_H
#define MXCENSUS_BASE_LOG_H

/* Exit statuses: sysexits(3) where one fits. */
enum {
	EXIT_COMPLETE = 0,
	EXIT_MEND = 1,		/* check, policy audit: problems found; policy
				 * candidates: no candidate */
	EXIT_USAGE = 2,
	EXIT_INPUT = 65,
	EXIT_VANTAGE = 69,	/* there is no clock, anchor or network, or port
				 * 25 is blocked */
	EXIT_BUG = 70,
	EXIT_MEMORY = 71,	/* out of memory (base/memory.c) */
	EXIT_OUTPUT = 74,
	EXIT_STOPPED = 75,	/* resumable */
};

/* Returns the exit status for a file that could not be opened, by errno: a
 * missing file is bad input, an unreadable one is a fault of the machine. */
int	exit_status_unread(int error);

/* "mxcensus: ..." */
void	log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Shows a line until the next one replaces it; "" removes it. A message removes
 * it first. Each byte must take one column. */
void	log_live(const char *line);

#endif
