/*
 * tls: the two TLS profiles of the census and what a finished handshake says
 * (RFC 8446, RFC 5246, RULES S15).
 *
 * In a session of ours certificates are never verified inside the handshake:
 * what was presented is kept and judged afterwards (crypto/). The host's
 * openssl.cnf is not read.
 */
#ifndef MXCENSUS_NET_TLS_H
#define MXCENSUS_NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "scanner/base/buffer.h"
#include "scanner/base/facts.h"
#include "scanner/crypto/certificate.h"

/* The most bytes of a Certificate message: the certificates that a chain has
 * room for, and what goes with them (an OCSP response, lengths). A handshake
 * with a larger one fails with SSL_R_EXCESSIVE_MESSAGE_SIZE. */
#define TLS_CERTIFICATES_MAX	(CHAIN_BYTES_MAX + 64 * 1024)

struct tls;

/* Call before any other use of OpenSSL in the process. */
void	tls_library_init(void);
/* NULL with a sentence in `why`. */
struct tls *tls_new(char why[256]);
void	tls_free(struct tls *);
/* A client session, still without a BIO, that names `sni` (text form; NULL or
 * "" names nobody). NULL only without memory or for a name that OpenSSL refuses. */
SSL	*tls_session(struct tls *, enum profile, const char *sni);

/* The Certificate message of the server as it came (a handshake message
 * with its header, parsers/certificate_message.h), also where the handshake
 * failed because of it; empty where none came. Is the session's as long as
 * it lives. */
const struct buffer *tls_certificate_message(SSL *);

/* Makes a client context of another library (libcurl's) one of the modern
 * profile whose handshakes fail unless `verify` returns 1 for the chain that
 * is presented. Before that `on_message` has each message
 * (SSL_CTX_set_msg_callback): a chain that OpenSSL cannot decode never comes
 * to `verify`. The store stays shared. */
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
