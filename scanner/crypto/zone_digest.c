#include "scanner/crypto/zone_digest.h"

#include "scanner/crypto/hashes.h"

size_t
ds_digest(uint8_t digest_type, const uint8_t *owner, size_t owner_length,
    const uint8_t *rdata, size_t rdata_length,
    uint8_t to[DS_DIGEST_BYTES_MAX])
{
	const EVP_MD *hash;

	if (digest_type == 2)
		hash = hash_sha256();
	else if (digest_type == 4)
		hash = hash_sha384();
	else
		return 0;
	return hash_pieces(hash, (const uint8_t *const[]){ owner, rdata },
	    (const size_t[]){ owner_length, rdata_length }, 2, to);
}

void
nsec3_hash(const uint8_t *name, size_t length, unsigned iterations,
    const uint8_t *salt, size_t salt_length, uint8_t hash[NSEC3_HASH_BYTES])
{
	for (unsigned i = 0; i <= iterations; i++)
		hash_pieces(hash_sha1(), (const uint8_t *const[]){
		    i == 0 ? name : hash, salt }, (const size_t[]){
		    i == 0 ? length : NSEC3_HASH_BYTES, salt_length }, 2,
		    hash);
}
