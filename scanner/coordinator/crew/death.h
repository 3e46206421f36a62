/*
 * death: decides why a worker has ended, whether its items in flight are
 * suspect, how long its successor waits, and when the run must end. It is pure:
 * it touches no process and no clock.
 */
#ifndef MXCENSUS_COORDINATOR_CREW_DEATH_H
#define MXCENSUS_COORDINATOR_CREW_DEATH_H

#include <stdbool.h>
#include <stdint.h>

#define DEATH_TEXT_MAX	64

/* For the causes marked with *, the coordinator has ended the worker. */
enum death_cause {
	DEATH_CRASH,		/* a signal that it caused itself */
	DEATH_SPIN,		/* * it computed and gave no sign of life */
	DEATH_MUTE,		/* * it did nothing and gave no sign of life */
	DEATH_NONSENSE,		/* * it sent an invalid message */
	DEATH_MEMORY,		/* it ran out of memory */
	DEATH_EXIT,		/* with a status */
	DEATH_KILL,		/* a signal from outside */
	DEATH_CAUSES,
};

struct death {
	enum death_cause cause;
	int		 number;	/* the signal, or the exit status */
	bool		 was_ready;	/* it had said that it can measure */
};

/* Deaths since something was committed. */
struct death_counts {
	unsigned	faults;		/* seemingly by a bug of ours */
	unsigned	early;		/* before they were ready */
	unsigned	memory;		/* out of memory while measuring */
};

enum death_verdict {
	DEATH_GO_ON,
	DEATH_NONE_READY,	/* workers cannot start: the run stops */
	DEATH_NO_MEMORY,	/* workers cannot work: the run stops */
	DEATH_BUG,		/* the run ends */
};

/* Returns the kind of death for a status of waitpid(), if the coordinator has
 * not ended the worker. */
struct death death_of(int wait_status, bool was_ready);
/* May an item in flight have caused it? */
bool	death_accuses(const struct death *);
/* Counts the death, and says whether the run continues. `workers` is how many
 * workers the run has; `others_ready` says that another one can measure. A
 * worker that could measure and is killed from outside never ends a run. */
enum death_verdict death_count(struct death_counts *, const struct death *,
	    unsigned workers, bool others_ready);
/* Does the same for a fault of a worker that has not ended. */
enum death_verdict death_count_fault(struct death_counts *);
/* Returns how long the successor waits: 0, 1, 2, 4 s ... `deaths` is how many
 * workers in this place have ended before, since a batch was done there. */
int64_t	death_pause_ms(unsigned deaths);
/* "by signal 9", to follow "it ended". */
void	death_text(const struct death *, char text[DEATH_TEXT_MAX]);

#endif
