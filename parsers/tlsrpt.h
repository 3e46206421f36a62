/*
 * tlsrpt: the TXT record at `_smtp._tls.` (RFC 8460 3, RULES P10).
 */
#ifndef MXCENSUS_PARSERS_TLSRPT_H
#define MXCENSUS_PARSERS_TLSRPT_H

#include <stdbool.h>
#include <stddef.h>

/* Is the text (its strings joined) a TLSRPT record at all? */
bool	tlsrpt_is_record(const char *text, size_t length);
/* Reads such a record. It has a `rua` with one or more URIs, each mailto or
 * https. *rua points to its first value, inside `text`. Returns false if the
 * record is invalid. */
bool	tlsrpt_read(const char *text, size_t length, const char **rua,
	    size_t *rua_length);

#endif
