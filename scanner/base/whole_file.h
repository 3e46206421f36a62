/* whole_file: a file that is read at once, as far as a bound. */
#ifndef MXCENSUS_BASE_WHOLE_FILE_H
#define MXCENSUS_BASE_WHOLE_FILE_H

#include <stdbool.h>

#include "scanner/base/buffer.h"

/* Appends its bytes, of which there may be `mib_max` MiB. False after a line,
 * which names the option that named the file, NULL: none. */
bool	whole_file_read(const char *path, const char *option, unsigned mib_max,
	    struct buffer *);

#endif
