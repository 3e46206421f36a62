/*
 * death: why a worker has ended, whether what it had in flight is suspect, how long
 * its successor waits, and when the run had better end. Pure: no process, no clock.
 */
#ifndef MXCENSUS_COORDINATOR_CREW_DEATH_H
#define MXCENSUS_COORDINATOR_CREW_DEATH_H

#include <stdbool.h>
#include <stdint.h>

#define DEATH_TEXT_MAX	64

/* The coordinator has ended those that are marked with *. */
enum death_cause {
	DEATH_CRASH,		/* a signal of its own: something it was told */
	DEATH_SPIN,		/* * it computed and gave no sign of life */
	DEATH_MUTE,		/* * it did nothing and gave no sign of life */
	DEATH_NONSENSE,		/* * it said what makes no sense */
	DEATH_MEMORY,		/* it ran out of memory */
	DEATH_EXIT,		/* with a status */
	DEATH_KILL,		/* a signal from outside */
};

struct death {
	enum death_cause cause;
	int		 number;	/* the signal, or the exit status */
	bool		 was_ready;	/* it had said that it can measure */
};

/* Deaths since something was committed. */
struct death_counts {
	unsigned	faults;		/* by our own fault, it seems */
	unsigned	early;		/* before they were ready */
	unsigned	memory;		/* out of memory at work */
};

enum death_verdict {
	DEATH_GO_ON,
	DEATH_NONE_READY,	/* workers cannot start: the run stops */
	DEATH_NO_MEMORY,	/* workers cannot work: the run stops */
	DEATH_BUG,		/* the run ends */
};

/* Of the status that waitpid() gave, if the coordinator has not ended it. */
struct death death_of(int wait_status, bool was_ready);
/* What it had in flight may have caused it. */
bool	death_accuses(const struct death *);
/* `workers`: how many a run has; `others_ready`: another one can measure. A worker
 * that could measure and is killed never ends a run. */
enum death_verdict death_count(struct death_counts *, const struct death *,
	    unsigned workers, bool others_ready);
/* Something of ours was wrong without a death. */
enum death_verdict death_count_fault(struct death_counts *);
/* How long its successor waits: 0, 1, 2, 4 s ...; `deaths` before this one, of
 * workers in this place that ended no batch. */
int64_t	death_pause_ms(unsigned deaths);
/* "by signal 9", to follow "it ended". */
void	death_text(const struct death *, char text[DEATH_TEXT_MAX]);

#endif
