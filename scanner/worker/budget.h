/*
 * budget: how often a name server may be asked (RULES K9), as far as this
 * worker is concerned: its share of what the coordinator grants over all
 * workers.
 *
 * A claim is charged to one server, with as many questions as most names take;
 * what it took is settled at its end. It goes at once, or waits in the line of
 * that server alone; where the line is longer than what HOLD_SECONDS will let go,
 * be it that the rate has fallen meanwhile, the claim is refused and its name set
 * aside for a later batch.
 */
#ifndef MXCENSUS_WORKER_BUDGET_H
#define MXCENSUS_WORKER_BUDGET_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/list.h"

struct budget;
struct budget_server;

enum budget_answer {
	BUDGET_GO,		/* ask now */
	BUDGET_WAIT,		/* turn() is called from the loop */
	BUDGET_FULL,		/* nothing is claimed */
};

struct budget_claim {		/* embedded in the asker; zeroed: none */
	struct budget_server	*server;
	/* BUDGET_GO or BUDGET_FULL */
	void			(*turn)(struct budget_claim *,
				    enum budget_answer);
	struct list		 link;
	unsigned		 generation;	/* of the server's rate */
	bool			 is_patient;
};

/* `rate`: questions a second, `in_flight`: names at a time, for each server that
 * nothing else was said of; this worker's share. `questions`: of most names. */
struct budget *budget_new(struct ev_loop *, double rate, unsigned in_flight,
	    unsigned questions);
void	budget_free(struct budget *);
/* A patient claim is never refused. */
enum budget_answer budget_claim(struct budget *, struct budget_claim *,
	    const char *server, bool is_patient,
	    void (*turn)(struct budget_claim *, enum budget_answer));
/* A lookup of the name is through, which takes so many exchanges with the server;
 * it took so long, `lag_ms` of it perhaps our own, or its answer never came.
 * Legal for a claim of none, as budget_end is. */
void	budget_judge(struct budget *, struct budget_claim *, unsigned exchanges,
	    unsigned milliseconds, double lag_ms, bool lost);
/* The name is through after so many questions. */
void	budget_end(struct budget *, struct budget_claim *, unsigned questions);
/* What the coordinator says of a server. */
void	budget_set_rate(struct budget *, const char *server, double rate);

struct budget_counts {
	uint64_t	judged, lost;	/* lookups, since the last report */
	uint64_t	waiting;	/* names */
};

/* Tells of every server that lost answers, holds names up, or is restricted. */
void	budget_report(struct budget *, void (*tell)(void *tag,
	    const char *server, const struct budget_counts *), void *tag);

#endif
