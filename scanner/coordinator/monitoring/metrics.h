/*
 * metrics: how a run fares, in the text format of Prometheus, for a monitor that
 * watches it (docs/monitoring.md). This is a pure function over facts: it
 * touches no file, and reads no clock.
 *
 * Each sample has the label `run`, so that node_exporter can show several runs of
 * a machine. The number of samples is bounded, whatever a run measures.
 */
#ifndef MXCENSUS_COORDINATOR_MONITORING_METRICS_H
#define MXCENSUS_COORDINATOR_MONITORING_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/base/latency.h"
#include "scanner/coordinator/crew/death.h"
#include "scanner/message/message.h"
#include "scanner/run/figures.h"
#include "scanner/run/tally.h"

/* Why a run pauses. Several can be true at a time. */
enum pause_reason {
	PAUSE_DISK,		/* the disk or the quota is full */
	PAUSE_NAME_SERVERS,	/* no name server answers */
	PAUSE_MAIL_SERVERS,	/* no mail server answers, nor the canary */
	PAUSE_MIDDLEBOX,	/* one machine answers in the place of many */
	PAUSE_SOCKETS,		/* this machine cannot open connections */
	PAUSE_REASONS,
};

enum metrics_phase {
	METRICS_UNKNOWN,
	METRICS_PLANNING,	/* the inputs are read */
	METRICS_PLANNED,	/* the figures have the phase */
	METRICS_ENDED,		/* the process ended before that */
};

struct metrics {
	const char	*run;		/* the folder, as it was given */
	const char	*version, *commit;
	int64_t		 started_ms;	/* this process */
	int64_t		 at_ms;		/* now */
	enum metrics_phase phase;
	/* What follows is known in METRICS_PLANNED alone. */
	int64_t		 run_started_ms;
	struct figures	 figures;
	struct tally	 tally;
	struct lane_tally lanes;
	bool		 pauses[PAUSE_REASONS];
	/* That wait for a name server, apart from names in the plan. */
	uint64_t	 held_domains, held_hosts;
	uint64_t	 restricted_servers;
	unsigned	 workers, ready_workers;
	/* Of this process. */
	uint64_t	 given_back[JOB_KINDS];
	uint64_t	 deaths[DEATH_CAUSES];
	struct latency	 latency[LATENCY_KINDS];
	uint64_t	 written_bytes;
};

/* Appends the text. */
void	metrics_write(const struct metrics *, struct buffer *text);

#endif
