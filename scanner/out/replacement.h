/*
 * replacement: a file of a run that replaces an older one: run.json,
 * SHA256SUMS, and the files derived from the facts. It is written to
 * RUN/.work/open, synced and renamed. So every reader sees either the complete
 * old file or the complete new one, even after a power failure.
 *
 * A run has one replacement at a time: the caller holds the run's lock.
 * `folder` is a descriptor of the run, `name` a path inside it.
 */
#ifndef MXCENSUS_OUT_REPLACEMENT_H
#define MXCENSUS_OUT_REPLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

/* Returns its descriptor, for reading and writing; -1 with errno. */
int	replacement_open(int folder);
/* Closes the descriptor and puts the file in place of `name`. If not
 * `is_whole`, or if that fails, the older file stays. Returns false with
 * errno. */
bool	replacement_swap(int folder, int descriptor, const char *name,
	    bool is_whole);
/* Does both for a file whose bytes are in memory. */
bool	replacement_write(int folder, const char *name, const void *bytes,
	    size_t length);
/* Syncs the folder that has `name`. After that, a link, rename or removal of
 * the name is durable. Returns false with errno. */
bool	parent_sync(int folder, const char *name);

#endif
