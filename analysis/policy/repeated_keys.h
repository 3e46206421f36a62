/*
 * repeated_keys: the keys that an object of a JSON text has twice (RFC 8259 4).
 * jansson refuses such a text at its first one, and an audit tells all of them.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_REPEATED_KEYS_H
#define MXCENSUS_ANALYSIS_POLICY_REPEATED_KEYS_H

#include <stddef.h>

struct buffer;

/* Tells of each key that its object had before, as a JSON pointer (RFC 6901). The
 * text is one that jansson reads when it is not to reject duplicates. */
void	repeated_keys_tell(const char *text, size_t length,
	    void (*tell)(void *tag, const char *pointer), void *tag);
/* Appends a key as a further part of a JSON pointer (RFC 6901 3). */
void	json_pointer_enter(struct buffer *, const char *key);

#endif
