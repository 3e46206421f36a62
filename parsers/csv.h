/*
 * csv: RFC 4180 records, a push parser with one record of memory. Used for
 * lists given as input, which may have another separator, and for reading a
 * run's own tables.
 *
 * Fields are unquoted in place. Line ends are LF or CRLF. A quoted field may
 * hold separators, line ends and "" for a quote.
 */
#ifndef MXCENSUS_PARSERS_CSV_H
#define MXCENSUS_PARSERS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_field {
	const char	*text;		/* NUL-terminated as well */
	size_t		 length;
};

enum csv_status {
	CSV_MORE,	/* all bytes taken, no whole record yet */
	CSV_RECORD,	/* a record is in csv_fields() until the next push */
	CSV_ERROR,	/* a quote out of place, or a record over the bound */
};

struct csv;

/* A record over `record_max` bytes is an error. Bytes that quote or escape
 * another byte are not counted, nor is the line end. */
struct csv *csv_new(size_t record_max);
void	csv_free(struct csv *);
/* Sets the byte that separates fields, in place of a comma. Call it before the
 * first push. */
void	csv_separate(struct csv *, char separator);
/* Takes bytes up to the end of the next record. *taken says how many. After
 * CSV_ERROR the parser continues at the next line. */
enum csv_status csv_push(struct csv *, const char *bytes, size_t length,
	    size_t *taken);
/* Ends the input: reads a last record without a line end. */
enum csv_status csv_finish(struct csv *);
const struct csv_field *csv_fields(const struct csv *, size_t *count);
/* Tells the parser that the caller has read a record of one line itself,
 * between two records. */
void	csv_pass_line(struct csv *);
/* The line (from 1) on which the last record or error began. */
uint64_t csv_line(const struct csv *);

#endif
