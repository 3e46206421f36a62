/*
 * fault: the one place that decides whose fault a failure is (RULES 12). A
 * failure of our own is never a finding about a stranger: its item is queued
 * again. A timeout may be ours or theirs. It is only suspected, and its row is
 * held back until the coordinator knows that this machine and its network work.
 */
#ifndef MXCENSUS_BASE_FAULT_H
#define MXCENSUS_BASE_FAULT_H

#include <stdbool.h>

#include "scanner/base/facts.h"

enum blame {
	BLAME_NOBODY,		/* it is a result, not a failure */
	BLAME_THEIRS,		/* a finding */
	BLAME_SUSPECTED,	/* ours or theirs: whether other servers are
				 * reached decides */
	BLAME_OURS,		/* the item is queued again */
};

/* Where the kernel's error came from. */
enum error_origin {
	ERROR_OF_CALL,		/* socket, connect or send returned it */
	ERROR_OF_BIND,		/* bind returned it */
	ERROR_FROM_HERE,	/* it came later; its ICMP offender is an
				 * address of ours or our gateway, or it has
				 * none */
	ERROR_FROM_ELSEWHERE,	/* it came later, from the target or from a
				 * router elsewhere */
};

/* What the run has to do about a fault of our own. */
enum remedy {
	REMEDY_NONE,
	REMEDY_BACK,		/* queue again; if it persists, pause and exit
				 * with 69 */
	REMEDY_FEWER,		/* queue again, with fewer sockets; if it
				 * persists, pause and exit with 75 */
};

struct fault {
	enum blame	 blame;
	enum remedy	 remedy;	/* of BLAME_OURS */
	int		 error;		/* errno; 0: none */
};

/* Judges a failed connection or transfer by errno. `connected` says that the
 * error came after the connection was established. */
struct fault fault_of_error(int error, enum error_origin, bool connected);
/* The end of a lookup. */
struct fault fault_of_lookup(enum lookup_status);
/* Judges the end of an SMTP session without an errno, for example at a
 * deadline. */
struct fault fault_of_outcome(enum outcome, enum phase);
/* Returns the worse of the two, by enum blame, then by enum remedy; of two
 * equal ones, one that has an errno. */
struct fault fault_worse(struct fault, struct fault);

#endif
