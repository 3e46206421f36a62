/*
 * tls: the two TLS profiles of the census and what a finished handshake says
 * (RFC 8446, RFC 5246, RULES S15).
 *
 * In our own sessions, certificates are never verified during the handshake:
 * the presented chain is kept and judged afterwards (crypto/). The host's
 * openssl.cnf is not read.
 */
#ifndef MXCENSUS_NET_TLS_H
#define MXCENSUS_NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "scanner/base/buffer.h"
#include "scanner/base/facts.h"
#include "scanner/crypto/certificate.h"

/* The maximum size of a Certificate message: as many certificates as a chain
 * has room for, and what accompanies them (an OCSP response, lengths). A
 * handshake with a larger one fails with SSL_R_EXCESSIVE_MESSAGE_SIZE. */
#define TLS_CERTIFICATES_MAX	(CHAIN_BYTES_MAX + 64 * 1024)

struct tls;

/* Call before any other use of OpenSSL in the process. */
void	tls_library_init(void);
/* Returns NULL with a sentence in `why` on failure. */
struct tls *tls_new(char why[256]);
void	tls_free(struct tls *);
/* Returns a client session, still without a BIO, that sends `sni` (text form;
 * with NULL or "" it sends none). Returns NULL only if there is no memory or if
 * OpenSSL refuses the name. */
SSL	*tls_session(struct tls *, enum profile, const char *sni);

/* The Certificate message of the server as it came (a handshake message with
 * its header, parsers/certificate_message.h), also if the handshake failed
 * because of it; empty if none came. The session owns it. */
const struct buffer *tls_certificate_message(SSL *);

/* Configures the client context of another library (libcurl) with the modern
 * profile, so that a handshake fails unless `verify` returns 1 for the
 * presented chain. Before that, `on_message` gets each message
 * (SSL_CTX_set_msg_callback): a chain that OpenSSL cannot decode never reaches
 * `verify`. The store stays shared. */
bool	tls_context_verifies(SSL_CTX *, X509_STORE *,
	    int (*verify)(X509_STORE_CTX *, void *tag),
	    void (*on_message)(int is_sent, int version, int type,
	    const void *bytes, size_t length, SSL *, void *tag), void *tag);

struct tls_facts {
	const char	*version;	/* "TLSv1.3"; static */
	const char	*cipher;	/* OpenSSL's name; static */
	const char	*group;		/* "x25519"; "" for RSA key exchange, DHE */
	const char	*peer_signature;	/* "rsa_pss_rsae_sha256"; "" if none */
	bool		 ocsp_stapled;
	bool		 legacy_renegotiation;	/* no RFC 5746, TLS 1.2 and older */
	bool		 client_certificate_requested;
};

void	tls_facts_read(SSL *, struct tls_facts *);

#endif
