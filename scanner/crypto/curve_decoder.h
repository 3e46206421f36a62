/*
 * curve_decoder: a quicker decoder of public keys on P-256 and P-384, in place
 * of OpenSSL's own in the context of library.h.
 *
 * OpenSSL computes the constants of a curve for each key. This decoder copies a
 * curve that was made once, and sets the point; libcrypto refuses a point that
 * is not on the curve. A key that is written in any other way than nearly all
 * are (DER, a named curve, an uncompressed point) is left to OpenSSL's decoder.
 */
#ifndef MXCENSUS_CRYPTO_CURVE_DECODER_H
#define MXCENSUS_CRYPTO_CURVE_DECODER_H

#include <openssl/core.h>
#include <openssl/provider.h>

/* Returns the functions of the decoder, or those of `usual`, OpenSSL's decoder
 * of EC keys, if something is missing. `core` are the functions that the core
 * offers to a provider, `keys` those of the provider for EC keys. There is one
 * decoder in a process. */
const OSSL_DISPATCH *curve_decoder(const OSSL_DISPATCH *usual,
	    const OSSL_DISPATCH *keys, const OSSL_DISPATCH *core,
	    OSSL_PROVIDER *);

#endif
