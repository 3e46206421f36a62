/* whole_file: reads a whole file at once, up to a bound. */
#ifndef MXCENSUS_BASE_WHOLE_FILE_H
#define MXCENSUS_BASE_WHOLE_FILE_H

#include <stdbool.h>

#include "scanner/base/buffer.h"

/* Appends the file's bytes, at most `mib_max` MiB. Returns false after a
 * message, which names the option that named the file (NULL if none did); then
 * the buffer is empty. */
bool	whole_file_read(const char *path, const char *option, unsigned mib_max,
	    struct buffer *);

#endif
