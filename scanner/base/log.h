/*
 * log: messages to the operator, on standard error, one line each. Findings
 * about the world never go here; they are rows.
 *
 * A line is plain ("mxcensus: what has happened") until log_begin says
 * otherwise. LOG_TIMES puts the time before it. LOG_JSON makes an object of it:
 *
 *	time	RFC 3339, UTC, as the clock of this machine shows it
 *	level	error, warning or info
 *	process	scan, worker or reader
 *	pid	the number of the process
 *	message	the text
 *
 * A message may quote bytes of a stranger. Control characters, and bytes that
 * are not UTF-8, become \xHH, and a message that is too long is cut.
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

enum log_form { LOG_PLAIN, LOG_TIMES, LOG_JSON };

/* LOG_PLAIN if standard error is a terminal or the journal of systemd, which
 * has times of its own; otherwise LOG_TIMES. */
enum log_form log_form_for_people(void);
/* From now on lines have this form, here and in the processes that are started
 * from here. The name of the process must stay valid. */
void	log_begin(enum log_form, const char *process);
/* This process has another name, and perhaps another number. A process that was
 * started by exec takes over the form of its parent. */
void	log_become(const char *process);

/* A fault: the level is error. */
void	log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "warning: ...": the run goes on, and its operator should look at it. */
void	log_warning(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));
/* What a run does, and nothing is wrong. */
void	log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Shows a line until the next one replaces it; "" removes it. A message removes
 * it first. Each byte must take one column. */
void	log_live(const char *line);

#endif
