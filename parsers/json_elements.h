/*
 * json_elements: the elements of a JSON array, or JSON texts with one per line
 * (NDJSON). It is a push parser that holds one element in memory.
 *
 * It only finds where elements begin and end. The caller parses them. A fault
 * costs one element: the next one begins after the next comma of the array, or
 * in the next line.
 */
#ifndef MXCENSUS_PARSERS_JSON_ELEMENTS_H
#define MXCENSUS_PARSERS_JSON_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_element {
	/* Begins without blanks. It is empty where an array has two commas in a
	 * row. It is valid until the next push. */
	const char	*text;
	size_t		 length;
	/* Counts from 1: the line, or in an array (which may be one line) the
	 * number of the element. */
	uint64_t	 place;
	bool		 is_cut;	/* it is longer than the bound; the rest
					 * is passed over */
};

struct json_elements;

struct json_elements *json_elements_new(size_t element_max);
void	json_elements_free(struct json_elements *);
/* Takes bytes up to the end of the next element. *taken says how many. Returns
 * true if there is an element; otherwise all bytes were taken. */
bool	json_elements_push(struct json_elements *, const char *bytes,
	    size_t length, size_t *taken, struct json_element *);
/* Ends the input: true if there is a last element without an end. */
bool	json_elements_finish(struct json_elements *, struct json_element *);
/* Is the end of the input missing, after what was pushed? */
bool	json_elements_are_open(const struct json_elements *);

#endif
