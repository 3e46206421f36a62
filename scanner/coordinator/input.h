/*
 * input: names out of files (RULES 8). What it finds goes to a sink; memory does
 * not depend on the size of the file.
 */
#ifndef MXCENSUS_COORDINATOR_INPUT_H
#define MXCENSUS_COORDINATOR_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/facts.h"

struct input_sink {
	void	*tag;
	/* A name as it stands in the input; rank 0: none. */
	void	(*on_name)(void *tag, const char *text, size_t length,
		    uint64_t line, uint64_t rank);
	void	(*on_reject)(void *tag, enum reject, uint64_t line,
		    const char *text, size_t length);
};

/* Reads a list (one name a line, `rank,name`; # begins a comment) from a
 * descriptor to its end. False with errno. */
bool	input_read(int descriptor, const struct input_sink *);

#endif
