/*
 * fuzz_certificate_message: the TLS Certificate message of a server. The first
 * byte of the input selects the TLS version whose rules apply.
 */
#include <assert.h>
#include <openssl/err.h>

#include "parsers/certificate_message.h"
#include "scanner/crypto/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct certificate_message message;
	const uint8_t *der, *end = bytes;
	size_t der_length, total = 0;
	struct chain chain;
	bool is_tls_1_3;
	int more = -1;

	if (length == 0)
		return 0;
	is_tls_1_3 = (bytes[0] & 1) != 0;
	bytes++;
	length--;
	if (certificate_message_open(&message, bytes, length, is_tls_1_3))
		while ((more = certificate_message_next(&message, &der,
		    &der_length)) == 1) {
			/* The certificates are one after the other, inside the
			 * message. */
			assert(der_length > 0 && der >= end);
			end = der + der_length;
			assert(end <= bytes + length);
			total += der_length;
		}
	assert(total <= length);
	assert(chain_from_message(&chain, bytes, length, is_tls_1_3) ||
	    more == -1);
	assert(ERR_peek_error() == 0);
	chain_fini(&chain);
	return 0;
}
