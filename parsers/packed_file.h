/*
 * packed_file: tells by its first bytes a file that is text only after it is
 * converted: it is packed, or in another encoding than UTF-8 (RULES I18).
 */
#ifndef MXCENSUS_PARSERS_PACKED_FILE_H
#define MXCENSUS_PARSERS_PACKED_FILE_H

#include <stddef.h>

/* Returns what such a file is, and which command makes it readable. Returns NULL
 * for any other file, and for gzip, which some readers unpack. */
const char *packed_file_what(const void *bytes, size_t length);

#endif
