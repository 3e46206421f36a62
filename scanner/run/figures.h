/*
 * figures: how far a run is, in numbers: as a line for people, as a line of
 * RUN/progress.jsonl, and read back from there (mxcensus status).
 *
 * A line of progress.jsonl is an object with
 *
 *	at		when it was written
 *	phase		measuring; stopping: what is in flight is being drained;
 *			stopped: the process ended, the run can go on; complete:
 *			nothing is left to measure
 *	domains, domains_total, share	done, of all; as a fraction of 1
 *	domains_per_s	over the last 30 seconds
 *	hosts, hosts_total	done, of those known so far
 *	probes, probes_waiting	sessions done; that pacing has not let go yet
 *	probes_per_s	over the last 30 seconds
 *	questions, sessions	in flight
 *	errors		domains whose lookup has failed so far: they wait for their
 *			second pass or are in it, or its answer is final
 *	undetermined	results of a host at an address
 *	left_s		until domains and waiting probes are done; null where it
 *			cannot be known
 *
 * Rows count when they are committed, so that a restart counts the same.
 */
#ifndef MXCENSUS_RUN_FIGURES_H
#define MXCENSUS_RUN_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum figures_phase {
	FIGURES_MEASURING, FIGURES_STOPPING, FIGURES_STOPPED,
	FIGURES_COMPLETE, FIGURES_PHASE_COUNT,
};

struct figures {
	int64_t		at_ms;
	enum figures_phase phase;
	uint64_t	domains, domains_total;
	double		domains_per_s;
	uint64_t	hosts, hosts_total;
	uint64_t	probes, probes_waiting;
	double		probes_per_s;
	uint64_t	questions, sessions;
	uint64_t	errors, undetermined;
};

const char *figures_phase_text(enum figures_phase);
/* Of the domains, from 0 to 1. */
double	figures_share(const struct figures *);
/* Negative where it cannot be known. */
double	figures_seconds_left(const struct figures *);

#define TIME_LEFT_MAX 16
/* "0:38", "3h05m", "4d07h", "-". */
void	time_left_text(double seconds, char text[TIME_LEFT_MAX]);

#define FIGURES_LINE_MAX 512
/* In so many columns at most: what does not fit is first said shorter, then left
 * out, the least important part first; no number is cut. */
void	figures_line(const struct figures *, size_t columns,
	    char line[FIGURES_LINE_MAX]);

#define FIGURES_JSON_MAX 1024
/* With its newline; returns the length. */
size_t	figures_to_json(const struct figures *, char line[FIGURES_JSON_MAX]);
/* The last line of those bytes that is whole and makes sense: one that was being
 * written when the power went is passed over. False if there is none. */
bool	figures_last(const char *bytes, size_t length, struct figures *);

#endif
