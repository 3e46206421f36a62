/* What the sources of tlsa share: tlsa.c reads the request and makes the
 * records, new.c makes a new key, rollover.c prints the steps of a rollover,
 * and host.c asks a live host. */
#ifndef MXCENSUS_COMMANDS_TLSA_TLSA_INTERNAL_H
#define MXCENSUS_COMMANDS_TLSA_TLSA_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/crypto/tlsa_record.h"
#include "scanner/options/options.h"

/* "_65535._tcp." and the final dot. */
#define TLSA_OWNER_MAX	(NAME_TEXT_MAX + 16)

/* How to print a record. */
struct tlsa_request {
	struct tlsa_parameters parameters;
	char		 name[NAME_TEXT_MAX];	/* "": as the file says */
	/* The name owns the record; otherwise it is a host, and the owner is
	 * below _25._tcp. */
	bool		 is_owner;
	unsigned	 port;
	uint32_t	 ttl;			/* seconds */
	bool		 generic;
};

/* Reads the options. Returns false after a message. */
bool	tlsa_request_make(struct tlsa_request *, const struct options *);
/* Writes the owner of the record of `name`, with a final dot. If the name is "",
 * the owner is relative. Returns false if the owner would be longer than a
 * domain name may be. */
bool	tlsa_owner_text(char owner[TLSA_OWNER_MAX], const struct tlsa_request *,
	    const char *name);
/* Makes the RDATA of the file's record. On failure it prints a message and
 * returns its exit status. */
int	tlsa_of_file(struct buffer *rdata, struct pem_file *, const char *path,
	    const struct tlsa_parameters *);
/* Writes to standard output. Returns false if not everything was written. */
bool	tlsa_print(const struct buffer *text);

/* Prints the record of one file. Returns the exit status. */
int	tlsa_print_file(const struct tlsa_request *, const char *path);
/* Makes a key, a certificate and the records for the names in the arguments. */
int	tlsa_new(const struct tlsa_request *, const struct options *);
/* Prints the steps from one file to the next. */
int	tlsa_rollover(const struct tlsa_request *, const char *old,
	    const char *new);

#endif
