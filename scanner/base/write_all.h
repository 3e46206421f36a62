/*
 * write_all: writes all bytes to a descriptor. A write that was interrupted, or
 * that took a part only, goes on.
 */
#ifndef MXCENSUS_BASE_WRITE_ALL_H
#define MXCENSUS_BASE_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* False with errno; a part may be written then. */
bool	write_all(int descriptor, const void *bytes, size_t length);

#endif
