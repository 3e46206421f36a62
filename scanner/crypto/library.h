/*
 * library: the context of OpenSSL (OSSL_LIB_CTX) in which TLS and strangers'
 * certificates are decoded. It is ours alone: libcurl and libunbound use the
 * default context of the process.
 *
 * OpenSSL decodes a public key by a search among all decoders that a context
 * has, about 70, and that is most of what a certificate costs. This context has
 * the algorithms of OpenSSL's default provider, and of its decoders only those
 * that take a DER SubjectPublicKeyInfo, which are all that a certificate needs.
 */
#ifndef MXCENSUS_CRYPTO_LIBRARY_H
#define MXCENSUS_CRYPTO_LIBRARY_H

#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

/* NULL, which is OpenSSL's default context, if there is no other. The first
 * call makes it. */
OSSL_LIB_CTX *library_context(void);
/* As d2i_X509 and d2i_PUBKEY. */
X509	*library_certificate(const uint8_t **der, size_t length);
EVP_PKEY *library_key(const uint8_t **der, size_t length);

#endif
