/*
 * pem_file: finds in a PEM file of a mail server what a TLSA record can be made
 * from (RFC 7468): certificates, a certificate request, or a key.
 *
 * Certificates come before a request, and a request before a key, so one file
 * may hold a key and its chain. The first key or request counts. There is no
 * prompt for a password: encrypted content is refused. Private keys are wiped
 * from memory before the function returns.
 */
#ifndef MXCENSUS_CRYPTO_PEM_FILE_H
#define MXCENSUS_CRYPTO_PEM_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/name.h"
#include "scanner/base/buffer.h"
#include "scanner/crypto/certificate.h"

#define PEM_FILE_MAX	(1024 * 1024)	/* bytes */
#define PEM_WHY_MAX	256

enum pem_kind { PEM_CERTIFICATES, PEM_REQUEST, PEM_KEY };

struct pem_file {
	enum pem_kind	 kind;
	struct chain	 chain;		/* for PEM_CERTIFICATES, in the order of
					 * the file */
	struct buffer	 public_key;	/* for the other kinds:
					 * SubjectPublicKeyInfo */
	/* The first dNSName of the first certificate, or of the request, that
	 * can own a TLSA record (a wildcard cannot). Text form; "" if there is
	 * none. */
	char		 name[NAME_TEXT_MAX];
};

/* If it returns false, `why` has the reason without the file's name, and there
 * is nothing to free. `path` "-" is standard input. */
bool	pem_file_read(struct pem_file *, const char *path,
	    char why[PEM_WHY_MAX]);
/* Does the same for bytes that were read already. */
bool	pem_file_parse(struct pem_file *, const void *bytes, size_t length,
	    char why[PEM_WHY_MAX]);
void	pem_file_fini(struct pem_file *);

/* Returns the certificate that a record of this usage names (RFC 6698 section
 * 2.1.1). For usage 1 and 3 it is the first certificate. For 0 and 2 it is the
 * certificate of the issuing CA: the first one if it is a CA itself, else the
 * one that issued the first. Returns NULL with a reason if the file has no such
 * certificate. */
const struct certificate *pem_file_certificate(const struct pem_file *,
	    unsigned usage, char why[PEM_WHY_MAX]);

#endif
