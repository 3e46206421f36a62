/*
 * repeated_keys: the keys that occur twice in one object of a JSON text (RFC
 * 8259 4). jansson refuses such a text at the first of them; an audit reports
 * all of them.
 */
#ifndef MXCENSUS_ANALYSIS_POLICY_REPEATED_KEYS_H
#define MXCENSUS_ANALYSIS_POLICY_REPEATED_KEYS_H

#include <stddef.h>

struct buffer;

/* Reports each key that its object had before, as a JSON pointer (RFC 6901).
 * The text must be one that jansson reads if it need not reject duplicates. */
void	repeated_keys_tell(const char *text, size_t length,
	    void (*tell)(void *tag, const char *pointer), void *tag);
/* Appends a key as a further part of a JSON pointer (RFC 6901 3). */
void	json_pointer_enter(struct buffer *, const char *key);

#endif
