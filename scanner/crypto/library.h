/*
 * library: the OpenSSL context (OSSL_LIB_CTX) for TLS and for decoding
 * strangers' certificates. Only our own code uses it: libcurl and libunbound
 * use the default context of the process.
 *
 * To decode a public key, OpenSSL searches all decoders of a context, about 70,
 * and walks over all its other algorithms, about 250. This is most of the cost
 * of a certificate. This context has what TLS sessions need of OpenSSL's
 * default provider: of the decoders those of a DER SubjectPublicKeyInfo, for
 * keys with which a server can authenticate; of the ciphers, MACs and key
 * derivations those of TLS. A certificate with another key is decoded a second
 * time, with all of OpenSSL's decoders.
 */
#ifndef MXCENSUS_CRYPTO_LIBRARY_H
#define MXCENSUS_CRYPTO_LIBRARY_H

#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the context; the first call makes it. NULL, which means OpenSSL's
 * default context, if it cannot be made. */
OSSL_LIB_CTX *library_context(void);
/* As d2i_X509 and d2i_PUBKEY. */
X509	*library_certificate(const uint8_t **der, size_t length);
EVP_PKEY *library_key(const uint8_t **der, size_t length);
/* Returns a certificate that TLS has decoded in the context from these bytes,
 * with its key also if that is an odd one. Takes over the reference. */
X509	*library_complete(X509 *, const uint8_t *der, size_t length);

#endif
