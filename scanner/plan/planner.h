/* planner: the state that the sources of this folder share while a plan is
 * made. It is private to plan; plan.c owns it. */
#ifndef MXCENSUS_PLAN_PLANNER_H
#define MXCENSUS_PLAN_PLANNER_H

#include <stdio.h>
#include <sys/stat.h>

#include "parsers/suffix.h"
#include "scanner/base/keyset.h"
#include "scanner/base/siphash.h"
#include "scanner/input/input.h"
#include "scanner/out/table.h"
#include "scanner/plan/plan.h"

#define BUCKETS		256
#define BUCKET_BYTES	((uint64_t)8 << 20)	/* that are sorted in memory */
#define BUCKET_BUFFER	((size_t)124 << 10)	/* bytes of one in memory */
#define NAMES_FILE	".work/plan/names"
#define SERVERS_FILE	".work/plan/servers"
#define SETS_FILE	".work/plan/sets"
#define SERVERS_MAX	PLAN_SET_MAX	/* of a delegation */

/* Records of names whose hashes have the same first bits. Small inputs need no
 * files. */
struct bucket {
	struct buffer	 held;		/* not in the file yet */
	uint32_t	 spills;	/* how often it has been emptied */
	FILE		*file;		/* NULL: not needed so far */
};

/* Where a record was put last, so that the same record is not put again. */
struct held {
	uint32_t	at;		/* in `held` of its bucket */
	uint32_t	spills;		/* of its bucket, at that time */
	uint32_t	tag;		/* of the record */
	uint8_t		bucket;
};

struct planner {
	struct plan		*plan;
	struct folder		*folder;
	const struct options	*options;
	struct siphash_key	 order, sample;
	struct bucket		 buckets[BUCKETS];
	uint64_t		 bucket_bytes;	/* BUCKET_BYTES, except in
						 * tests */
	/* Records of all addresses, and of the owners of delegations that
	 * --sample leaves out, in the order of the inputs. */
	FILE			*glue, *owners;
	/* The delegation whose name servers are being read, or were read
	 * last. Names are in wire form. */
	struct buffer		 last_owner;	/* empty: there is none */
	uint64_t		 last_hash;	/* of it, in the order */
	uint32_t		 last_source;	/* the input that has it */
	bool			 is_left_out;	/* its servers do not count */
	struct buffer		 servers;	/* one behind another */
	uint8_t			 server_lengths[SERVERS_MAX];
	unsigned		 server_count;
	struct ds_set		*ds;		/* of the name that is merged */
	struct cuts		*cuts;
	struct ns_sets		*sets;
	struct wanted		*wanted;	/* NULL: no --delegations */
	struct held		*held;		/* by the tag of the record */
	/* Hashes of the last records that were written to `glue` and `owners`,
	 * under a secret key. */
	struct siphash_pair	*recent;
	struct siphash_key	 recent_key;
	struct buffer		 record;
	uint32_t		 source;	/* index of the input that is
						 * read now */
	struct suffix_list	*suffixes;
	struct table		*rejects;
	struct keyset		*rejected;	/* each (source, line) once */
	uint64_t		 reject_parts;
	uint64_t		 rejects_told;
	bool			 failed;	/* errno */
};

/* What a record says about its name: the first four in a bucket, the last in
 * `owners`. HAS_SERVER has one name server or more. */
enum { IS_NAMED, HAS_SERVER, HAS_DS, HAS_DS_SIGNATURE, IS_OWNER };

/* Returns false with errno. */
bool	buckets_open(struct planner *);
void	buckets_close(struct planner *);
/* Writes what is buffered into the file of the bucket. Returns false with
 * errno. */
bool	bucket_spill(struct planner *, int bucket);
/* Opens one more bucket, a file without a name. Returns NULL with errno. */
FILE	*bucket_nameless(struct planner *);
/* Appends a record to a bucket. Returns false with errno. */
bool	record_write(const struct buffer *record, FILE *bucket);
/* Puts a record into the bucket of its hash. Returns false, and puts nothing, if
 * a record that is equal in its first `same` bytes was put there recently:
 * without this an input that repeats one name would fill the disk. */
bool	bucket_put(struct planner *, const struct buffer *record, size_t same);
/* Fetches the place of the next record of this hash into the caches. */
void	bucket_prefetch(const struct planner *, uint64_t hash);
/* Appends a record to `glue` or `owners`, unless that was done recently. */
void	file_put(struct planner *, const struct buffer *record, FILE *);
/* Takes what an input says about a name. The name is in wire form, and is not
 * the root. */
void	planner_name(struct planner *, const uint8_t *wire, size_t length,
	    uint64_t rank);
/* Returns false if the record has no owner, and no name server came before it
 * (input_event.h). */
bool	planner_delegation(struct planner *, const struct delegation_record *);
/* Writes the last delegation, whose name servers have been gathered. */
void	planner_flush(struct planner *);
void	planner_reject(struct planner *, enum reject, uint64_t line,
	    unsigned column, const char *text, size_t length);
/* If two zone files say something about one name, does `source` take precedence
 * over `other`? The file of the deeper zone does; of two files of one zone, the
 * one with the higher serial (RFC 1982). */
bool	source_precedes(const struct plan *, uint32_t source, uint32_t other);
/* The number of sources that the options name, and the path of each: first the
 * inputs, then the files of --delegations. */
size_t	source_count(const struct options *);
const char *source_path(const struct options *, size_t index);
/* Do the options allow the direct lane (L1)? */
bool	plan_may_ask_directly(const struct options *);
/* Its `changed_ns`. */
int64_t	source_time(const struct stat *);
/* Commits the rejects so far as a part. */
void	rejects_write(struct planner *);
/* Starts a reader process for the present source, and takes what it reports. */
enum plan_result plan_read_source(struct planner *);
/* Sorts all buckets in their order, writes them into the file of names, and
 * writes the files of servers and sets. Returns false with errno, or after an
 * interrupt. */
bool	plan_sort(struct planner *);
/* Write and read the marker that says that the plan is complete. They return
 * false with errno; plan_read_done also does if there is no marker or it is
 * incomplete. */
bool	plan_write_done(const struct plan *, struct folder *);
bool	plan_read_done(struct plan *, struct folder *);
/* Do the files of the plan have the hashes in the marker that was read? */
bool	plan_files_hold(const struct plan *, struct folder *);

#endif
