/*
 * figures: how far a run is, in numbers: as a line for people, as a line of
 * RUN/progress.jsonl, and read back from that file (mxcensus status). These are
 * pure functions over facts; they touch no file.
 *
 * A line of progress.jsonl is an object with
 *
 *	at		when the line was written
 *	phase		measuring; paused: it waits for room on the disk, or for
 *			the network of this machine; stopping: what is in flight
 *			comes to its end; stopped: the process ended and the run can go on;
 *			sealing: all is measured, and the last files are
 *			written;
 *			complete: the run is sealed (an earlier version wrote
 *			this before it sealed the run)
 *	domains, domains_total	done, and all
 *	share		the fraction done, of all stages; see figures_share. It
 *			never falls, and is 1 only when the run is sealed
 *	domains_per_s	over the last 30 seconds
 *	hosts, hosts_total	done, and known so far
 *	probes, probes_waiting	sessions done; targets that pacing has not
 *			granted yet
 *	probes_per_s	over the last 30 seconds
 *	policies, policies_total	done, and known so far: domains with a
 *			record of MTA-STS or TLSRPT
 *	second_pass	domains and hosts that wait for their second lookup, or
 *			are in it
 *	waits_until	when the run goes on, if all that is left has to wait;
 *			else null
 *	seal_steps	how many of the FIGURES_SEAL_STEPS steps of the seal are
 *			done: chains, certificates, and what is concluded from
 *			the facts
 *			(a line of an earlier version has none of these four)
 *	questions, sessions	in flight
 *	errors		domains whose lookup has failed so far: they wait for
 *			their second pass, are in it, or have their final answer
 *	undetermined	results of a host at an address
 *	paused_ms	the time of all pauses of the run, added up: pauses for
 *			the disk and for the network can overlap (0 in a line
 *			without)
 *	name_servers	up to three objects: the name servers (or their /24 and
 *			/48) that make names wait longest. `name`; `waiting`,
 *			how many names wait; `seconds`, how long they take at
 *			the rate of now (none in a line without)
 *	left_s		until domains and waiting probes are done; null if it
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
	FIGURES_COMPLETE, FIGURES_PAUSED, FIGURES_SEALING, FIGURES_PHASE_COUNT,
};

#define FIGURES_SEAL_STEPS	3
/* The rest is for the seal. */
#define FIGURES_SHARE_MEASURED	0.99

#define FIGURES_BUSY_MAX	3
#define FIGURES_NAME_MAX	256	/* a longer name is cut off */

/* A name server for which names wait. */
struct busy_server {
	char		name[FIGURES_NAME_MAX];	/* printable ASCII */
	uint64_t	waiting;		/* names */
	double		seconds;		/* that they take */
};

struct figures {
	int64_t		at_ms;
	enum figures_phase phase;
	double		share;		/* as figures_keep_share set it */
	uint64_t	domains, domains_total;
	double		domains_per_s;
	uint64_t	hosts, hosts_total;
	uint64_t	probes, probes_waiting;
	double		probes_per_s;
	uint64_t	policies, policies_total;
	uint64_t	second_pass;
	int64_t		waits_until_ms;	/* 0: something does not wait */
	unsigned	seal_steps;
	uint64_t	questions, sessions;
	uint64_t	errors, undetermined;
	uint64_t	paused_ms;
	struct busy_server busy[FIGURES_BUSY_MAX];	/* the busiest first */
	unsigned	busy_count;
};

const char *figures_phase_text(enum figures_phase);
/* Returns the share of the run that is done, from 0 to 1, according to these
 * numbers.
 *
 * How many hosts, probes and policies there will be is estimated from what is
 * known: if a quarter of the domains is done, the hosts that are known are
 * taken as a quarter of all hosts. So the share of the hosts is done / known
 * times the share of the domains, the share of the probes is done / known times
 * the share of the hosts, and the share of the policies is done / known times
 * the share of the domains. The lowest counts for FIGURES_SHARE_MEASURED of the
 * whole, and the steps of the seal for the rest. */
double	figures_share(const struct figures *);
/* Sets the share. A domain can bring more hosts than the estimate said. The
 * share then stays at *highest, which is the highest so far, until the work has
 * caught up. */
void	figures_keep_share(struct figures *, double *highest);
/* Returns a negative number if it cannot be known. */
double	figures_seconds_left(const struct figures *);

#define TIME_LEFT_MAX 16
/* "0:38", "3h05m", "4d07h", "-". */
void	time_left_text(double seconds, char text[TIME_LEFT_MAX]);

#define FIGURES_LINE_MAX 1024
/* Writes a line of at most `columns` columns. If the run is paused, it begins
 * with this word. Parts that do not fit are first
 * shortened and then left out, the least important first. No number is cut. */
void	figures_line(const struct figures *, size_t columns,
	    char line[FIGURES_LINE_MAX]);

#define FIGURES_JSON_MAX 4096
/* Writes a line with its newline, and returns its length. */
size_t	figures_to_json(const struct figures *, char line[FIGURES_JSON_MAX]);
/* Reads the last line of these bytes that is whole and makes sense. A line that
 * was cut short, for example by a power failure, is skipped. Returns false if
 * there is none. */
bool	figures_last(const char *bytes, size_t length, struct figures *);

#endif
