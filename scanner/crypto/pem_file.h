/*
 * pem_file: what a PEM file of a mail server holds that a TLSA record can be
 * made of (RFC 7468): certificates, a certificate request, or a key.
 *
 * Certificates win over a request, a request over a key, so that one file may
 * hold a key and its chain. Of keys and requests the first counts. Nothing is
 * asked for: what is encrypted is refused. Private keys are wiped from memory
 * before the function returns.
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
	struct chain	 chain;		/* of PEM_CERTIFICATES, as they stand */
	struct buffer	 public_key;	/* of others: SubjectPublicKeyInfo */
	/* The first dNSName of the first certificate, or of the request, that
	 * can own a TLSA record: no wildcard. Text form; "" none. */
	char		 name[NAME_TEXT_MAX];
};

/* False with the reason, without the file's name, in `why`; there is nothing to
 * free then. `path` "-" is standard input. */
bool	pem_file_read(struct pem_file *, const char *path,
	    char why[PEM_WHY_MAX]);
/* The same of bytes that were read already. */
bool	pem_file_parse(struct pem_file *, const void *bytes, size_t length,
	    char why[PEM_WHY_MAX]);
void	pem_file_fini(struct pem_file *);

/* The certificate that a record of this usage names (RFC 6698 section 2.1.1):
 * the first for usage 1 and 3. For 0 and 2 it is that of the issuing CA: the
 * first if it is a CA itself, else the one that issued the first. NULL with a
 * reason if the file has none. */
const struct certificate *pem_file_certificate(const struct pem_file *,
	    unsigned usage, char why[PEM_WHY_MAX]);

#endif
