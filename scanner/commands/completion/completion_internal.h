/* What the scripts of both shells have in common. */
#ifndef MXCENSUS_COMMANDS_COMPLETION_COMPLETION_INTERNAL_H
#define MXCENSUS_COMMANDS_COMPLETION_COMPLETION_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/options/command.h"
#include "scanner/options/table.h"

/* What a shell offers for a value or an argument. */
enum offer { OFFER_NONE, OFFER_FILES, OFFER_FOLDERS, OFFER_WORDS };

/* Of the value of an option; OFFER_WORDS: those of its choices. */
enum offer offer_of_option(const struct option_entry *);
/* Of the arguments of a command. OFFER_WORDS: those that it can be given, or the
 * second words of its subcommands. */
enum offer offer_of_arguments(const struct command *);
/* Prints these words, each after the text `before`. */
void	print_argument_words(FILE *, const struct command *,
	    const char *before);

/* Is it a command that people call, by its name? */
bool	is_offered(const struct command *);

void	completion_print_bash(FILE *);
void	completion_print_zsh(FILE *);

#endif
