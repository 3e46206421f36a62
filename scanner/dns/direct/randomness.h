/*
 * randomness: bytes that strangers cannot guess, for ids, ports and the case of
 * letters. The kernel is asked for many at a time.
 */
#ifndef MXCENSUS_DNS_DIRECT_RANDOMNESS_H
#define MXCENSUS_DNS_DIRECT_RANDOMNESS_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed randomness is ready. */
struct randomness {
	uint8_t	 bytes[4096];
	size_t	 left;		/* at the end of `bytes` */
};

/* At most sizeof bytes. A byte is given out once. */
void	randomness_take(struct randomness *, void *to, size_t length);
uint16_t randomness_16(struct randomness *);

#endif
