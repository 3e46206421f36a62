/*
 * plan: the names to measure, made distinct over all inputs and put in the order
 * of their hash, so that the load spreads over servers and networks, the total is
 * known before the first question, and a restart needs no second look at a pipe.
 *
 * Memory is constant: names go to bucket files by hash, each bucket is sorted by
 * itself, and split before that if it is large. The result is
 * RUN/.work/plan/names (items as item.h writes them) and an index of chunks of
 * CHUNK_NAMES names.
 */
#ifndef MXCENSUS_PLAN_PLAN_H
#define MXCENSUS_PLAN_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scanner/message/item.h"
#include "scanner/options/options.h"
#include "scanner/run/folder.h"

#define CHUNK_NAMES 4096

struct chunk {
	uint64_t	offset, length;		/* bytes in the names file */
	uint32_t	items;
};

/* RULES 8: records = domains + duplicates + rejected + opted_out, always; and
 * what --sample and --limit left out. */
struct plan_counts {
	uint64_t	records, domains, duplicates, rejected, opted_out;
	uint64_t	not_sampled;
};

/* One input, for run.json. */
struct source {
	char		*name;			/* as given; "-" */
	uint8_t		 sha256[32];
	uint64_t	 bytes, records, rejected;
	int		 format;		/* enum input_format */
	bool		 is_whole;
	/* Of a zone file; "" where it has no SOA. */
	char		*apex;
	uint32_t	 serial;
};

struct plan {
	int		 names;			/* descriptor of the names file */
	struct chunk	*chunks;
	uint64_t	 chunk_count;
	struct plan_counts counts;
	struct source	*sources;
	size_t		 source_count;
	uint8_t		 names_sha256[32];	/* of a restart */
	bool		 input_is_whole;	/* false: an input was truncated */
	bool		 told_no_sandbox;	/* a line was printed of it */
};

enum plan_result {
	PLAN_OK,
	PLAN_BAD_INPUT,		/* a line was printed: exit 65 */
	PLAN_UNUSABLE,		/* no process for it, or no sandbox: exit 69 */
	PLAN_STOPPED,		/* by a signal (interrupt.h): exit 75 */
	PLAN_READER_DIED,	/* or said what it must not: exit 70 */
	PLAN_OUTPUT_FAILED,	/* errno was printed: exit 74 */
};

/* Reads the inputs of the options, or takes up the plan of a restart. */
enum plan_result plan_make(struct plan *, struct folder *,
	    const struct options *);
int	plan_exit_status(enum plan_result);
/* Appends the items of a chunk; false with errno. */
bool	plan_read_chunk(const struct plan *, const struct chunk *,
	    struct buffer *);
/* What run.json says of the inputs; `opted_out` domains of the plan are left out. */
json_t	*plan_to_json(const struct plan *, uint64_t opted_out);
/* --dry-run: reads the lists, makes the plan in a folder that is removed again, and
 * says what would be measured. Returns the exit status. */
int	plan_dry_run(const struct options *, FILE *);
void	plan_fini(struct plan *);

#endif
