/*
 * read_all: reads all bytes of a part of a file. A read that was interrupted, or
 * that gave a part only, goes on. The file's own offset stays.
 */
#ifndef MXCENSUS_BASE_READ_ALL_H
#define MXCENSUS_BASE_READ_ALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False with errno, which is EIO if the file ends before. */
bool	read_all_at(int descriptor, void *bytes, size_t length,
	    uint64_t offset);

#endif
