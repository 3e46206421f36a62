/* contact: the value of --contact. */
#ifndef MXCENSUS_OPTIONS_CONTACT_H
#define MXCENSUS_OPTIONS_CONTACT_H

#include <stdbool.h>

bool	contact_is_url(const char *);
/* Is it an https URL with the name of a host, or a mailbox (RFC 5321 4.1.2) whose
 * local part has no quotes? It has printable ASCII alone, since it is said to web
 * servers in a header. The host has at least so many labels: 2 where strangers
 * are to find it, 1 in a laboratory. */
bool	contact_is_good(const char *, unsigned labels);

#endif
