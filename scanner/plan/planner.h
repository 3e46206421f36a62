/* planner: private to plan: what is at hand while a plan is made. */
#ifndef MXCENSUS_PLAN_PLANNER_H
#define MXCENSUS_PLAN_PLANNER_H

#include <stdio.h>

#include "parsers/suffix.h"
#include "scanner/base/keyset.h"
#include "scanner/base/siphash.h"
#include "scanner/input/input.h"
#include "scanner/out/table.h"
#include "scanner/plan/plan.h"

#define BUCKETS		256
#define BUCKET_BYTES	((uint64_t)8 << 20)	/* that are sorted in memory */
#define RECENT		4096
#define RECENT_BYTES	320
#define NAMES_FILE	".work/plan/names"

/* What was said of a name not long ago. */
struct recent {
	uint32_t	 length;
	uint8_t		 bytes[RECENT_BYTES];
};

struct planner {
	struct plan		*plan;
	struct folder		*folder;
	const struct options	*options;
	struct siphash_key	 order, sample;
	FILE			*buckets[BUCKETS];
	uint64_t		 bucket_bytes;	/* BUCKET_BYTES, but in a test */
	struct recent		*recent;	/* RECENT of them */
	struct buffer		 record;
	uint32_t		 source;	/* index of the present input */
	struct suffix_list	*suffixes;
	struct table		*rejects;
	struct keyset		*rejected;	/* (source, line) seen */
	uint64_t		 reject_parts;
	uint64_t		 rejects_told;
	bool			 failed;	/* errno */
};

/* What a record in a bucket says of its name. */
enum { IS_NAMED, HAS_SERVER, HAS_DS, HAS_GLUE };

/* False with errno. */
bool	buckets_open(struct planner *);
void	buckets_close(struct planner *);
/* A further one, of which nothing is left when it is closed; NULL with errno. */
FILE	*bucket_nameless(struct planner *);
/* Appends a record; false with errno. */
bool	record_write(const struct buffer *record, FILE *bucket);
/* What an input says of a name, in wire form and not the root. */
void	planner_name(struct planner *, const uint8_t *wire, size_t length,
	    uint64_t rank);
void	planner_delegation(struct planner *, const struct delegation_record *);
void	planner_reject(struct planner *, enum reject, uint64_t line,
	    unsigned column, const char *text, size_t length);
/* Commits the rejects so far as a part of their own. */
void	rejects_write(struct planner *);
/* Has a process of its own read an input, and takes down what it says. */
enum plan_result plan_read_input(struct planner *, const char *path);
/* The names of all buckets, in their order; false with errno, or after an
 * interrupt. */
bool	plan_sort(struct planner *);
/* The marker; false with errno, or where there is none that is whole. */
bool	plan_write_done(const struct plan *, struct folder *);
bool	plan_read_done(struct plan *, struct folder *);
/* Are the names those of the marker that was read? */
bool	plan_names_hold(const struct plan *, struct folder *);

#endif
