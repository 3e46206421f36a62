/* tlsa, its sources: options and records (tlsa.c), a new key (tlsa_new.c), the
 * steps of a rollover (tlsa_rollover.c), a live host (tlsa_host.c). */
#ifndef MXCENSUS_COMMANDS_TLSA_TLSA_INTERNAL_H
#define MXCENSUS_COMMANDS_TLSA_TLSA_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/crypto/tlsa_record.h"

/* "_65535._tcp." and the final dot. */
#define TLSA_OWNER_MAX	(NAME_TEXT_MAX + 16)

enum tlsa_action { TLSA_OF_FILES, TLSA_NEW, TLSA_ROLLOVER };

struct tlsa_options {
	enum tlsa_action action;
	struct tlsa_parameters parameters;
	bool		 has_parameters;	/* one of them was given */
	char		 name[NAME_TEXT_MAX];	/* of --name; "" not given */
	unsigned	 port;
	uint32_t	 ttl;			/* seconds */
	bool		 generic;
	unsigned	 rsa_bits;		/* 0: ECDSA */
	const char	*key, *certificate;	/* to write; NULL: default */
	char		**arguments;
	int		 argument_count;
};

/* Where the record of `name` stands: below _25._tcp, with a final dot; at the
 * name itself where that begins with an underscore; relative where it is "".
 * False if it would be longer than a domain name may be. */
bool	tlsa_owner_text(char owner[TLSA_OWNER_MAX], const struct tlsa_options *,
	    const char *name);
/* RDATA of the file's record; else a line on standard error and its status. */
int	tlsa_of_file(struct buffer *rdata, struct pem_file *, const char *path,
	    const struct tlsa_parameters *);
/* Writes to standard output; false if not all of it went. */
bool	tlsa_print(const struct buffer *text);

/* 0 to go on, else the exit status plus one. */
int	tlsa_parse(struct tlsa_options *, int argc, char **argv);
/* The record of one file; the exit status. */
int	tlsa_print_file(const struct tlsa_options *, const char *path);

/* A command line that has --host. */
int	tlsa_host(int argc, char **argv);
int	tlsa_new(const struct tlsa_options *);
int	tlsa_rollover(const struct tlsa_options *);

#endif
