/*
 * memory_file: bytes in memory that another process can read through a descriptor
 * (memfd_create(2)).
 */
#ifndef MXCENSUS_PROCESS_MEMORY_FILE_H
#define MXCENSUS_PROCESS_MEMORY_FILE_H

#include "scanner/base/buffer.h"

/* Copies the bytes. Returns a descriptor (close-on-exec), which the caller
 * owns; -1 with errno. */
int	memory_file_new(const struct buffer *);

#endif
