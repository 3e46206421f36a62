#include "scanner/crypto/hashes.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdbool.h>

#include "scanner/crypto/library.h"

/* Without these there can be no census (see digest.c). */
static const EVP_MD *
fetch(const EVP_MD **kept, const char *name)
{
	if (*kept == NULL)
		*kept = EVP_MD_fetch(library_context(), name, NULL);
	assert(*kept != NULL);
	return *kept;
}

const EVP_MD *
hash_sha256(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA256");
}

const EVP_MD *
hash_sha384(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA384");
}

const EVP_MD *
hash_sha512(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA512");
}

const EVP_MD *
hash_sha1(void)
{
	static const EVP_MD *kept;

	return fetch(&kept, "SHA1");
}

size_t
hash_pieces(const EVP_MD *hash, const uint8_t *const pieces[],
    const size_t lengths[], size_t count, uint8_t *to)
{
	static EVP_MD_CTX *state;
	unsigned length = 0;
	bool is_done;

	if (state == NULL)
		state = EVP_MD_CTX_new();
	is_done = state != NULL && EVP_DigestInit_ex(state, hash, NULL) == 1;
	for (size_t i = 0; i < count; i++)
		is_done = is_done &&
		    EVP_DigestUpdate(state, pieces[i], lengths[i]) == 1;
	is_done = is_done && EVP_DigestFinal_ex(state, to, &length) == 1;
	assert(is_done);
	return length;
}
