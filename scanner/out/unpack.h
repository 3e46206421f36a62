/*
 * unpack: an input as it comes, gzip (several members) or plain, told apart by
 * its first bytes (RULES I10); from a file or a pipe.
 */
#ifndef MXCENSUS_OUT_UNPACK_H
#define MXCENSUS_OUT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack;

/* The descriptor stays the caller's. `on_raw`, may be NULL, sees every byte of
 * the input as it is read. */
struct unpack *unpack_new(int descriptor, void *tag,
	    void (*on_raw)(void *tag, const void *bytes, size_t length));
void	unpack_free(struct unpack *);
/* The next bytes, unpacked, at *bytes until the next call; 0 at the end; -1 where
 * the input is broken or cannot be read: unpack_why. */
long	unpack_read(struct unpack *, const char **bytes);
/* "truncated gzip at byte 1234". */
const char *unpack_why(const struct unpack *);
bool	unpack_is_gzip(const struct unpack *);
uint64_t unpack_offset(const struct unpack *);	/* raw bytes read so far */

#endif
