/* print: prints a domain and its advice, for a person or for a program. */
#ifndef MXCENSUS_COMMANDS_CHECK_PRINT_H
#define MXCENSUS_COMMANDS_CHECK_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include "scanner/commands/check/advice.h"

struct check_view {
	bool		 in_colour;
	bool		 has_list;	/* a policy list was given */
	int64_t		 now_ms;
	unsigned	 port;
};

/* Only printable ASCII of a stranger's bytes reaches the terminal. */
void	check_print(FILE *, const struct check_view *,
	    const struct check_domain *, const struct check_advice_list *);
/* In words: "no problems found", "problems found", "undetermined". */
const char *check_status_text(int status);

/* nagios.c: the statuses of a Nagios plugin. */
enum { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };

/* Returns the status for the most urgent advice: now is critical, mend is a
 * warning, later is unknown. */
int	check_nagios_status(const struct check_advice_list *);
int	check_nagios_worse(int one, int other);
/* Appends the most urgent advice of the domain, as printable ASCII without
 * "|". */
void	check_nagios_add(struct buffer *line, const char *domain,
	    const struct check_advice_list *);
void	check_nagios_print(FILE *, int status, const char *line);

/* json.c; the caller frees it. */
json_t	*check_to_json(const struct check_domain *,
	    const struct check_advice_list *, int64_t now_ms);

#endif
