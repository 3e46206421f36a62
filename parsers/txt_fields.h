/*
 * txt_fields: the form that the TXT records of MTA-STS and TLSRPT share (RFC
 * 8461 3.1, RFC 8460 3): a version, then `name=value` fields. Between the
 * fields is a `;`, which may have white space around it; the last field may
 * have one as well.
 *
 * It walks over bytes that the caller owns.
 */
#ifndef MXCENSUS_PARSERS_TXT_FIELDS_H
#define MXCENSUS_PARSERS_TXT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct txt_fields {
	const char	*at, *end;
	bool		 malformed;	/* the walk ended early */
	/* The present field. */
	const char	*name, *value;
	size_t		 name_length, value_length;
};

/* Does the text begin with exactly `version`, white space (or none) and ";"? A
 * text that does not is not a record of this kind at all, and does not count if
 * there are several records. */
bool	txt_has_version(const char *text, size_t length, const char *version);
/* Begins after the version, which the text must have. */
void	txt_fields_open(struct txt_fields *, const char *text, size_t length,
	    const char *version);
/* Moves to the next field. Its name is legal; its value is not checked yet, and
 * has no white space at its end. Returns false at the end, or if the text is
 * malformed. */
bool	txt_fields_next(struct txt_fields *);
bool	txt_field_is(const struct txt_fields *, const char *name);
/* Is this a legal value of an unknown field? It has at least one byte, and only
 * visible ASCII without ";" and "=". */
bool	txt_value_is_extension(const struct txt_fields *);

#endif
