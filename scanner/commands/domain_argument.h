/* domain_argument: a domain, or a host, on the command line. */
#ifndef MXCENSUS_COMMANDS_DOMAIN_ARGUMENT_H
#define MXCENSUS_COMMANDS_DOMAIN_ARGUMENT_H

#include <stdbool.h>

#include "parsers/name.h"

/* Reads the name into its text form. Returns false after a message, which says
 * what the argument is and what is probably meant; "-" is no name. `option` is
 * the option that has it, or NULL. */
bool	domain_argument_read(const char *option, const char *text,
	    char name[NAME_TEXT_MAX]);

#endif
