/*
 * hashes: libcrypto's hash functions, looked up once in a process, for many short
 * inputs. digest.h is for long ones.
 */
#ifndef MXCENSUS_CRYPTO_HASHES_H
#define MXCENSUS_CRYPTO_HASHES_H

#include <openssl/types.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_LENGTH	32

const EVP_MD *hash_sha1(void);
const EVP_MD *hash_sha256(void);
const EVP_MD *hash_sha384(void);
const EVP_MD *hash_sha512(void);
/* Writes the hash of all pieces together, and returns its length. */
size_t	hash_pieces(const EVP_MD *, const uint8_t *const pieces[],
	    const size_t lengths[], size_t count, uint8_t *to);

#endif
