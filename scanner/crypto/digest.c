#include "scanner/crypto/digest.h"

#include <assert.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/base/memory.h"

struct digest {
	EVP_MD_CTX	*state;
};

/* libcrypto refuses SHA-2 only if it has no memory, or if the machine's FIPS
 * settings are broken. Without SHA-2 there can be no census. */
static void
require(int done)
{
	assert(done == 1);
	(void)done;
}

static struct digest *
begin(const EVP_MD *algorithm)
{
	struct digest *digest = xmalloc(sizeof *digest);

	digest->state = EVP_MD_CTX_new();
	require(digest->state != NULL);
	require(EVP_DigestInit_ex(digest->state, algorithm, NULL));
	return digest;
}

struct digest *
digest_new(void)
{
	return begin(EVP_sha256());
}

struct digest *
digest_new_384(void)
{
	return begin(EVP_sha384());
}

struct digest *
digest_new_512(void)
{
	return begin(EVP_sha512());
}

void
digest_add(struct digest *digest, const void *bytes, size_t length)
{
	if (length != 0)
		require(EVP_DigestUpdate(digest->state, bytes, length));
}

static void
finish(struct digest *digest, uint8_t *bytes)
{
	require(EVP_DigestFinal_ex(digest->state, bytes, NULL));
	EVP_MD_CTX_free(digest->state);
	free(digest);
}

void
digest_finish(struct digest *digest, uint8_t sha256[SHA256_BYTES])
{
	finish(digest, sha256);
}

void
digest_finish_long(struct digest *digest, uint8_t bytes[SHA512_BYTES])
{
	finish(digest, bytes);
}

void
digest_of(const void *bytes, size_t length, uint8_t sha256[SHA256_BYTES])
{
	require(EVP_Digest(length != 0 ? bytes : "", length, sha256, NULL,
	    EVP_sha256(), NULL));
}

bool
digest_of_descriptor(int descriptor, uint8_t sha256[SHA256_BYTES])
{
	struct digest *digest = digest_new();
	uint8_t bytes[64 * 1024];
	off_t offset = 0;
	ssize_t got;

	do {
		got = pread(descriptor, bytes, sizeof bytes, offset);
		if (got > 0) {
			digest_add(digest, bytes, (size_t)got);
			offset += got;
		}
	} while (got > 0 || (got < 0 && errno == EINTR));
	digest_finish(digest, sha256);
	return got == 0;
}

void
digest_to_hex(const uint8_t sha256[SHA256_BYTES], char hex[SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_BYTES; i++) {
		hex[2 * i] = digits[sha256[i] >> 4];
		hex[2 * i + 1] = digits[sha256[i] & 15];
	}
	hex[SHA256_HEX - 1] = '\0';
}
