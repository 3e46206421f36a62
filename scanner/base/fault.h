/*
 * fault: the one place that decides whose fault a failure is (RULES 12). A
 * failure of our own is never a finding about a stranger: its item goes back in
 * line. A timeout may be ours or theirs. It is only suspected, and its row is
 * held back until the coordinator knows that this machine and its network work.
 */
#ifndef MXCENSUS_BASE_FAULT_H
#define MXCENSUS_BASE_FAULT_H

#include <stdbool.h>

#include "scanner/base/facts.h"

enum blame {
	BLAME_NOBODY,		/* it is a result, and no failure */
	BLAME_THEIRS,		/* a finding */
	BLAME_SUSPECTED,	/* ours or theirs: what is reached elsewhere
				 * decides */
	BLAME_OURS,		/* the item goes back in line */
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

/* What a fault of our own asks of the run. */
enum remedy {
	REMEDY_NONE,
	REMEDY_BACK,		/* back in line; if it stays, pause and 69 */
	REMEDY_FEWER,		/* back in line, with fewer sockets; if it
				 * stays, pause and 75 */
};

struct fault {
	enum blame	 blame;
	enum remedy	 remedy;	/* of BLAME_OURS */
	int		 error;		/* errno; 0: none */
};

/* A failed connection or transfer, by errno. `connected`: the error came after
 * the connection was established. */
struct fault fault_of_error(int error, enum error_origin, bool connected);
/* The end of a lookup. */
struct fault fault_of_lookup(enum lookup_status);
/* The end of an SMTP session without an errno, for example at a deadline. */
struct fault fault_of_outcome(enum outcome, enum phase);
/* The worse of the two, in the order of enum blame, then of enum remedy; if both
 * are alike, one with an errno. */
struct fault fault_worse(struct fault, struct fault);

#endif
