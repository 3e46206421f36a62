/* resolver_internal: what resolver.c uses from settings.c. */
#ifndef MXCENSUS_DNS_RECURSIVE_RESOLVER_INTERNAL_H
#define MXCENSUS_DNS_RECURSIVE_RESOLVER_INTERNAL_H

#include "scanner/dns/recursive/resolver.h"

struct ub_ctx;

/* Makes all settings, ours and those of the options. Returns false with a
 * sentence in `why`. */
bool	resolver_set_options(struct ub_ctx *, const struct resolver_options *,
	    char why[256]);

#endif
