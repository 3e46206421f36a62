/*
 * write_all: writes all bytes to a descriptor. It continues a write that was
 * interrupted or that took fewer bytes.
 */
#ifndef MXCENSUS_BASE_WRITE_ALL_H
#define MXCENSUS_BASE_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* Returns false with errno; part of the bytes may have been written then. */
bool	write_all(int descriptor, const void *bytes, size_t length);

#endif
