/* print: prints a domain and its advice, for a person or for a program. */
#ifndef MXCENSUS_COMMANDS_CHECK_PRINT_H
#define MXCENSUS_COMMANDS_CHECK_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "scanner/commands/check/advice.h"

/* Of a stranger's bytes only printable ASCII reaches the terminal. */
void	check_print(FILE *, bool in_colour, const struct check_domain *,
	    const struct check_advice_list *, int64_t now_ms, unsigned port);
/* In words: "all is well", "something to mend", "undetermined". */
const char *check_status_text(int status);

/* json.c; the caller frees it. */
json_t	*check_to_json(const struct check_domain *,
	    const struct check_advice_list *, int64_t now_ms);

#endif
