#include "tests/unit/zone_signer.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/base/memory.h"
#include "scanner/base/wire.h"

static void
put(struct buffer *buffer, uint64_t number, unsigned bytes)
{
	while (bytes-- > 0)
		buffer_append_byte(buffer, (uint8_t)(number >> 8 * bytes));
}

/* Keys ******************************************************************** */

static EVP_PKEY *
make_key(uint8_t algorithm, int bits)
{
	switch (algorithm) {
	case 8:
	case 10:
		return EVP_RSA_gen((unsigned)bits);
	case 13:
		return EVP_EC_gen("P-256");
	case 14:
		return EVP_EC_gen("P-384");
	default:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	}
}

static void
put_number(struct buffer *buffer, EVP_PKEY *key, const char *name)
{
	BIGNUM *number = NULL;
	uint8_t bytes[1024];
	int length;

	if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
		assert(!"a key has its numbers");
	length = BN_bn2bin(number, bytes);
	if (strcmp(name, OSSL_PKEY_PARAM_RSA_E) == 0)
		buffer_append_byte(buffer, (uint8_t)length);
	buffer_append(buffer, bytes, (size_t)length);
	BN_free(number);
}

static void
put_public_key(struct buffer *buffer, const struct zone_signer *signer)
{
	uint8_t bytes[256];
	size_t length = sizeof bytes;

	if (signer->algorithm <= 10) {
		put_number(buffer, signer->key, OSSL_PKEY_PARAM_RSA_E);
		put_number(buffer, signer->key, OSSL_PKEY_PARAM_RSA_N);
	} else if (signer->algorithm == 15) {
		if (EVP_PKEY_get_raw_public_key(signer->key, bytes,
		    &length) != 1)
			assert(!"a key has its bytes");
		buffer_append(buffer, bytes, length);
	} else {
		if (EVP_PKEY_get_octet_string_param(signer->key,
		    OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof bytes, &length) != 1
		    || bytes[0] != 4)
			assert(!"a key has its point");
		buffer_append(buffer, bytes + 1, length - 1);
	}
}

static void
put_dnskey(struct zone_signer *signer, uint16_t flags, uint8_t protocol)
{
	uint32_t sum = 0;

	put(&signer->dnskey, flags, 2);
	put(&signer->dnskey, protocol, 1);
	put(&signer->dnskey, signer->algorithm, 1);
	put_public_key(&signer->dnskey, signer);
	for (size_t i = 0; i < signer->dnskey.length; i++)
		sum += (uint32_t)signer->dnskey.bytes[i] << (i % 2 == 0) * 8;
	signer->tag = (uint16_t)(sum + (sum >> 16));
}

void
zone_signer_make(struct zone_signer *signer, uint8_t algorithm, int bits,
    uint16_t flags, uint8_t protocol)
{
	*signer = (struct zone_signer){ .algorithm = algorithm };
	signer->key = make_key(algorithm, bits);
	assert(signer->key != NULL);
	put_dnskey(signer, flags, protocol);
}

void
zone_signer_copy(struct zone_signer *signer, const struct zone_signer *from,
    uint16_t flags, uint8_t protocol)
{
	*signer = (struct zone_signer){ .algorithm = from->algorithm };
	signer->key = from->key;
	EVP_PKEY_up_ref(signer->key);
	put_dnskey(signer, flags, protocol);
}

void
zone_signer_fini(struct zone_signer *signer)
{
	EVP_PKEY_free(signer->key);
	buffer_fini(&signer->dnskey);
}

void
zone_signer_ds(const struct zone_signer *signer, const char *zone,
    uint8_t digest_type, struct buffer *ds)
{
	const char *const hashes[] = { "SHA1", "SHA1", "SHA256", "SHA256",
		"SHA384" };
	struct buffer bytes = { 0 };
	uint8_t digest[64];
	size_t length;

	answer_name(&bytes, zone);
	buffer_append(&bytes, signer->dnskey.bytes, signer->dnskey.length);
	if (EVP_Q_digest(NULL, hashes[digest_type], NULL, bytes.bytes,
	    bytes.length, digest, &length) != 1)
		assert(!"libcrypto has the digest");
	wire_put_number(ds, signer->tag, 2);
	wire_put_number(ds, signer->algorithm, 1);
	wire_put_number(ds, digest_type, 1);
	wire_put_bytes(ds, digest, length);
	buffer_fini(&bytes);
}

/* Signatures ************************************************************** */

static int
by_bytes(const void *a, const void *b)
{
	const struct buffer *x = a, *y = b;
	size_t length = x->length < y->length ? x->length : y->length;
	int difference = length > 0 ? memcmp(x->bytes, y->bytes, length) : 0;

	if (difference != 0)
		return difference;
	return (x->length > y->length) - (x->length < y->length);
}

/* Ecdsa-Sig-Value, of which libcrypto reads the two numbers. */
static void
put_ecdsa(struct buffer *rrsig, const uint8_t *der, size_t length, int half)
{
	ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)length);
	uint8_t bytes[2 * 48];

	assert(numbers != NULL);
	if (BN_bn2binpad(ECDSA_SIG_get0_r(numbers), bytes, half) != half ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), bytes + half, half) != half)
		assert(!"a number fits");
	buffer_append(rrsig, bytes, 2 * (size_t)half);
	ECDSA_SIG_free(numbers);
}

static void
put_signature(struct buffer *rrsig, const struct zone_signer *signer,
    const struct buffer *bytes)
{
	const char *const hashes[] = { [8] = "SHA256", [10] = "SHA512",
		[13] = "SHA256", [14] = "SHA384", [15] = NULL };
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	uint8_t signature[512];
	size_t length = sizeof signature;

	if (EVP_DigestSignInit_ex(state, NULL, hashes[signer->algorithm], NULL,
	    NULL, signer->key, NULL) != 1 || EVP_DigestSign(state, signature,
	    &length, bytes->bytes, bytes->length) != 1)
		assert(!"a key signs");
	if (signer->algorithm == 13 || signer->algorithm == 14)
		put_ecdsa(rrsig, signature, length,
		    signer->algorithm == 13 ? 32 : 48);
	else
		buffer_append(rrsig, signature, length);
	EVP_MD_CTX_free(state);
}

static unsigned
labels_of(const char *owner)
{
	struct buffer name = { 0 };
	unsigned labels;

	answer_name(&name, owner);
	labels = name_labels(name.bytes);
	buffer_fini(&name);
	return labels;
}

static void
put_fixed(struct buffer *rrsig, const struct signing *signing,
    const char *owner, uint16_t type)
{
	put(rrsig, signing->covered != 0 ? signing->covered : type, 2);
	put(rrsig, signing->algorithm != 0 ? signing->algorithm
					   : signing->signer->algorithm, 1);
	put(rrsig, labels_of(owner) + (unsigned)signing->labels, 1);
	put(rrsig, signing->ttl != 0 ? signing->ttl : 3600, 4);
	put(rrsig, (uint64_t)(signing->expiration != 0 ? signing->expiration
	    : SIGNER_NOW + SIGNER_DAY), 4);
	put(rrsig, (uint64_t)(signing->inception != 0 ? signing->inception
	    : SIGNER_NOW - SIGNER_DAY), 4);
	put(rrsig, signing->tag != 0 ? signing->tag : signing->signer->tag, 2);
	answer_name(rrsig, signing->name);
}

void
zone_sign(struct buffer *rrsig, const struct signing *signing,
    const char *owner, uint16_t type, struct rdata_list *rdata)
{
	struct buffer bytes = { 0 };

	qsort(rdata->list, rdata->count, sizeof *rdata->list, by_bytes);
	put_fixed(rrsig, signing, owner, type);
	buffer_append(&bytes, rrsig->bytes, rrsig->length);
	for (size_t i = 0; i < rdata->count; i++) {
		if (i > 0 && by_bytes(&rdata->list[i - 1],
		    &rdata->list[i]) == 0)
			continue;
		answer_name(&bytes, signing->owner != NULL ? signing->owner
							   : owner);
		put(&bytes, type, 2);
		put(&bytes, signing->class != 0 ? signing->class : 1, 2);
		put(&bytes, signing->ttl != 0 ? signing->ttl : 3600, 4);
		put(&bytes, rdata->list[i].length, 2);
		buffer_append(&bytes, rdata->list[i].bytes,
		    rdata->list[i].length);
	}
	put_signature(rrsig, signing->signer, &bytes);
	if (signing->is_broken)
		rrsig->bytes[rrsig->length - 1] ^= 1;
	buffer_fini(&bytes);
}

/* RDATA ******************************************************************* */

static struct buffer *
next(struct rdata_list *rdata)
{
	assert(rdata->count < sizeof rdata->list / sizeof *rdata->list);
	rdata->list[rdata->count] = (struct buffer){ 0 };
	return &rdata->list[rdata->count++];
}

void
rdata_add(struct rdata_list *rdata, const void *bytes, size_t length)
{
	buffer_append(next(rdata), bytes, length);
}

void
rdata_add_name(struct rdata_list *rdata, const char *name)
{
	answer_name(next(rdata), name);
}

void
rdata_add_mx(struct rdata_list *rdata, uint16_t preference,
    const char *exchange)
{
	struct buffer *to = next(rdata);

	put(to, preference, 2);
	answer_name(to, exchange);
}

void
rdata_add_soa(struct rdata_list *rdata, const char *zone, uint32_t minimum)
{
	struct buffer *to = next(rdata);

	answer_name(to, zone);
	answer_name(to, "hostmaster.example");
	for (int i = 0; i < 4; i++)
		put(to, 7200, 4);
	put(to, minimum, 4);
}

/* All types below 256. */
static void
put_types(struct buffer *to, const uint16_t *types)
{
	uint8_t window[32] = { 0 };
	unsigned length = 0;

	for (; *types != 0; types++) {
		assert(*types < 256);
		window[*types / 8] |= (uint8_t)(0x80 >> *types % 8);
		length = *types / 8 + 1U;
	}
	if (length == 0)
		return;
	put(to, 0, 1);
	put(to, length, 1);
	buffer_append(to, window, length);
}

void
rdata_add_nsec(struct rdata_list *rdata, const char *name,
    const uint16_t *types)
{
	struct buffer *to = next(rdata);

	answer_name(to, name);
	put_types(to, types);
}

void
rdata_add_nsec3(struct rdata_list *rdata, uint8_t flags, uint16_t iterations,
    const uint8_t hash[20], const uint16_t *types)
{
	struct buffer *to = next(rdata);

	put(to, 1, 1);
	put(to, flags, 1);
	put(to, iterations, 2);
	put(to, 0, 1);
	put(to, 20, 1);
	buffer_append(to, hash, 20);
	put_types(to, types);
}

void
rdata_fini(struct rdata_list *rdata)
{
	for (size_t i = 0; i < rdata->count; i++)
		buffer_fini(&rdata->list[i]);
	rdata->count = 0;
}

void
answer_set(struct buffer *packet, enum dns_section section, const char *owner,
    uint16_t type, uint32_t ttl, struct rdata_list *rdata,
    const struct signing *signing)
{
	struct buffer rrsig = { 0 };

	for (size_t i = 0; i < rdata->count; i++)
		answer_record(packet, section, owner, type, ttl,
		    rdata->list[i].bytes, rdata->list[i].length);
	if (signing != NULL) {
		zone_sign(&rrsig, signing, owner, type, rdata);
		answer_record(packet, section, owner, DNS_RRSIG, ttl,
		    rrsig.bytes, rrsig.length);
	}
	buffer_fini(&rrsig);
	rdata_fini(rdata);
}
