/*
 * read_all: reads all bytes of a range of a file. It continues a read that was
 * interrupted or that returned fewer bytes. The file's own offset does not
 * change.
 */
#ifndef MXCENSUS_BASE_READ_ALL_H
#define MXCENSUS_BASE_READ_ALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns false with errno, which is EIO if the file ends too early. */
bool	read_all_at(int descriptor, void *bytes, size_t length,
	    uint64_t offset);

#endif
