/*
 * spill: a file without a name for the items that lines (item_line.h) do not
 * keep in memory. Work owns it. Nothing in it outlives the process: a restart
 * reads the deferred items from their parts.
 *
 * If the file cannot be written, the lines stay in memory, and whoever fills
 * them checks spill_memory.
 */
#ifndef MXCENSUS_COORDINATOR_BATCH_SPILL_H
#define MXCENSUS_COORDINATOR_BATCH_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spill;

/* Takes the descriptor over. Together, the lines may keep `memory` bytes; the
 * rest is written in blocks of at least `block` bytes. */
struct spill *spill_new(int descriptor, uint64_t memory, size_t block);
void	spill_free(struct spill *);		/* NULL is legal */
/* The bytes of all lines in memory. */
uint64_t spill_memory(const struct spill *);
/* The errno of the first read that failed; 0: none. What should have been read
 * is lost to the lines, so the run must end. */
int	spill_error(const struct spill *);

/* The functions below are for the lines. NULL is legal: then a line stays in
 * memory. */
void	spill_note(struct spill *, size_t bytes_before, size_t bytes_now);
bool	spill_wants(const struct spill *, size_t bytes);
/* Where the bytes are in the file. Returns false if they cannot be written. */
bool	spill_write(struct spill *, const uint8_t *, size_t, uint64_t *offset);
/* Returns false after a failure, for which spill_error is set. The place in the
 * file is free from then on. */
bool	spill_read(struct spill *, uint64_t offset, uint8_t *, size_t);
/* Says that the bytes will not be read. */
void	spill_forget(struct spill *, size_t bytes);

#endif
