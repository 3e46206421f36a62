/* tlsa, its sources: what is asked for and the records (tlsa.c), a new key (new.c),
 * the steps of a rollover (rollover.c), a live host (host.c). */
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

/* How a record is to be printed. */
struct tlsa_request {
	struct tlsa_parameters parameters;
	char		 name[NAME_TEXT_MAX];	/* "": as the file says */
	unsigned	 port;
	uint32_t	 ttl;			/* seconds */
	bool		 generic;
};

/* Of the options; false after a line. */
bool	tlsa_request_make(struct tlsa_request *, const struct options *);
/* Where the record of `name` stands: below _25._tcp, with a final dot; at the
 * name itself where that begins with an underscore; relative where it is "".
 * False if it would be longer than a domain name may be. */
bool	tlsa_owner_text(char owner[TLSA_OWNER_MAX], const struct tlsa_request *,
	    const char *name);
/* RDATA of the file's record; else a line on standard error and its status. */
int	tlsa_of_file(struct buffer *rdata, struct pem_file *, const char *path,
	    const struct tlsa_parameters *);
/* Writes to standard output; false if not all of it went. */
bool	tlsa_print(const struct buffer *text);

/* The record of one file; the exit status. */
int	tlsa_print_file(const struct tlsa_request *, const char *path);
/* Makes a key, a certificate and the records of the names that are the arguments. */
int	tlsa_new(const struct tlsa_request *, const struct options *);
/* The steps from one file to the next. */
int	tlsa_rollover(const struct tlsa_request *, const char *old,
	    const char *new);

#endif
