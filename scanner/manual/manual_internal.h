/* What the sources of the manual share. */
#ifndef MXCENSUS_MANUAL_MANUAL_INTERNAL_H
#define MXCENSUS_MANUAL_MANUAL_INTERNAL_H

#include <stdio.h>

#include "scanner/options/command.h"

/* A file, an exit status or an example, and what it is. The example comes
 * second: the text ends in a colon. */
struct manual_item {
	const char	*word, *text;
};

/* What only the man page says of a command. A list ends with an item without a
 * word. */
struct manual_page {
	const char	*command;	/* its name; "": the program */
	/* Paragraphs for DESCRIPTION, after what --help says; NULL. */
	const char	*description;
	const struct manual_item *statuses, *files, *examples;
	/* Names and sections for SEE ALSO, in order of sections: "a 1 b 5". */
	const char	*see_also;
};

/* An empty page if there is none. */
const struct manual_page *manual_page_of(const char *command);
extern const char manual_config_text[], manual_config_example[];

/* mdoc: a text, with an empty line between its paragraphs. */
void	mdoc_text(FILE *, const char *text);
/* One sentence of it: begins with a capital letter, unless the first word is a
 * value, and ends with a full stop. */
void	mdoc_sentence(FILE *, const char *text);
/* Lines as they are typed. */
void	mdoc_literal(FILE *, const char *text);
/* A list of words and texts. */
void	mdoc_list(FILE *, const char *macro, const struct manual_item *);
/* SYNOPSIS of a command: a line for each way to call it. */
void	mdoc_synopsis(FILE *, const struct command *);
void	mdoc_see_also(FILE *, const char *names);

/* OPTIONS of a command. */
void	manual_options(FILE *, const struct command *);

#endif
