/* merge: turns the records of one name into a domain. It is private to plan. */
#ifndef MXCENSUS_PLAN_MERGE_H
#define MXCENSUS_PLAN_MERGE_H

#include "scanner/plan/planner.h"

/* A record of a bucket. */
struct entry {
	uint64_t	 hash;
	uint64_t	 sequence;
	const char	*name;
	int		 kind;
	uint32_t	 source;
	struct wire	 rest;		/* behind the source */
};

/* The names file, as it is written. */
struct writer {
	FILE		*file;
	uint64_t	 offset;
	struct chunk	*chunks;
	uint64_t	 count, size;
	uint32_t	 chunk_names;	/* at most, in a chunk; 0:
					 * CHUNK_NAMES */
	struct buffer	 item;
};

/* Appends an item to the last chunk, or to a new one if that is full. All items
 * of a writer have the same set_id (struct chunk). */
void	writer_put(struct writer *, uint32_t set_id, const uint8_t *bytes,
	    size_t length);
/* Decodes a record, which then points into the bytes. */
void	entry_read(struct entry *, const uint8_t *bytes, size_t length);
/* Fetches what merging a record will need, into the caches. */
void	entry_prefetch(const struct planner *, const uint8_t *bytes);
/* Writes the records of one name, in the order in which they came, as a
 * domain. */
void	merge_entries(struct planner *, struct entry *, size_t count,
	    struct writer *);
/* Does the same for a bucket whose names have the same hash, however many
 * records there are; the names are in their order. Returns false with errno. */
bool	merge_bucket(struct planner *, FILE *bucket, struct writer *);
/* Reads the next record of a bucket. Returns 1, 0 at its end, or -1 with
 * errno. */
int	bucket_next(FILE *bucket, struct buffer *record);

#endif
