/*
 * json_keys: keys that an object of a JSON text has twice (RFC 8259 4), which
 * parsers that make trees of it do not tell, or tell of one only.
 */
#ifndef MXCENSUS_PARSERS_JSON_KEYS_H
#define MXCENSUS_PARSERS_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_KEYS_DEPTH 64

/* Tells of each key that stood in its object before, as a JSON pointer (RFC
 * 6901). Keys are compared without their escapes. The text is to be legal JSON;
 * false where it is seen not to be, or is nested deeper than JSON_KEYS_DEPTH. */
bool	json_keys_repeated(const char *text, size_t length,
	    void (*tell)(void *tag, const char *pointer), void *tag);

#endif
