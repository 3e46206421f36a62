/*
 * digest: SHA-256 through libcrypto (FIPS 180-4), over one buffer or in pieces;
 * in pieces also SHA-384 and SHA-512.
 */
#ifndef MXCENSUS_CRYPTO_DIGEST_H
#define MXCENSUS_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32
#define SHA256_HEX 65		/* with the NUL */
#define SHA384_BYTES 48
#define SHA512_BYTES 64

struct digest;

struct digest *digest_new(void);
/* The same for SHA-384 and SHA-512, which digest_finish_long ends. */
struct digest *digest_new_384(void);
struct digest *digest_new_512(void);
void	digest_add(struct digest *, const void *bytes, size_t length);
/* Writes the digest, and frees the object. */
void	digest_finish(struct digest *, uint8_t sha256[SHA256_BYTES]);
/* Writes 48 or 64 bytes. */
void	digest_finish_long(struct digest *, uint8_t bytes[SHA512_BYTES]);
void	digest_of(const void *bytes, size_t length, uint8_t sha256[SHA256_BYTES]);
/* Digests a file from its beginning, by descriptor. Returns false on a read
 * error. */
bool	digest_of_descriptor(int descriptor, uint8_t sha256[SHA256_BYTES]);
void	digest_to_hex(const uint8_t sha256[SHA256_BYTES], char hex[SHA256_HEX]);

#endif
