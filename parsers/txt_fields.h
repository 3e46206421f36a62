/*
 * txt_fields: the form that the TXT records of MTA-STS and TLSRPT share (RFC
 * 8461 3.1, RFC 8460 3): a version, then `name=value` fields, between them `;`
 * with white space around it, one at the end or none.
 *
 * The walk is over bytes that somebody else owns.
 */
#ifndef MXCENSUS_PARSERS_TXT_FIELDS_H
#define MXCENSUS_PARSERS_TXT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct txt_fields {
	const char	*at, *end;
	bool		 malformed;	/* the walk ended before its time */
	/* The field at hand. */
	const char	*name, *value;
	size_t		 name_length, value_length;
};

/* Does the text begin with exactly `version` and ";"? Others are not of the
 * kind at all: several records are counted without them. */
bool	txt_has_version(const char *text, size_t length, const char *version);
/* Begins after the version, which the text must have. */
void	txt_fields_open(struct txt_fields *, const char *text, size_t length,
	    const char *version);
/* Moves to the next field. Its name is legal; its value is not checked yet, and
 * has no white space at its end. False at the end, or if the text is
 * malformed. */
bool	txt_fields_next(struct txt_fields *);
bool	txt_field_is(const struct txt_fields *, const char *name);
/* A legal value of an unknown field: visible ASCII but ";" and "=", some. */
bool	txt_value_is_extension(const struct txt_fields *);

#endif
