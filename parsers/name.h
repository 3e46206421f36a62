/*
 * name: domain names (RFC 1035 section 3.1, RFC 4343, RFC 5891).
 *
 * A name has two forms. The wire form is uncompressed, in lower case, ends in
 * the root label, and has at most 255 bytes. The text form is what the tables
 * show: lower case, A-labels, no final dot (the root is "."). In it, each byte
 * of a label that is not a-z 0-9 - _ , and a '-' that begins the whole name, is
 * written as \DDD. Both forms are canonical: equal names have equal bytes. Only
 * name_from_idna allocates (inside libidn2).
 */
#ifndef MXCENSUS_PARSERS_NAME_H
#define MXCENSUS_PARSERS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_WIRE_MAX	255
#define NAME_LABEL_MAX	63
/* 250 bytes of labels, each as \DDD, and dots; with the final NUL. */
#define NAME_TEXT_MAX	1008

enum name_error {
	NAME_OK,
	NAME_SYNTAX,		/* bad escape, no name at all */
	NAME_TOO_LONG,		/* over 255 bytes in wire form */
	NAME_LABEL_TOO_LONG,	/* over 63 bytes */
	NAME_EMPTY_LABEL,	/* a..b, .a */
	NAME_CONTROL_BYTE,	/* a raw byte below 0x21 or 0x7f */
	NAME_IDNA,		/* a U-label that has no A-label (UTS 46) */
};

/* Reads `length` bytes of `text`, with the escapes \DDD and \X of master files
 * and at most one final dot, into wire form (lower case). Bytes above 0x7f are
 * taken as they are. *wire_length is set on NAME_OK. */
enum name_error name_from_text(const char *text, size_t length,
	    uint8_t wire[NAME_WIRE_MAX], size_t *wire_length);

/* Does the same for names that people typed or that come from lists. If a byte
 * is above 0x7f, the whole name is UTF-8 and goes through UTS 46,
 * non-transitional (RULES I7); then it has no escapes. If libidn2 refuses a
 * name, for example because of emoji, the result is NAME_IDNA. */
enum name_error name_from_input(const char *text, size_t length,
	    uint8_t wire[NAME_WIRE_MAX], size_t *wire_length);

/* Turns the wire form (well-formed, in any case) into the text form. Returns
 * the length without the NUL. */
size_t	name_to_text(const uint8_t *wire, char text[NAME_TEXT_MAX]);

/* Returns the length in bytes of a wire name within `limit` bytes (no
 * compression), or 0 if it is not well-formed. */
size_t	name_wire_length(const uint8_t *wire, size_t limit);

/* Counts the labels without the root: 0 for the root, 2 for example.com. A
 * leading '*' counts. */
unsigned name_labels(const uint8_t *wire);

/* Returns where `zone` begins in a name that is at or below it, or NULL if the
 * name is elsewhere. Both are in wire form. */
const uint8_t *name_find(const uint8_t *name, const uint8_t *zone);

/* Compares two names in canonical wire form by the canonical order (RFC 4034
 * 6.1): by the last label, then by the one before it, and so on; a name that
 * has no more labels comes first. Returns a number below 0, 0, or above 0, as
 * memcmp does. */
int	name_order(const uint8_t *a, const uint8_t *b);

/* Is every byte a letter, digit, hyphen or underscore, and does the last label
 * have something other than digits? If so, its bytes are those of a host name
 * that can receive mail (RFC 1123 2.1, RFC 5321 4.1.2). The root is not one. */
bool	name_is_host(const uint8_t *wire);

/* Is the text a domain as RFC 5321 4.1.2 writes it: a host name of A-labels, at
 * least two of them, without escapes and a final dot? */
bool	name_is_smtp_domain(const char *text);

/* Makes the name lower case in place (only ASCII, RFC 4343). */
void	name_lower(uint8_t *wire);

/* Text helpers on the canonical text form. */
/* Returns the last label: "com" of "a.example.com". It points into `text`. */
const char *name_tld(const char *text);
/* Returns a short word for a reason in `rejects`: "syntax", "name_too_long",
 * ... */
const char *name_error_text(enum name_error);

#endif
