/*
 * mx_set: the MX hosts of a domain in order (RFC 5321 5.1; RULES MX1, MX6 to
 * MX11, MX13): each host once, with its lowest preference, and at most the best
 * 100. Its functions are pure. The domain owns the set.
 */
#ifndef MXCENSUS_WORKER_DOMAIN_MX_SET_H
#define MXCENSUS_WORKER_DOMAIN_MX_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"
#include "scanner/dns/lookup.h"

#define MX_HOSTS_MAX 100

struct mx {
	uint16_t	 preference;
	unsigned	 tier;		/* from 1: equal preferences share one */
	unsigned	 flags;		/* bits of enum mx_flag */
	char		*name;		/* canonical text form; owned */
};

struct mx_set {
	struct mx	*hosts;
	size_t		 count;		/* at most MX_HOSTS_MAX */
	size_t		 found;		/* distinct hosts before the cut */
	bool		 has_dot;	/* RFC 7505, also beside other
					 * records */
	uint16_t	 dot_preference;	/* the lowest */
};

/* Makes the set from a lookup of type MX that FOUND records. */
void	mx_set_read(struct mx_set *, const struct lookup *);
/* MX2: makes the implicit MX, the domain itself with preference 0. */
void	mx_set_add_implicit(struct mx_set *, const char *domain);
void	mx_set_fini(struct mx_set *);

/* Bits of enum mx_flag that say why a name is no host name (RULES MX10): an
 * address literal, localhost, a bare TLD. 0 for a name that may be resolved. */
unsigned mx_name_flags(const char *name);

#endif
