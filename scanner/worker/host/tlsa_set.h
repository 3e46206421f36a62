/*
 * tlsa_set: a TLSA RRset as it was answered, in canonical order (RFC 4034 6.3)
 * and without duplicates, with the records that SMTP may use (RULES T8 to T14,
 * U1, U2). The set owns its data.
 */
#ifndef MXCENSUS_WORKER_HOST_TLSA_SET_H
#define MXCENSUS_WORKER_HOST_TLSA_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/name.h"
#include "parsers/tlsa.h"
#include "scanner/crypto/dane.h"
#include "scanner/dns/lookup.h"
#include "scanner/out/table.h"

struct tlsa_set {
	struct tlsa	*records;	/* the set owns the data */
	enum tlsa_fault	*faults;
	size_t		 count;		/* at most DANE_RECORDS_MAX */
	size_t		 found;		/* distinct records before the cut */
	size_t		 usable;
};

/* Puts `_25._tcp.` before the base (RFC 7672 2.2.3). Returns false if the
 * result is no name. */
bool	tlsa_set_owner(const uint8_t *base, uint16_t port,
	    uint8_t owner[NAME_WIRE_MAX]);
/* The name between: `_tcp.<base>`, in an owner that tlsa_set_owner has made. */
const uint8_t *tlsa_set_parent(const uint8_t owner[NAME_WIRE_MAX]);
/* Makes the set from a finished lookup of type TLSA. It is empty unless records
 * were found. */
enum tlsa_status tlsa_set_read(struct tlsa_set *, const struct lookup *);
/* Adds a record given as RDATA. The caller keeps to the canonical order,
 * without duplicates. */
void	tlsa_set_add(struct tlsa_set *, const uint8_t *rdata, size_t length);
bool	tlsa_set_equals(const struct tlsa_set *, const struct tlsa_set *);
bool	tlsa_set_rollover_ready(const struct tlsa_set *);
/* Writes the rows of the table `tlsa`. */
void	tlsa_set_write(const struct tlsa_set *, struct table *,
	    const char *host, unsigned asking, const char *base);
void	tlsa_set_fini(struct tlsa_set *);

#endif
