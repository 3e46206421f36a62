/*
 * certificate: a presented chain and the facts of each certificate in it
 * (RFC 5280; docs/schema.md tables `certificates` and `chains`).
 *
 * A chain is kept as the peer presented it: leaf first, not sorted, and
 * complete up to the bound. It owns its certificates. A certificate that the
 * linked OpenSSL cannot decode is kept as bytes: releases differ in what they
 * decode (3.3 and later refuse dates that 3.0 accepts), but what was presented
 * must not depend on them.
 */
#ifndef MXCENSUS_CRYPTO_CERTIFICATE_H
#define MXCENSUS_CRYPTO_CERTIFICATE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/base/buffer.h"
#include "scanner/crypto/digest.h"

/* A certificate that exceeds a bound is dropped, with all that come after
 * it. */
#define CHAIN_CERTIFICATES_MAX	100
#define CHAIN_BYTES_MAX		(1024 * 1024)
#define FACT_TEXT_MAX		(64 * 1024)	/* in one text; a list of names
						 * is cut between two names */

/* How often this was done, for tests. */
struct certificate_counts {
	uint64_t decoded;	/* from bytes; OpenSSL decodes those of a
				 * finished handshake itself */
};
extern struct certificate_counts certificate_counts;

struct certificate {
	X509	*x509;		/* NULL: OpenSSL cannot decode it */
	/* The DER that OpenSSL writes, since senders hash that; if it cannot be
	 * decoded, the bytes as they came. */
	uint8_t	*der;
	size_t	 der_length;
	uint8_t	 sha256[SHA256_BYTES];		/* of the DER */
};

struct chain {
	size_t			 count;		/* 0: nothing presented */
	bool			 is_truncated;	/* more were presented */
	struct certificate	 certificates[CHAIN_CERTIFICATES_MAX];
	/* SHA-256 over the certificates' hashes in the order presented. */
	uint8_t			 id[SHA256_BYTES];
};

/* Takes the chain of a finished handshake, as SSL_get_peer_cert_chain gives it
 * to a client (with the leaf). Certificates are shared by reference.
 * `presented` may be NULL. */
void	chain_from_peer(struct chain *, STACK_OF(X509) *presented);
/* Takes the chain from a Certificate message (parsers/certificate_message.h) of
 * a handshake that failed. If that cannot be read, it returns false and the
 * chain is empty. */
bool	chain_from_message(struct chain *, const uint8_t *bytes, size_t length,
	    bool is_tls_1_3);
/* Adds one certificate, given as bytes, to a chain that was zeroed before the
 * first call. Returns false if it is empty or over a bound. Bytes that are not
 * a certificate, or that continue after it, are undecodable. Call chain_close
 * after the last certificate. */
bool	chain_add_der(struct chain *, const uint8_t *der, size_t length);
void	chain_close(struct chain *);		/* computes id */
/* Can every certificate be decoded? No handshake succeeds otherwise. */
bool	chain_is_decoded(const struct chain *);
void	chain_fini(struct chain *);

/* The columns of `certificates`, in the notation of docs/schema.md. A
 * certificate that cannot be decoded has only its own hash. */
struct certificate_facts {
	uint8_t		 sha256[SHA256_BYTES], spki_sha256[SHA256_BYTES];
	struct buffer	 subject;		/* RFC 2253, raw bytes */
	struct buffer	 common_name;		/* the last CN, raw bytes */
	struct buffer	 issuer;
	struct buffer	 san;	/* dns:NAME and ip:ADDRESS, one space between;
				 * escaped already: \xHH, a space as \x20 */
	int64_t		 not_before_ms, not_after_ms;	/* Unix time; see below */
	bool		 has_dates;	/* false if a date cannot be read */
	char		 key_type[16];	/* rsa ec ed25519 ed448 dsa other */
	unsigned	 key_bits;	/* 0 if the key cannot be decoded */
	char		 signature_algorithm[48];	/* OpenSSL's long name, lower
							 * case, e.g. sha256withrsaencryption */
	bool		 is_ca;		/* basicConstraints says so */
	bool		 self_signed;	/* issuer = subject, and the signature
					 * verifies with the certificate's own
					 * key (if that has at most 16,384
					 * bits) */
	bool		 weak_key;	/* RSA, DSA < 2048, EC < 224 (RULES 5) */
	bool		 weak_signature;	/* SHA-1, MD5, MD2, MD4 */
	char		 serial[128];	/* hex, lower case, cut at 63 bytes */
};

void	certificate_facts_read(const struct certificate *,
	    struct certificate_facts *);
void	certificate_facts_fini(struct certificate_facts *);

#endif
