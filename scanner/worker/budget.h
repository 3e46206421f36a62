/*
 * budget: how often this worker may ask a name server (RULES K9: name servers):
 * its share of what the coordinator grants to all workers. The share of the
 * names in flight is the same. The worker owns it.
 *
 * A server whose address is known has a network, its /24 or /48, which has a
 * budget as well: a claim needs room in both, and is charged to both. The key of
 * a network is its text with a slash, which no name of a server has. Names wait
 * in the line of their server. Lookups are judged for servers alone: a loss is
 * one server's.
 *
 * A claim is charged to one server, with as many questions as most names take;
 * budget_end settles how many it really took. A claim starts at once, or waits
 * in the line of its server. If the line is longer than what HOLD_SECONDS can
 * serve, also because the rate has fallen meanwhile, the claim is refused, and
 * its name is set aside for a later batch. turn() runs from the loop, never
 * from budget_claim().
 */
#ifndef MXCENSUS_WORKER_BUDGET_H
#define MXCENSUS_WORKER_BUDGET_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/facts.h"
#include "scanner/base/list.h"

struct budget;
struct budget_server;

enum budget_answer {
	BUDGET_GO,		/* ask now */
	BUDGET_WAIT,		/* turn() will be called from the loop */
	BUDGET_FULL,		/* nothing is claimed */
};

/* How long a claim waits in the line of its server. */
enum budget_patience {
	BUDGET_HURRIED,		/* HOLD_SECONDS */
	BUDGET_PACED,		/* that, and with at most BUDGET_LINE_PACED
				 * others before it: more come as the line
				 * moves */
	BUDGET_PATIENT,		/* it is never refused */
	BUDGET_AT_ONCE,		/* not at all */
};
#define BUDGET_LINE_PACED 64

struct budget_claim {		/* embedded in the asker; zeroed: no claim */
	struct budget_server	*server;
	/* BUDGET_GO or BUDGET_FULL */
	void			(*turn)(struct budget_claim *,
				    enum budget_answer);
	struct list		 link;
	unsigned		 generation;	/* of the server's rate */
	enum budget_patience	 patience;
};

/* The limits of a server for which the coordinator has sent none. Then all
 * workers have equal shares. */
struct budget_limits {
	double		rate;		/* questions a second, all workers */
	double		prefix_rate;	/* the same to a /24 or /48 */
	unsigned	in_flight;	/* names at a time, all workers */
	unsigned	workers;
	unsigned	questions;	/* that most names take */
};

struct budget *budget_new(struct ev_loop *, const struct budget_limits *);
void	budget_free(struct budget *);
enum budget_answer budget_claim(struct budget *, struct budget_claim *,
	    const char *server, enum budget_patience,
	    void (*turn)(struct budget_claim *, enum budget_answer));
/* A lookup of the name has ended, after `exchanges` with the server. It took
 * `milliseconds`, of which `lag_ms` may be our own delay; or it was lost,
 * without an answer. A lane is compared with itself, since full recursion takes
 * longer than a question to the server. This and budget_end are legal without a
 * claim. */
void	budget_judge(struct budget *, struct budget_claim *, enum lane_kind,
	    unsigned exchanges, unsigned milliseconds, double lag_ms,
	    bool lost);
/* This machine lost packets (RULES F36): what was judged since the last report
 * does not count, and neither does what is judged in the next `seconds`. */
void	budget_forget(struct budget *, double seconds);
/* The name has ended after this many questions. */
void	budget_end(struct budget *, struct budget_claim *, unsigned questions);
/* A server was asked for a name that is charged to another one. Its network is
 * charged, too. */
void	budget_charge(struct budget *, const char *server, unsigned questions);
/* Sets the rate over all workers and this worker's share of it, as the
 * coordinator says. Lookups are judged at one rate; another share does not
 * change that. */
void	budget_set_rate(struct budget *, const char *server, double rate,
	    double share);

struct budget_counts {
	uint64_t	judged, lost;	/* lookups, since the last report */
	/* Names that wait in the line of the server; of a network, names of its
	 * servers' lines that wait because of the network. */
	uint64_t	waiting;
};

/* Reports every server that lost answers or is restricted, and every server and
 * network that makes names wait. */
void	budget_report(struct budget *, void (*tell)(void *tag,
	    const char *server, const struct budget_counts *), void *tag);

#endif
