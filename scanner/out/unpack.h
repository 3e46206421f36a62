/*
 * unpack: reads an input from a file or a pipe. Its first bytes tell whether it
 * is gzip (one or more members) or plain (RULES I10).
 */
#ifndef MXCENSUS_OUT_UNPACK_H
#define MXCENSUS_OUT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack;

/* The caller keeps the descriptor. `on_raw`, which may be NULL, sees every byte
 * of the input as it is read. */
struct unpack *unpack_new(int descriptor, void *tag,
	    void (*on_raw)(void *tag, const void *bytes, size_t length));
void	unpack_free(struct unpack *);
/* Sets *bytes to the next unpacked bytes, which are valid until the next call.
 * Returns 0 at the end. Returns -1 if the input is broken or cannot be read;
 * unpack_why says why. */
long	unpack_read(struct unpack *, const char **bytes);
/* "truncated gzip at byte 1234". */
const char *unpack_why(const struct unpack *);
bool	unpack_is_gzip(const struct unpack *);

#endif
