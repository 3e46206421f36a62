/* candidates_internal: shared by the two sources of candidates: the runs
 * (candidates.c), and the list that they make (drawing.c). */
#ifndef MXCENSUS_ANALYSIS_POLICY_CANDIDATES_INTERNAL_H
#define MXCENSUS_ANALYSIS_POLICY_CANDIDATES_INTERNAL_H

#include "analysis/policy/candidates.h"
#include "analysis/policy/rules.h"
#include "scanner/base/arena.h"
#include "scanner/base/map.h"
#include "scanner/out/gzip.h"

/* A domain that passed in some run. */
struct candidate {
	const char	*name;
	const char	*mxs;		/* patterns, separated by one space;
					 * shared */
	unsigned	 scans;		/* how many runs it passed */
	size_t		 first, last;	/* the first and last of these runs, by
					 * index */
	int64_t		 expires_ms;	/* of its first certificate to expire,
					 * in the last run */
	bool		 wants_enforce;	/* in the last run */
	bool		 failed;	/* in some run */
};

struct drawing {
	const struct candidates_order *order;
	int64_t		 timestamp_ms, expires_ms;	/* of the list that is
							 * made */
	struct map	*candidates, *texts;
	struct map	*unmeasured;	/* names of the previous list; NULL
					 * value: it was seen */
	struct arena	 arena;
	struct gzip_writer *reasons;
	bool		 write_failed;
	/* Belong to the run that is being read. */
	size_t		 run;
	const struct presented_chains *chains;
	struct policy_judgement judgement;
	struct buffer	*line;
};

/* `scan` is NULL if the reason belongs to no scan. */
bool	drawing_tell(struct drawing *, const char *domain, const char *scan,
	    const struct policy_reason *);
/* The domains that pass, sorted by name. The reasons of the others are written;
 * false if that failed. */
bool	drawing_settle(struct drawing *, struct candidate ***, size_t *count);
json_t	*drawing_list(const struct drawing *, struct candidate **,
	    size_t count, struct candidates_figures *);

#endif
