/*
 * tlsrpt: the TXT record at `_smtp._tls.` (RFC 8460 3, RULES P10).
 */
#ifndef MXCENSUS_PARSERS_TLSRPT_H
#define MXCENSUS_PARSERS_TLSRPT_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/base/buffer.h"

/* Is the text (its strings joined) a TLSRPT record at all? */
bool	tlsrpt_is_record(const char *text, size_t length);
/* Reads such a record into `rua`, which the caller frees: the URIs of every
 * `rua` in their order, joined by ",". At least one of them is mailto or https;
 * others are legal beside it. If the record is invalid it returns false and
 * sets nothing in `rua`. */
bool	tlsrpt_read(const char *text, size_t length, struct buffer *rua);

#endif
