/*
 * gzip: writes reproducible members (no name, time 0) to a descriptor, and
 * reads them back from one (RFC 1952). A new member begins after each MiB.
 */
#ifndef MXCENSUS_OUT_GZIP_H
#define MXCENSUS_OUT_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gzip_writer;

/* Returns NULL if libdeflate has no memory. The caller keeps the descriptor. */
struct gzip_writer *gzip_writer_new(int descriptor, int level);
/* Returns false with errno. */
bool	gzip_write(struct gzip_writer *, const void *bytes, size_t length);
/* Writes the rest, and frees the writer. Returns false with errno. */
bool	gzip_finish(struct gzip_writer *);

struct gzip_reader;

/* Reads from offset 0 with pread, so the offset of the descriptor stays. */
struct gzip_reader *gzip_reader_new(int descriptor);
/* Provides the next bytes, which are valid until the next call and may be
 * overwritten. Returns how many there are, 0 at the end of a complete stream,
 * or -1 if the stream is broken. */
long	gzip_read(struct gzip_reader *, char **bytes);
const char *gzip_why(const struct gzip_reader *);
void	gzip_reader_free(struct gzip_reader *);

#endif
