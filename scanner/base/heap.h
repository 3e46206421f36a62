/*
 * heap: a binary min-heap that returns first what is due first. The keys are
 * times in milliseconds. Entries with equal keys are returned in the order in
 * which they were pushed. A zeroed heap is empty.
 */
#ifndef MXCENSUS_BASE_HEAP_H
#define MXCENSUS_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_entry {
	int64_t		 key;
	uint64_t	 sequence;
	void		*value;
};

struct heap {
	struct heap_entry *entries;
	size_t		   count, size;
	uint64_t	   sequence;
};

void	heap_fini(struct heap *);
void	heap_push(struct heap *, int64_t key, void *value);
/* Returns the entry with the least key; NULL if the heap is empty. */
const struct heap_entry *heap_first(const struct heap *);
/* Removes the least and returns its value; the heap must not be empty. */
void	*heap_pop(struct heap *);

#endif
