/*
 * config_lines: reads the lines of a configuration file, in UTF-8:
 *
 *	name = value
 *	name = "a value with a # or with blanks around it"
 *	name
 *	# a comment, which may also follow a value, after a blank
 *
 * In quotes, \" \\ \n \r are a quote, a backslash, a line feed and a carriage
 * return. The file and each line have a maximum length.
 */
#ifndef MXCENSUS_PARSERS_CONFIG_LINES_H
#define MXCENSUS_PARSERS_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/entry_lines.h"
#include "scanner/base/buffer.h"

/* In bytes, without the end of the line. */
#define CONFIG_FILE_MAX	65536
#define CONFIG_LINE_MAX	8192

struct config_lines {
	char	*at, *end;	/* the rest, which has not been read */
	size_t	 number;	/* of the present line, from 1 */
};

struct config_line {
	size_t		 number;
	const char	*name;		/* letters, digits, - and _ */
	const char	*value;		/* NULL: there is no = */
};

enum config_result { CONFIG_LINE, CONFIG_END, CONFIG_WRONG };

/* The text is a string of that length. It must outlive the lines, which point
 * into it, and is changed. False with the fault if it is too long or no text. */
bool	config_lines_open(struct config_lines *, char *text, size_t length,
	    struct entry_fault *);
/* The next line that has a name. After a fault the reader must not be used. */
enum config_result config_lines_next(struct config_lines *,
	    struct config_line *, struct entry_fault *);
/* Appends a value as it is written in a file, in quotes if it needs them. */
void	config_value_write(struct buffer *, const char *value);

#endif
